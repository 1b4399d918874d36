// The way of a message from octets to octets. Octets of a connection go to its SMPP session; what the session tells
// goes through the adapter to the SMS centre; what the centre wants goes back the same way. Every input ends in
// `settle`, which carries answers and orders out until nobody has anything left to say.
#include "engine/core/engine.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <unordered_map>

#include "engine/base/deadlines.hpp"
#include "engine/base/planted.hpp"
#include "engine/core/adapter.hpp"

namespace signalbox::core {

namespace {

// "192.0.2.1:4711" and "[2001:db8::1]:4711" without the port.
std::string_view host_of(std::string_view peer) {
  if (peer.starts_with('[')) return peer.substr(1, peer.find(']') - 1);
  return peer.substr(0, peer.rfind(':'));
}

sms::bind_kind kind_of(smpp::command_id bind) {
  return bind == smpp::command_id::bind_transmitter ? sms::binds_transmitter
         : bind == smpp::command_id::bind_receiver  ? sms::binds_receiver
                                                    : sms::binds_transceiver;
}

using timer_queue = deadlines<instant, connection_id>;

constexpr sms::outcome not_now{sms::outcome::kind::temporary, sms::error_code::sc_system_error};

constexpr duration turns_every = 1ms;            // behind receivers that are slow
constexpr duration turn_is_used_within = 50ms;   // or somebody else gets one
constexpr std::size_t messages_of_a_turn = 100;  // about what one reading brings

struct peer {
  smpp::session session;
  std::string address;
  std::optional<sms::esme_index> owner{};                // once bound
  bool linked = false;                                   // the centre delivers over it
  bool stopped = false;                                  // ... but not any more
  bool paused = false;                                   // not read from: too many of its requests are unanswered, or
  bool in_turn = false;                                  // it waits for its turn behind a crowd
  std::optional<sms::centre::cluster_index> has_turn{};  // it may bring messages for these
  std::uint64_t unreadable = 0;                          // PDUs
  bool dirty = false;                                    // timer and flow are to be looked at again
  timer_queue::handle timer = timer_queue::none;
  instant timer_at{};
};

// An ESME that we may call when messages wait for it (SMPP 3.4, 2.2.1 and 4.1.7).
struct outbinder {
  sms::esme_index who;
  std::string name;  // by which it is found again after a reload
  std::optional<connection_id> trying{};
  instant next{};
};

}  // namespace

class engine::implementation {
 public:
  implementation(engine& self, settings configuration, entropy& chance)
      : self_(self),
        chance_(chance),
        settings_(std::move(configuration)),
        centre_(settings_.sms, sms::directory(settings_.esmes)),
        in_use_(settings_.esmes.size()) {
    find_outbinders();
  }

  // -- inputs --------------------------------------------------------------------------------------------------

  bool announce(storage::key where) { return centre_.announce(where); }
  result<void> restore(storage::key where, octet_view value) { return centre_.restore(where, value); }

  void start(moment now, effects& out) {
    centre_.start(now, wishes_);
    settle(now, out);
  }

  void accept(connection_id id, std::string_view address, moment now, effects& out) {
    if (draining_ || peers_.size() >= settings_.smpp.max_connections) {
      say(out, severity::warning,
          "connection of " + std::string(address) + " closed: " + (draining_ ? "stopping" : "too many connections"));
      out.close.push_back(id);
      return;
    }
    open(id, address, now);
    settle(now, out);
  }

  void opened(connection_id id, moment now, effects& out) {
    bool called = false;
    for (auto& o : outbinders_) {
      if (o.trying != id) continue;
      auto const& e = settings_.esmes[o.who];
      called = true;
      auto& p = open(id, e.outbind_host + ":" + std::to_string(e.outbind_port), now);
      p.session.outbind_peer({settings_.smpp.system_id, settings_.smpp.outbind_password}, now.at, out.to(id));
    }
    if (!called) out.close.push_back(id);  // a reload has forgotten whom we called
    settle(now, out);
  }

  void octets_in(connection_id id, octet_view data, moment now, effects& out) {
    if (auto* const p = find(id)) {
      take_turn(*p);
      p->session.on_bytes(data, now.at, out.to(id), events_);
      hear(id, *p, now, out, true);
    }
    settle(now, out);
  }

