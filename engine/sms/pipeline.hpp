// The SMS centre: every message passes the same stages, once, in one order, whichever protocol brought it. The list of
// stages stands at the top of pipeline.cpp; delivery.cpp holds the queues and the retries, requests.cpp what an
// originator may ask about a message it sent, sleep.cpp what of a large backlog is in memory, restart.cpp the start.
//
// Pure. Whoever runs it (core/engine) gives it submissions, outcomes, links that come and go, storage answers and
// time, and acts on `outputs` after each.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "engine/sms/directory.hpp"
#include "engine/sms/outcomes.hpp"
#include "engine/sms/queues.hpp"
#include "engine/sms/records.hpp"
#include "engine/sms/settings.hpp"

namespace signalbox::sms {

// Whom to answer; the centre only keeps it.
struct originator {
  connection_id connection;  // 0: nobody waits
  std::uint32_t sequence = 0;
  std::uint32_t request = 0;
  explicit operator bool() const { return connection.value != 0; }
  bool operator==(originator const&) const = default;
};

// Why something was not done. The protocols each have a table from this to their own words.
enum class refusal : std::uint8_t {
  none,
  source_not_allowed,   // outside the ESME's source range
  no_destination,       // an empty address, or no destination at all
  no_route,             // no ESME serves the destination
  data_coding,          // compressed or reserved
  user_data_header,     // its length octet points past the data
  too_long,             // more than one message may hold, or than 255 parts may
  schedule,             // later than three hours before the validity ends
  queue_full,           // as much stored as the settings allow
  throttled,            // more is ready for the destination's receivers than the settings allow
  too_many_parameters,  // optional parameters of more octets than a message may keep
  none_accepted,        // a submit_multi of which every destination was refused
  shutting_down,
  store_failed,     // the record could not be made durable; the message is not kept
  delivery_failed,  // transactional: `failure` says how
  unknown_message,  // query, cancel, replace: no such message of this originator
  not_pending,      // cancel, replace: already delivered, failed, or on its way
  not_ready,        // query, cancel, replace: the store is still being read, and the message may be in it
};

// delivery_failure_reason (SMPP 3.4, 5.3.2.33)
enum class failure_reason : std::uint8_t { unavailable = 0, bad_address = 1, permanent = 2, temporary = 3 };

struct submission {
  originator from;
  esme_index sender = 0;
  message what;                       // id, networks, dates and destination are filled here
  std::vector<address> destinations;  // one, or as many as a submit_multi has
  bool multi = false;                 // bad destinations are listed, good ones go on
  std::optional<wall> scheduled, expires;
};

struct answer {
  originator to;
  refusal why = refusal::none;
  std::string words;  // for a person; empty when nothing was refused
  message_number number;
  struct failed_destination {
    address who;
    refusal why = refusal::none;
    bool operator==(failed_destination const&) const = default;
  };
  std::vector<failed_destination> failed;
  failure_reason failure = failure_reason::unavailable;
  message_state state = message_state::enroute;  // query
  std::optional<wall> done;                      // query: when the final state was reached
  std::uint8_t error = 0;                        // query
  bool operator==(answer const&) const = default;
};

struct order {  // deliver this message over this link; report with delivered()
  connection_id link;
  record_id what;
  bool operator==(order const&) const = default;
};

struct outcome {
  enum class kind : std::uint8_t { success, temporary, permanent } how = kind::success;
  error_code code = error_code::none;
  bool operator==(outcome const&) const = default;
};

struct outputs {
  std::vector<answer> answers;
  std::vector<order> orders;
  std::vector<std::string> warnings;
};

class centre {
 public:
  centre(centre_settings settings, directory who);

  // -- messages
  // Names a cluster that is crowded: whoever sent this should be read from again when there is room() for what it may
  // send next.
  using cluster_index = queues::cluster_index;
  std::optional<cluster_index> submit(submission arriving, moment now, outputs& out);
  std::size_t room(cluster_index there) const;             // in messages
  bool keeps_pace(cluster_index there, moment now) const;  // its receivers answer fast
  void delivered(record_id what, outcome how, moment now, outputs& out);
  message const* find(record_id what) const;  // of an order

