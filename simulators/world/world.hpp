// The virtual world: runs nodes over in-memory links against a clock that jumps to the next deadline. Everything that
// happens is drawn from one seed and ordered by time, then by the order in which it was decided; the same seed and the
// same wishes give the same trace, byte for byte.
//
//   world w({.seed = 7});
//   w.run_engine(settings);
//   esme alpha({...}, w.chance());
//   w.join("alpha", alpha);
//   w.act(alpha, [&](moment now, core::effects& out) { alpha.connect_and_bind(w.host(), w.port(), now, out); });
//   w.run(w.now().at + 10s, [&] { return alpha.bound(); });
//
// Left out: names beyond "host:port", packet-level behaviour of TCP (what is modelled is a stream that is late, cut up,
// joined, stalled or lost).
#pragma once

#include <map>
#include <memory>
#include <variant>

#include "engine/base/deadlines.hpp"
#include "engine/storage/message_store.hpp"
#include "simulators/world/link.hpp"
#include "simulators/world/observer.hpp"
#include "simulators/world/stage.hpp"
#include "simulators/world/system_under_test.hpp"
#include "simulators/world/trace.hpp"

namespace signalbox::simulators {

struct world_settings {
  std::uint64_t seed = 1;
  wall start = wall(std::chrono::seconds(1'767'225'600));  // 2026-01-01T00:00:00Z
  std::string host = "engine";                             // where the system under test listens
  std::uint16_t port = 2775;
  duration link_delay = 500us;   // one way
  duration link_jitter = 500us;  // added, by chance
  duration commit_delay = 1ms;   // of one group commit
  duration commit_jitter = 1ms;
  std::size_t trace_limit = 1'000'000;  // entries kept
  bool trace_notices = false;           // the notices of the system under test become trace entries
};

class world final : public stage {
 public:
  explicit world(world_settings settings);
  ~world() override;

  // -- who lives here
  // The system under test, listening at host():port(); at most one. Starts at once. Without a store it gets one in memory.
  void install(std::unique_ptr<system_under_test> system, std::unique_ptr<storage::message_store> store = nullptr);
  void run_engine(core::settings configuration, std::unique_ptr<storage::message_store> store = nullptr);
  void join(std::string const& name, core::node& actor) override;
  void listen(core::node& actor, std::string host, std::uint16_t port,
              core::service what);  // an actor that is connected to
  std::string_view name_of(core::node const& actor) const;

  // -- stage
  bool is_virtual() const override { return true; }
  moment now() const override { return now_; }
  void act(core::node& actor, std::function<void(moment, core::effects&)> const& wish) override;
  bool run(instant until, std::function<bool()> const& stop) override;
  std::string host() const override { return settings_.host; }
  std::uint16_t port() const override { return settings_.port; }
  core::engine const* engine() const override;
  result<void> inject(std::string_view fault_name, std::vector<std::string> const& arguments) override;

  // What inject() would say about its arguments, for whoever reads them long before. A fault's offset is the number of
  // the argument that is wrong, or how many there are when that is; errc::not_found: of the name.
  static result<void> check_fault(std::string_view fault_name, std::vector<std::string> const& arguments,
                                  std::function<bool(std::string_view)> const& is_actor);

  // -- more than a stage
  void run_for(duration span);  // whatever happens in it
  // Power cut: the system under test is gone with its connections and what it had not been told to be durable; it comes
  // back after `downtime` with what its store holds. A commit in progress may or may not be in the store, by chance.
  void crash(duration downtime = 1s);
  void drain();                                      // as SIGTERM does to the real one
  entropy& chance() { return actors_chance_; }       // for actors
  void observe(observer& who) { observer_ = &who; }  // one at most; it outlives the world's last run
  simulators::trace const& record() const { return trace_; }
  instant started() const { return instant{}; }
  storage::message_store* store() { return store_.get(); }
  bool powered() const { return residents_[system_place].node != nullptr; }
  std::uint64_t inputs() const { return inputs_; }  // how many inputs nodes got since the start

 private:
  static constexpr std::size_t system_place = 0;  // of the system under test among residents_

  // What happens at a time.
  struct arrival {
    std::uint64_t link;
    int flow;
  };
  struct alarm {
    std::size_t who;
  };
  struct committed {
    std::uint64_t life;
  };
  struct stored {
    std::uint64_t life, request;
    storage::answer what;
  };
  struct power_returns {};
  struct weather_changes {
    std::size_t who;
  };
  using occurrence = std::variant<arrival, alarm, committed, stored, power_returns, weather_changes>;
  using calendar = deadlines<instant, occurrence>;

  struct resident {
    std::string name;
    core::node* node = nullptr;  // null while it has no power
    weather sky{};
    std::optional<instant> random_until{};  // the fault "random"
    calendar::handle alarm = calendar::none;
    instant alarm_at{};
    std::uint64_t idle_alarms = 0;  // in a row at one instant
  };
  struct end {
    std::size_t who = 0;
    connection_id id{};
    bool open = false;  // the node knows it as a connection, or waits for it to open
  };
  struct link {
    end ends[2];      // 0 called, 1 was called
    stream flows[2];  // flows[n] goes away from ends[n]
    std::uint16_t port = 0;
    core::service what{};
    int owner = 0;     // which end is the traced actor
    bool cut = false;  // what is sent now goes nowhere
  };
  struct listener {
    std::size_t who;
    core::service what;
  };
  struct place {
    std::uint64_t link;
    int side;
  };

  void happen(arrival const& what);
  void happen(alarm const& what);
  void happen(committed const& what);
  void happen(stored const& what);
  void happen(power_returns const&);
  void happen(weather_changes const& what);

  // One input, then its effects, then the node's next alarm.
  void give(std::size_t who, std::function<void(core::node&, moment, core::effects&)> const& input);
  void apply(std::size_t who, core::effects& out);
  void set_alarm(std::size_t who);
  void advance(instant to);

  void open_link(std::size_t who, core::effects::connection_request const& request);
  void accept(std::uint64_t which, link& l);
  void close_end(std::uint64_t which, int side);
  void lose_end(link& l, int side);  // the node does not know it any more
  void push(std::uint64_t which, int flow, stream_item item);
  void arm(std::uint64_t which, int flow);
  void cut(std::uint64_t which, bool lose_everything);
  void cut_all(std::size_t who, bool lose_everything);
  void forget_if_over(std::uint64_t which);
  bool may_connect(link const& l) const;
  weather& sky_of(link const& l) { return residents_[l.ends[l.owner].who].sky; }
  duration travel_time(weather const& sky);

  void power_on();
  void begin_commit();
  duration commit_time();

  void note(trace_entry::kind what, std::uint64_t which, std::string words);
  void note(trace_entry::kind what, std::string words);  // of the system under test, or of the world
  void see(std::uint64_t which, link& l, int flow, bool arrived, octet_view data);  // for the trace and the observer
  void note_octets(std::uint64_t which, link& l, int flow, octet_view data);
  std::size_t place_of(core::node const& actor) const;
  std::vector<std::size_t> actors_named(std::string_view name) const;  // "*": all; empty: nobody has this name

  struct fault_row;
  static std::span<fault_row const> fault_rows();
  static result<fault_row const*> find_fault(std::string_view fault_name, std::vector<std::string> const& arguments,
                                             std::function<bool(std::string_view)> const& is_actor);

  world_settings settings_;
  seeded_entropy chance_, actors_chance_, system_chance_;
  moment now_;
  simulators::trace trace_;
  std::uint64_t inputs_ = 0;
  calendar calendar_;
  observer* observer_ = nullptr;

  std::vector<resident> residents_;
  std::map<std::pair<std::string, std::uint16_t>, listener> listeners_;
  std::map<std::uint64_t, link> links_;
  std::uint64_t last_link_ = 0;
  std::map<std::pair<std::size_t, connection_id>, place> ends_;

  std::unique_ptr<system_under_test> system_;
  std::unique_ptr<storage::message_store> store_;
  std::uint64_t life_ = 0;  // counts power-ons, so that answers to an earlier life find nobody
  std::vector<storage::request> committing_, waiting_;
  std::uint64_t commits_to_fail_ = 0;
  std::optional<duration> commit_delay_;
  instant storage_stalled_until_{};
};

}  // namespace signalbox::simulators
