// What of a backlog is in memory. Texts of waiting messages are, up to `max_octets_in_memory`; beyond that a message that
// begins to wait leaves its text in the store, and it is read back when its turn comes: for delivery some ahead of it,
// for a receipt that quotes it or a replacement when that is asked for.
//
// A text that cannot be read now is asked for again. One that is damaged is lost: its record stays where it is, the
// message is forgotten and a warning names it.
#include "engine/sms/pipeline.hpp"
#include "engine/sms/schedule.hpp"

namespace signalbox::sms {

namespace {

constexpr std::size_t ahead_of_a_destination = 64;  // messages woken together
constexpr std::size_t most_reads = 2048;            // under way or wanted for deliveries
constexpr std::size_t reads_of_a_request = 512;
constexpr std::size_t most_spares = 1024;
constexpr std::uint64_t largest_spare_octets = 1024;

std::uint64_t in_memory(message const& m) { return sizeof m + size_of(m); }

}  // namespace

void centre::put_text(entry& e, message m) {
  take_text(e);
  if (spare_.empty()) {
    e.m = std::make_unique<message>(std::move(m));
  } else {
    e.m = std::move(spare_.back());
    spare_.pop_back();
    *e.m = std::move(m);
  }
  awake_octets_ += in_memory(*e.m);
}

void centre::take_text(entry& e) {
  if (std::exchange(e.asleep, false)) --asleep_;
  if (!e.m) return;
  awake_octets_ -= in_memory(*e.m);
  if (spare_.size() < most_spares && size_of(*e.m) <= largest_spare_octets) spare_.push_back(std::move(e.m));
  e.m.reset();
}

// Those that wait for hours leave half of the room to those that are due.
void centre::sleep_if_crowded(entry& e) {
  auto const room = e.where == phase::waiting ? settings_.max_octets_in_memory / 2 : settings_.max_octets_in_memory;
  if (!e.stored || !e.m || awake_octets_ <= room) return;
  take_text(e);
  e.asleep = true;
  ++asleep_;
}

// `then` runs when the text is there; by that time the message may be gone.
void centre::wake(entry& e, continuation then) {
  if (then) continuations_.emplace(e.id, std::move(then));
  if (std::exchange(e.waking, true)) return;
  to_wake_.push_back(e.id);
}

void centre::wake_ahead(destination& d) {
  auto left = ahead_of_a_destination;
  for (auto& e : d.ready) {
    if (left-- == 0) break;
    if (!e.m) wake(e);
  }
}

bool centre::may_wake_more() const { return reading_ + to_wake_.size() < most_reads; }

// What goes along with the next request.
void centre::read_more(std::vector<storage::key>& reads) {
  for (; !to_wake_.empty() && reads.size() < reads_of_a_request && reading_ < most_reads; to_wake_.pop_front()) {
    auto const at = entries_.find(to_wake_.front());
    auto const wanted = at != entries_.end() && at->second.waking;
    if (!wanted && !continuations_.contains(to_wake_.front())) continue;  // ended meanwhile
    reads.push_back(key_of(record_kind::message, to_wake_.front().value));
    ++reading_;
  }
  if (reads.empty() && !draining_) read_announced(reads);
}

void centre::woken(storage::key where, result<octets> const& value, moment now, outputs& out) {
  record_id const id{where.id};
  auto const at = entries_.find(id);
  if (at != entries_.end() && at->second.waking) {
    auto& e = at->second;
    auto decoded = value ? decode_message(id, *value) : std::unexpected(value.error());
    if (e.asleep && !decoded && decoded.error().code == errc::io) {
      wake_again_.push_back(id);
      again_at_ = now.date + storing_again;
      return;
    }
    e.waking = false;
    if (!e.asleep || decoded) {
      if (e.asleep) put_text(e, std::move(*decoded));
      if (e.where == phase::ready) stir(*e.target);
    } else {
      out.warnings.push_back("message " + std::to_string(number_of(id).value) +
                             " is lost, its record stays where it is: " + describe(decoded.error()));
      ++counters_.failed;
      --stored_;
      e.stored = false;  // so that forgetting it erases nothing
      forget(e);
    }
  }
  auto const [first, last] = continuations_.equal_range(id);
  std::vector<continuation> waited;
  for (auto each = first; each != last; ++each) waited.push_back(std::move(each->second));
  continuations_.erase(first, last);
  for (auto const& each : waited) each(now, out);
}

}  // namespace signalbox::sms