  // -- requests about messages; the answer may wait for the store
  struct selector {           // SMPP 3.4, 4.8 and 4.9
    std::string_view origin;  // the ESME that asks: it sees only its own messages
    std::optional<message_number> number;
    address source, destination;    // compared when `number` is absent (cancel); the source always
    std::string_view service_type;  // empty: any
  };
  void query(originator from, selector const& which, moment now, outputs& out);
  void cancel(originator from, selector const& which, moment now, outputs& out);
  struct replacement {
    octets body;
    std::optional<wall> scheduled, expires;
    std::uint8_t registered_delivery = 0;
    std::uint8_t default_message_id = 0;
  };
  void replace(originator from, selector const& which, replacement with, moment now, outputs& out);

  // -- links: bound connections that can take deliveries
  void link_up(connection_id link, esme_index owner, std::uint32_t window, moment now, outputs& out);
  void link_stop(connection_id link);  // it ends: nothing more is sent over it, its outcomes still come
  void link_down(connection_id link, moment now, outputs& out);  // after link_stop and all outcomes
  bool wants_link(esme_index owner) const;  // messages of its cluster wait and nobody can take them

  // -- time
  void on_time(moment now, outputs& out);
  std::optional<wall> deadline() const;

  // -- storage: after every input, what is to be made durable, and then to be read; answered by on_stored in the same
  // order
  std::optional<storage::request> take_request();
  void on_stored(std::uint64_t number, storage::answer const& what, moment now, outputs& out);

  // -- start: every key of the store is announced, in their order; those for which the answer is true are given with
  // their value before start(). The others are read by requests, many at a time: links come up and messages are taken
  // meanwhile, deliveries begin when all are known.
  bool announce(storage::key where);
  result<void> restore(storage::key where, octet_view value);
  void start(moment now, outputs& out);
  bool restoring() const { return restoring_ > 0 || !announced_.empty() || !restore_again_.empty(); }

  // -- reconfiguration, end
  void reconfigure(centre_settings settings, directory who, moment now, outputs& out);
  void drain(moment now, outputs& out);  // nothing new is taken or sent; what is in flight still ends
  bool drained() const;                  // links may go, and nothing is left to be asked of the store

  directory const& who() const { return who_; }
  centre_settings const& settings() const { return settings_; }

  struct counters {
    std::uint64_t stored = 0, waiting = 0, in_flight = 0;
    std::uint64_t accepted = 0, rejected = 0, delivered = 0, failed = 0, expired = 0, cancelled = 0;
    std::uint64_t attempts = 0, temporary_failures = 0, receipts = 0, receipts_unroutable = 0;
    std::uint64_t throttled = 0;
    std::uint64_t asleep = 0;  // of the stored ones, now: their text is in the store only
  };
  counters count() const;

 private:
  using phase = queues::phase;
  using entry = queues::entry;
  using destination = queues::destination;
  using cluster = queues::cluster;
  using link = queues::link;
  using timer_queue = queues::timer_queue;

  // -- stages (pipeline.cpp)
  struct arrival;
  struct stage {
    std::string_view name;
    bool (centre::*run)(arrival&, moment, outputs&);
  };
  static stage const arrival_stages[];
  bool admission(arrival& a, moment now, outputs& out);
  bool routing(arrival& a, moment now, outputs& out);
  bool throttling(arrival& a, moment now, outputs& out);
  bool storing(arrival& a, moment now, outputs& out);
  bool refuse(arrival& a, refusal why, std::string words, outputs& out);
  bool set_dates(message& m, std::optional<wall> scheduled, std::optional<wall> expires, moment now) const;
  refusal check_body(message const& m) const;

  message_number next_number();
  entry& keep(message m, cluster& home);
  void set_message(entry& e, message what);
  void store(entry& e);
  void finish(entry& e, message_state state, error_code code, moment now, outputs& out);
  void make_receipt(entry const& e, message_state state, error_code code, moment now, outputs& out);
  void forget(entry& e);