  void closed(connection_id id, moment now, effects& out) {
    if (auto* const p = find(id)) {
      p->session.on_closed(now.at, events_);
      hear(id, *p, now, out, false);
    } else {
      not_called(id, now);
    }
    settle(now, out);
  }

  void time(moment now, effects& out) {
    std::vector<connection_id> due;
    while (auto const id = timers_.pop(now.at)) due.push_back(*id);
    for (auto const id : due) {
      auto* const p = find(id);
      p->timer = timer_queue::none;
      p->session.on_time(now.at, out.to(id), events_);
      hear(id, *p, now, out, true);
    }
    centre_.on_time(now, wishes_);
    settle(now, out);
  }

  void stored(std::uint64_t request, storage::answer const& what, moment now, effects& out) {
    centre_.on_stored(request, what, now, wishes_);
    settle(now, out);
  }

  std::optional<instant> deadline(moment now) const {
    auto next = timers_.next();
    auto const sooner = [&next](instant other) { next = next ? std::min(*next, other) : other; };
    if (auto const due = centre_.deadline()) sooner(now.when(*due));
    for (auto const& o : outbinders_)
      if (wants_call(o)) sooner(o.next);
    for (auto const& [where, t] : turns_)
      if (!t.waiting.empty()) sooner(t.given + (centre_.keeps_pace(where, now) ? turn_is_used_within : turns_every));
    return next;
  }

  void reload(settings fresh, moment now, effects& out) {
    std::vector<std::string> names;
    for (auto const& e : settings_.esmes) names.push_back(e.name);
    settings_ = std::move(fresh);
    centre_.reconfigure(settings_.sms, sms::directory(settings_.esmes), now, wishes_);
    in_use_.assign(settings_.esmes.size(), 0);
    for (auto const id : ids()) {
      auto& p = *find(id);
      if (!p.owner) continue;
      auto const& name = names[*p.owner];
      p.owner = centre_.who().find(name);
      if (p.owner) {
        ++in_use_[*p.owner];
        continue;
      }
      say(out, severity::info, "ESME " + name + " is not configured any more: unbinding " + p.address);
      p.session.unbind(now.at, out.to(id), events_);
      hear(id, p, now, out, true);
    }
    find_outbinders();
    settle(now, out);
  }

  void drain(moment now, effects& out) {
    draining_ = true;
    centre_.drain(now, wishes_);
    for (auto const id : ids()) mark(id, *find(id));
    settle(now, out);
  }
  bool drained() const { return draining_ && peers_.empty() && centre_.drained(); }

  counters count() const {
    auto const c = centre_.count();
    counters all;
    all.connections = peers_.size();
    for (auto const n : in_use_) all.bound += n;
    all.stored = c.stored;
    all.waiting = c.waiting;
    all.in_flight = c.in_flight;
    all.asleep = c.asleep;
    all.throttled = c.throttled;
    all.accepted = c.accepted;
    all.rejected = c.rejected;
    all.delivered = c.delivered;
    all.failed = c.failed;
    all.expired = c.expired;
    all.cancelled = c.cancelled;
    all.attempts = c.attempts;
    all.temporary_failures = c.temporary_failures;
    all.receipts = c.receipts;
    all.receipts_unroutable = c.receipts_unroutable;
    return all;
  }

 private:
  // -- peers ---------------------------------------------------------------------------------------------------

  peer& open(connection_id id, std::string_view address, moment now) {
    smpp::session_settings s;
    s.side = smpp::role::smsc;
    s.request_window = settings_.smpp.request_window;
    s.bind_timeout = settings_.smpp.bind_timeout;
    s.response_timeout = settings_.smpp.response_timeout;
    s.enquire_link_after = settings_.smpp.enquire_link_after;
    s.enquire_link_timeout = settings_.smpp.enquire_link_timeout;
    s.inactivity_timeout = settings_.smpp.inactivity_timeout;
    s.max_pdu_octets = settings_.smpp.max_pdu_octets;
    auto& p = *(peers_[id] = std::make_unique<peer>(peer{smpp::session(s, now.at), std::string(address)}));
    mark(id, p);
    return p;
  }

