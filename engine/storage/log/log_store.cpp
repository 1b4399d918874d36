#include "engine/storage/log/log_store.hpp"

#include <algorithm>

#include "engine/base/planted.hpp"
#include "engine/storage/limits.hpp"
#include "engine/storage/posix_files.hpp"

namespace signalbox::storage::log {

namespace {

constexpr std::size_t max_batch_octets = 0xFFFF'0000;  // the format counts them in 32 bits
constexpr std::size_t kept_buffer_octets = 8 << 20;    // what a large commit took more is given back

// Moving records forward begins when more than half of what the log takes is dead, or nine tenths while that is not
// much, and then copies with each commit at most about twice what the commit itself writes: enough to keep pace, and no
// commit is long because of it.
constexpr std::uint64_t segments_not_much = 12;
constexpr std::size_t moved_octets_at_least = 64 << 10, slots_at_least = 1024, slots_for_a_step = 16;

}  // namespace

result<std::unique_ptr<log_store>> log_store::open(std::string const& path, log_options options) {
  auto in = open_directory(path);
  if (!in) return std::unexpected(in.error());
  return open(std::move(*in), options);
}

result<std::unique_ptr<log_store>> log_store::open(std::unique_ptr<directory> in, log_options options) {
  std::unique_ptr<log_store> store(new log_store(std::move(in), options));
  if (auto done = store->recover(); !done) return std::unexpected(done.error());
  return store;
}

result<void> log_store::commit(std::span<operation const> operations) {
  if (auto fits = check_limits(operations); !fits) return fits;
  choose(operations);
  if (steps_.empty() && !failed_) return {};
  bool const only_erases =
      std::ranges::none_of(steps_, [](step const& each) { return each.what == operation::verb::put; });
  if (auto kept = keep_reserve(); !kept && !only_erases) return kept;
  choose_moves();
  if (batch_octets() > max_batch_octets)
    return failed(errc::too_long, max_batch_octets, "commit", std::to_string(batch_octets()) + " octets");
  if (auto room = make_room(only_erases); !room) return room;
  if (steps_.empty()) return {};
  if (auto written = write(); !written) return written;
  apply();
  prepare_spare();
  return {};
}

// The last operation on each key counts, and erasing what is not there is nothing to write: a message that comes and
// goes within one commit leaves no trace.
void log_store::choose(std::span<operation const> operations) {
  steps_.clear();
  moved_.clear();
  std::size_t const table = std::bit_ceil(operations.size() * 2);
  last_of_key_.assign(operations.size() > 1 ? table : 0, 0);
  for (auto const& each : operations) {
    step const next{each.what, each.where, each.value, 0, static_cast<std::uint32_t>(each.value.size()), false, 0};
    if (last_of_key_.empty()) {
      steps_.push_back(next);
      continue;
    }
    auto at = (each.where.id ^ std::uint64_t{each.where.kind} << 40) * 0x9E3779B97F4A7C15u >> 20 & (table - 1);
    while (last_of_key_[at] != 0 && steps_[last_of_key_[at] - 1].where != each.where) at = (at + 1) & (table - 1);
    if (last_of_key_[at] != 0) {
      steps_[last_of_key_[at] - 1] = next;
      continue;
    }
    steps_.push_back(next);
    last_of_key_[at] = static_cast<std::uint32_t>(steps_.size());
  }
  std::erase_if(steps_,
                [this](step const& each) { return each.what == operation::verb::erase && !index_.find(each.where); });
}

void log_store::choose_moves() {
  retire_dead();
  if (!moving_pays()) return;
  if (walk_.epoch != oldest_epoch()) walk_ = {oldest_epoch(), 0, 0};
  auto const oldest = in_use_.front();
  auto const own = steps_.size();
  std::size_t octets = 0;
  for (auto const& each : steps_) octets += record_octets(each.size);
  auto const limit = moved_octets_at_least + 2 * octets;
  // The walk keeps its place between commits. Records that the index moves behind it meanwhile are met in the next round.
  for (auto slots = slots_at_least + slots_for_a_step * own; slots > 0 && moved_.size() < limit;) {
    auto const part = std::min<std::size_t>(slots, 64);
    slots -= part;
    bool go_on = true;
    auto const more = index_.walk(walk_.shard, walk_.from, part, [&](key where, place what) {
      if (what.segment == oldest && go_on) go_on = moved_.size() < limit && move(where, what);
    });
    if (!go_on) break;  // enough, or the disk fails: the next commit tries again from here
    walk_.from += part;
    if (!more) walk_ = {walk_.epoch, (walk_.shard + 1) % record_index::shards, 0};
  }
  // Moved ones first: an operation on the same key in this commit comes after.
  std::ranges::rotate(steps_, steps_.begin() + static_cast<std::ptrdiff_t>(own));
}

bool log_store::moving_pays() {
  auto const not_much = std::min(8 * live_octets_, segments_not_much * options_.segment_octets);
  if (in_use_.size() < 2 || used_octets_ <= segments_of_grace * options_.segment_octets + 2 * live_octets_ + not_much)
    return false;
  // On a full disk what is left of the newest segment must take all that lives in the oldest, and erases beside it.
  return !full_ || segments_[in_use_.front()].live_octets < (newest().octets - newest().end) / 2;
}

bool log_store::move(key where, place from) {
  auto const value = read_one(where, from);
  if (!value && value.error().code == errc::io) return false;
  if (!value) {
    // Nothing can be made of it any more, and it must not hold up the log for ever; `damage` tells of it.
    steps_.push_back({operation::verb::erase, where, {}, 0, 0, true, 0});
    return true;
  }
  steps_.push_back({operation::verb::put, where, {}, moved_.size(), from.size, true, 0});
  moved_.insert(moved_.end(), value->begin(), value->end());
  return true;
}

void log_store::retire_dead() {
  while (in_use_.size() > 1 && segments_[in_use_.front()].live == 0) {
    used_octets_ -= segments_[in_use_.front()].octets;
    retired_.push_back(in_use_.front());
    in_use_.pop_front();
  }
}

result<void> log_store::make_room(bool only_erases) {
  auto const fits = [this] { return appendable_ && newest().end + batch_octets() <= newest().octets; };
  if (fits()) return {};
  auto started = start_segment(batch_octets(), only_erases);
  if (started || std::erase_if(steps_, [](step const& each) { return each.moved; }) == 0) return started;
  if (fits()) return {};
  return start_segment(batch_octets(), only_erases);
}

std::size_t log_store::batch_octets() const {
  std::size_t octets = batch_header_octets;
  for (auto const& each : steps_) octets += record_octets(each.size);
  return octets;
}

result<void> log_store::write() {
  auto& into = newest();
  std::size_t octets = batch_header_octets;
  for (auto& each : steps_) {
    each.place = into.end + octets;
    octets += record_octets(each.size);
  }
  if (buffer_.size() > octets + kept_buffer_octets) buffer_ = {};
  if (buffer_.size() < octets) buffer_.resize(octets);
  batch_header header{into.epoch, oldest_epoch(), 0, static_cast<std::uint32_t>(octets - batch_header_octets),
                      static_cast<std::uint32_t>(steps_.size())};
  for (auto const& each : steps_) {
    auto const value = each.moved ? octet_view{moved_}.subspan(each.moved_at, each.size) : each.value;
    encode_record({each.what, each.where, value}, into.epoch, each.place, buffer_.data() + (each.place - into.end),
                  header.sum);
  }
  encode_batch_header(header, into.end, buffer_.data());
  auto const whole = planted(bug::batch_tail_not_written) ? octets / 2 : octets;
  auto done = into.on->write(into.end, octet_view{buffer_}.first(whole));
  if (done && !planted(bug::sync_skipped)) done = into.on->sync();
  if (!done) {
    appendable_ = false;
    failed_ = true;
    return done;
  }
  into.end += octets;
  written_octets_ += octets;
  return {};
}

void log_store::apply() {
  auto const number = in_use_.back();
  for (auto const& each : steps_) {
    std::optional<place> before;
    if (each.what == operation::verb::put) {
      before = index_.put(each.where, {number, each.place, each.size});
      add(number, each.size);
      if (each.moved) moved_octets_ += record_octets(each.size);
    } else {
      before = index_.erase(each.where);
    }
    if (before) discount(*before);
  }
  set_free();
  drop_surplus();
}

log_store::counters log_store::count() const {
  auto const spare_octets = spare_ ? spare_->octets : 0;
  return {index_.size(), live_octets_,    used_octets_,   free_octets_ + spare_octets,
          moved_octets_, written_octets_, index_.octets()};
}

void log_store::add(std::uint32_t number, std::uint32_t size) {
  auto const octets = record_octets(size);
  segments_[number].live_octets += octets;
  ++segments_[number].live;
  live_octets_ += octets;
}

void log_store::discount(place what) {
  auto const octets = record_octets(what.size);
  segments_[what.segment].live_octets -= octets;
  --segments_[what.segment].live;
  live_octets_ -= octets;
}

void log_store::note(fault found) {
  constexpr std::size_t most = 1000;
  if (damage_.size() < most && std::ranges::find(damage_, found) == damage_.end()) damage_.push_back(std::move(found));
}

}  // namespace signalbox::storage::log
