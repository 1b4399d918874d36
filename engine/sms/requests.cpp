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
  auto const consider = [&](record_id id) {
    auto const at = entries_.find(id);
    if (at == entries_.end()) return;
    auto const& m = at->second.m;
    if (m.origin == which.origin && m.source.digits == which.source.digits) found.push_back(&at->second);
  };
  if (which.number) {
    for (std::size_t index = 0; index < 256; ++index) consider(record_of(*which.number, index));
    return found;
  }
  auto const owner = who_.find(which.origin);
  if (!owner) return found;
  auto const route = who_.route(which.destination, who_.esmes()[*owner].network, which.origin);
  if (!route) return found;
  auto const& destinations = cluster_of(*route).destinations;
  auto const at = destinations.find(which.destination);
  if (at == destinations.end() ||
      std::ranges::find(at->second.origins, which.origin, &destination::origin::name) == at->second.origins.end())
    return found;  // a stranger's request costs no search
  std::vector<record_id> ids(at->second.waiting.begin(), at->second.waiting.end());
  ids.insert(ids.end(), at->second.ready.begin(), at->second.ready.end());
  std::ranges::sort(ids);
  for (auto const id : ids) consider(id);
  std::erase_if(found,
                [&](entry const* e) { return !which.service_type.empty() && e->m.service_type != which.service_type; });
  return found;
}

void centre::query(originator from, selector const& which, moment now, outputs& out) {
  auto reply = reply_to(from, which);
  auto const alive = select(which);
  if (!alive.empty()) {
    auto const& m = alive.front()->m;
    reply.state = m.scheduled > now.date ? message_state::scheduled : message_state::enroute;
    out.answers.push_back(std::move(reply));
    return;
  }
  auto const at = which.number ? finished_.find(*which.number) : finished_.end();
  if (at == finished_.end() || at->second.origin != which.origin || at->second.source.digits != which.source.digits) {
    reply.why = refusal::unknown_message;
  } else {
    reply.state = at->second.state;
    reply.done = at->second.done;
    reply.error = static_cast<std::uint8_t>(at->second.code);
  }
  out.answers.push_back(std::move(reply));
}

void centre::cancel(originator from, selector const& which, moment now, outputs& out) {
  auto reply = reply_to(from, which);
  auto found = select(which);
  if (found.empty()) {
    auto const known = !which.number || finished_.contains(*which.number);  // without a number none can be unknown
    reply.why = known ? refusal::not_pending : refusal::unknown_message;
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
      stored.push_back(e->m.id);
      continue;
    }
    ++counters_.cancelled;
    finish(*e, message_state::deleted, error_code::none, now, out);
  }
  for (auto const id : stored) {
    auto& e = entries_.at(id);
    hold(e, phase::leaving);
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
    return refuse_with(which.number && finished_.contains(*which.number) ? refusal::not_pending
                                                                         : refusal::unknown_message);
  auto& e = *found.front();
  if (found.size() > 1 || (e.where != phase::waiting && e.where != phase::ready))
    return refuse_with(refusal::not_pending);
  auto changed = e.m;
  changed.body = std::move(with.body);
  changed.registered_delivery = with.registered_delivery;
  changed.default_message_id = with.default_message_id;
  changed.esm_class &= static_cast<std::uint8_t>(~udhi);  // replace_sm has no esm_class: its text is plain
  if (auto const why = check_body(changed); why != refusal::none) return refuse_with(why);
  auto const expires = with.expires ? with.expires : std::optional(changed.expires);
  auto const scheduled = with.scheduled ? with.scheduled : std::optional(changed.scheduled);
  if (!set_dates(changed, scheduled, expires, now)) return refuse_with(refusal::schedule);
  auto before = std::make_unique<step::former>(e.m, e.p.due, ++e.revision);
  octets_ += changed.body.size();
  octets_ -= e.m.body.size();
  e.m = std::move(changed);
  if (with.scheduled) e.p.due = e.m.scheduled;
  if (e.where == phase::waiting || with.scheduled) wait(e);
  if (!e.stored) {
    out.answers.push_back(std::move(reply));
  } else {
    put(key_of(record_kind::message, e.m.id.value), encode_record(e.m));
    current_.steps.push_back({step::kind::replaced, e.m.id, 1, std::move(reply), std::move(before)});
  }
  pump(now, out);
}

}  // namespace signalbox::sms
