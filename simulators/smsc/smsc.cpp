#include "simulators/smsc/smsc.hpp"

#include <algorithm>

namespace signalbox::simulators {

namespace {

constexpr smpp::token as_receipt = 1, as_mobile = 2, as_wish = 3;  // why we sent a request

// What a receipt needs of a message, whichever request it came by.
smpp::submit_sm message_of(smpp::data_sm const& d) {
  smpp::submit_sm m;
  m.source_addr_ton = d.source_addr_ton;
  m.source_addr_npi = d.source_addr_npi;
  m.source_addr = d.source_addr.substr(0, 20);
  m.dest_addr_ton = d.dest_addr_ton;
  m.dest_addr_npi = d.dest_addr_npi;
  m.destination_addr = d.destination_addr.substr(0, 20);
  m.registered_delivery = d.registered_delivery;
  if (auto const* payload = smpp::find(d.tlvs, smpp::tag::message_payload)) m.short_message = payload->value;
  return m;
}

smpp::submit_sm message_of(smpp::submit_multi const& s, smpp::destination const& to) {
  smpp::submit_sm m;
  m.source_addr_ton = s.source_addr_ton;
  m.source_addr_npi = s.source_addr_npi;
  m.source_addr = s.source_addr;
  m.dest_addr_ton = to.dest_addr_ton;
  m.dest_addr_npi = to.dest_addr_npi;
  m.destination_addr = to.destination_addr;
  m.registered_delivery = s.registered_delivery;
  m.short_message = s.short_message;
  return m;
}

}  // namespace

smsc::smsc(smsc_options options, entropy& chance)
    : options_(std::move(options)),
      chance_(chance),
      book_(options_.journal_limit),
      next_id_(options_.first_message_id),
      mobile_(options_.mobile) {}

// -- wishes --------------------------------------------------------------------------------------------------------

void smsc::outbind(std::string host, std::uint16_t port, std::string password, moment, core::effects& out) {
  auto const id = next_connection();
  outbinds_[id] = std::move(password);
  out.connect.push_back({id, std::move(host), port});
}

void smsc::start_mobile(burst what, moment now, core::effects& out) {
  mobile_ = std::move(what);
  mobile_sent_ = 0;
  mobile_began_.reset();
  go_on(now, out);
}

result<std::uint32_t> smsc::send(smpp::body const& request, moment now, core::effects& out) {
  for (auto& [id, c] : clients_) {
    octets data;
    auto const sent = c.session.request(request, as_wish, now.at, data);
    if (!sent) return std::unexpected(sent.error());
    if (!*sent) continue;
    auto const head = smpp::decode_header(data);
    transmit(id, data, now, out);
    return head->sequence_number;
  }
  return failed(errc::not_supported, 0, "session", "no session is bound for receiving, or all windows are full");
}

void smsc::unbind_all(moment now, core::effects& out) {
  std::vector<connection_id> all;
  for (auto const& [id, c] : clients_) all.push_back(id);
  for (auto const id : all) {
    octets data;
    std::vector<smpp::happening> events;
    clients_.at(id).session.unbind(now.at, data, events);
    transmit(id, data, now, out);
    handle(id, std::move(events), now, out);
  }
}

void smsc::disconnect_all(moment now, core::effects& out) {
  std::vector<connection_id> all;
  for (auto const& [id, c] : clients_) all.push_back(id);
  for (auto const id : all) {
    std::vector<smpp::happening> events;
    clients_.at(id).session.end("disconnected by us", now.at, events);
    handle(id, std::move(events), now, out);
  }
}

std::size_t smsc::bound() const {
  return static_cast<std::size_t>(
      std::count_if(clients_.begin(), clients_.end(), [](auto const& c) { return c.second.session.bound(); }));
}

bool smsc::done() const {
  return mobile_sent_ >= mobile_.count && mobile_open_ == 0 && late_.size() == 0 && receipts_.empty();
}

// -- connections ---------------------------------------------------------------------------------------------------

smsc::client& smsc::open_session(connection_id id, moment now) {
  ++counters_.connections;
  write(journal_entry::kind::opened, id, now);
  smpp::session_settings const settings{.side = smpp::role::smsc,
                                        .window = options_.window,
                                        .bind_timeout = options_.bind_timeout,
                                        .response_timeout = options_.response_timeout,
                                        .enquire_link_after = options_.enquire_link};
  return clients_.try_emplace(id, settings, now.at, book_, id).first->second;
}

void smsc::on_accepted(connection_id id, core::service, std::string_view, moment now, core::effects&) {
  open_session(id, now);
}

void smsc::on_opened(connection_id id, moment now, core::effects& out) {
  auto const asked = outbinds_.find(id);
  if (asked == outbinds_.end()) return;
  octets data;
  open_session(id, now).session.outbind_peer({options_.system_id, asked->second}, now.at, data);
  outbinds_.erase(asked);
  transmit(id, data, now, out);
}

void smsc::on_closed(connection_id id, moment now, core::effects& out) {
  if (outbinds_.erase(id) > 0) return write(journal_entry::kind::closed, id, now, "not connected");
  auto const found = clients_.find(id);
  if (found == clients_.end()) return;
  std::vector<smpp::happening> events;
  found->second.session.on_closed(now.at, events);
  found->second.lost = true;
  handle(id, std::move(events), now, out);
}

void smsc::transmit(connection_id who, octets const& data, moment now, core::effects& out) {
  if (data.empty()) return;
  if (auto const found = clients_.find(who); found != clients_.end()) found->second.tap.sent(data, now);
  auto& to = out.to(who);
  to.insert(to.end(), data.begin(), data.end());
}

void smsc::on_bytes(connection_id id, octet_view data, moment now, core::effects& out) {
  auto const found = clients_.find(id);
  if (found == clients_.end()) return;
  found->second.tap.received(data, now);
  octets answers;
  std::vector<smpp::happening> events;
  found->second.session.on_bytes(data, now.at, answers, events);
  transmit(id, answers, now, out);
  handle(id, std::move(events), now, out);
}

void smsc::on_time(moment now, core::effects& out) {
  while (auto due = late_.pop(now.at)) {
    if (auto const* answer = std::get_if<late_answer>(&*due)) give_answer(*answer, now, out);
    if (auto* receipt = std::get_if<late_receipt>(&*due)) receipts_.push_back(std::move(*receipt));
  }
  std::vector<connection_id> due;
  for (auto const& [id, c] : clients_)
    if (auto const deadline = c.session.deadline(); deadline && *deadline <= now.at) due.push_back(id);
  for (auto const id : due) {
    octets data;
    std::vector<smpp::happening> events;
    clients_.at(id).session.on_time(now.at, data, events);
    transmit(id, data, now, out);
    handle(id, std::move(events), now, out);
  }
  go_on(now, out);
}

void smsc::on_stored(std::uint64_t, storage::answer const&, moment, core::effects&) {}  // it stores nothing

std::optional<instant> smsc::deadline(moment) const {
  auto due = late_.next();
  auto const sooner = [&due](std::optional<instant> other) {
    if (other) due = due ? std::min(*due, *other) : *other;
  };
  sooner(wait_until_);
  for (auto const& [id, c] : clients_) sooner(c.session.deadline());
  return due;
}

// -- what happens on them ------------------------------------------------------------------------------------------

void smsc::handle(connection_id who, std::vector<smpp::happening> events, moment now, core::effects& out) {
  for (std::size_t n = 0; n < events.size(); ++n) {  // taking one may add others
    auto const e = std::move(events[n]);
    if (auto const* bind = std::get_if<smpp::event::bind_requested>(&e)) take(who, *bind, events, now, out);
    if (auto const* arrived = std::get_if<smpp::event::arrived>(&e)) take(who, *arrived, events, now, out);
    if (auto const* answered = std::get_if<smpp::event::answered>(&e)) take(*answered);
    if (auto const* expired = std::get_if<smpp::event::expired>(&e)) take(*expired);
    if (auto const* ended = std::get_if<smpp::event::ended>(&e)) {
      write(journal_entry::kind::closed, who, now, ended->why);
      if (auto const found = clients_.find(who); found != clients_.end()) {
        if (!found->second.lost) out.close.push_back(who);
        clients_.erase(found);
      }
    }
  }
  attend(who, now, out);
  go_on(now, out);
}

void smsc::take(connection_id who, smpp::event::bind_requested const& e, std::vector<smpp::happening>& events,
                moment now, core::effects& out) {
  auto& session = clients_.at(who).session;
  auto const known = options_.expect_system_id.empty() || options_.expect_system_id == e.fields.system_id;
  auto const trusted = options_.expect_password.empty() || options_.expect_password == e.fields.password;
  octets data;
  if (known && trusted) {
    session.accept_bind(e.sequence_number, options_.system_id, options_.window, now.at, data);
    ++counters_.binds;
    write(journal_entry::kind::bound, who, now, e.fields.system_id);
  } else {
    session.refuse_bind(e.sequence_number, known ? smpp::ESME_RINVPASWD : smpp::ESME_RINVSYSID, now.at, data, events);
    ++counters_.binds_refused;
  }
  transmit(who, data, now, out);
}

void smsc::take(connection_id who, smpp::event::arrived const& e, std::vector<smpp::happening>& events, moment now,
                core::effects& out) {
  auto const found = clients_.find(who);
  if (found == clients_.end()) return;  // an earlier request of this chunk ended the session
  auto& c = found->second;
  auto const reached = [n = ++c.requests](std::uint64_t limit) { return limit > 0 && n >= limit; };
  if (options_.silent_after > 0 && c.requests > options_.silent_after) {
    ++counters_.submitted;
    ++counters_.unanswered;
  } else if (auto const answer = judge(who, e.request, now, out)) {
    if (auto const delay = options_.delay.draw(chance_); delay > 0s)
      late_.add(now.at + delay, *answer);
    else
      give_answer(*answer, now, out);
  }
  octets data;
  if (reached(options_.close_after))
    c.session.end("dropped by us", now.at, events);
  else if (reached(options_.unbind_after))
    c.session.unbind(now.at, data, events);
  transmit(who, data, now, out);
}

std::optional<smsc::late_answer> smsc::judge(connection_id who, smpp::pdu const& request, moment now,
                                             core::effects& out) {
  auto const answer = [&](std::uint32_t status, smpp::body response) {
    return late_answer{who, request.sequence_number, status, std::move(response)};
  };
  // It keeps no messages, so it can find none.
  if (std::holds_alternative<smpp::query_sm>(request.body)) return answer(smpp::ESME_RQUERYFAIL, smpp::query_sm_resp{});
  if (std::holds_alternative<smpp::cancel_sm>(request.body))
    return answer(smpp::ESME_RCANCELFAIL, smpp::cancel_sm_resp{});
  if (std::holds_alternative<smpp::replace_sm>(request.body))
    return answer(smpp::ESME_RREPLACEFAIL, smpp::replace_sm_resp{});

  auto const* submit = std::get_if<smpp::submit_sm>(&request.body);
  auto const* data = std::get_if<smpp::data_sm>(&request.body);
  auto const* multi = std::get_if<smpp::submit_multi>(&request.body);
  if (submit == nullptr && data == nullptr && multi == nullptr)
    return answer(smpp::ESME_RINVCMDID, smpp::generic_nack{});

  ++counters_.submitted;
  auto const first = submit != nullptr ? std::string_view(submit->destination_addr)
                     : data != nullptr ? std::string_view(data->destination_addr)
                                       : std::string_view();
  auto status = options_.answers().status_for(first, chance_);
  if (throttles(now.at)) {
    status = smpp::ESME_RTHROTTLED;
    ++counters_.throttled;
  } else if (!status) {
    ++counters_.unanswered;
    return std::nullopt;
  } else {
    ++(*status == smpp::ESME_ROK ? counters_.accepted : counters_.refused);
  }
  auto const good = *status == smpp::ESME_ROK;
  auto const id = good ? next_id_++ : 0;
  auto const spelled = good ? spell(id, options_.response_id) : std::string();
  if (submit != nullptr) {
    if (good) plan_receipt(who, *submit, id, now, out);
    return answer(*status, smpp::submit_sm_resp{spelled, {}});
  }
  if (data != nullptr) {
    if (good) plan_receipt(who, message_of(*data), id, now, out);
    return answer(*status, smpp::data_sm_resp{spelled, {}});
  }
  smpp::submit_multi_resp response{spelled, {}, {}};
  for (auto const& to : multi->dest_address) {
    if (!good || to.dest_flag != smpp::dest_flag_address) continue;
    auto const fate = options_.answers().status_for(to.destination_addr, chance_).value_or(smpp::ESME_ROK);
    if (fate == smpp::ESME_ROK)
      plan_receipt(who, message_of(*multi, to), id, now, out);
    else
      response.unsuccess.push_back({to.dest_addr_ton, to.dest_addr_npi, to.destination_addr, fate});
  }
  return answer(*status, std::move(response));
}

bool smsc::throttles(instant now) {
  if (options_.throttle_per_s == 0) return false;
  if (throttle_count_ == 0 || now - throttle_from_ >= 1s) {
    throttle_from_ = now;
    throttle_count_ = 0;
  }
  if (throttle_count_ >= options_.throttle_per_s) return true;
  ++throttle_count_;
  return false;
}

void smsc::give_answer(late_answer const& what, moment now, core::effects& out) {
  auto const found = clients_.find(what.on);
  if (found == clients_.end()) return;
  octets data;
  if (auto const sent = found->second.session.answer(what.sequence_number, what.status, what.response, data); !sent)
    out.notices.push_back({core::severity::error, "cannot answer: " + describe(sent.error())});
  transmit(what.on, data, now, out);
  attend(what.on, now, out);
}

// What had to wait until we answered: what follows a bind, an unbind behind requests.
void smsc::attend(connection_id who, moment now, core::effects& out) {
  auto const found = clients_.find(who);
  if (found == clients_.end()) return;
  octets data;
  std::vector<smpp::happening> events;
  found->second.session.go_on(now.at, data, events);
  transmit(who, data, now, out);
  if (!events.empty()) handle(who, std::move(events), now, out);
}

// -- receipts and messages from mobiles ----------------------------------------------------------------------------

void smsc::plan_receipt(connection_id who, smpp::submit_sm const& message, std::uint64_t id, moment now,
                        core::effects& out) {
  answer_profile const fate{.normal = {}, .mix = options_.undelivered, .outcomes = options_.delivery, .delay = {}};
  auto const error = fate.status_for(message.destination_addr, chance_);
  auto const delay = options_.receipt_first ? duration(0) : options_.receipt_delay.draw(chance_);
  if (!options_.receipts || !error) return;
  auto const asked = message.registered_delivery & smpp::registered::receipt_mask;
  auto const delivered = *error == smpp::ESME_ROK;
  if (asked == smpp::registered::none || (asked == smpp::registered::failure && delivered) ||
      (asked == smpp::registered::success && !delivered))
    return;
  auto const state = delivered ? smpp::message_state::delivered : smpp::message_state::undeliverable;
  auto const done = now + delay;
  late_receipt planned{who, make_receipt(message, {id, now.date, done.date, state, *error}, options_.style)};
  if (!options_.receipt_first) {
    late_.add(done.at, std::move(planned));
  } else {
    receipts_.push_back(std::move(planned));
    go_on(now, out);
  }
}

void smsc::go_on(moment now, core::effects& out) {
  // A receipt whose session cannot take it may go to any other receiver; while nobody can, all wait in order.
  while (!receipts_.empty() && deliver(receipts_.front().on, receipts_.front().receipt, as_receipt, now, out)) {
    ++counters_.receipts;
    receipts_.pop_front();
  }
  wait_until_.reset();
  while (mobile_sent_ < mobile_.count && bound() > 0) {
    if (!mobile_began_) mobile_began_ = now.at;
    if (auto const when = pace(mobile_, *mobile_began_, mobile_sent_); when > now.at) {
      wait_until_ = when;
      return;
    }
    if (!mobile_next_) mobile_next_ = mobile_.message<smpp::deliver_sm>(mobile_sent_ + 1, chance_);
    if (!deliver(std::nullopt, *mobile_next_, as_mobile, now, out)) return;
    mobile_next_.reset();
    ++mobile_sent_;
    ++counters_.mobile;
  }
}

bool smsc::deliver(std::optional<connection_id> preferred, smpp::deliver_sm const& what, smpp::token as, moment now,
                   core::effects& out) {
  auto const able = [](auto const& c) { return c.second.session.room() > 0; };
  auto found = preferred ? clients_.find(*preferred) : clients_.end();
  if (found == clients_.end() || !able(*found)) {  // the next in turn
    found = std::find_if(clients_.upper_bound(turn_), clients_.end(), able);
    if (found == clients_.end()) found = std::find_if(clients_.begin(), clients_.end(), able);
    if (found == clients_.end()) return false;
    turn_ = found->first;
  }
  octets data;
  if (auto const sent = found->second.session.request(what, as, now.at, data); !sent)
    out.notices.push_back({core::severity::error, "cannot deliver: " + describe(sent.error())});
  else if (as == as_mobile)
    ++mobile_open_;
  transmit(found->first, data, now, out);
  return true;
}

void smsc::take(smpp::event::answered const& e) {
  if (e.request == as_mobile) --mobile_open_;
  ++(e.response.command_status == smpp::ESME_ROK ? counters_.deliveries_accepted : counters_.deliveries_refused);
}

void smsc::take(smpp::event::expired const& e) {
  if (e.request == as_mobile) --mobile_open_;
  ++counters_.deliveries_unanswered;
}

void smsc::write(journal_entry::kind what, connection_id who, moment now, std::string words) {
  if (book_.keeps()) book_.add({.what = what, .when = now, .connection = who, .words = std::move(words)});
}

}  // namespace signalbox::simulators