  peer* find(connection_id id) {
    auto const at = peers_.find(id);
    return at == peers_.end() ? nullptr : at->second.get();
  }

  std::vector<connection_id> ids() const {
    std::vector<connection_id> all;
    for (auto const& [id, p] : peers_) all.push_back(id);
    std::ranges::sort(all);
    return all;
  }

  void mark(connection_id id, peer& p) {
    if (p.dirty) return;
    p.dirty = true;
    dirty_.push_back(id);
  }

  void say(effects& out, severity level, std::string text) const { out.notices.push_back({level, std::move(text)}); }
  std::string name_of(peer const& p) const { return p.owner ? "ESME " + settings_.esmes[*p.owner].name : p.address; }

  // -- what a session tells ------------------------------------------------------------------------------------

  // `open`: the connection still stands, so it must be closed when the session has ended.
  void hear(connection_id id, peer& p, moment now, effects& out, bool open) {
    mark(id, p);
    if (p.linked && !p.stopped && !p.session.may_deliver()) {
      p.stopped = true;
      centre_.link_stop(id);  // before its outcomes come, or the next message would go the same way
    }
    while (!events_.empty()) {
      auto told = std::exchange(events_, {});
      for (auto& e : told) std::visit([&](auto& happened) { on(id, p, happened, now, out); }, e);
      p.session.go_on(now.at, out.to(id), events_);  // what waited for the answer to a bind
    }
    if (p.session.state() != smpp::state::closed) return;
    if (open) out.close.push_back(id);
    if (p.linked) {
      centre_.link_stop(id);
      take_back_orders(id, now);
      centre_.link_down(id, now, wishes_);
    }
    if (p.owner) --in_use_[*p.owner];
    take_turn(p);
    not_called(id, now);
    timers_.cancel(p.timer);
    peers_.erase(id);
  }

  // What the centre wanted sent over a link that ended in the same input, before anybody could send it.
  void take_back_orders(connection_id link, moment now) {
    auto const over_it = [link](sms::order const& o) { return o.link == link; };
    std::vector<sms::order> unsent;
    std::ranges::copy_if(wishes_.orders, std::back_inserter(unsent), over_it);
    std::erase_if(wishes_.orders, over_it);
    for (auto const& o : unsent) centre_.delivered(o.what, not_now, now, wishes_);
  }

  void on(connection_id id, peer& p, smpp::event::bind_requested& e, moment now, effects& out) {
    auto const admitted = centre_.who().admit({.kind = kind_of(e.kind),
                                               .system_id = e.fields.system_id,
                                               .password = e.fields.password,
                                               .host = host_of(p.address),
                                               .address_range = e.fields.address_range,
                                               .ton = e.fields.addr_ton,
                                               .npi = e.fields.addr_npi},
                                              in_use_);
    if (!admitted || draining_) {
      auto const status = draining_ ? smpp::ESME_RBINDFAIL : status_of(admitted.error());
      say(out, severity::warning,
          "bind of '" + e.fields.system_id + "' from " + p.address +
              " refused: " + std::string(find_name(smpp::statuses, status)));
      std::vector<smpp::happening> ended;
      p.session.refuse_bind(e.sequence_number, status, now.at, out.to(id), ended);
      return;
    }
    p.owner = *admitted;
    ++in_use_[*admitted];
    p.session.accept_bind(e.sequence_number, settings_.smpp.system_id, settings_.esmes[*admitted].window, now.at,
                          out.to(id));
    say(out, severity::info, name_of(p) + " bound from " + p.address);
    if (!p.session.may_deliver()) return;
    p.linked = true;
    centre_.link_up(id, *admitted, settings_.esmes[*admitted].window, now, wishes_);
  }

  void on(connection_id id, peer& p, smpp::event::arrived& e, moment now, effects& out) {
    auto const request = smpp::id_of(e.request.body);
    sms::originator const from{id, e.request.sequence_number, static_cast<std::uint32_t>(request)};
    auto const refuse = [&](refused_request const& why) {
      answer(id, p, from.sequence, why.status, refusal_body(request, why.words, p.session.interface_version()), out);
    };
    if (!p.owner) return refuse({smpp::ESME_RINVBNDSTS, "not configured any more"});  // it is being unbound
    std::visit([&](auto& body) { take(p, from, body, now, refuse); }, e.request.body);
  }

