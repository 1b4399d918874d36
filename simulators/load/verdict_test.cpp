#include "simulators/load/verdict.hpp"

#include <gtest/gtest.h>

#include "simulators/load/test_support.hpp"

namespace signalbox::load {
namespace {

TEST(verdict, thresholds_hold_or_are_breached) {
  plan p;
  p.lines.push_back(line("hello"));
  p.thresholds = {{"submit_resp.p99", bound::at_most, 990, ""}, {"throughput", bound::at_least, 500, ""}};
  auto j = judge(p, good(), false);
  EXPECT_EQ(j.result, verdict::passed);
  p.thresholds.push_back({"errors", bound::less, 10, ""});
  j = judge(p, good(), false);
  EXPECT_EQ(j.result, verdict::breached);
  EXPECT_TRUE(j.thresholds[0].held);
  EXPECT_FALSE(j.thresholds[2].held);
}

TEST(verdict, what_was_not_measured_holds_nothing) {
  plan p;
  p.thresholds = {{"deliver.p99", bound::at_most, 1e9, ""}};
  EXPECT_EQ(judge(p, good(), false).result, verdict::breached);
}

TEST(verdict, withheld_when_the_generator_was_late) {
  plan p;
  auto m = good();
  m.open = true;
  m.lag.record(4ms, 1000);
  EXPECT_EQ(judge(p, m, false).result, verdict::passed);
  m.lag.record(6ms, 11);
  auto const j = judge(p, m, false);
  EXPECT_EQ(j.result, verdict::withheld);
  EXPECT_EQ(j.notes.size(), 1u);
}

TEST(verdict, withheld_when_the_generator_was_busy) {
  plan p;
  auto m = good();
  m.generator = {.cpu_percent = 99, .memory_mib = 1, .known = true};
  EXPECT_EQ(judge(p, m, false).result, verdict::passed);  // closed: what holds with a slow generator holds
  EXPECT_EQ(judge(p, m, false).notes.size(), 1u);
  p.thresholds = {{"throughput", bound::at_least, 501, ""}};
  EXPECT_EQ(judge(p, m, false).result, verdict::withheld);
  p.thresholds.clear();
  m.open = true;
  EXPECT_EQ(judge(p, m, false).result, verdict::withheld);
}

TEST(verdict, withheld_when_stopped) { EXPECT_EQ(judge({}, good(), true).result, verdict::withheld); }

threshold condition(std::string metric, bound how, double limit) {
  return {.metric = metric, .how = how, .limit = limit, .text = metric};
}

// Accepted 100, 100, 40 (the last answer comes in the middle of the third second), then a settling one.
measures three_seconds() {
  measures m;
  m.elapsed = 2500ms;
  for (int n = 0; n < 4; ++n) {
    auto& s = m.seconds.emplace_back();
    s.start = n * 1s;
    s.length = 1s;
    s.accepted = n < 2 ? 100 : n == 2 ? 40 : 0;
    s.backlog = n == 3 ? 1000 : 10 - static_cast<std::uint64_t>(n);
  }
  return m;
}

TEST(verdict, always_means_every_second_until_the_last_answer) {
  auto const m = three_seconds();
  plan p;
  p.always.push_back(condition("accepted_per_s", bound::at_least, 100));
  p.always.push_back(condition("backlog", bound::at_most, 10));
  auto all = judge(p, m, false);
  EXPECT_EQ(all.result, verdict::passed);
  ASSERT_EQ(all.thresholds.size(), 2u);
  EXPECT_EQ(sentence(all.thresholds[1]), "always backlog  (worst 10 at 0 s)");
  p.always[1].limit = 9;
  all = judge(p, m, false);
  EXPECT_EQ(all.result, verdict::breached);
  EXPECT_TRUE(all.thresholds[0].held);
  EXPECT_EQ(all.thresholds[1].at, duration(0s));
  p.always[1] = condition("backlog", bound::equal, 9);
  EXPECT_EQ(judge(p, m, false).thresholds[1].value, 10);
  p.always[1] = condition("engine_memory", bound::at_most, 1e9);
  all = judge(p, m, false);
  EXPECT_FALSE(all.thresholds[1].held) << "nobody looked";
  EXPECT_EQ(sentence(all.thresholds[1]), "always engine_memory  (not measured)");
}

}  // namespace
}  // namespace signalbox::load
