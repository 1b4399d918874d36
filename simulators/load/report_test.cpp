#include "simulators/load/report.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "simulators/load/compare.hpp"

namespace signalbox::load {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(report, throughput_rounds_as_the_original_does) {
  EXPECT_EQ(throughput(1'000'000, 987'273), "1012.891");
  EXPECT_EQ(throughput(1'000'000, 987'272), "1012.892");
  EXPECT_EQ(throughput(1'000'000, 987'274), "1012.890");
  EXPECT_EQ(throughput(5, 0), "0.000");
}

report sample() {
  report r;
  r.what.title = "a <title>";
  r.what.path = "sample.load";
  r.what.actors.push_back({"gen", 2, {}});
  r.what.streams.push_back({0, false, {.how = law::constant, .rates_per_s = {500}, .lasts = 2s, .count = {}}, {}});
  r.what.thresholds = {{"submit_resp.p99", bound::at_most, 10'000, "submit_resp.p99 <= 10ms"},
                       {"errors", bound::at_most, 0, "errors <= 0"}};
  auto& m = r.got;
  m.per_session = {{"gen", 500}, {"gen", 500}};
  m.window = 100;
  m.messages = m.target = 1000;
  m.sent = 1111;
  m.throttled = 111;
  m.accepted = 999;
  m.refused = 1;
  m.statuses = {{smpp::ESME_RTHROTTLED, 111}, {smpp::ESME_RINVDSTADR, 1}};
  m.elapsed = duration(2'000'500);
  m.open = true;
  m.latency[0].record(1ms, 999);
  m.lag.record(50us, 1000);
  second_measures s;
  s.length = 1s;
  s.sent = 1111;
  s.accepted = 999;
  s.latency[0] = m.latency[0].compact();
  s.p50[0] = s.p99[0] = 1ms;
  s.engine = {.cpu_percent = 40, .memory_mib = 20, .known = true};
  m.seconds.push_back(s);
  r.verdict = judge(r.what, m, false);
  return r;
}

TEST(report, text_has_the_lines_of_the_original) {
  auto const words = text(sample());
  for (auto const* line : {"Sessions                  : 2\n", "Window Size               : 100\n",
                           "Sessions Failed           : 0\n", "Time (ms)                 : 2000\n",
                           "Target Submit             : 1000\n", "Actual Submit             : 1000\n",
                           "Throttled Message count   : 111\n", "Throughput                : 500.000 per sec\n",
                           "Session 2 submit_sm       : 500 (gen)\n", "the intended send time (open model)",
                           "ESME_RINVDSTADR", "held      threshold submit_resp.p99 <= 10ms  (1.00 ms)\n",
                           "BREACHED  threshold errors <= 0  (1)\n", "verdict: breached\n"})
    EXPECT_THAT(words, HasSubstr(line));
}

TEST(report, json_can_be_read) {
  auto const v = nlohmann::json::parse(json(sample()));
  EXPECT_EQ(v["summary"]["actual_submit"], 1000);
  EXPECT_EQ(v["summary"]["throughput"], "500.000");
  EXPECT_EQ(v["latency"]["submit_resp"]["count"], 999);
  EXPECT_EQ(v["statuses"]["ESME_RTHROTTLED"], 111);
  EXPECT_EQ(v["verdict"], "breached");
  EXPECT_EQ(v["seconds"][0]["engine"]["cpu_percent"], 40.0);
  EXPECT_TRUE(v["seconds"][0]["generator"].is_null());
}

TEST(report, junit_has_a_case_for_each_threshold) {
  auto const words = junit(sample());
  EXPECT_THAT(words, HasSubstr("tests=\"3\" failures=\"1\""));
  EXPECT_THAT(words, HasSubstr("name=\"errors &lt;= 0\">\n      <failure message=\"measured 1\"/>"));
}

TEST(report, html_needs_nothing_else) {
  auto const page = html(sample());
  EXPECT_THAT(page, HasSubstr("<h1>a &lt;title&gt;</h1>"));
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, HasSubstr("<polyline"));
  for (auto const* outside : {"http://", "https://", "<script", "src="}) EXPECT_THAT(page, Not(HasSubstr(outside)));
}

TEST(report, html_leaves_out_what_never_happened) {
  auto r = sample();
  auto& m = r.got;
  m.seconds.clear();
  for (int n = 0; n < 3; ++n) {
    auto& second = m.seconds.emplace_back();
    second.start = n * 1s;
    second.length = 1s;
    second.accepted = 1300;
  }
  auto const page = html(r);
  EXPECT_THAT(page, HasSubstr("&#9632;</span> accepted"));
  EXPECT_THAT(page, Not(HasSubstr("&#9632;</span> receipts")));
  EXPECT_THAT(page, Not(HasSubstr("<h2>Backlog")));
  EXPECT_THAT(page, HasSubstr(">1500</text>")) << "the axis ends at a round number";
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme:dark"));
}

TEST(report, progress_tells_rate_and_rest) {
  auto r = sample();
  EXPECT_THAT(
      progress(r.what, r.got),
      HasSubstr(
          "   1s  999 accepted (999/s), 111 throttled, 1 failed, submit_resp p50 1.00 ms p99 1.00 ms, about 1s left"));
}

// -- two runs -------------------------------------------------------------------------------------------------------

report run_with(std::uint64_t accepted, duration latency) {
  report r = sample();
  r.what.thresholds.clear();
  r.got.sent = r.got.accepted = accepted;
  r.got.throttled = r.got.refused = 0;
  r.got.latency[0].clear();
  r.got.latency[0].record(latency, accepted);
  r.verdict = judge(r.what, r.got, false);
  return r;
}

TEST(compare, finds_what_became_worse) {
  auto const base = json(run_with(1000, 10ms));
  struct {
    char const* name;
    report after;
    bool regression;
  } rows[] = {
      {"the same", run_with(1000, 10ms), false}, {"a little slower", run_with(951, 10ms), false},
      {"slower", run_with(949, 10ms), true},     {"faster", run_with(2000, 5ms), false},
      {"later", run_with(1000, 11ms), true},     {"later by no more than noise", run_with(1000, 10'400us), false},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.name);
    auto const c = compare(base, json(r.after), 0.05);
    ASSERT_TRUE(c);
    EXPECT_EQ(c->regression(), r.regression) << text(*c);
    EXPECT_FALSE(c->withheld);
  }
}

TEST(compare, a_first_error_is_a_regression) {
  auto worse = run_with(1000, 10ms);
  worse.got.refused = 1;
  auto const c = compare(json(run_with(1000, 10ms)), json(worse), 0.05);
  ASSERT_TRUE(c);
  EXPECT_TRUE(c->regression());
  EXPECT_THAT(text(*c), HasSubstr("new  REGRESSION"));
}

TEST(compare, a_withheld_verdict_is_no_baseline) {
  auto late = run_with(1000, 10ms);
  late.verdict.result = verdict::withheld;
  EXPECT_TRUE(compare(json(late), json(run_with(1000, 10ms)), 0.05)->withheld);
}

TEST(compare, may_be_about_some_metrics_only) {
  auto const a = json(run_with(1000, 10ms)), b = json(run_with(990, 100ms));
  auto const c = compare(a, b, 0.05, {"throughput"});
  ASSERT_TRUE(c);
  ASSERT_EQ(c->rows.size(), 1u);
  EXPECT_FALSE(c->regression()) << "the latencies are not asked for";
  EXPECT_THAT(text(*c), HasSubstr("0.990"));
  auto const unknown = compare(a, b, 0.05, {"speed"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().field, "only");
}

TEST(compare, refuses_other_files) {
  auto const good = json(sample());
  EXPECT_EQ(compare("no", good, 0.05).error().field, "A");
  EXPECT_EQ(compare(good, "{}", 0.05).error().field, "B");
}

}  // namespace
}  // namespace signalbox::load
