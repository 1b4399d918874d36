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
  void run(std::unique_ptr<system_under_test> system, std::unique_ptr<storage::message_store> store = nullptr);
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

  // -- more than a stage
  void run_for(duration span);  // whatever happens in it
  // Power cut: the system under test is gone with its connections and what it had not been told to be durable; it comes
  // back after `downtime` with what its store holds. A commit in progress may or may not be in the store, by chance.
  void crash(duration downtime = 1s);
  entropy& chance() { return actors_chance_; }  // for actors
  simulators::trace const& record() const { return trace_; }
  instant started() const { return instant{}; }
  storage::message_store* store() { return store_.get(); }
  std::uint64_t inputs() const { return inputs_; }  // how many inputs nodes got since the start

 private:
  static constexpr std::size_t system_place = 0;  // of the system under test among nodes_

  struct resident {
    std::string name;
    core::node* node = nullptr;  // null while it has no power
    weather sky;
    std::optional<instant> randomly_until;  // the fault "random"
    deadlines<instant, std::uint64_t>::handle alarm = deadlines<instant, std::uint64_t>::none;
    std::optional<instant> alarm_at;
  };
  struct end {
    std::size_t who = 0;
    connection_id id{};
    bool open = false;  // the node knows it as a connection (or waits for it to open)
  };
  struct link {
    end ends[2];      // 0 called, 1 was called
    stream flows[2];  // flows[n] goes away from ends[n]
    std::uint16_t port = 0;
    core::service what{};
    std::size_t owner = 0;  // which end is the traced actor
    bool answered = false;  // the listener exists and was told
  };
  using links = std::map<std::uint64_t, link>;

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
  struct power_returns {};
  struct weather_changes {
    std::size_t who;
  };
  using occurrence = std::variant<arrival, alarm, committed, power_returns, weather_changes>;

  void happen(arrival what);
  void happen(alarm what);
  void happen(committed what);
  void happen(power_returns);
  void happen(weather_changes what);

  template <class Input>
  void give(std::size_t who, Input const& input);  // one input, then its effects, then its next alarm
  void apply(std::size_t who, core::effects& out);
  void set_alarm(std::size_t who);
  void open_link(std::size_t who, core::effects::connection_request const& request);
  void close_end(std::uint64_t which, int side);
  void push(std::uint64_t which, int flow, stream_item item);
  void arm(std::uint64_t which, int flow);
  void cut(std::uint64_t which, bool lose_everything);
  void cut_all(std::size_t who, bool lose_everything);
  void forget_if_over(std::uint64_t which);
  links::iterator find(std::size_t who, connection_id id);
  weather& sky_of(link const& l) { return residents_[l.ends[l.owner].who].sky; }
  duration travel_time(weather const& sky);
  void power_on();
  void begin_commit();
  void note(trace_entry::kind what, link const* l, std::uint64_t which, std::string words);
  void note_octets(std::uint64_t which, int flow, octet_view data);
  std::size_t place_of(core::node const& actor) const;
  result<std::vector<std::size_t>> actors_named(std::string_view name) const;

  world_settings settings_;
  seeded_entropy chance_, actors_chance_, system_chance_;
  moment now_;
  simulators::trace trace_;
  std::uint64_t inputs_ = 0;

  std::vector<resident> residents_;
  struct listener {
    std::size_t who;
    core::service what;
  };
  std::map<std::pair<std::string, std::uint16_t>, listener> listeners_;
  links links_;
  std::uint64_t last_link_ = 0;
  std::map<std::pair<std::size_t, connection_id>, std::pair<std::uint64_t, int>> ends_;
  deadlines<instant, std::uint64_t> clock_;
  std::map<std::uint64_t, occurrence> occurrences_;
  std::uint64_t last_occurrence_ = 0;

  std::unique_ptr<system_under_test> system_;
  std::unique_ptr<storage::message_store> store_;
  std::uint64_t life_ = 0;  // counts power-ons, so that commits of an earlier life find nobody
  struct stored_request {
    std::uint64_t number;
    std::vector<storage::operation> operations;
  };
  std::vector<stored_request> committing_, waiting_;
  std::uint64_t commits_to_fail_ = 0;
  std::optional<duration> commit_delay_;
  instant storage_stalled_until_{};
};

}  // namespace signalbox::simulators
