#include "simulators/load/arrivals.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace signalbox::load {
namespace {

std::vector<duration> all(schedule const& s, std::size_t most = 1'000'000) {
  arrivals law(s);
  seeded_entropy chance(7);
  std::vector<duration> times;
  while (times.size() < most)
    if (auto const next = law.next(chance))
      times.push_back(*next);
    else
      break;
  return times;
}

schedule law_of(std::string_view text, std::optional<duration> lasts, std::optional<std::uint64_t> count = {},
                std::optional<double> rate = {}) {
  auto s = parse_law(text).value();
  if (rate) s.rates_per_s = {*rate};
  s.lasts = lasts;
  s.count = count;
  return s;
}

std::size_t within(std::vector<duration> const& times, duration from, duration to) {
  std::size_t n = 0;
  for (auto const t : times) n += t >= from && t < to;
  return n;
}

TEST(arrivals, constant_does_not_drift) {
  auto const times = all(law_of("constant", {}, 1'000'000, 150));
  ASSERT_EQ(times.size(), 1'000'000u);
  EXPECT_EQ(times[0], 0us);
  EXPECT_EQ(times[1], 6'667us);
  EXPECT_EQ(times[150'000], 1'000s);
}

TEST(arrivals, constant_ends_with_its_duration) { EXPECT_EQ(all(law_of("constant", 10s, {}, 100)).size(), 1000u); }

TEST(arrivals, poisson_has_its_mean_and_its_scatter) {
  auto const times = all(law_of("poisson", 100s, {}, 1000));
  EXPECT_NEAR(static_cast<double>(times.size()), 100'000, 1'500);  // five standard deviations
  std::size_t short_gaps = 0;
  for (std::size_t n = 1; n < times.size(); ++n) short_gaps += times[n] - times[n - 1] < 1ms;
  EXPECT_NEAR(static_cast<double>(short_gaps) / static_cast<double>(times.size()), 1 - std::exp(-1.0), 0.01);
}

TEST(arrivals, ramp_grows_evenly) {
  auto const times = all(law_of("ramp(100..300)", 10s));
  EXPECT_NEAR(static_cast<double>(times.size()), 2000, 1);
  EXPECT_NEAR(static_cast<double>(within(times, 0s, 5s)), 750, 1);
  EXPECT_NEAR(static_cast<double>(within(times, 9s, 10s)), 290, 1);
}

TEST(arrivals, ramp_falls_to_nothing) {
  auto const times = all(law_of("ramp(200..0)", 10s));
  EXPECT_NEAR(static_cast<double>(times.size()), 1000, 2);
  EXPECT_NEAR(static_cast<double>(within(times, 0s, 1s)), 190, 1);
}

TEST(arrivals, steps_share_the_duration) {
  auto const times = all(law_of("step(100,0,50)", 30s));
  EXPECT_EQ(within(times, 0s, 10s), 1000u);
  EXPECT_EQ(within(times, 10s, 20s), 0u);
  EXPECT_EQ(within(times, 20s, 30s), 500u);
  EXPECT_EQ(times.size(), 1500u);
}

TEST(arrivals, expected_numbers) {
  EXPECT_EQ(law_of("ramp(100..300)", 10s).expected(), 2000);
  EXPECT_EQ(law_of("step(100,0,50)", 30s).expected(), 1500);
  EXPECT_EQ(law_of("constant", 10s, 50, 100).expected(), 50);
  EXPECT_EQ(law_of("window", 10s).expected(), std::nullopt);
}

TEST(arrivals, text_that_is_no_law) {
  for (auto const* text : {"", "steady", "ramp(1)", "ramp(1..x)", "ramp(1..2", "step()", "step(0,0)", "ramp(-1..2)"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(parse_law(text));
  }
}

}  // namespace
}  // namespace signalbox::load
