#include "simulators/load/histogram.hpp"

#include <gtest/gtest.h>

namespace signalbox::load {
namespace {

TEST(histogram, buckets_are_those_of_hdr_histogram) {
  struct {
    std::int64_t value;
    std::size_t index;
    std::int64_t lowest, highest;
  } const rows[] = {
      {0, 0, 0, 0},
      {1, 1, 1, 1},
      {1023, 1023, 1023, 1023},
      {2047, 2047, 2047, 2047},
      {2048, 2048, 2048, 2049},
      {2049, 2048, 2048, 2049},
      {4095, 3071, 4094, 4095},
      {4096, 3072, 4096, 4099},
      {1'000'000, 11169, 999936, 1000447},
      {3'600'000'000, 23220, 3598712832, 3600809983},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.value);
    EXPECT_EQ(histogram::index_of(r.value), r.index);
    EXPECT_EQ(histogram::lowest_at(r.index), r.lowest);
    EXPECT_EQ(histogram::highest_at(r.index), r.highest);
  }
}

TEST(histogram, percentiles_of_a_thousand_values) {
  histogram h;
  for (int n = 1; n <= 1000; ++n) h.record(duration(n));
  EXPECT_EQ(h.count(), 1000u);
  EXPECT_EQ(h.percentile(50), 500us);
  EXPECT_EQ(h.percentile(99), 990us);
  EXPECT_EQ(h.percentile(99.9), 999us);
  EXPECT_EQ(h.percentile(0), 1us);
  EXPECT_EQ(h.max(), 1000us);
  EXPECT_EQ(h.min(), 1us);
  EXPECT_DOUBLE_EQ(h.mean_us(), 500.5);
}

TEST(histogram, an_empty_one_answers_zero) {
  histogram const h;
  EXPECT_TRUE(h.empty());
  EXPECT_EQ(h.percentile(99), 0us);
  EXPECT_EQ(h.max(), 0us);
}

TEST(histogram, what_is_too_long_counts_as_an_hour_and_is_told) {
  histogram h;
  h.record(std::chrono::hours(2));
  h.record(-1us);
  EXPECT_EQ(h.count(), 2u);
  EXPECT_EQ(h.clamped(), 1u);
  EXPECT_EQ(h.max(), duration(3600809983));
  EXPECT_EQ(h.min(), 0us);
}

TEST(histogram, clear_forgets_everything) {
  histogram h;
  h.record(5us);
  h.clear();
  EXPECT_EQ(h, histogram{});
  h.record(7us);
  EXPECT_EQ(h.percentile(50), 7us);
}

}  // namespace
}  // namespace signalbox::load
