// What an originator may ask about its messages: query_sm, cancel_sm and replace_sm (SMPP 3.4, 4.8 to 4.10). An ESME
// sees its own messages only; the source address must be the one it submitted with.
#include <algorithm>

#include "engine/sms/pipeline.hpp"

namespace signalbox::sms {

namespace {

answer reply_to(originator from, centre::selector const& which) {
  answer reply;
  reply.to = from;
  reply.number = which.number.value_or(message_number{});
  return reply;
}

}  // namespace

std::vector<centre::entry*> centre::select(selector const& which) {
  std::vector<entry*> found;
  auto const origin = names_.number(std::string(which.origin));
  auto const source = queues::digest(which.source.digits);
  auto const consider = [&](record_id id) {
    auto const at = entries_.find(id);
    if (at == entries_.end()) return;
    if (at->second.origin == origin && at->second.source == source) found.push_back(&at->second);
  };
  if (which.number) {
    for (std::size_t index = 0; index < 256; ++index) consider(record_of(*which.number, index));
    return found;
  }
  auto const owner = who_.find(which.origin);
  if (!owner) return found;
  auto const route = who_.route(which.destination, who_.esmes()[*owner].network, which.origin);
  if (!route) return found;
  auto& destinations = cluster_of(*route).destinations;
  auto const at = destinations.find(which.destination);
  if (at == destinations.end() || (at->second.origins >> origin % 32 & 1) == 0)
    return found;  // a stranger's request costs no search, mostly
  auto& d = at->second;
  auto const service_type = static_cast<std::uint32_t>(queues::digest(which.service_type));
  for (auto* const queue : {&d.retrying, &d.unattempted, &d.ready})
    for (auto& e : *queue)
      if (e.origin == origin && e.source == source && (which.service_type.empty() || e.service_type == service_type))
        found.push_back(&e);
  std::ranges::sort(found, {}, &entry::id);
  return found;
}

void centre::query(originator from, selector const& which, moment now, outputs& out) {
  auto reply = reply_to(from, which);
  auto const alive = select(which);
  if (!alive.empty()) {
    auto const& e = *alive.front();
    auto const later = e.scheduled && e.p.delay == duration::zero() && e.p.due > now.date;
    reply.state = later ? message_state::scheduled : message_state::enroute;
    out.answers.push_back(std::move(reply));
    return;
  }
  auto const* const known = which.number ? outcomes_.find(*which.number) : nullptr;
  if (known == nullptr || known->origin != names_.number(std::string(which.origin)) ||
      known->source != queues::digest(which.source.digits)) {
    reply.why = restoring() ? refusal::not_ready : refusal::unknown_message;
  } else {
    reply.state = known->state;
    reply.done = known->done;
    reply.error = static_cast<std::uint8_t>(known->code);
  }
  out.answers.push_back(std::move(reply));
}

void centre::cancel(originator from, selector const& which, moment now, outputs& out) {
  auto reply = reply_to(from, which);
  auto found = select(which);
  if (found.empty()) {
    auto const known = !which.number || outcomes_.find(*which.number);  // without a number none can be unknown
    reply.why = restoring() ? refusal::not_ready : known ? refusal::not_pending : refusal::unknown_message;
    out.answers.push_back(std::move(reply));
    return;
  }
  std::erase_if(found, [](entry const* e) { return e->where != phase::waiting && e->where != phase::ready; });
  if (found.empty()) {
    reply.why = refusal::not_pending;
    out.answers.push_back(std::move(reply));
    return;
  }
  std::vector<record_id> stored;
  for (auto* const e : found) {
    if (e->stored) {
      stored.push_back(e->id);
      continue;
    }
    ++counters_.cancelled;
    finish(*e, message_state::deleted, error_code::none, now, out);
  }
  for (auto const id : stored) {
    auto& e = entries_.at(id);
    hold(e, phase::leaving);
    e.waking = false;  // its text, if it comes, finds nothing to do
    // Not through erase(): if this request fails the message stays, so nothing may be erased later.
    operations_.push_back(storage::operation::erase(key_of(record_kind::message, id.value)));
    if (e.p.attempts > 0) operations_.push_back(storage::operation::erase(key_of(record_kind::progress, id.value)));
    current_.steps.push_back({step::kind::cancelled, id, 1, id == stored.back() ? reply : answer{}, {}});
  }
  if (stored.empty()) out.answers.push_back(std::move(reply));
  pump(now, out);
}

void centre::replace(originator from, selector const& which, replacement with, moment now, outputs& out) {
  auto reply = reply_to(from, which);
  auto const refuse_with = [&](refusal why) {
    reply.why = why;
    out.answers.push_back(std::move(reply));
  };
  auto const found = select(which);
  if (found.empty())
    return refuse_with(restoring()                                                ? refusal::not_ready
                       : which.number && outcomes_.find(*which.number) != nullptr ? refusal::not_pending
                                                                                  : refusal::unknown_message);
  auto& e = *found.front();
  if (found.size() > 1 || (e.where != phase::waiting && e.where != phase::ready))
    return refuse_with(refusal::not_pending);
  if (!e.m)  // all but its text stays as it was
    return wake(e, [this, from, origin = std::string(which.origin), number = *which.number, source = which.source,
                    with = std::move(with)](moment later, outputs& then) mutable {
      replace(from, {origin, number, source, {}, {}}, std::move(with), later, then);
    });
  auto changed = *e.m;
  changed.body = std::move(with.body);
  changed.registered_delivery = with.registered_delivery;
  changed.default_message_id = with.default_message_id;
  changed.esm_class &= static_cast<std::uint8_t>(~udhi);  // replace_sm has no esm_class: its text is plain
  if (auto const why = check_body(changed); why != refusal::none) return refuse_with(why);
  auto const expires = with.expires ? with.expires : std::optional(changed.expires);
  auto const scheduled = with.scheduled ? with.scheduled : std::optional(changed.scheduled);
  if (!set_dates(changed, scheduled, expires, now)) return refuse_with(refusal::schedule);
  auto before = std::make_unique<step::former>(*e.m, e.p, ++e.revision);
  set_message(e, std::move(changed));
  if (e.stored) put(key_of(record_kind::message, e.id.value), encode_record(*e.m));
  if (with.scheduled) {  // its schedule begins anew
    e.p.due = e.m->scheduled;
    e.p.delay = duration::zero();
    if (e.p.attempts > 0) put(key_of(record_kind::progress, e.id.value), encode_record(e.p));
  }
  auto const id = e.id;
  auto const stored = e.stored;
  if (e.where == phase::waiting || with.scheduled) wait(e);
  if (stored)
    current_.steps.push_back({step::kind::replaced, id, 1, std::move(reply), std::move(before)});
  else
    out.answers.push_back(std::move(reply));
  pump(now, out);
}

}  // namespace signalbox::sms
