#include "simulators/load/verdict.hpp"

#include <gtest/gtest.h>

namespace signalbox::load {
namespace {

measures good() {
  measures m;
  m.sent = 1100;
  m.throttled = 100;
  m.accepted = 990;
  m.refused = 10;
  m.elapsed = 2s;
  m.lines.push_back({.name = "hello", .latency = {}, .messages = 1000, .accepted = 990, .delivered = 0});
  for (int n = 1; n <= 1000; ++n) {
    m.latency[0].record(duration(n));
    m.lines[0].latency[0].record(duration(2 * n));
  }
  return m;
}

traffic line(std::string name) {
  traffic t;
  t.name = std::move(name);
  return t;
}

TEST(verdict, metrics_by_name) {
  auto const m = good();
  struct {
    char const* name;
    std::optional<double> value;
  } const rows[] = {
      {"throughput", 500},
      {"errors", 10},
      {"throttled", 100},
      {"submit_resp.p99", 990},
      {"submit_resp.max", 1000},
      {"submit_resp.p99.9", 999},
      {"submit_resp.mean", 500.5},
      {"hello.submit_resp.p50", 1000},
      {"deliver.p50", std::nullopt},
      {"engine_cpu", std::nullopt},
      {"lag.p99", std::nullopt},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.name);
    EXPECT_EQ(value_of(r.name, m), r.value);
  }
}

TEST(verdict, memory_of_a_session_is_what_the_engine_grew_by) {
  auto m = good();
  m.sessions = 512;
  m.engine = {.cpu_percent = 1, .memory_mib = 11, .known = true};
  EXPECT_EQ(value_of("engine_memory", m), 11.0 * 1024 * 1024);
  EXPECT_EQ(value_of("engine_memory_per_session", m), std::nullopt) << "nobody looked before";
  m.engine_before = {.cpu_percent = 0, .memory_mib = 9, .known = true};
  EXPECT_EQ(value_of("engine_memory_per_session", m), 4096.0);
  EXPECT_EQ(value_text(kind_of("engine_memory", {}), 4096), "4.00 KiB");
}

TEST(verdict, knows_its_metrics) {
  std::vector<traffic> const lines{line("hello")};
  for (auto const* name : {"submit_resp.p99", "deliver.p99.9", "receipt.max", "hello.deliver.mean", "lag.p99"})
    EXPECT_EQ(kind_of(name, lines), metric_kind::time) << name;
  EXPECT_EQ(kind_of("throughput", lines), metric_kind::number);
  for (auto const* name : {"", "speed", "submit_resp", "submit_resp.", "submit_resp.p", "submit_resp.p0",
                           "submit_resp.p101", "other.deliver.p50", "hello.lag.p50", "hello.p50"})
    EXPECT_EQ(kind_of(name, lines), metric_kind::none) << name;
}

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

}  // namespace
}  // namespace signalbox::load