  template <class Body, class Refuse>
  void take(peer& p, sms::originator from, Body& body, moment now, Refuse const& refuse) {
    if constexpr (requires { submission_of(body, now.date); }) {
      auto s = submission_of(body, now.date);
      if (!s) return refuse(s.error());
      s->from = from;
      s->sender = *p.owner;
      if (auto const crowded = centre_.submit(std::move(*s), now, wishes_); crowded && !p.in_turn) {
        p.in_turn = true;
        auto& t = turns_[*crowded];
        if (t.waiting.empty()) t.given = now.at;
        t.waiting.push_back(from.connection);
      }
    } else {
      refuse({smpp::ESME_RINVCMDID, "not supported"});  // cell broadcast: there is no broadcast centre behind us
    }
  }

  template <class Refuse>
  void take(peer& p, sms::originator from, smpp::query_sm& body, moment now, Refuse const& refuse) {
    auto const number = number_of_text(body.message_id);
    if (!number) return refuse(number.error());
    centre_.query(from, selector_of(p, body, *number), now, wishes_);
  }

  template <class Refuse>
  void take(peer& p, sms::originator from, smpp::cancel_sm& body, moment now, Refuse const& refuse) {
    auto which = selector_of(p, body, std::nullopt);
    if (!body.message_id.empty()) {
      auto const number = number_of_text(body.message_id);
      if (!number) return refuse(number.error());
      which.number = *number;
    } else {  // SMPP 3.4, 4.9: all of one source for one destination
      which.destination = {body.dest_addr_ton, body.dest_addr_npi, body.destination_addr};
      which.service_type = body.service_type;
    }
    centre_.cancel(from, which, now, wishes_);
  }

  template <class Refuse>
  void take(peer& p, sms::originator from, smpp::replace_sm& body, moment now, Refuse const& refuse) {
    auto const number = number_of_text(body.message_id);
    if (!number) return refuse(number.error());
    auto with = replacement_of(body, now.date);
    if (!with) return refuse(with.error());
    centre_.replace(from, selector_of(p, body, *number), std::move(*with), now, wishes_);
  }

  template <class Body>
  sms::centre::selector selector_of(peer const& p, Body const& body, std::optional<sms::message_number> number) const {
    return {.origin = settings_.esmes[*p.owner].name,
            .number = number,
            .source = {body.source_addr_ton, body.source_addr_npi, body.source_addr},
            .destination = {},
            .service_type = {}};
  }

  void on(connection_id, peer&, smpp::event::answered& e, moment now, effects&) {
    centre_.delivered({e.request}, outcome_of(e.response.command_status), now, wishes_);
  }
  void on(connection_id, peer&, smpp::event::expired& e, moment now, effects&) {
    if (planted(bug::lost_link_taken_for_success)) return centre_.delivered({e.request}, {}, now, wishes_);
    centre_.delivered({e.request}, not_now, now, wishes_);
  }
  void on(connection_id, peer& p, smpp::event::malformed& e, moment, effects& out) {
    constexpr std::uint64_t told_of_a_session = 10;  // a peer must not fill the log
    if (++p.unreadable > told_of_a_session) return;
    say(out, severity::warning, name_of(p) + " sent what cannot be read: " + describe(e.why));
  }
  void on(connection_id, peer& p, smpp::event::ended& e, moment, effects& out) {
    say(out, severity::info,
        name_of(p) + " ended: " + e.why +
            (p.unreadable > 0 ? ", " + std::to_string(p.unreadable) + " of its PDUs could not be read" : ""));
  }
  void on(connection_id, peer&, smpp::event::bound&, moment, effects&) {}             // these two are told to
  void on(connection_id, peer&, smpp::event::outbind_received&, moment, effects&) {}  // ESMEs only

  // -- what the centre wants -----------------------------------------------------------------------------------

