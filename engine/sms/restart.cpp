// The start: what the store holds becomes waiting messages again. Keys come first, which is quick; values are read some
// hundred at a time by requests like any other, so binds are answered and messages taken while a million are read back.
// Deliveries begin when all are known, or the order of a destination's messages would be lost.
#include <cassert>

#include "engine/base/planted.hpp"
#include "engine/sms/pipeline.hpp"
#include "engine/sms/schedule.hpp"

namespace signalbox::sms {

namespace {

constexpr std::size_t records_of_a_request = 512, requests_at_once = 2;

}  // namespace

bool centre::announce(storage::key where) {
  switch (static_cast<record_kind>(where.kind)) {
    case record_kind::message:
      announced_.push_back(where);
      ++unknown_;
      last_announced_ = std::max(last_announced_, record_id{where.id});
      return false;
    case record_kind::progress: announced_progress_.push_back({where.id}); return false;
    case record_kind::counter:  break;
  }
  return true;
}

result<void> centre::restore(storage::key where, octet_view value) {
  if (where.kind != static_cast<std::uint8_t>(record_kind::counter))
    return failed(errc::not_supported, 0, "kind", "records of kind " + std::to_string(where.kind));
  auto const next = decode_counter(value);
  if (!next) return std::unexpected(next.error());
  if (planted(bug::ids_given_again)) return {};
  next_ = reserved_ = *next;
  return {};
}

result<void> centre::restore_record(storage::key where, octet_view value, moment now) {
  record_id const id{where.id};
  switch (static_cast<record_kind>(where.kind)) {
    case record_kind::counter: break;
    case record_kind::message: {
      auto decoded = decode_message(id, value);
      if (!decoded) return std::unexpected(std::move(decoded.error()));
      auto& e = entries_[id];
      e.id = id;
      if (!decoded->body.empty() && planted(bug::text_cut_at_restart)) decoded->body.pop_back();
      e.stored = true;
      set_message(e, std::move(*decoded));
      ++stored_;
      e.p.due = std::max(e.m->scheduled, now.date);
      return {};
    }
    case record_kind::progress: {
      auto const decoded = decode_progress(value);
      if (!decoded) return std::unexpected(decoded.error());
      auto const at = entries_.find(id);
      if (at == entries_.end()) return failed(errc::not_found, 0, "progress", "of a message that is not there");
      at->second.p = *decoded;
      if (planted(bug::schedule_restarts)) at->second.p.delay = {};
      return {};
    }
  }
  assert(false && "was not announced");
  return {};
}

// The counter tells which numbers were given out; where it is damaged, what is there still counts.
void centre::start(moment now, outputs& out) {
  if (auto const last = number_of(last_announced_); last.value >= next_.value)
    next_.value = last.value % last_message_number + 1;
  pump(now, out);
}

// The next part, each message followed by its progress.
void centre::read_announced(std::vector<storage::key>& reads) {
  if (restoring_ >= requests_at_once * records_of_a_request) return;
  while (reads.size() < records_of_a_request && (!announced_.empty() || !announced_progress_.empty())) {
    auto const next = announced_.empty() ? record_id{UINT64_MAX} : record_id{announced_.front().id};
    if (!announced_.empty()) {
      reads.push_back(announced_.front());
      announced_.pop_front();
    }
    for (; !announced_progress_.empty() && announced_progress_.front() <= next; announced_progress_.pop_front())
      reads.push_back(key_of(record_kind::progress, announced_progress_.front().value));
  }
  restoring_ += reads.size();
  current_.restoring = !reads.empty();
}

void centre::take_restored(storage::answer const& what, moment now, outputs& out) {
  restoring_ -= what.values.size();
  std::vector<record_id> restored;
  for (auto const& [stored, value] : what.values) {
    storage::key const where{stored.kind, stored.id + (planted(bug::new_id_after_restart) ? 1'000'000 << 8 : 0)};
    auto const follows = !restore_again_.empty() && restore_again_.back().id == where.id;
    if (follows || (!value && value.error().code == errc::io)) {  // a message and its progress, together
      restore_again_.push_back(where);
      again_at_ = now.date + storing_again;
      continue;
    }
    if (where.kind == static_cast<std::uint8_t>(record_kind::message)) --unknown_;
    auto const done = value ? restore_record(where, *value, now) : std::unexpected(value.error());
    if (!done)
      out.warnings.push_back("record " + std::to_string(where.kind) + "/" + std::to_string(where.id) +
                             " cannot be read and stays where it is: " + describe(done.error()));
    else if (restored.empty() || restored.back() != record_id{where.id})
      restored.push_back({where.id});
  }
  for (auto const id : restored) {
    auto& e = entries_.at(id);
    if (e.target == nullptr) {
      auto const to = e.m->destination;
      attach(e, to, cluster_for(e, to));
    }
    if (e.expires <= now.date)
      expire(e, now, out);
    else
      e.p.due <= now.date ? become_ready(e) : wait(e);
  }
  if (restoring()) return;
  for (auto const& c : clusters_) {
    if (!c->links.empty()) pull_forward(*c);
    for (auto* const l : c->links) touch(*l);
  }
}

}  // namespace signalbox::sms
