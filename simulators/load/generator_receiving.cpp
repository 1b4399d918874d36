// What comes back: answers, deliveries, receipts, and whose they are.
#include <algorithm>
#include <cassert>

#include "engine/smpp/types.hpp"
#include "simulators/load/generator_inside.hpp"

namespace signalbox::load {

namespace {

constexpr std::size_t most_early_receipts = 100'000;

octet_view without_header(octet_view body, std::uint8_t esm_class) {
  if ((esm_class & smpp::esm::udhi) == 0 || body.empty() || body.size() < body[0] + 1u) return body;
  return body.subspan(body[0] + 1u);
}

// The word behind "id:" or "stat:" in a receipt's text.
std::string_view word_after(std::string_view text, std::string_view label) {
  auto const at = text.find(label);
  if (at == text.npos) return {};
  auto const begin = at + label.size();
  return text.substr(begin, std::min(text.find(' ', begin), text.size()) - begin);
}

}  // namespace

void generator::on_bytes(connection_id id, octet_view data, moment now, core::effects& out) {
  auto& c = client_of(id);
  if (c.session == nullptr || c.id != id) return;
  roll(now);
  c.session->on_bytes(data, now.at, c.out, events_);
  handle(c, now);
  open_more(out);
  leave(now, out);
}

void generator::on_closed(connection_id id, moment now, core::effects& out) {
  auto& c = client_of(id);
  if (c.gone || c.id != id) return;
  roll(now);
  if (c.session) c.session->on_closed(now.at, events_);
  handle(c, now);
  gone(c, "the connection was refused or lost", now);
  leave(now, out);
}

void generator::handle(client& c, moment now) {
  auto const events = std::exchange(events_, {});
  for (auto const& e : events) {
    if (auto const* a = std::get_if<smpp::event::answered>(&e)) {
      answered(c, a->request, a->response, now);
    } else if (auto const* came = std::get_if<smpp::event::arrived>(&e)) {
      arrived(c, came->request, now);
    } else if (auto const* none = std::get_if<smpp::event::expired>(&e)) {
      expired(none->request, now);
    } else if (std::holds_alternative<smpp::event::bound>(e)) {
      bound(c, now);
    } else if (auto const* end = std::get_if<smpp::event::ended>(&e)) {
      if (!c.gone) close_.push_back(c.id);
      if (!c.out.empty()) last_words_.push_back({c.id, std::exchange(c.out, {})});
      gone(c, end->why, now);
      return;
    }
  }
  if (!c.gone) {
    if (!c.out.empty() && !std::exchange(c.dirty, true)) dirty_.push_back(c.index);
    make_ready(c, now);
  }
}

void generator::answered(client& c, smpp::token which, smpp::pdu const& response, moment now) {
  auto const number = which >> segment_bits;
  auto* const r = find(number);
  assert(r != nullptr && "a message stays known until its last answer");
  --in_flight_;
  last_answer_ = last_heard_ = now.at;
  auto const status = response.command_status;
  auto& line = m_.lines[r->line];
  line.last_answer = now.at - began_;
  if (status == smpp::ESME_ROK) {
    ++m_.accepted;
    ++now_.accepted;
    ++line.accepted;
    r->unsure = r->unsure && !plan_.resend;
    time(stage::submit_resp, *r, r->intended, now.at);
    auto const& line_plan = plan_.lines[r->line];
    auto const& as_sent =
        line_plan.recorded ? (*line_plan.recorded)[r->chance % line_plan.recorded->size()] : line_plan.base;
    if ((as_sent.registered_delivery & 3) != 0)
      if (auto const* body = std::get_if<smpp::submit_sm_resp>(&response.body)) {
        ++r->receipts_due;
        ++missing_receipts_;
        expect_receipt(body->message_id, number);
      }
    return segment_over(number);
  }
  ++m_.statuses[status];
  m_.last_refusal = now.at - began_;
  time(stage::refusal, *r, r->sent, now.at);
  if (status == smpp::ESME_RTHROTTLED) {
    ++m_.throttled;
    ++now_.throttled;
    ++line.throttled;
    --m_.per_session[c.in_report].submitted;
    if (plan_.actors[c.actor].options.resubmit && phase_ == phase::running && !stopped_) {
      flows_[flow_of_[r->line]].again.push_back(which);
      return;
    }
  } else {
    ++m_.refused;
    ++now_.refused;
    ++line.refused;
  }
  r->refused = true;
  segment_over(number);
}

void generator::expired(smpp::token which, moment now) {
  if (which == 0) return;
  --in_flight_;
  last_answer_ = last_heard_ = now.at;
  auto const number = which >> segment_bits;
  auto* const r = find(number);
  assert(r != nullptr && "a message stays known until its last answer");
  r->unsure = true;
  auto& f = flows_[flow_of_[r->line]];
  bool const someone = actors_[f.actor].alive > 0 || plan_.actors[f.actor].options.reconnect > 0s;
  if (plan_.resend && phase_ == phase::running && !stopped_ && someone) {
    ++m_.sent_again;
    f.again.push_back(which);
    return;
  }
  ++m_.unanswered;
  ++now_.unanswered;
  ++m_.lines[r->line].unanswered;
  segment_over(number);
}

// One segment has its final answer.
void generator::segment_over(std::uint64_t number) {
  auto* const r = find(number);
  assert(r != nullptr && r->left > 0);
  if (--r->left == 0 && r->counted && !r->delivered && !r->refused && !r->unsure) ++missing_deliveries_;
  forget_finished();
}

void generator::arrived(client& c, smpp::pdu const& request, moment now) {
  auto const* deliver = std::get_if<smpp::deliver_sm>(&request.body);
  auto const* data = std::get_if<smpp::data_sm>(&request.body);
  if (deliver == nullptr && data == nullptr) return;
  last_heard_ = now.at;
  auto const esm_class = deliver != nullptr ? deliver->esm_class : data->esm_class;
  auto const& tlvs = deliver != nullptr ? deliver->tlvs : data->tlvs;
  octet_view body;
  if (deliver != nullptr) body = deliver->short_message;
  if (auto const* payload = smpp::find(tlvs, smpp::tag::message_payload); body.empty() && payload != nullptr)
    body = payload->value;
  auto const& a = actors_[c.actor].answers;
  auto const status = a.status_for(deliver != nullptr ? deliver->destination_addr : data->destination_addr, chance_);
  if ((esm_class & smpp::esm::type_mask) == smpp::esm::type_delivery_receipt)
    receipt_came(body, tlvs, now);
  else if (status == smpp::ESME_ROK)
    message_came(without_header(body, esm_class), now);
  if (!status) return;
  answer_due const due{c.id, request.sequence_number, *status, smpp::id_of(request)};
  if (auto const delay = a.delay.draw(chance_); delay > 0s)
    late_.add(now.at + delay, due);
  else
    answer(due);
}

void generator::answer(answer_due const& what) {
  auto& c = client_of(what.to);
  if (c.gone || c.id != what.to) return;  // the request went with its session
  auto const sent = what.request == smpp::command_id::deliver_sm
                        ? c.session->answer(what.sequence_number, what.status, smpp::deliver_sm_resp{}, c.out)
                        : c.session->answer(what.sequence_number, what.status, smpp::data_sm_resp{}, c.out);
  assert(sent && "an empty response encodes");
  (void)sent;
  if (!std::exchange(c.dirty, true)) dirty_.push_back(c.index);
}

void generator::message_came(octet_view body, moment now) {
  ++m_.delivered;
  ++now_.delivered;
  last_delivery_ = now.at;
  std::optional<std::uint64_t> number;
  for (std::size_t line = 0; line < makers_.size() && !number; ++line) number = makers_[line].number_in(body);
  if (!number) return;
  if (*number >= first_number_ + records_.size() || *number == 0) {
    ++m_.unexpected;
    return;
  }
  auto* const r = find(*number);
  if (r == nullptr || r->delivered) {  // forgotten ones were delivered, or refused: then it counts as duplicate as well
    ++m_.duplicates;
    return;
  }
  if (r->left == 0 && !r->refused && !r->unsure) --missing_deliveries_;
  if (r->refused) ++m_.unexpected;
  r->delivered = true;
  ++m_.matched;
  ++m_.lines[r->line].delivered;
  m_.lines[r->line].last_delivery = now.at - began_;
  time(stage::deliver, *r, r->intended, now.at);
  forget_finished();
}

void generator::expect_receipt(std::string const& message_id, std::uint64_t number) {
  if (auto const early = early_receipts_.find(message_id); early != early_receipts_.end()) {
    auto const at = early->second;
    early_receipts_.erase(early);
    receipt_for(number, at);
  } else {
    ids_.emplace(message_id, number);
  }
}

void generator::receipt_came(octet_view body, smpp::tlv_list const& tlvs, moment now) {
  ++m_.receipts;
  ++now_.receipts;
  auto const text = text_of(body);
  ++m_.receipt_states[std::string(word_after(text, "stat:"))];
  auto id = smpp::find_text(tlvs, smpp::tag::receipted_message_id);
  if (!id) id = std::string(word_after(text, "id:"));
  auto const known = ids_.find(*id);
  if (known == ids_.end()) {  // it may overtake the response, on another session
    if (early_receipts_.size() < most_early_receipts) early_receipts_.emplace(*id, now.at);
    return;
  }
  auto const number = known->second;
  ids_.erase(known);
  receipt_for(number, now.at);
}

void generator::receipt_for(std::uint64_t number, instant at) {
  auto* const r = find(number);
  assert(r != nullptr && r->receipts_due > 0);
  --r->receipts_due;
  --missing_receipts_;
  time(stage::receipt, *r, r->intended, at);
  forget_finished();
}

generator::record* generator::find(std::uint64_t number) {
  if (number < first_number_ || number - first_number_ >= records_.size()) return nullptr;
  return &records_[number - first_number_];
}

void generator::forget_finished() {
  while (!records_.empty()) {
    auto const& r = records_.front();
    bool const waits_for_delivery = r.counted && !r.delivered && !r.refused && !r.unsure;
    if (r.left > 0 || waits_for_delivery || r.receipts_due > 0) return;
    records_.pop_front();
    ++first_number_;
  }
}

}  // namespace signalbox::load
