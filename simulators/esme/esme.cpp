#include "simulators/esme/esme.hpp"

#include <algorithm>

namespace signalbox::simulators {

namespace {

constexpr smpp::token no_message = 0;  // a request of the player that is no message: its answer is not counted

bool is_message(smpp::command_id id) {
  return id == smpp::command_id::submit_sm || id == smpp::command_id::submit_multi || id == smpp::command_id::data_sm;
}

// What makes two arrivals the same: everything but the sequence_number.
std::uint64_t digest_of(smpp::body const& what) {
  octets data;
  (void)smpp::encode({smpp::ESME_ROK, 1, what}, data);  // it was decoded, so it encodes
  std::uint64_t digest = 0xcbf29ce484222325u;           // FNV-1a
  for (auto const octet : data) digest = (digest ^ octet) * 0x100000001b3u;
  return digest;
}

result<std::uint32_t> cannot(std::string why) { return failed(errc::not_supported, 0, "session", std::move(why)); }

}  // namespace

esme::esme(esme_options options, entropy& chance)
    : options_(std::move(options)), chance_(chance), book_(options_.journal_limit), burst_(options_.send) {}

// -- wishes --------------------------------------------------------------------------------------------------------

void esme::connect(std::string host, std::uint16_t port, moment, core::effects& out) {
  keeps_bound_ = false;
  host_ = std::move(host);
  port_ = port;
  connect_now(out);
}

void esme::connect_and_bind(std::string host, std::uint16_t port, moment now, core::effects& out) {
  connect(std::move(host), port, now, out);
  keeps_bound_ = true;
}

void esme::bind(moment now, core::effects& out) { bind(options_.bind, options_.fields(), now, out); }

void esme::bind(smpp::command_id kind, smpp::bind_fields const& fields, moment now, core::effects& out) {
  if (!session_) return;
  octets data;
  session_->bind(kind, fields, now.at, data);
  transmit(data, now, out);
}

result<std::uint32_t> esme::send(smpp::body const& request, moment now, core::effects& out) {
  if (!session_) return cannot("not connected");
  octets data;
  auto const message = is_message(smpp::id_of(request));
  auto const sent = session_->request(request, message ? ++last_token_ : no_message, now.at, data);
  if (!sent) return std::unexpected(sent.error());
  if (!*sent) return cannot(session_->may_deliver() ? "the window is full" : "not bound for sending");
  if (message) ++counters_.submitted;
  auto const head = smpp::decode_header(data);
  transmit(data, now, out);
  return head->sequence_number;
}

result<void> esme::answer(std::uint32_t sequence_number, std::uint32_t status, smpp::body const& response, moment now,
                          core::effects& out) {
  if (!session_) return std::unexpected(cannot("not connected").error());
  octets data;
  auto const sent = session_->answer(sequence_number, status, response, data);
  transmit(data, now, out);
  attend(now, out);
  return sent;
}

result<void> esme::send_pdu(smpp::pdu const& what, moment now, core::effects& out) {
  octets data;
  auto const encoded = smpp::encode(what, data);
  if (!encoded) return encoded;
  if (!session_) return std::unexpected(cannot("not connected").error());
  transmit(data, now, out);
  return {};
}

void esme::send_octets(octet_view data, moment now, core::effects& out) {
  if (session_) transmit(octets(data.begin(), data.end()), now, out);
}

void esme::unbind(moment now, core::effects& out) {
  keeps_bound_ = false;
  if (!session_) return;
  octets data;
  std::vector<smpp::happening> events;
  session_->unbind(now.at, data, events);
  transmit(data, now, out);
  handle(events, now, out);
}

void esme::disconnect(moment now, core::effects& out) {
  keeps_bound_ = false;
  reconnect_at_.reset();
  if (!session_) {
    if (connection_ != connection_id{}) out.close.push_back(connection_);
    connection_ = {};
    return;
  }
  std::vector<smpp::happening> events;
  session_->end("disconnected by us", now.at, events);
  handle(events, now, out);
}

void esme::start_burst(burst what, moment now, core::effects& out) {
  burst_ = std::move(what);
  next_number_ = 1;
  burst_began_.reset();
  pace_from_.reset();
  again_.clear();
  in_flight_.clear();  // an earlier burst's answers are still counted
  go_on(now, out);
}

// -- what it is ----------------------------------------------------------------------------------------------------

std::optional<smpp::state> esme::state() const { return session_ ? std::optional(session_->state()) : std::nullopt; }

bool esme::done() const { return next_number_ > burst_.count && in_flight_.empty() && again_.empty(); }

// -- the connection ------------------------------------------------------------------------------------------------

void esme::connect_now(core::effects& out) {
  if (session_ || connection_ != connection_id{}) return;
  reconnect_at_.reset();
  connection_ = last_ = next_connection();
  out.connect.push_back({connection_, host_, port_});
}

void esme::on_accepted(connection_id id, core::service, std::string_view, moment now, core::effects& out) {
  if (session_ || connection_ != connection_id{}) {  // one at a time
    out.close.push_back(id);
    return;
  }
  open_session(id, now);
}

void esme::on_opened(connection_id id, moment now, core::effects& out) {
  if (id != connection_) return;
  open_session(id, now);
  if (keeps_bound_) bind(now, out);
}

void esme::open_session(connection_id id, moment now) {
  connection_ = last_ = id;
  ++counters_.connections;
  session_ = std::make_unique<smpp::session>(smpp::session_settings{.side = smpp::role::esme,
                                                                    .window = options_.window,
                                                                    .bind_timeout = options_.bind_timeout,
                                                                    .response_timeout = options_.response_timeout,
                                                                    .enquire_link_after = options_.enquire_link},
                                             now.at);
  tap_.emplace(book_, id);
  write(journal_entry::kind::opened, now);
}

void esme::on_closed(connection_id id, moment now, core::effects& out) {
  if (id != connection_) return;
  connection_ = {};
  if (session_) {
    std::vector<smpp::happening> events;
    session_->on_closed(now.at, events);
    return handle(events, now, out);
  }
  write(journal_entry::kind::closed, now, "not connected");
  ++counters_.closed;
  if (keeps_bound_ && options_.reconnect > 0s) reconnect_at_ = now.at + options_.reconnect;
}

void esme::take(smpp::event::ended const& e, moment now, core::effects& out) {
  if (connection_ != connection_id{}) out.close.push_back(connection_);
  write(journal_entry::kind::closed, now, e.why);
  ++counters_.closed;
  connection_ = {};
  session_.reset();
  tap_.reset();
  wait_until_.reset();
  if (keeps_bound_ && options_.reconnect > 0s) reconnect_at_ = now.at + options_.reconnect;
}

void esme::transmit(octets const& data, moment now, core::effects& out) {
  if (data.empty() || connection_ == connection_id{}) return;
  if (tap_) tap_->sent(data, now);
  auto& to = out.to(connection_);
  to.insert(to.end(), data.begin(), data.end());
}

// -- what happens on it --------------------------------------------------------------------------------------------

void esme::on_bytes(connection_id id, octet_view data, moment now, core::effects& out) {
  if (id != connection_ || !session_) return;
  tap_->received(data, now);
  octets answers;
  std::vector<smpp::happening> events;
  session_->on_bytes(data, now.at, answers, events);
  transmit(answers, now, out);
  handle(events, now, out);
}

void esme::on_time(moment now, core::effects& out) {
  while (auto const due = late_.pop(now.at)) answer_arrived(*due, now, out);
  if (reconnect_at_ && *reconnect_at_ <= now.at) connect_now(out);
  if (!session_) return;
  octets data;
  std::vector<smpp::happening> events;
  session_->on_time(now.at, data, events);
  transmit(data, now, out);
  handle(events, now, out);
}

void esme::on_stored(std::uint64_t, storage::answer const&, moment, core::effects&) {}  // it stores nothing

std::optional<instant> esme::deadline(moment) const {
  auto due = late_.next();
  auto const sooner = [&due](std::optional<instant> other) {
    if (other) due = due ? std::min(*due, *other) : *other;
  };
  sooner(reconnect_at_);
  sooner(wait_until_);
  if (session_) sooner(session_->deadline());
  return due;
}

void esme::handle(std::vector<smpp::happening>& events, moment now, core::effects& out) {
  for (auto const& e : events) {
    if (auto const* bound = std::get_if<smpp::event::bound>(&e)) take(*bound, now);
    if (auto const* arrived = std::get_if<smpp::event::arrived>(&e)) take(*arrived, now, out);
    if (auto const* answered = std::get_if<smpp::event::answered>(&e)) take(*answered, now);
    if (auto const* expired = std::get_if<smpp::event::expired>(&e)) take(*expired, now);
    if (auto const* ended = std::get_if<smpp::event::ended>(&e)) take(*ended, now, out);
    // 3.4, 2.2.1: after outbind the ESME binds as receiver on the connection the message centre made.
    if (std::holds_alternative<smpp::event::outbind_received>(e) && !options_.manual)
      bind(smpp::command_id::bind_receiver, options_.fields(), now, out);
  }
  go_on(now, out);
  finish_if_done(now, out);
}

void esme::take(smpp::event::bound const& e, moment now) {
  ++counters_.binds;
  write(journal_entry::kind::bound, now, e.system_id);
  pace_from_.reset();
}

void esme::take(smpp::event::arrived const& e, moment now, core::effects& out) {
  auto const id = smpp::id_of(e.request);
  if (id != smpp::command_id::deliver_sm && id != smpp::command_id::data_sm) return;
  note_arrival(e.request.body);
  if (options_.manual) return;
  auto const destination = id == smpp::command_id::deliver_sm
                               ? std::string_view(std::get<smpp::deliver_sm>(e.request.body).destination_addr)
                               : std::string_view(std::get<smpp::data_sm>(e.request.body).destination_addr);
  auto const status = options_.answers().status_for(destination, chance_);
  if (!status) return;
  late_answer const answer{connection_, e.request.sequence_number, *status, id};
  if (auto const delay = options_.delay.draw(chance_); delay > 0s)
    late_.add(now.at + delay, answer);
  else
    answer_arrived(answer, now, out);
}

void esme::answer_arrived(late_answer const& what, moment now, core::effects& out) {
  if (!session_ || what.on != connection_) return;
  octets data;
  auto const sent =
      what.request == smpp::command_id::deliver_sm
          ? session_->answer(what.sequence_number, what.status, smpp::deliver_sm_resp{options_.message_id}, data)
          : session_->answer(what.sequence_number, what.status, smpp::data_sm_resp{options_.message_id}, data);
  if (!sent) out.notices.push_back({core::severity::error, "cannot answer: " + describe(sent.error())});
  transmit(data, now, out);
  attend(now, out);
}

// An unbind of the peer waits until its requests before it are answered.
void esme::attend(moment now, core::effects& out) {
  if (!session_) return;
  octets data;
  std::vector<smpp::happening> events;
  session_->go_on(now.at, data, events);
  transmit(data, now, out);
  if (!events.empty()) handle(events, now, out);
}

void esme::note_arrival(smpp::body const& request) {
  auto const* deliver = std::get_if<smpp::deliver_sm>(&request);
  auto const* data = std::get_if<smpp::data_sm>(&request);
  auto const esm_class = deliver != nullptr ? deliver->esm_class : data->esm_class;
  if ((esm_class & smpp::esm::type_mask) == smpp::esm::type_delivery_receipt)
    ++counters_.receipts;
  else
    ++counters_.delivered;
  if (options_.count_duplicates && !seen_.insert(digest_of(request)).second) ++counters_.duplicates;
}

// -- the burst -----------------------------------------------------------------------------------------------------

void esme::go_on(moment now, core::effects& out) {
  wait_until_.reset();
  if (done() || !session_) return;
  octets data;
  while (session_->room() > 0 && (!again_.empty() || next_number_ <= burst_.count)) {
    if (!pace_from_) pace_from_ = now.at, paced_ = 0;
    if (auto const when = pace(burst_, *pace_from_, paced_); when > now.at) {
      wait_until_ = when;
      break;
    }
    auto const first_time = again_.empty();
    auto message = first_time ? burst_.message<smpp::submit_sm>(next_number_, chance_) : std::move(again_.front());
    auto const sent = session_->request(message, ++last_token_, now.at, data);
    if (first_time)
      ++next_number_;
    else
      again_.pop_front();
    if (!sent) {
      out.notices.push_back({core::severity::error, "cannot send: " + describe(sent.error())});
      continue;
    }
    if (!burst_began_) burst_began_ = now.at;
    in_flight_.emplace(last_token_, std::move(message));
    ++counters_.submitted;
    ++paced_;
  }
  transmit(data, now, out);
}

void esme::take(smpp::event::answered const& e, moment now) {
  if (e.request == no_message) return;
  auto const status = e.response.command_status;
  if (status == smpp::ESME_ROK)
    ++counters_.accepted;
  else
    ++counters_.errors[status];
  if (status == smpp::ESME_RTHROTTLED)
    ++counters_.throttled;
  else if (status != smpp::ESME_ROK)
    ++counters_.refused;
  settle(e.request, status == smpp::ESME_RTHROTTLED, now);
}

void esme::take(smpp::event::expired const& e, moment now) {
  if (e.request == no_message) return;
  ++counters_.unanswered;
  settle(e.request, true, now);
}

void esme::settle(smpp::token which, bool send_again, moment now) {
  auto const found = in_flight_.find(which);
  if (found == in_flight_.end()) return;
  if (send_again && options_.resubmit) again_.push_back(std::move(found->second));
  in_flight_.erase(found);
  if (burst_began_) counters_.burst_time = now.at - *burst_began_;
}

void esme::finish_if_done(moment now, core::effects& out) {
  // may_deliver is false once the unbind waits for the player's own requests
  if (options_.unbind_when_done && burst_.count > 0 && session_ && session_->may_deliver() && done()) unbind(now, out);
}

void esme::write(journal_entry::kind what, moment now, std::string words) {
  if (book_.keeps()) book_.add({.what = what, .when = now, .connection = last_, .words = std::move(words)});
}

}  // namespace signalbox::simulators
