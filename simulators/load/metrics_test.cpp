#include "simulators/load/metrics.hpp"

#include <gtest/gtest.h>

#include "simulators/load/test_support.hpp"

namespace signalbox::load {
namespace {

TEST(load_metrics, metrics_by_name) {
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
      {"hello.errors", 10},
      {"hello.accepted_per_s", std::nullopt},
      {"hello.colour", std::nullopt},
      {"errors/throttled", 0.1},
      {"errors/duplicates", std::nullopt},
      {"hello.submit_resp.p50/submit_resp.p50", 2},
      {"deliver.p50", std::nullopt},
      {"engine_cpu", std::nullopt},
      {"lag.p99", std::nullopt},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.name);
    EXPECT_EQ(value_of(r.name, m), r.value);
  }
}

TEST(load_metrics, memory_of_a_session_is_what_the_engine_grew_by) {
  auto m = good();
  m.sessions = 512;
  m.engine = {.cpu_percent = 1, .memory_mib = 11, .known = true};
  EXPECT_EQ(value_of("engine_memory", m), 11.0 * 1024 * 1024);
  EXPECT_EQ(value_of("engine_memory_per_session", m), std::nullopt) << "nobody looked before";
  m.engine_before = {.cpu_percent = 0, .memory_mib = 9, .known = true};
  EXPECT_EQ(value_of("engine_memory_per_session", m), 4096.0);
  EXPECT_EQ(value_text(kind_of("engine_memory", {}), 4096), "4.00 KiB");
}

TEST(load_metrics, knows_its_metrics) {
  std::vector<traffic> const lines{line("hello")};
  for (auto const* name : {"submit_resp.p99", "deliver.p99.9", "receipt.max", "hello.deliver.mean", "lag.p99"})
    EXPECT_EQ(kind_of(name, lines), metric_kind::time) << name;
  EXPECT_EQ(kind_of("throughput", lines), metric_kind::number);
  for (auto const* name : {"", "speed", "submit_resp", "submit_resp.", "submit_resp.p", "submit_resp.p0",
                           "submit_resp.p101", "other.deliver.p50", "hello.lag.p50", "hello.p50"})
    EXPECT_EQ(kind_of(name, lines), metric_kind::none) << name;
}

TEST(load_metrics, growth_is_the_slope_after_the_warm_up) {
  measures m;
  m.elapsed = 100s;
  m.warm_up = 40s;
  auto const second = [&m](int n, double mib) {
    auto& s = m.seconds.emplace_back();
    s.start = n * 1s;
    s.length = 1s;
    s.engine = {.cpu_percent = 0, .memory_mib = mib, .known = true};
  };
  for (int n = 0; n < 40; ++n) second(n, n);
  for (int n = 40; n < 44; ++n) second(n, 50 + n / 60.0);
  EXPECT_EQ(value_of("engine_memory_growth", m), std::nullopt) << "four seconds are no line";
  for (int n = 44; n < 100; ++n) second(n, 50 + n / 60.0 + (n % 2) * 0.1);
  second(100, 0);  // after the last answer
  EXPECT_NEAR(value_of("engine_memory_growth", m).value(), 1024 * 1024, 50'000);
}

TEST(load_metrics, rates_and_recovery_of_a_line) {
  measures m;
  auto& l = m.lines.emplace_back();
  l.name = "over";
  EXPECT_EQ(value_of("over.recovery", m), std::nullopt);
  l.accepted = 300;
  l.delivered = 400;
  l.first_sent = 1s;
  l.last_intended = 3s;
  l.last_answer = 4s;
  l.last_delivery = 5s;
  EXPECT_EQ(value_of("over.accepted_per_s", m), 100);
  EXPECT_EQ(value_of("over.delivered_per_s", m), 100);
  EXPECT_EQ(value_of("over.recovery", m), 2e6);
  m.last_refusal = 7s;
  EXPECT_EQ(value_of("over.recovery", m), 4e6);
  l.last_intended = 8s;
  EXPECT_EQ(value_of("over.recovery", m), 0);
}

TEST(load_metrics, of_one_second) {
  second_measures s;
  s.length = 500ms;
  s.accepted = 10;
  s.refused = 1;
  s.unanswered = 2;
  s.sessions_lost = 3;
  s.backlog = 7;
  EXPECT_EQ(value_of("errors", s), 6);
  EXPECT_EQ(value_of("backlog", s), 7);
  EXPECT_EQ(value_of("accepted_per_s", s), 20);
  EXPECT_EQ(value_of("submit_resp.p99", s), std::nullopt);
  EXPECT_EQ(value_of("engine_memory", s), std::nullopt);
  EXPECT_TRUE(second_metric_of("accepted_per_s").rate);
  EXPECT_EQ(second_metric_of("throughput").kind, metric_kind::none);
  EXPECT_EQ(second_metric_of("deliver.p99").kind, metric_kind::time);
}

}  // namespace
}  // namespace signalbox::load
