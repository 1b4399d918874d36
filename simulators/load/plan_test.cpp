#include "simulators/load/plan.hpp"

#include <gtest/gtest.h>

namespace signalbox::load {
namespace {

plan two_phases() {
  plan p;
  p.warm_up = 20s;
  p.streams.push_back({0, false, {.how = law::window, .rates_per_s = {}, .lasts = 30s, .count = 500}, {0}});
  p.streams.push_back(
      {0, false, {.how = law::window, .rates_per_s = {}, .lasts = 70s, .count = {}, .start = 30s}, {1}});
  return p;
}

TEST(load_plan, scale_is_for_counts_and_durations) {
  auto p = two_phases();
  scale(p, 0.1);
  EXPECT_EQ(p.warm_up, 2s);
  EXPECT_EQ(p.streams[0].when.lasts, 3s);
  EXPECT_EQ(p.streams[0].when.count, 50u);
  EXPECT_EQ(p.streams[1].when.start, 3s);
  EXPECT_EQ(p.streams[1].when.lasts, 7s);
}

TEST(load_plan, stretch_is_for_durations_alone) {
  auto p = two_phases();
  stretch(p, 10s);
  EXPECT_EQ(p.warm_up, 2s);
  EXPECT_EQ(p.streams[0].when.lasts, 3s);
  EXPECT_EQ(p.streams[0].when.count, 500u);
  EXPECT_EQ(p.streams[1].when.start, 3s);
  EXPECT_EQ(p.streams[1].when.lasts, 7s);
  for (auto& s : p.streams) s.when.lasts.reset();
  stretch(p, 1s);
  EXPECT_EQ(p.warm_up, 2s) << "nothing to stretch";
}

}  // namespace
}  // namespace signalbox::load