  void settle(moment now, effects& out) {
    give_turns(now);
    while (!wishes_.answers.empty() || !wishes_.orders.empty() || !dirty_.empty()) {
      auto answers = std::exchange(wishes_.answers, {});
      for (auto const& a : answers) {
        auto* const p = find(a.to.connection);
        if (p == nullptr) continue;
        auto const r = response_for(a, p->session.interface_version());
        answer(a.to.connection, *p, r.sequence_number, r.command_status, r.body, out);
      }
      auto orders = std::exchange(wishes_.orders, {});
      for (auto const& o : orders) deliver(o, now, out);
      for (auto const id : std::exchange(dirty_, {}))
        if (auto* const p = find(id)) tidy(id, *p, now, out);
    }
    for (auto& w : std::exchange(wishes_.warnings, {})) say(out, severity::warning, std::move(w));
    call_out(now, out);
    out.store = centre_.take_request();
    std::erase_if(out.send, [](auto const& s) { return s.data.empty(); });
  }

  // Where there is room for more, those who wait are read from again: as many as will hardly bring more than that. Behind
  // receivers that are slow there may be no room for hours, so each in its turn goes on without.
  void give_turns(moment now) {
    for (auto& [where, t] : turns_) {
      if (t.waiting.empty()) continue;
      auto const passed = now.at - t.given;
      if (passed >= turn_is_used_within) {  // who had one is silent
        t.promised = 0;
        t.given = now.at;
      }
      auto room = centre_.room(where);
      room -= std::min(room, t.promised);
      if (passed >= turns_every && !centre_.keeps_pace(where, now)) room = std::max<std::size_t>(room, 1);
      for (; room > 0 && !t.waiting.empty(); t.waiting.pop_front()) {
        auto* const p = find(t.waiting.front());
        if (p == nullptr) continue;
        p->in_turn = false;
        p->has_turn = where;
        mark(t.waiting.front(), *p);
        t.promised += messages_of_a_turn;
        t.given = now.at;
        room -= std::min(room, messages_of_a_turn);
      }
    }
  }

  void take_turn(peer& p) {
    if (!p.has_turn) return;
    auto& t = turns_[*std::exchange(p.has_turn, std::nullopt)];
    t.promised -= std::min(t.promised, messages_of_a_turn);
  }

  void answer(connection_id id, peer& p, std::uint32_t sequence, std::uint32_t status, smpp::body const& body,
              effects& out) {
    if (auto const sent = p.session.answer(sequence, status, body, out.to(id)); !sent)
      say(out, severity::error, name_of(p) + ": response not encodable: " + describe(sent.error()));
    mark(id, p);
  }

  void deliver(sms::order const& o, moment now, effects& out) {
    auto const* const m = centre_.find(o.what);
    auto* const p = find(o.link);
    if (m == nullptr || p == nullptr) return;
    auto const what = delivery_of(*m, p->session.interface_version());
    auto const sent =
        what ? p->session.request(*what, o.what.value, now.at, out.to(o.link)) : std::unexpected(what.error());
    mark(o.link, *p);
    if (sent && *sent) return;
    if (!sent) say(out, severity::warning, name_of(*p) + ": message cannot be delivered: " + describe(sent.error()));
    auto const how = sent ? not_now : sms::outcome{sms::outcome::kind::permanent, sms::error_code::sending_failed};
    centre_.delivered(o.what, how, now, wishes_);
  }

  // After anything that may have changed when a session must be looked at, or whether its peer may go on sending.
  void tidy(connection_id id, peer& p, moment now, effects& out) {
    p.dirty = false;
    if (draining_) p.session.unbind(now.at, out.to(id), events_);
    p.session.go_on(now.at, out.to(id), events_);  // an unbind that waited for the last answer
    if (!events_.empty()) return hear(id, p, now, out, true);
    auto const crowded = p.in_turn || p.session.waiting() >= (p.paused ? settings_.smpp.request_window / 2 + 1
                                                                       : settings_.smpp.request_window);
    if (crowded != p.paused) {
      p.paused = crowded;
      out.flow.push_back({id, !crowded});
    }
    auto const due = p.session.deadline();
    if (due && p.timer != timer_queue::none && p.timer_at <= *due) return;  // it is looked at before that anyway
    timers_.cancel(std::exchange(p.timer, timer_queue::none));
    if (!due) return;
    p.timer = timers_.add(*due, id);
    p.timer_at = *due;
  }

