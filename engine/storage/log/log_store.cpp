#include "engine/storage/log/log_store.hpp"

#include <algorithm>

#include "engine/storage/limits.hpp"
#include "engine/storage/posix_files.hpp"

namespace signalbox::storage::log {

namespace {

constexpr std::size_t max_batch_octets = 0xFFFF'0000;  // the format counts them in 32 bits
constexpr std::size_t kept_buffer_octets = 8 << 20;    // what a large commit took more is given back

// Moving records forward begins when more than half of what the log takes is dead, and then copies with each commit at
// most about twice what the commit itself writes: enough to keep pace, and no commit is long because of it.
constexpr std::uint64_t segments_of_grace = 3;
constexpr std::size_t moved_octets_at_least = 64 << 10, slots_at_least = 1024, slots_for_a_step = 16;

constexpr std::uint64_t whole_pages(std::uint64_t octets) { return (octets + page - 1) / page * page; }

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
  choose_moves();
  std::size_t octets = batch_header_octets;
  for (auto const& each : steps_) octets += record_octets(each.size);
  if (octets > max_batch_octets)
    return failed(errc::too_long, max_batch_octets, "commit", std::to_string(octets) + " octets");
  if (auto room = make_room(octets); !room) return room;
  if (steps_.empty()) return {};
  if (auto written = write(); !written) return written;
  apply();
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
  if (in_use_.size() < 2 || used_octets_ <= segments_of_grace * options_.segment_octets + 2 * live_octets_) return;
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

result<void> log_store::make_room(std::size_t octets) {
  if (appendable_ && newest().end + octets <= newest().octets) return {};
  return start_segment(octets);
}

result<void> log_store::start_segment(std::size_t octets) {
  // One in which no commit ever succeeded leaves the chain at once, or a failing disk would fill itself with them.
  if (failed_ && !in_use_.empty() && newest().end == first_batch_at) {
    used_octets_ -= newest().octets;
    retired_.push_back(in_use_.back());
    in_use_.pop_back();
  }
  segment_header header;
  header.epoch = ++newest_epoch_;
  header.oldest = in_use_.empty() ? header.epoch : oldest_epoch();
  if (!in_use_.empty()) {
    header.previous = newest().epoch;
    header.previous_end = newest().end;
  }
  header.octets = std::max(options_.segment_octets, whole_pages(first_batch_at + octets));
  auto const recycled =
      std::ranges::find_if(free_, [&](auto number) { return segments_[number].octets >= header.octets; });
  std::uint32_t number = 0;
  if (recycled != free_.end()) {
    number = *recycled;
    header.octets = segments_[number].octets;
    if (auto done = recycle(number, header); !done) {
      std::rotate(recycled, recycled + 1, free_.end());  // the next attempt takes another one, if there is one
      return done;
    }
    free_.erase(recycled);
    free_octets_ -= header.octets;
  } else {
    auto made = create(header);
    if (!made) return std::unexpected(made.error());
    number = *made;
  }
  auto& started = segments_[number];
  started.epoch = header.epoch;
  started.end = first_batch_at;
  started.live = started.live_octets = 0;
  in_use_.push_back(number);
  used_octets_ += started.octets;
  appendable_ = true;
  failed_ = false;
  set_free();
  return {};
}

result<void> log_store::recycle(std::uint32_t number, segment_header const& header) {
  auto& on = *segments_[number].on;
  appendable_ = false;  // once the new header may be on the disk, nothing counts behind the end that it names
  if (auto written = on.write(0, encode_first_page(header)); !written) return written;
  return on.sync();
}

// Under another name until it is whole, so that a file with a segment's name always begins with a header.
result<std::uint32_t> log_store::create(segment_header const& header) {
  auto digits = std::to_string(++last_file_);
  digits.insert(0, 8 - std::min<std::size_t>(8, digits.size()), '0');
  auto const name = digits + ".log", beside = digits + ".new";
  auto made = in_->create(beside);
  auto const done = [&]() -> result<void> {
    if (!made) return std::unexpected(made.error());
    if (auto grown = (*made)->allocate(header.octets); !grown) return grown;
    if (auto written = (*made)->write(0, encode_first_page(header)); !written) return written;
    if (auto synced = (*made)->sync(); !synced) return synced;
    appendable_ = false;  // as in recycle
    if (auto named = in_->rename(beside, name); !named) return named;
    return in_->sync();
  }();
  if (!done) {
    // Whichever name it has by now. What cannot be removed either is found and judged by the next start.
    static_cast<void>(in_->remove(beside));
    static_cast<void>(in_->remove(name));
    return std::unexpected(done.error());
  }
  auto const number = new_number();
  segments_[number].on = std::move(*made);
  segments_[number].name = name;
  segments_[number].octets = header.octets;
  return number;
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
  auto done = into.on->write(into.end, octet_view{buffer_}.first(octets));
  if (done) done = into.on->sync();
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

// What was retired may be written over: the batch or header that says so is durable.
void log_store::set_free() {
  for (auto const number : retired_) {
    free_.push_back(number);
    free_octets_ += segments_[number].octets;
  }
  retired_.clear();
}

// Space that a backlog took goes back to the file system a segment at a time; larger ones than usual go first.
void log_store::drop_surplus() {
  auto const surplus = free_octets_ > used_octets_ + (segments_of_grace + 1) * options_.segment_octets;
  auto const found = std::ranges::find_if(
      free_, [&](auto number) { return surplus || segments_[number].octets > options_.segment_octets; });
  if (found == free_.end()) return;
  auto& gone = segments_[*found];
  if (!in_->remove(gone.name)) return;  // it stays, and is tried again
  free_octets_ -= gone.octets;
  gone = {};
  free_.erase(found);
}

log_store::counters log_store::count() const {
  return {index_.size(), live_octets_, used_octets_, free_octets_, moved_octets_, written_octets_, index_.octets()};
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

std::uint32_t log_store::new_number() {
  auto const vacant = std::ranges::find_if(segments_, [](segment const& each) { return !each.on; });
  if (vacant == segments_.end()) return segments_.emplace_back(), static_cast<std::uint32_t>(segments_.size() - 1);
  return static_cast<std::uint32_t>(vacant - segments_.begin());
}

}  // namespace signalbox::storage::log
