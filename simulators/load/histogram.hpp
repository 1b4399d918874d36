// Counts of durations, log-linear: every value from 1 us to 1 h is kept to three significant digits, in the bucket
// layout of HdrHistogram (2,048 sub-buckets, the upper 1,024 of each further power of two), so that its logs can be
// written without loss. Recording costs a few instructions and never allocates beyond the largest value seen.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/time.hpp"

namespace signalbox::load {

class histogram {
 public:
  static constexpr std::int64_t largest = 3'600'000'000;  // microseconds; what is longer counts as this long
  static constexpr int digits = 3;

  // Values below 0 count as 0.
  void record(duration value, std::uint64_t times = 1);
  void merge(histogram const& other);
  void clear();

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  // The largest value that cannot be told from the one of which `percent` of all are not larger. 0 when empty.
  duration percentile(double percent) const;
  duration max() const;  // as percentile(100)
  duration min() const;
  double mean_us() const;                             // of the buckets' middles
  std::uint64_t clamped() const { return clamped_; }  // were longer than `largest`

  // The layout, for the log. Counts of indexes beyond its size are 0.
  std::span<std::uint64_t const> counts() const { return counts_; }
  static std::size_t index_of(std::int64_t value);
  static std::int64_t lowest_at(std::size_t index);   // of the bucket
  static std::int64_t highest_at(std::size_t index);  // the same bucket's last value
  void record_at(std::size_t index, std::uint64_t times);

  // What is not zero, small enough to keep one for every second.
  using sparse = std::vector<std::pair<std::uint32_t, std::uint64_t>>;
  sparse compact() const;
  static histogram of(sparse const& kept);

  bool operator==(histogram const& other) const;

 private:
  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0, clamped_ = 0;
};

}  // namespace signalbox::load