  // -- outbind -------------------------------------------------------------------------------------------------

  void find_outbinders() {
    auto const before = std::exchange(outbinders_, {});
    for (sms::esme_index i = 0; i < settings_.esmes.size(); ++i) {
      auto const& e = settings_.esmes[i];
      if (e.outbind_host.empty()) continue;
      auto const same = std::ranges::find(before, e.name, &outbinder::name);
      outbinders_.push_back(same == before.end() ? outbinder{i, e.name}
                                                 : outbinder{i, e.name, same->trying, same->next});
    }
  }

  bool wants_call(outbinder const& o) const {
    return !draining_ && !o.trying && in_use_[o.who] == 0 && centre_.wants_link(o.who);
  }

  void call_out(moment now, effects& out) {
    for (auto& o : outbinders_) {
      if (!wants_call(o) || o.next > now.at) continue;
      auto const& e = settings_.esmes[o.who];
      o.trying = self_.next_connection();
      out.connect.push_back({*o.trying, e.outbind_host, e.outbind_port});
    }
  }

  // Up to a tenth is added, so that many ESMEs that failed together are not called together.
  void not_called(connection_id id, moment now) {
    for (auto& o : outbinders_) {
      if (o.trying != id) continue;
      o.trying.reset();
      auto const wait = settings_.esmes[o.who].outbind_retry;
      o.next = now.at + wait +
               duration{static_cast<std::int64_t>(chance_.below(static_cast<std::uint64_t>(wait.count()) / 10 + 1))};
    }
  }

  engine& self_;
  entropy& chance_;
  settings settings_;
  sms::centre centre_;
  std::vector<std::uint32_t> in_use_;  // bound sessions of each ESME
  std::unordered_map<connection_id, std::unique_ptr<peer>> peers_;
  timer_queue timers_;
  std::vector<outbinder> outbinders_;
  std::vector<connection_id> dirty_;
  struct turns {  // who is read from next
    std::deque<connection_id> waiting;
    std::size_t promised = 0;  // messages that may come from those who were last given a turn
    instant given{};           // the last turn, or when the first began to wait
  };
  std::map<sms::centre::cluster_index, turns> turns_;
  std::vector<smpp::happening> events_;
  sms::outputs wishes_;
  bool draining_ = false;
};

engine::engine(settings configuration, entropy& chance)
    : it_(std::make_unique<implementation>(*this, std::move(configuration), chance)) {}
engine::~engine() = default;

bool engine::announce(storage::key where) { return it_->announce(where); }
result<void> engine::restore(storage::key where, octet_view value) { return it_->restore(where, value); }
void engine::start(moment now, effects& out) { it_->start(now, out); }
void engine::on_accepted(connection_id id, service, std::string_view peer, moment now, effects& out) {
  it_->accept(id, peer, now, out);
}
void engine::on_opened(connection_id id, moment now, effects& out) { it_->opened(id, now, out); }
void engine::on_bytes(connection_id id, octet_view data, moment now, effects& out) {
  it_->octets_in(id, data, now, out);
}
void engine::on_closed(connection_id id, moment now, effects& out) { it_->closed(id, now, out); }
void engine::on_time(moment now, effects& out) { it_->time(now, out); }
void engine::on_stored(std::uint64_t request, storage::answer const& what, moment now, effects& out) {
  if (!what.outcome) out.notices.push_back({severity::error, "store: " + describe(what.outcome.error())});
  it_->stored(request, what, now, out);
}
std::optional<instant> engine::deadline(moment now) const { return it_->deadline(now); }
void engine::reload(settings configuration, moment now, effects& out) {
  it_->reload(std::move(configuration), now, out);
}
void engine::drain(moment now, effects& out) { it_->drain(now, out); }
bool engine::drained() const { return it_->drained(); }
engine::counters engine::count() const { return it_->count(); }

}  // namespace signalbox::core
