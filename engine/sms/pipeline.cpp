// The way of a message, from arrival to its end. Arrival stages run in the order of this list, for every message of
// every protocol; each lets the message go on or answers its originator and ends its way. A stage that must wait parks
// the message: `storing` does, until its record is durable.
#include "engine/sms/pipeline.hpp"

#include <algorithm>
#include <cassert>

#include "engine/base/planted.hpp"
#include "engine/sms/receipts.hpp"
#include "engine/sms/schedule.hpp"
#include "engine/text/encoding.hpp"
#include "engine/text/udh.hpp"

namespace signalbox::sms {

centre::stage const centre::arrival_stages[] = {
    {"admission", &centre::admission},    // may this ESME send this, now?
    {"routing", &centre::routing},        // whose is the destination?
    {"throttling", &centre::throttling},  // can its receivers keep pace?
    {"storing", &centre::storing},        // kept until it is delivered; then the originator is answered
};
// What follows is driven by the queues of delivery.cpp: attempt, outcome, retry or end, receipt. Where a backlog grows,
// texts leave the memory (sleep.cpp).

struct centre::arrival {
  submission in;
  std::vector<cluster*> homes;  // of each destination; null: refused, listed in reply.failed
  answer reply;
};

namespace {

constexpr std::size_t most_parameter_octets = 16'384;  // of one message, message_payload not counted

}  // namespace

std::optional<centre::cluster_index> centre::submit(submission arriving, moment now, outputs& out) {
  now_ = now.date;
  arrival a{std::move(arriving), {}, {}};
  a.reply.to = a.in.from;
  for (auto const& s : arrival_stages)
    if (!(this->*s.run)(a, now, out)) break;
  pump(now, out);
  for (auto const* const home : a.homes)
    if (home != nullptr && room(home->index) == 0) return home->index;
  return std::nullopt;
}

bool centre::refuse(arrival& a, refusal why, std::string words, outputs& out) {
  a.reply.why = why;
  a.reply.words = std::move(words);
  ++counters_.rejected;
  out.answers.push_back(std::move(a.reply));
  return false;
}

// -- admission ---------------------------------------------------------------------------------------------------

bool centre::admission(arrival& a, moment now, outputs& out) {
  auto& m = a.in.what;
  auto const& sender = who_.esmes()[a.in.sender];
  m.origin = sender.name;
  m.origin_network = m.network = sender.network;
  m.submitted = now.date;
  if (draining_) return refuse(a, refusal::shutting_down, "the centre is stopping", out);
  if (!who_.may_send_from(a.in.sender, m.source))
    return refuse(a, refusal::source_not_allowed,
                  "source address '" + m.source.digits + "' is not allowed for ESME=" + sender.name, out);
  if (a.in.destinations.empty()) return refuse(a, refusal::no_destination, "no destination", out);
  if (auto const why = check_body(m); why != refusal::none)
    return refuse(a, why,
                  why == refusal::data_coding ? "data_coding " + std::to_string(m.data_coding) + " is not supported"
                  : why == refusal::user_data_header ? "user data header ends behind the data"
                                                     : "message is too long",
                  out);
  if (!set_dates(m, a.in.scheduled, a.in.expires, now))
    return refuse(a, refusal::schedule, "schedule_delivery_time is later than three hours before the validity ends",
                  out);
  auto const parameters = size_of(m) - m.body.size();
  if (parameters > most_parameter_octets)
    return refuse(a, refusal::too_many_parameters, "optional parameters of " + std::to_string(parameters) + " octets",
                  out);
  if (entries_.size() + unknown_ + a.in.destinations.size() > settings_.max_stored ||
      octets_ + size_of(m) * a.in.destinations.size() > settings_.max_stored_octets)
    return refuse(a, refusal::queue_full, std::to_string(entries_.size()) + " messages are waiting", out);
  return true;
}

refusal centre::check_body(message const& m) const {
  auto const coding = text::read_data_coding(m.data_coding);
  if (coding.set == text::charset::unsupported) return refusal::data_coding;
  octet_view body = m.body;
  std::size_t header = 0;
  if ((m.esm_class & udhi) != 0 && body.size() > 2) {
    auto const length = text::header_length(body);
    if (!length) return refusal::user_data_header;
    header = *length;
    body = body.subspan(header);
  }
  constexpr std::uint16_t sar_msg_ref_num = 0x020C, sar_total_segments = 0x020E, sar_segment_seqnum = 0x020F;
  auto const has = [&](std::uint16_t tag) {
    return std::ranges::any_of(m.parameters, [tag](auto const& p) { return p.tag == tag; });
  };
  auto const solid = header > 0 || (has(sar_msg_ref_num) && has(sar_total_segments) && has(sar_segment_seqnum));
  auto const wire = coding.set == text::charset::ucs2 ? settings_.smpp_encoding_ucs2 : settings_.smpp_encoding_gsm7;
  // An octet of the wire never becomes more than two septets, two octets or one unit: short bodies need no decoding.
  auto const room = solid ? text::user_data_octets - std::min(header, text::user_data_octets)
                          : text::most_parts * text::gateway_part_octets;
  if (body.size() * 2 <= room) return refusal::none;
  // Octets are handed on unchanged, so a body is taken if it fits read as configured or read as one septet an octet,
  // which is how most peers send GSM 7-bit text whatever the configuration says.
  auto const units = coding.set == text::charset::gsm7 ? (body.size() * 7 + 7) / 8 : body.size();
  if (units <= room) return refusal::none;
  auto const decoded = text::wire_to_text(body, coding.set, wire);
  if (!decoded) return refusal::too_long;
  auto const fits = solid ? text::fits_one(*decoded, coding.set, header) : text::fits_parts(*decoded, coding.set);
  return fits ? refusal::none : refusal::too_long;
}

bool centre::set_dates(message& m, std::optional<wall> scheduled, std::optional<wall> expires, moment now) const {
  m.expires = validity(settings_, expires, now.date);
  m.scheduled = scheduled && *scheduled > now.date ? *scheduled : now.date;
  return m.scheduled == now.date || m.scheduled <= m.expires - schedule_margin;
}

// -- routing -----------------------------------------------------------------------------------------------------

bool centre::routing(arrival& a, moment, outputs& out) {
  for (auto const& to : a.in.destinations) {
    auto why = refusal::none;
    cluster* home = nullptr;
    if (to.digits.empty())
      why = refusal::no_destination;
    else if (auto const found = who_.route(to, a.in.what.network, a.in.what.origin); !found)
      why = refusal::no_route;
    else
      home = &cluster_of(planted(bug::wrong_esme) ? (*found + 1) % who_.esmes().size() : *found);
    a.homes.push_back(home);
    if (why == refusal::none) continue;
    if (!a.in.multi)
      return refuse(a, why,
                    why == refusal::no_destination
                        ? "destination address is empty"
                        : "no route to '" + to.digits + "' in network " + std::to_string(a.in.what.network.value),
                    out);
    a.reply.failed.push_back({to, why});
  }
  return true;
}

// -- throttling --------------------------------------------------------------------------------------------------

// More is due for receivers that are bound than they will take soon: the originator is told to slow down (SMPP 3.4,
// 5.1.3, ESME_RTHROTTLED). Where nobody is bound messages wait for their retries, and `max_stored` is the limit.
bool centre::throttling(arrival& a, moment, outputs& out) {
  if (settings_.throttle_backlog == 0) return true;
  for (std::size_t i = 0; i < a.homes.size(); ++i) {
    auto const* const home = a.homes[i];
    if (home == nullptr || home->links.empty() || home->backlog < settings_.throttle_backlog) continue;
    ++counters_.throttled;
    if (!a.in.multi)
      return refuse(a, refusal::throttled, std::to_string(home->backlog) + " messages are ready for " + home->name,
                    out);
    a.reply.failed.push_back({a.in.destinations[i], refusal::throttled});
    a.homes[i] = nullptr;
  }
  return true;
}

// -- storing -----------------------------------------------------------------------------------------------------

bool centre::storing(arrival& a, moment now, outputs& out) {
  if (a.reply.failed.size() == a.in.destinations.size())
    return refuse(a, refusal::none_accepted, "no destination could be accepted", out);
  auto const number = a.reply.number = next_number();
  auto how = mode_of(a.in.what.esm_class);
  if (a.in.multi && how == mode::transactional)
    how = mode::datagram;  // as the original: one answer cannot tell many outcomes
  std::size_t index = 0;
  for (std::size_t i = 0; i < a.homes.size(); ++i) {
    if (a.homes[i] == nullptr) continue;
    auto m = a.in.multi ? a.in.what : std::move(a.in.what);
    m.id = record_of(number, index++);
    m.destination = std::move(a.in.destinations[i]);
    auto& e = keep(std::move(m), *a.homes[i]);
    if (how == mode::store_and_forward) {
      store(e);
      if (planted(bug::delivered_before_stored)) become_ready(e);
      continue;
    }
    ++counters_.accepted;
    e.m->scheduled = now.date;  // a schedule is for stored messages only
    e.scheduled = false;
    if (how == mode::transactional) askers_[e.id] = a.in.from;
    become_ready(e);
  }
  if (how == mode::transactional) return true;  // answered with its outcome
  if (how == mode::store_and_forward && planted(bug::answered_before_stored))
    out.answers.push_back(std::exchange(a.reply, {}));
  if (how == mode::store_and_forward)
    current_.steps.push_back({step::kind::accepted, record_of(number, 0), index, std::move(a.reply), {}});
  else
    out.answers.push_back(std::move(a.reply));
  return true;
}

message_number centre::next_number() {
  auto const number = next_;
  next_.value = number.value >= last_message_number ? 1 : number.value + 1;
  // The store learns of numbers a thousand at a time: after a crash we go on behind all that may have been given out.
  constexpr std::uint64_t reserve = 1000;
  if (number.value >= reserved_.value || number.value == 1) {
    reserved_.value = std::min(number.value + reserve, last_message_number);
    put(key_of(record_kind::counter, 0), encode_counter(reserved_));
    current_.reserved = true;
  }
  return number;
}

centre::entry& centre::keep(message m, cluster& home) {
  auto const id = m.id;
  auto& e = entries_[id];
  e.id = id;
  set_message(e, std::move(m));
  e.p.due = first_due(*e.m);
  attach(e, e.m->destination, home);
  return e;
}

// Also into the entry: what it must know while its text sleeps.
void centre::set_message(entry& e, message what) {
  octets_ -= e.octets;
  put_text(e, std::move(what));
  auto const& m = *e.m;
  e.expires = m.expires;
  e.source = queues::digest(m.source.digits);
  e.service_type = static_cast<std::uint32_t>(queues::digest(m.service_type));
  e.origin = names_.number(m.origin);
  e.returns_to = names_.number(m.returns_to);
  e.network = m.network;
  e.octets = static_cast<std::uint32_t>(size_of(m));
  octets_ += e.octets;
  e.registered_delivery = m.registered_delivery;
  e.scheduled = m.scheduled > m.submitted;
}

void centre::store(entry& e) {
  if (!e.stored) ++stored_;
  e.stored = true;
  put(key_of(record_kind::message, e.id.value), encode_record(*e.m));
}

// -- what the store says -----------------------------------------------------------------------------------------

void centre::put_erase(entry const& e) {
  erase(key_of(record_kind::message, e.id.value));
  if (e.p.attempts > 0) erase(key_of(record_kind::progress, e.id.value));
}

void centre::erase(storage::key where) {
  operations_.push_back(storage::operation::erase(where));
  current_.erased.push_back(where);
}

std::optional<storage::request> centre::take_request() {
  std::vector<storage::key> reads;
  read_more(reads);
  if (operations_.empty() && reads.empty()) return std::nullopt;
  current_.number = ++last_request_;
  requests_.push_back(std::exchange(current_, {}));
  return storage::request{last_request_, std::exchange(operations_, {}), std::move(reads)};
}

void centre::on_stored(std::uint64_t number, storage::answer const& what, moment now, outputs& out) {
  assert(!requests_.empty() && requests_.front().number == number);
  now_ = now.date;
  auto const durable = what.outcome.has_value();
  auto done = std::move(requests_.front());
  requests_.pop_front();
  if (!durable) {
    out.warnings.push_back("storing failed; what it held is refused or tried again");
    erase_again_.insert(erase_again_.end(), done.erased.begin(), done.erased.end());
    if (done.reserved) reserved_ = message_number{1};  // the next number reserves again
    again_at_ = now.date + storing_again;
  }
  for (auto& s : done.steps) {
    auto& reply = s.reply;
    if (!durable && !planted(bug::answered_though_not_stored)) {
      reply.why = refusal::store_failed;
      reply.words = "the message could not be stored";
    }
    for (std::size_t i = 0; i < s.count; ++i) {
      auto const at = entries_.find(record_id{s.first.value + i});
      if (at == entries_.end()) continue;
      auto& e = at->second;
      switch (s.what) {
        case step::kind::accepted:
          if (!durable && !planted(bug::kept_though_refused)) {
            --stored_;
            e.stored = false;
            forget(e);
            break;
          }
          ++counters_.accepted;
          if (e.where == phase::storing) {
            e.p.due <= now.date ? become_ready(e) : wait(e);
          }
          break;
        case step::kind::receipt:
          if (!durable)
            store_again_.push_back(e.id);
          else if (e.where == phase::storing)
            become_ready(e);
          break;
        case step::kind::cancelled:
          if (durable) {
            ++counters_.cancelled;
            e.stored = false;  // its record is gone already
            --stored_;
            finish(e, message_state::deleted, error_code::none, now, out);
          } else {
            wait(e);
          }
          break;
        case step::kind::replaced:
          if (durable || !s.before || s.before->revision != e.revision) break;
          set_message(e, std::move(s.before->m));
          e.p = s.before->p;
          if (e.where == phase::waiting) wait(e);
          break;
      }
    }
    if (!durable && s.what == step::kind::accepted) ++counters_.rejected;
    if (reply.to) out.answers.push_back(std::move(reply));
  }
  if (done.restoring) {
    take_restored(what, now, out);
  } else {
    reading_ -= what.values.size();
    for (auto const& [where, value] : what.values) woken(where, value, now, out);
    for (auto* const l : std::exchange(thirsty_, {})) touch(*l);
  }
  pump(now, out);
}

// -- outcome -----------------------------------------------------------------------------------------------------

void centre::delivered(record_id what, outcome how, moment now, outputs& out) {
  auto const at = entries_.find(what);
  if (at == entries_.end() || at->second.where != phase::in_flight) return;
  now_ = now.date;
  auto& e = at->second;
  measure(*e.target->home, now);
  stir(*e.target);
  leave(e);
  if (how.how == outcome::kind::temporary && planted(bug::failure_taken_for_success)) how = {};
  switch (how.how) {
    case outcome::kind::success:
      ++counters_.delivered;
      finish(e, message_state::delivered, error_code::none, now, out);
      break;
    case outcome::kind::permanent:
      ++counters_.failed;
      finish(e, message_state::undeliverable, how.code, now, out);
      break;
    case outcome::kind::temporary: fail_temporarily(e, how.code, now, out); break;
  }
  pump(now, out);
}

// The end of every message: originator, receipt, memory for queries, store.
void centre::finish(entry& e, message_state state, error_code code, moment now, outputs& out) {
  auto const receipt = !settings_.receipts_disabled && wants_receipt(e.registered_delivery, state);
  if (receipt && !e.m) {  // the receipt quotes its text
    hold(e, phase::leaving);
    return wake(e, [this, id = e.id, state, code](moment later, outputs& then) {
      if (auto const at = entries_.find(id); at != entries_.end()) finish(at->second, state, code, later, then);
    });
  }
  auto const number = number_of(e.id);
  if (auto const asker = askers_.find(e.id); asker != askers_.end()) {
    answer reply;
    reply.to = asker->second;
    reply.number = number;
    if (state != message_state::delivered) {
      reply.why = refusal::delivery_failed;
      reply.words = "not delivered";
      reply.failure = code == error_code::sc_system_error || state == message_state::expired
                          ? failure_reason::temporary
                          : failure_reason::permanent;
    }
    out.answers.push_back(std::move(reply));
    askers_.erase(asker);
  }
  if (receipt && !planted(bug::receipt_forgotten)) make_receipt(e, state, code, now, out);
  if (receipt && planted(bug::receipt_sent_twice)) make_receipt(e, state, code, now, out);
  if (e.origin != 0) outcomes_.remember({number, e.source, now.date, e.origin, state, code});
  forget(e);
}

void centre::make_receipt(entry const& e, message_state state, error_code code, moment now, outputs& out) {
  auto receipt = receipt_for(*e.m, state, code, now.date, settings_);
  auto const found = who_.route(receipt.destination, receipt.network, {}, receipt.returns_to);
  if (!found) {
    constexpr std::uint64_t told_once_in = 1000;  // a peer must not fill the log
    if (counters_.receipts_unroutable++ % told_once_in == 0)
      out.warnings.push_back("no route for the receipt of message " + std::to_string(number_of(e.id).value) + " to '" +
                             receipt.destination.digits + "' in network " + std::to_string(receipt.network.value));
    return;
  }
  receipt.id = record_of(next_number(), 0);
  ++counters_.receipts;
  auto const stored = mode_of(receipt.esm_class) == mode::store_and_forward;
  auto& kept = keep(std::move(receipt), cluster_of(*found));
  if (!stored) return become_ready(kept);
  store(kept);
  current_.steps.push_back({step::kind::receipt, kept.id, 1, {}, {}});
}

void centre::forget(entry& e) {
  if (e.stored) {
    --stored_;
    put_erase(e);
  }
  detach(e);
  octets_ -= e.octets;
  take_text(e);
  entries_.erase(record_id(e.id));
}

centre::counters centre::count() const {
  auto c = counters_;
  c.stored = stored_ + unknown_;
  c.in_flight = flying_;
  c.waiting = entries_.size() - flying_ + unknown_;
  c.asleep = asleep_;
  return c;
}

}  // namespace signalbox::sms
