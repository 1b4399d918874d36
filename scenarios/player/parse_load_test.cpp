// Load scenarios as text: what they become, and what is wrong with them.
#include <gmock/gmock.h>

#include "scenarios/player/files.hpp"
#include "scenarios/player/parser.hpp"

namespace signalbox::player {
namespace {

constexpr std::string_view actors =
    "# A title\n"
    "given esme gen sessions=3 password=pw window=50 actor.window=7\n"
    "given esme sink receiver\n"
    "given esme dead unbound\n";

std::expected<scenario, std::vector<complaint>> read(std::string const& lines,
                                                     std::map<std::string, std::string> const& overrides = {}) {
  auto const none = [](std::string const& path) -> result<std::string> { return failed(errc::not_found, 0, path); };
  return parse("x.load", std::string(actors) + lines, none, overrides);
}

load::plan plan_of(std::string const& lines) {
  auto const s = read(lines);
  EXPECT_TRUE(s) << to_text(s.error());
  return s && s->load ? s->load->plan : load::plan{};
}

TEST(load_scenario, actors_are_the_bound_esmes) {
  auto const p = plan_of("traffic t from gen count=1 dest=5 text=x\n");
  ASSERT_EQ(p.actors.size(), 2u);
  EXPECT_EQ(p.title, "A title");
  EXPECT_EQ(p.actors[0].name, "gen");
  EXPECT_EQ(p.actors[0].sessions, 3u);
  EXPECT_EQ(p.actors[0].options.window, 7u);
  EXPECT_EQ(p.actors[0].options.password, "pw");
  EXPECT_EQ(p.actors[1].options.bind, smpp::command_id::bind_receiver);
}

TEST(load_scenario, a_line_says_what_and_when) {
  auto const p = plan_of(
      "traffic t from gen arrivals=poisson rate=150 duration=10s count=1000 source=1/1/6666 dest=1/1/9960200000+10000 "
      "text=\"Hello ${n}!\" esm_class=3 registered_delivery=1 split=udh segment=100 length=20..30\n");
  ASSERT_EQ(p.lines.size(), 1u);
  auto const& t = p.lines[0];
  EXPECT_EQ(t.base.source_addr, "6666");
  EXPECT_EQ(t.base.source_addr_ton, 1);
  EXPECT_EQ(t.base.dest_addr_npi, 1);
  EXPECT_EQ(t.base.esm_class, 3);
  EXPECT_EQ(t.base.registered_delivery, 1);
  EXPECT_EQ(t.destination, "9960200000");
  EXPECT_EQ(t.destinations, 10'000u);
  EXPECT_EQ(t.before, "Hello ");
  EXPECT_EQ(t.behind, "!");
  EXPECT_TRUE(t.counts);
  EXPECT_EQ(t.split, load::splitting::udh);
  EXPECT_EQ(t.segment, 100u);
  EXPECT_EQ(t.shortest, 20u);
  EXPECT_EQ(t.longest, 30u);
  ASSERT_EQ(p.streams.size(), 1u);
  EXPECT_EQ(p.streams[0].when,
            (load::schedule{.how = load::law::poisson, .rates_per_s = {150}, .lasts = 10s, .count = 1000}));
}

TEST(load_scenario, text_decides_the_alphabet) {
  auto const p = plan_of(
      "traffic a from gen count=1 dest=5 text=abc\n"
      "traffic b from gen count=1 dest=5 text=\"№ ${n}\"\n"
      "traffic c from gen count=1 dest=5 text=abc encoding=gsm7\n"
      "traffic d from gen count=1 dest=5 text=abc data_coding=4\n");
  ASSERT_EQ(p.lines.size(), 4u);
  EXPECT_EQ(p.lines[0].spelled, text::representation::utf8);
  EXPECT_EQ(p.lines[1].base.data_coding, 8);
  EXPECT_EQ(p.lines[1].spelled, text::representation::utf16);
  EXPECT_EQ(p.lines[2].spelled, text::representation::septets);
  EXPECT_EQ(p.lines[3].spelled, text::representation::latin1);
}

TEST(load_scenario, weighted_lines_of_an_actor_share_a_schedule) {
  auto const p = plan_of(
      "traffic a from gen weight=45 rate=100 duration=10s dest=5 text=a\n"
      "traffic own from gen count=3 dest=5 text=own\n"
      "traffic b from gen weight=10 dest=5 text=b\n");
  ASSERT_EQ(p.streams.size(), 2u);
  EXPECT_EQ(p.streams[0].lines, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(p.streams[1].lines, (std::vector<std::size_t>{1}));
  EXPECT_EQ(p.streams[1].when.how, load::law::window);
}

TEST(load_scenario, thresholds_and_the_generator) {
  auto const p = plan_of(
      "given generator lag_limit=2ms settle=1s\n"
      "traffic t from gen count=1 dest=5 text=x\n"
      "threshold submit_resp.p99 <= 10ms\n"
      "threshold t.deliver.p50<1s\n"
      "threshold throughput >= 1012.891\n"
      "threshold engine_memory_per_session <= 4KiB\n"
      "threshold engine_memory<1.5MiB\n"
      "threshold engine_memory <= 512\n");
  EXPECT_EQ(p.lag_limit, 2ms);
  EXPECT_EQ(p.settle, 1s);
  ASSERT_EQ(p.thresholds.size(), 6u);
  EXPECT_EQ(p.thresholds[0].limit, 10'000);
  EXPECT_EQ(p.thresholds[0].text, "submit_resp.p99 <= 10ms");
  EXPECT_EQ(p.thresholds[1].metric, "t.deliver.p50");
  EXPECT_EQ(p.thresholds[1].how, load::bound::less);
  EXPECT_EQ(p.thresholds[2].limit, 1012.891);
  EXPECT_EQ(p.thresholds[3].limit, 4096);
  EXPECT_EQ(p.thresholds[4].limit, 1.5 * 1024 * 1024);
  EXPECT_EQ(p.thresholds[5].limit, 512);
}

TEST(load_scenario, always_lines_and_the_rest_of_the_generator) {
  auto const p = plan_of(
      "given target 127.0.0.1:3550 tls\n"
      "given generator warm_up=2m resend=yes\n"
      "traffic t from gen count=1 dest=5 text=x start=20s\n"
      "always errors = 0\n"
      "always engine_memory<100MiB\n"
      "always deliver.p99 <= 1s\n"
      "threshold t.recovery <= 5s\n"
      "threshold t.accepted_per_s/accepted_per_s >= 0.95\n");
  EXPECT_TRUE(p.tls);
  EXPECT_TRUE(p.resend);
  EXPECT_EQ(p.warm_up, 2min);
  EXPECT_EQ(p.streams[0].when.start, 20s);
  ASSERT_EQ(p.always.size(), 3u);
  EXPECT_EQ(p.always[0].how, load::bound::equal);
  EXPECT_EQ(p.always[1].limit, 100.0 * 1024 * 1024);
  EXPECT_EQ(p.always[2].limit, 1e6);
  ASSERT_EQ(p.thresholds.size(), 2u);
  EXPECT_EQ(p.thresholds[0].limit, 5e6);
  EXPECT_EQ(p.thresholds[1].metric, "t.accepted_per_s/accepted_per_s");
}

TEST(load_scenario, a_capture_says_what_goes_and_when) {
  auto const p = plan_of(
      "traffic a from gen pcap=captures/a.pcap\n"
      "traffic b from gen pcap=/b.pcapng rate=10 count=5\n"
      "traffic c from gen pcap=c.pcap arrivals=window duration=5s\n");
  ASSERT_EQ(p.lines.size(), 3u);
  EXPECT_EQ(p.lines[0].pcap, "captures/a.pcap");
  EXPECT_EQ(p.lines[1].pcap, "/b.pcapng");
  EXPECT_EQ(p.streams[0].when.how, load::law::recorded);
  EXPECT_EQ(p.streams[1].when.how, load::law::constant);
  EXPECT_EQ(p.streams[1].when.count, 5u);
  EXPECT_EQ(p.streams[2].when.how, load::law::window);
}

TEST(load_scenario, overrides_are_stronger_than_set) {
  auto const s = read("set COUNT = 10\ntraffic t from gen count=${COUNT} dest=5 text=x\n", {{"COUNT", "7"}});
  ASSERT_TRUE(s) << to_text(s.error());
  EXPECT_EQ(s->load->plan.streams[0].when.count, 7u);
  auto const unknown = read("traffic t from gen count=1 dest=5 text=x\n", {{"CUONT", "7"}});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(to_text(unknown.error()), testing::HasSubstr("expected a variable that the file sets, found \"CUONT\""));
}

TEST(load_scenario, says_what_is_wrong) {
  std::string const fine = "traffic t from gen count=1 dest=5 text=x\n";
  struct {
    std::string lines, complaint;
  } const rows[] = {
      {"traffic t from nobody count=1 dest=5\n", "x.load:5:16: expected an ESME given before, which binds to send"},
      {"traffic t from sink count=1 dest=5\n", "expected an ESME given before, which binds to send"},
      {"traffic t from dead count=1 dest=5\n", "expected an ESME given before, which binds to send"},
      {"traffic t from gen dest=5 text=x\n", "expected duration=TIME or count=NUMBER"},
      {"traffic t from gen count=1 arrivals=poisson dest=5\n", "expected rate=MESSAGES_PER_SECOND"},
      {"traffic t from gen count=1 arrivals=window rate=5 dest=5\n", "expected no rate="},
      {"traffic t from gen count=1 arrivals=ramp(1..2) dest=5\n", "expected duration=TIME"},
      {"traffic t from gen count=1 arrivals=steady dest=5\n", "expected one of constant, poisson, window"},
      {"traffic t from gen count=0 dest=5\n", "expected a number of messages"},
      {"traffic t from gen count=1 dest=5 text=\"${n} ${n}\"\n", "expected text with ${n} at most once"},
      {"traffic t from gen count=1 dest=5 text=\"${m}\"\n", "expected text with ${n} at most once"},
      {"traffic t from gen count=1 dest=5 text=\"${n}0\"\n", "expected no digit behind ${n}"},
      {"traffic t from gen count=1 dest=5 colour=red\n", "x.load:5:42"},
      {"traffic t from gen count=1 dest=123456789012345678901\n", "expected a message that SMPP can carry"},
      {"traffic t from gen count=1 dest=5 text=x length=1..256 split=udh segment=1\n",
       "expected a text of at most 255 segments"},
      {"traffic t from gen count=1 dest=5 segment=255\n", "expected characters in a segment"},
      {fine + fine, "expected a name that is not taken"},
      {"traffic a from gen weight=1 count=1 dest=5\ntraffic b from gen weight=1 count=1 dest=5\n",
       "expected a weight alone"},
      {fine + "threshold speed <= 1\n", "expected a metric such as throughput"},
      {fine + "threshold errors <= 1ms\n", "expected a number"},
      {fine + "threshold submit_resp.p99 <= 1\n", "expected a duration such as 10ms"},
      {fine + "threshold engine_memory <= 4KB\n", "x.load:6:28: expected memory such as 4KiB or 100MiB"},
      {fine + "threshold errors ~ 1\n", "expected one of <= < >= > ="},
      {fine + "always throughput >= 1\n", "x.load:6:8: expected a metric of one second such as errors, backlog"},
      {fine + "always t.errors = 0\n", "x.load:6:8: expected a metric of one second"},
      {fine + "always backlog <= 1s\n", "x.load:6:19: expected a number"},
      {"traffic t from gen pcap=\"\"\n", "x.load:5:25: expected the file of a capture"},
      {"traffic t from gen pcap=a.pcap text=x\n", "x.load:5:9: expected nothing beside pcap="},
      {"traffic t from gen pcap=a.pcap esm_class=3\n", "expected nothing beside pcap="},
      {"traffic t from gen pcap=a.pcap weight=3\n", "expected nothing beside pcap="},
      {fine + "always\n", "expected a metric such as errors"},
      {fine + "threshold submit_resp.p99/errors <= 1\n", "x.load:6:11: expected a metric such as throughput"},
      {fine + "threshold u.recovery <= 1s\n", "x.load:6:11: expected a metric such as throughput"},
      {"traffic t from gen count=1 start=later dest=5\n", "x.load:5:34: expected a time after the run's start"},
      {"given generator resend=perhaps\n" + fine, "x.load:5:24: expected yes or no"},
      {"given target 127.0.0.1:3550 ssl\n" + fine, "x.load:5:29"},
      {fine + "threshold errors\n", "expected a comparison and a limit"},
      {fine + "+0 gen -> submit_sm dest=5\n", "expected no steps in a load scenario"},
      {fine + "given engine first_due_delay=0s\n", "given lines stand before the first traffic line"},
      {"given generator speed=9\n" + fine, "expected lag_limit=, settle=, bind_patience=, warm_up="},
      {"threshold errors <= 0\n", "expected at least one traffic line"},
      {"given esme slow manual\n" + fine, "expected no manual or count"},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.lines);
    auto const s = read(r.lines);
    ASSERT_FALSE(s);
    EXPECT_THAT(to_text(s.error()), testing::HasSubstr(r.complaint));
  }
}

TEST(load_scenario, shipped_ones_are_right) {
  std::size_t found = 0;
  for (auto const* name : {"lt_1", "lt_2", "lt_3", "field_mix", "dead_destination", "receipts", "sessions", "half_rate",
                           "idle_sessions", "memory_flat", "overload", "overload_sessions", "random_bulk"}) {
    SCOPED_TRACE(name);
    auto const path = std::string(SIGNALBOX_SOURCE_DIR "/scenarios/load/") + name + ".load";
    auto const text = read_file(path);
    ASSERT_TRUE(text);
    auto const s = parse(path, *text, read_file);
    EXPECT_TRUE(s) << to_text(s.error());
    found += s && s->load;
  }
  EXPECT_EQ(found, 13u);
}

}  // namespace
}  // namespace signalbox::player
