// The files of an open message log: starting segments, the spare that is kept and made ready, giving space back.
#include <algorithm>

#include "engine/storage/log/log_store.hpp"

namespace signalbox::storage::log {

namespace {

std::string const segment_ending = ".log", unfinished_ending = ".new";

// A file system takes longer over the first writes into space that was only allocated (bench/README.md), so the spare is
// written with zeros ahead.
constexpr std::size_t zeroed_with_a_commit = 64 << 10, zeroed_with_a_sync = 1 << 20;

constexpr std::uint64_t whole_pages(std::uint64_t octets) { return (octets + page - 1) / page * page; }

}  // namespace

result<void> log_store::start_segment(std::size_t octets, bool may_use_reserve) {
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
  bool const usual = header.octets == options_.segment_octets;
  std::optional<spare> next;  // the reserve, when the one that is kept now is put to use
  if (usual && !may_use_reserve && reserve() < 2) {
    auto made = allocate(header.octets);
    if (!made) return std::unexpected(made.error());
    (spare_ ? next : spare_) = std::move(*made);
  }
  auto const recycled =
      std::ranges::find_if(free_, [&](auto number) { return segments_[number].octets >= header.octets; });
  std::uint32_t number = 0;
  if (recycled != free_.end() && (may_use_reserve || reserve() > 1)) {
    number = *recycled;
    header.octets = segments_[number].octets;
    if (auto done = recycle(number, header); !done) {
      std::rotate(recycled, recycled + 1, free_.end());  // the next attempt takes another one, if there is one
      return done;
    }
    free_.erase(recycled);
    free_octets_ -= header.octets;
  } else {
    auto from = usual && spare_ ? std::exchange(spare_, std::move(next)) : std::nullopt;
    if (!from) {
      auto made = allocate(header.octets);
      if (!made) return std::unexpected(made.error());
      from = std::move(*made);
    }
    auto made = put_to_use(std::move(*from), header);
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
result<log_store::spare> log_store::allocate(std::uint64_t octets) {
  full_ = true;
  auto digits = std::to_string(++last_file_);
  digits.insert(0, 8 - std::min<std::size_t>(8, digits.size()), '0');
  auto made = in_->create(digits + unfinished_ending);
  if (!made) return std::unexpected(made.error());
  if (auto grown = (*made)->allocate(octets); !grown) {
    static_cast<void>(in_->remove(digits + unfinished_ending));
    return std::unexpected(grown.error());
  }
  full_ = false;
  return spare{std::move(*made), digits, octets, 0};
}

result<std::uint32_t> log_store::put_to_use(spare of, segment_header const& header) {
  auto const beside = of.digits + unfinished_ending, name = of.digits + segment_ending;
  auto const done = [&]() -> result<void> {
    if (auto written = of.on->write(0, encode_first_page(header)); !written) return written;
    if (auto synced = of.on->sync(); !synced) return synced;
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
  segments_[number].on = std::move(of.on);
  segments_[number].name = name;
  segments_[number].octets = of.octets;
  return number;
}

// What is needed on a full disk so that erases succeed: a segment that is not in use.
result<void> log_store::keep_reserve() {
  if (reserve() > 0) return {};
  auto made = allocate(options_.segment_octets);
  if (!made) return std::unexpected(made.error());
  spare_ = std::move(*made);
  return {};
}

// A bounded part with each commit: small commits, for which it counts, find the next segment written when they need it,
// and large ones are not held up for what they would gain little from.
void log_store::prepare_spare() {
  if (!spare_ || spare_->zeroed >= spare_->octets) return;
  static octets const zeros(zeroed_with_a_commit);
  auto const part = std::min<std::uint64_t>(zeros.size(), spare_->octets - spare_->zeroed);
  auto done = spare_->on->write(spare_->zeroed, octet_view{zeros}.first(static_cast<std::size_t>(part)));
  spare_->zeroed += part;
  if (done && (spare_->zeroed % zeroed_with_a_sync == 0 || spare_->zeroed == spare_->octets)) done = spare_->on->sync();
  if (done) return;
  static_cast<void>(in_->remove(spare_->digits + unfinished_ending));  // whatever is wrong with it: another one
  spare_.reset();
}

// One that a process before left; nothing but a header and zeros was ever written there.
void log_store::adopt(std::vector<std::string>& unfinished) {
  for (auto const& name : unfinished) {
    auto on = in_->open(name);
    auto const size = on ? (*on)->size() : std::unexpected(on.error());
    if (!size || *size != options_.segment_octets) continue;
    spare_ = spare{std::move(*on), name.substr(0, name.size() - unfinished_ending.size()), *size, 0};
    std::erase(unfinished, std::string{name});
    return;
  }
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

std::uint32_t log_store::new_number() {
  auto const vacant = std::ranges::find_if(segments_, [](segment const& each) { return !each.on; });
  if (vacant == segments_.end()) return segments_.emplace_back(), static_cast<std::uint32_t>(segments_.size() - 1);
  return static_cast<std::uint32_t>(vacant - segments_.begin());
}

}  // namespace signalbox::storage::log
