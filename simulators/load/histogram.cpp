#include "simulators/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace signalbox::load {

namespace {
constexpr int half_bits = 10;  // half of the sub-buckets: 1,024
constexpr std::int64_t half = std::int64_t{1} << half_bits;
constexpr std::int64_t mask = 2 * half - 1;
}  // namespace

std::size_t histogram::index_of(std::int64_t value) {
  auto const bucket = std::bit_width(static_cast<std::uint64_t>(value | mask)) - (half_bits + 1);
  auto const sub = value >> bucket;
  return static_cast<std::size_t>(((static_cast<std::int64_t>(bucket) + 1) << half_bits) + (sub - half));
}

namespace {
struct place {
  int bucket;
  std::int64_t sub;
};
place place_of(std::size_t index) {
  auto const bucket = static_cast<int>(index >> half_bits) - 1;
  auto const low = static_cast<std::int64_t>(index) & (half - 1);
  return bucket < 0 ? place{0, low} : place{bucket, low + half};
}
}  // namespace

std::int64_t histogram::lowest_at(std::size_t index) {
  auto const p = place_of(index);
  return p.sub << p.bucket;
}

std::int64_t histogram::highest_at(std::size_t index) {
  auto const p = place_of(index);
  return (p.sub << p.bucket) + (std::int64_t{1} << p.bucket) - 1;
}

void histogram::record(duration value, std::uint64_t times) {
  if (value.count() > largest) clamped_ += times;
  record_at(index_of(std::clamp<std::int64_t>(value.count(), 0, largest)), times);
}

void histogram::record_at(std::size_t index, std::uint64_t times) {
  if (times == 0) return;
  if (index >= counts_.size()) counts_.resize(index + 1);
  counts_[index] += times;
  count_ += times;
}

void histogram::merge(histogram const& other) {
  if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  clamped_ += other.clamped_;
}

void histogram::clear() {
  counts_.clear();  // keeps the room
  count_ = clamped_ = 0;
}

duration histogram::percentile(double percent) const {
  if (count_ == 0) return 0us;
  // 99.9 % of 1,000 is 999, though 0.999 is a little more than that in binary.
  auto const wanted = std::ceil(std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(count_) * (1 - 1e-12));
  auto const rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (seen += counts_[i]; seen >= rank) return duration(highest_at(i));
  return 0us;
}

duration histogram::max() const { return percentile(100); }

duration histogram::min() const {
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i] > 0) return duration(lowest_at(i));
  return 0us;
}

double histogram::mean_us() const {
  if (count_ == 0) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i] > 0) sum += static_cast<double>(counts_[i]) * static_cast<double>(lowest_at(i) + highest_at(i)) / 2;
  return sum / static_cast<double>(count_);
}

histogram::sparse histogram::compact() const {
  sparse kept;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i] > 0) kept.emplace_back(static_cast<std::uint32_t>(i), counts_[i]);
  return kept;
}

histogram histogram::of(sparse const& kept) {
  histogram h;
  for (auto const& [index, times] : kept) h.record_at(index, times);
  return h;
}

bool histogram::operator==(histogram const& other) const { return compact() == other.compact(); }

}  // namespace signalbox::load