  // -- queues (delivery.cpp)
  cluster& cluster_of(esme_index owner) const;
  cluster& cluster_for(entry const& e, address const& to);
  void attach(entry& e, address const& to, cluster& home);
  void detach(entry& e);
  void leave(entry& e);
  void hold(entry& e, phase where);  // storing, leaving
  void wait(entry& e);
  void become_ready(entry& e);
  void stir(destination& d);
  void touch(link& l);
  void drop_if_empty(destination& d);
  void pump(moment now, outputs& out);
  void pull_forward(cluster& c);
  void pull(std::size_t& effort);
  void queue(destination& d, std::size_t& effort, moment now, outputs& out);
  void defer(destination& d, std::size_t& effort);
  void give_up(destination& d, std::size_t& effort, moment now, outputs& out);
  void send_from(link& l, outputs& out);
  void measure(cluster& c, moment now);
  void fail_temporarily(entry& e, error_code code, moment now, outputs& out);
  void expire(entry& e, moment now, outputs& out);
  void ask_again();
  void build_clusters();
  wall first_due(message const& m) const;

  // -- sleep (sleep.cpp)
  using continuation = std::function<void(moment, outputs&)>;
  void sleep_if_crowded(entry& e);
  void wake(entry& e, continuation then = {});
  void wake_ahead(destination& d);
  bool may_wake_more() const;
  void woken(storage::key where, result<octets> const& value, moment now, outputs& out);
  void put_text(entry& e, message m);
  void take_text(entry& e);
  void read_more(std::vector<storage::key>& reads);

  // -- restart (restart.cpp)
  void take_restored(storage::answer const& what, moment now, outputs& out);
  result<void> restore_record(storage::key where, octet_view value, moment now);
  void read_announced(std::vector<storage::key>& reads);

  // -- requests (requests.cpp)
  std::vector<entry*> select(selector const& which);

  centre_settings settings_;
  directory who_;
  queues::name_table names_;
  std::unordered_map<record_id, entry> entries_;
  std::vector<std::unique_ptr<cluster>> clusters_;  // the first is for messages that nobody serves any more
  std::unordered_map<std::string, cluster*> by_name_;
  std::unordered_map<connection_id, std::unique_ptr<link>> links_;
  std::unordered_map<record_id, originator> askers_;  // whom an outcome is told (transactional)
  timer_queue timers_;
  queues::list<destination, queues::its_queue> stirred_;
  std::vector<link*> touched_;
  std::vector<link*> thirsty_;  // wait for texts to be read
  std::vector<cluster*> pulling_;
  std::uint64_t flying_ = 0;
  std::uint64_t stored_ = 0;
  std::uint64_t octets_ = 0;  // of text and parameters, in all entries
  bool draining_ = false;
  wall now_;  // of the last input

  // texts in memory
  std::vector<std::unique_ptr<message>> spare_;  // emptied, for the next messages
  std::uint64_t awake_octets_ = 0, asleep_ = 0;
  std::deque<record_id> to_wake_;
  std::size_t reading_ = 0;  // records that a request is to bring
  std::unordered_multimap<record_id, continuation> continuations_;
  std::vector<record_id> wake_again_;

  // what start() has not yet read
  std::deque<storage::key> announced_;  // of messages
  std::deque<record_id> announced_progress_;
  std::vector<storage::key> restore_again_;  // could not be read now
  std::size_t restoring_ = 0;                // of them, asked for
  std::size_t unknown_ = 0;                  // messages among all of them
  record_id last_announced_{};

  // numbers: `reserved_` is what the store knows as never given out
  message_number next_{1}, reserved_{1};

  // storage requests under way
  struct step {
    enum class kind : std::uint8_t { accepted, receipt, cancelled, replaced } what;
    record_id first;
    std::size_t count = 1;
    answer reply;  // without an originator: nobody is told
    struct former {
      message m;
      progress p;
      std::uint32_t revision;
    };
    std::unique_ptr<former> before{};  // replaced: what to go back to, unless it was replaced again
  };
  struct pending {
    std::uint64_t number = 0;
    std::vector<step> steps;
    std::vector<storage::key> erased;  // to be erased again if this request fails
    bool reserved = false;             // it carries the counter
    bool restoring = false;            // its reads are those of the start
  };
  void put(storage::key where, octets value) {
    operations_.push_back(storage::operation::put(where, std::move(value)));
  }
  void erase(storage::key where);
  void put_erase(entry const& e);
  std::vector<storage::operation> operations_;
  pending current_;
  std::deque<pending> requests_;
  std::uint64_t last_request_ = 0;
  std::vector<storage::key> erase_again_;
  std::vector<record_id> store_again_;
  std::optional<wall> again_at_;

  outcome_memory outcomes_;
  counters counters_;
};

}  // namespace signalbox::sms
