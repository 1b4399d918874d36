// The verb on real sockets, against an engine in a process of its own. Small counts: it is about the way through.
#include "engine/server/load.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/server/child_engine.hpp"
#include "engine/server/cli.hpp"
#include "engine/server/process_usage.hpp"
#include "engine/server/test_support.hpp"

namespace signalbox::server {
namespace {

using testing::HasSubstr;

constexpr std::string_view scenario =
    "# Small\n"
    "set COUNT = 300\n"
    "given engine first_due_delay=0s\n"
    "given esme gen sessions=2 routing_range=6666 window=100 actor.window=20\n"
    "given esme sink receiver routing_range=5.*\n"
    "traffic t from gen count=${COUNT} source=6666 dest=5000+10 text=\"Hello ${n}\" registered_delivery=1\n"
    "threshold errors <= 0\n"
    "threshold undelivered <= 0\n"
    "threshold unreceipted <= 0\n"
    "threshold duplicates <= 0\n";

class load_verb : public testing::Test {
 protected:
  int run(std::string_view text, load_options options = {}) {
    options.file = directory_.file("x.load");
    std::ofstream(options.file) << text;
    options.program = SIGNALBOX_PROGRAM;
    options.quiet = true;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    auto const status = run_load(options);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return status;
  }
  std::string content(std::string const& name) {
    std::ifstream in(directory_.file(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  temporary_directory directory_;
  std::string out_, err_;
};

TEST_F(load_verb, runs_an_engine_of_its_own) {
  load_options options;
  options.junit = directory_.file("report.xml");
  options.html = directory_.file("report.html");
  options.hlog = directory_.file("report.hlog");
  EXPECT_EQ(run(scenario, options), status_passed) << out_ << err_;
  for (auto const* line : {"Sessions                  : 2\n", "Actual Submit             : 300\n", "Receipts",
                           "an engine started for this run", "the sending (closed model)", "verdict: passed\n"})
    EXPECT_THAT(out_, HasSubstr(line));
  EXPECT_THAT(content("report.xml"), HasSubstr("tests=\"5\" failures=\"0\""));
  EXPECT_THAT(content("report.html"), HasSubstr("<svg"));
  for (auto const* tag : {"Tag=submit_resp,", "Tag=deliver,", "Tag=receipt,"})
    EXPECT_THAT(content("report.hlog"), HasSubstr(tag));
}

TEST_F(load_verb, speaks_tls) {
  load_options options;
  options.tls = true;
  options.scale = 0.1;
  EXPECT_EQ(run(scenario, options), status_passed) << out_ << err_;
}

TEST_F(load_verb, always_lines_decide) {
  auto const timed = std::string(
      "given engine first_due_delay=0s\n"
      "given esme gen routing_range=6666\n"
      "given esme sink receiver routing_range=5.*\n"
      "traffic t from gen rate=50 duration=1m source=6666 dest=5000+10 text=\"Hello ${n}\"\n"
      "always errors = 0\n"
      "always backlog <= 1000\n"
      "always engine_memory <= 1GiB\n");
  load_options options;
  options.lasts = 2s;
  EXPECT_EQ(run(timed, options), status_passed) << out_ << err_;
  EXPECT_EQ(run(timed + "always engine_memory <= 1MiB\n", options), status_threshold) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("BREACHED  always engine_memory <= 1MiB"));
}

TEST_F(load_verb, sends_what_a_capture_of_ours_holds) {
  std::ofstream(directory_.file("x.scn")) << "given esme gen\n"
                                             "given esme sink receiver routing_range=5.*\n"
                                             "+0 gen -> submit_sm dest=5001 text=one\n"
                                             "+0 gen -> submit_sm dest=5002 text=two registered_delivery=1\n"
                                             "+300ms gen -> submit_sm dest=5003 text=three\n";
  ASSERT_EQ(std::system((SIGNALBOX_PROGRAM " replay " + directory_.file("x.scn") + " --pcap " +
                         directory_.file("x.pcapng") + " > /dev/null")
                            .c_str()),
            0);
  std::string const given =
      "given engine first_due_delay=0s\n"
      "given esme gen routing_range=.* source_range=.*\n"
      "given esme sink receiver routing_range=5.*\n";
  EXPECT_EQ(run(given + "traffic t from gen pcap=x.pcapng\nthreshold errors <= 0\n"), status_passed) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("Actual Submit             : 3\n"));
  EXPECT_THAT(out_, HasSubstr("as recorded"));
  EXPECT_EQ(run(given + "traffic t from gen pcap=x.pcapng rate=1000 count=30\nthreshold errors <= 0\n"), status_passed)
      << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("Actual Submit             : 30\n"));
  EXPECT_EQ(run(given + "traffic t from gen pcap=x.load\n"), status_usage);
  EXPECT_THAT(err_, HasSubstr("x.load: at octet 0: neither pcap nor pcapng"));
  EXPECT_EQ(run(given + "traffic t from gen pcap=y.pcap\n"), status_usage);
  EXPECT_THAT(err_, HasSubstr("y.pcap"));
}

TEST_F(load_verb, runs_towards_a_target) {
  core::settings settings;
  settings.esmes.push_back({.name = "gen", .sessions = 2, .routing_range = "6666"});
  settings.esmes.push_back({.name = "sink", .routing_range = "5.*"});
  auto const engine = child_engine::start(settings, SIGNALBOX_PROGRAM);
  ASSERT_TRUE(engine) << describe(engine.error());
  load_options options;
  options.target = to_text((*engine)->where());
  options.json = true;
  options.scale = 0.1;
  EXPECT_EQ(run(scenario, options), status_passed) << out_ << err_;
  auto const report = nlohmann::json::parse(out_);
  EXPECT_EQ(report["summary"]["actual_submit"], 30);
  EXPECT_EQ(report["latency"]["receipt"]["count"], 30);
  EXPECT_TRUE(report["engine"].is_null());
}

TEST_F(load_verb, says_when_a_threshold_is_breached) {
  load_options options;
  options.lag_limit = 30s;  // slowly and with patience: a busy machine must not withhold the verdict
  auto text = std::string(scenario) + "threshold throughput > 1000000000\n";
  text.replace(text.find("count="), 6, "rate=200 count=");
  EXPECT_EQ(run(text, options), status_threshold) << out_;
  EXPECT_THAT(out_, HasSubstr("BREACHED  threshold throughput > 1000000000"));
}

TEST_F(load_verb, withholds_the_verdict_when_it_was_late) {
  load_options options;
  options.lag_limit = 1us;  // no machine keeps that
  auto text = std::string(scenario);
  text.replace(text.find("count="), 6, "rate=1000 count=");
  EXPECT_EQ(run(text, options), status_withheld);
  EXPECT_THAT(out_, HasSubstr("verdict: withheld"));
}

TEST_F(load_verb, variables_come_from_the_command_line) {
  load_options options;
  options.variables["COUNT"] = "20";
  EXPECT_EQ(run(scenario, options), status_passed) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("Actual Submit             : 20\n"));
}

TEST_F(load_verb, tells_wrong_files_and_absent_peers_apart) {
  EXPECT_EQ(run("given esme a\n+0 a -> connect\n"), status_usage);
  EXPECT_THAT(err_, HasSubstr("it is for signalbox replay"));
  EXPECT_EQ(run("traffic\n"), status_usage);
  EXPECT_THAT(err_, HasSubstr("x.load:1:8: expected the traffic's name"));
  load_options options;
  options.target = "127.0.0.1:1";
  EXPECT_EQ(run(scenario, options), status_environment);
  EXPECT_THAT(err_, HasSubstr("could not bind"));
  options.target = "nowhere";
  EXPECT_EQ(run(scenario, options), status_usage);
}

TEST(process_usage, of_this_process) {
  auto const u = usage_of(getpid());
  ASSERT_TRUE(u);
  EXPECT_GT(u->memory_mib, 1);
  EXPECT_FALSE(usage_of(1 << 30));
}

}  // namespace
}  // namespace signalbox::server
