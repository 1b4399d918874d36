// The reports and the capture, from outcomes made by hand.
#include "scenarios/player/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/smpp/codec.hpp"
#include "scenarios/player/pcapng.hpp"

namespace signalbox::player {

namespace {

using simulators::trace_entry;
using ::testing::HasSubstr;
using ::testing::Not;

octets wire(smpp::body body) {
  octets data;
  EXPECT_TRUE(smpp::encode({.sequence_number = 1, .body = std::move(body)}, data).has_value());
  return data;
}

std::vector<outcome> three() {
  outcome good;
  good.path = "scenarios/a/good.scn";
  good.title = "All <well> & \"fine\"";
  good.covered = std::chrono::hours{72};
  good.spent = 12ms;
  moment const when{instant{1s}, wall{std::chrono::seconds{1'767'225'600}}};
  auto const add = [&](trace_entry::kind what, octets data) {
    good.trace.push_back({what, when, "alpha", std::move(data), true, {}, 1, 2775, true});
  };
  add(trace_entry::kind::opened, {});
  add(trace_entry::kind::sent, wire(smpp::enquire_link{}));
  add(trace_entry::kind::reached, wire(smpp::enquire_link_resp{}));
  add(trace_entry::kind::closed, {});
  outcome bad;
  bad.path = "scenarios/a/bad.scn";
  bad.title = "Bad";
  bad.source = "# Bad\nalpha <- <script>\n";
  bad.result = verdict::failed;
  bad.why = failure{
      bad.path, 2, 7, "alpha <- <script>", "status=ESME_ROK", "status=<b>\x01", {{"alpha", {"+1s alpha -> x"}}}, {}};
  bad.repeat = "signalbox replay scenarios/a/bad.scn --seed 1";
  outcome broken;
  broken.path = "broken.scn";
  broken.result = verdict::error;
  broken.complaints = {{"broken.scn", 1, 2, "an actor", "\"x\""}};
  return {good, bad, broken};
}

std::uint32_t little(octet_view data, std::size_t at) {
  return static_cast<std::uint32_t>(data[at] | data[at + 1] << 8 | data[at + 2] << 16) |
         static_cast<std::uint32_t>(data[at + 3]) << 24;
}

std::uint16_t folded_sum(octet_view data, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < data.size(); ++i) sum += static_cast<std::uint32_t>(data[i]) << (i % 2 == 0 ? 8 : 0);
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace

TEST(report, prints_a_table) {
  EXPECT_EQ(table(three()),
            "scenario              covered   wall      verdict\n"
            "scenarios/a/good.scn  3d        12ms      passed\n"
            "scenarios/a/bad.scn   0ms       0ms       failed\n"
            "broken.scn            0ms       0ms       error\n"
            "1 passed, 1 failed, 1 in error\n");
}

TEST(report, tells_a_failure) {
  EXPECT_EQ(failure_text(three()[1]),
            "scenarios/a/bad.scn:2:7: failed\n"
            "  step      alpha <- <script>\n"
            "  expected  status=ESME_ROK\n"
            "  actual    status=<b>\x01\n"
            "  last of alpha\n"
            "    +1s alpha -> x\n"
            "  again     signalbox replay scenarios/a/bad.scn --seed 1\n");
  EXPECT_EQ(failure_text(three()[2]), "broken.scn:1:2: expected an actor, found \"x\"\n");
}

TEST(report, writes_junit) {
  auto const xml = junit(three());
  EXPECT_THAT(xml, HasSubstr("<testsuites tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\" time=\"0.012000\">"));
  EXPECT_THAT(
      xml,
      HasSubstr(
          "<testcase classname=\"scenarios.a\" name=\"good.scn\" file=\"scenarios/a/good.scn\" time=\"0.012000\"></testcase>"));
  EXPECT_THAT(xml, HasSubstr("<failure message=\"status=&lt;b&gt;\xEF\xBF\xBD\">"));
  EXPECT_THAT(xml, HasSubstr("<error message=\"broken.scn:1:2: expected an actor, found &quot;x&quot;\">"));
  EXPECT_THAT(xml, Not(HasSubstr("<script>")));
}

TEST(report, writes_json) {
  auto const object = nlohmann::json::parse(json(three()));
  EXPECT_EQ(object["passed"], 1);
  EXPECT_EQ(object["scenarios"][0]["covered_s"], 259200.0);
  EXPECT_EQ(object["scenarios"][1]["failure"]["line"], 2);
  EXPECT_EQ(object["scenarios"][1]["failure"]["last"]["alpha"][0], "+1s alpha -> x");
  EXPECT_EQ(object["scenarios"][2]["complaints"][0]["column"], 2);
}

TEST(report, writes_a_page_that_stands_alone) {
  auto const page = html(three());
  EXPECT_THAT(page, HasSubstr("All &lt;well&gt; &amp; &quot;fine&quot;"));
  EXPECT_THAT(page, HasSubstr("<span class=\"bad\">alpha &lt;- &lt;script&gt;</span>"));
  EXPECT_THAT(page, HasSubstr("enquire_link_resp 1</text>"));
  for (auto const* forbidden : {"<script", "http://", "https://", "url(", "@import"})
    EXPECT_THAT(page, Not(HasSubstr(forbidden)));
}

TEST(pcapng, holds_whole_connections_with_right_checksums) {
  auto const runs = three();
  auto const file = pcapng(runs);
  std::vector<std::uint32_t> types;
  std::vector<octets> packets;
  for (std::size_t at = 0; at < file.size();) {
    auto const type = little(file, at), length = little(file, at + 4);
    ASSERT_EQ(length % 4, 0u);
    ASSERT_LE(at + length, file.size());
    ASSERT_EQ(little(file, at + length - 4), length);
    types.push_back(type);
    if (type == 6) {
      auto const captured = little(file, at + 20);
      auto const begin = file.begin() + static_cast<std::ptrdiff_t>(at + 28);
      packets.emplace_back(begin, begin + captured);
      auto const microseconds = static_cast<std::uint64_t>(little(file, at + 12)) << 32 | little(file, at + 16);
      EXPECT_EQ(microseconds, 1'767'225'600'000'000u);
    }
    at += length;
  }
  EXPECT_EQ(types[0], 0x0A0D0D0Au);
  EXPECT_EQ(types[1], 1u);
  EXPECT_EQ(types[2], 4u);
  ASSERT_EQ(packets.size(), 3u + 2u + 3u);  // handshake, two messages, the end

  std::uint8_t const flags[] = {0x02, 0x12, 0x10, 0x18, 0x18, 0x11, 0x11, 0x10};
  for (std::size_t i = 0; i < packets.size(); ++i) {
    SCOPED_TRACE(i);
    octet_view const p = packets[i];
    EXPECT_EQ(p[33], flags[i]);
    EXPECT_EQ(folded_sum(p.first(20)), 0xFFFF);
    auto const pseudo = folded_sum(p.subspan(12, 8), static_cast<std::uint32_t>(6 + p.size() - 20));
    EXPECT_EQ(folded_sum(p.subspan(20), pseudo), 0xFFFF);
    EXPECT_EQ(static_cast<std::size_t>(p[2] << 8 | p[3]), p.size());
  }
  // sequence numbers: SYN takes one, the message its sixteen octets
  auto const sequence = [&](std::size_t i) { return reader(octet_view(packets[i]).subspan(24, 4)).u32(); };
  auto const acknowledged = [&](std::size_t i) { return reader(octet_view(packets[i]).subspan(28, 4)).u32(); };
  EXPECT_EQ(sequence(3), sequence(0) + 1);
  EXPECT_EQ(acknowledged(4), sequence(3) + 16);
  EXPECT_EQ(sequence(5), sequence(3) + 16);
  EXPECT_EQ(octets(packets[3].begin() + 40, packets[3].end()), runs[0].trace[1].data);
}

}  // namespace signalbox::player
