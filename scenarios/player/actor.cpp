// See actor.hpp.
#include "scenarios/player/actor.hpp"

#include "scenarios/player/message_fields.hpp"

namespace signalbox::player {

namespace {

bool is_bind(smpp::command_id id) {
  using smpp::command_id;
  return id == command_id::bind_receiver || id == command_id::bind_transmitter || id == command_id::bind_transceiver;
}

smpp::bind_fields const* bind_fields_of(smpp::body const& body) {
  return std::visit(
      [](auto const& b) -> smpp::bind_fields const* {
        if constexpr (std::is_base_of_v<smpp::bind_fields, std::remove_cvref_t<decltype(b)>>)
          return &b;
        else
          return nullptr;
      },
      body);
}

std::unexpected<fault> cannot(std::string why) { return failed(errc::not_supported, 0, {}, std::move(why)); }

}  // namespace

bool is_housekeeping(smpp::command_id id) {
  return id == smpp::command_id::enquire_link || id == smpp::command_id::enquire_link_resp;
}

actor::actor(esme_plan const& plan, entropy& chance)
    : name_(plan.name),
      given_at_(plan.at),
      target_(plan.target),
      binds_first_(plan.binds_first),
      esme_(std::make_unique<simulators::esme>(plan.options, chance)) {}

actor::actor(smsc_plan const& plan, entropy& chance)
    : name_(plan.name), given_at_(plan.at), smsc_(std::make_unique<simulators::smsc>(plan.options, chance)) {}

core::node& actor::node() {
  if (esme_) return *esme_;
  return *smsc_;
}

// The journal does not say which way a stream was going that cannot be cut any further: while the actor itself sends,
// it is its own.
void actor::take_over(bool heed_faults) {
  using kind = simulators::journal_entry::kind;
  auto const& log = book();
  for (read_ = std::max(read_, log.first()); read_ < log.size(); ++read_) {
    auto const& e = log[read_];
    if (e.what == kind::closed) closes_.push_back(e.when.at);
    if (e.what == kind::faulty && heed_faults) messages_.push_back({e.when.at, std::nullopt, e.raw});
    if (e.what != kind::received) continue;
    if (e.pdu) ++received_[smpp::id_of(*e.pdu)];
    auto& queue = e.pdu && is_housekeeping(smpp::id_of(*e.pdu)) ? housekeeping_ : messages_;
    queue.push_back({e.when.at, e.pdu, e.raw});
  }
}

std::uint64_t actor::received(smpp::command_id kind) const {
  auto const found = received_.find(kind);
  return found == received_.end() ? 0 : found->second;
}

void actor::consumed(smpp::pdu const& p) {
  auto const id = smpp::id_of(p);
  if (!smpp::is_response(id)) last_requests_[smpp::response_to(id)] = p.sequence_number;
}

std::optional<std::uint32_t> actor::last_request(smpp::command_id response) const {
  auto const found = last_requests_.find(response);
  if (found == last_requests_.end()) return std::nullopt;
  return found->second;
}

smpp::pdu actor::blank(smpp::command_id message) const {
  smpp::pdu p{.body = empty_body(message)};
  if (!esme_) return p;
  std::visit(
      [&](auto& b) {
        if constexpr (std::is_base_of_v<smpp::bind_fields, std::remove_cvref_t<decltype(b)>>)
          static_cast<smpp::bind_fields&>(b) = esme_->options().fields();
      },
      p.body);
  return p;
}

result<std::uint32_t> actor::send(smpp::pdu const& what, bool as_it_is, simulators::stage& on) {
  pull();
  auto sent = esme_ ? send_by_esme(what, as_it_is, on) : send_by_smsc(what, on);
  take_over(false);
  return sent;
}

// What the session's rules forget (a submit_sm before the bind, a full window, a second bind) goes past the session:
// a scenario must be able to say what a peer should not.
result<std::uint32_t> actor::send_by_esme(smpp::pdu const& what, bool as_it_is, simulators::stage& on) {
  if (!esme_->connected()) return cannot(name_ + " is not connected");
  auto const id = smpp::id_of(what);
  auto const before = book().size();
  result<std::uint32_t> sent = what.sequence_number;
  on.act(node(), [&](moment now, core::effects& out) {
    auto const past_the_session = [&] {
      auto p = what;
      if (p.sequence_number == 0 && !as_it_is) p.sequence_number = next_own_sequence_++;
      if (auto const done = esme_->send_pdu(p, now, out); !done)
        sent = std::unexpected(done.error());
      else
        sent = p.sequence_number;
    };
    if (as_it_is) return past_the_session();
    if (smpp::is_response(id)) {
      auto const done = esme_->answer(what.sequence_number, what.command_status, what.body, now, out);
      if (!done) sent = std::unexpected(done.error());
      return;
    }
    if (is_bind(id) && esme_->state() == smpp::state::open) {
      esme_->bind(id, *bind_fields_of(what.body), now, out);
      sent = last_sent(before, id).value_or(0);
      return;
    }
    if (id == smpp::command_id::unbind && esme_->bound()) {
      esme_->unbind(now, out);
      sent = last_sent(before, id).value_or(0);
      return;
    }
    sent = esme_->send(what.body, now, out);
    if (!sent && sent.error().code == errc::not_supported) past_the_session();
  });
  return sent;
}

result<std::uint32_t> actor::send_by_smsc(smpp::pdu const& what, simulators::stage& on) {
  result<std::uint32_t> sent = 0u;
  on.act(node(), [&](moment now, core::effects& out) {
    auto const id = smpp::id_of(what);
    if (id == smpp::command_id::unbind)
      smsc_->unbind_all(now, out);
    else if (smpp::is_response(id) || what.command_status != 0 || what.sequence_number != 0)
      sent = cannot("a simulated SMSC sends requests only, with numbers of its own");
    else
      sent = smsc_->send(what.body, now, out);
  });
  return sent;
}

std::optional<std::uint32_t> actor::last_sent(std::size_t since, smpp::command_id kind) const {
  for (auto i = book().size(); i > std::max(since, book().first()); --i) {
    auto const& e = book()[i - 1];
    if (e.what == simulators::journal_entry::kind::sent && e.pdu && smpp::id_of(*e.pdu) == kind)
      return e.pdu->sequence_number;
  }
  return std::nullopt;
}

result<void> actor::send_octets(octet_view data, simulators::stage& on) {
  if (!esme_) return cannot("a simulated SMSC sends requests only");
  if (!esme_->connected()) return cannot(name_ + " is not connected");
  pull();
  on.act(node(), [&](moment now, core::effects& out) { esme_->send_octets(data, now, out); });
  take_over(false);
  return {};
}

result<void> actor::connect(std::string const& host, std::uint16_t port, bool and_bind, simulators::stage& on) {
  if (!esme_) return cannot("a simulated SMSC is connected to");
  if (esme_->connected()) return cannot(name_ + " is connected already");
  on.act(node(), [&](moment now, core::effects& out) {
    if (and_bind)
      esme_->connect_and_bind(host, port, now, out);
    else
      esme_->connect(host, port, now, out);
  });
  return {};
}

// The end that we asked for is no news.
void actor::close(simulators::stage& on) {
  pull();
  auto const before = closes_.size();
  on.act(node(), [&](moment now, core::effects& out) {
    if (esme_)
      esme_->disconnect(now, out);
    else
      smsc_->disconnect_all(now, out);
  });
  pull();
  closes_.resize(std::min(closes_.size(), before));
}

}  // namespace signalbox::player
