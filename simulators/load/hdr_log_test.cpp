#include "simulators/load/hdr_log.hpp"

#include <gmock/gmock.h>

namespace signalbox::load {
namespace {

using testing::HasSubstr;

TEST(hdr_log, octets_of_a_small_histogram) {
  histogram h;
  h.record(0us, 3);   // +3, zigzag 6
  h.record(2us);      // one zero before it: 0; then +1, zigzag 2
  h.record(5us, 64);  // two zeros: -2, zigzag 3; +64, zigzag 128 = 80 01
  EXPECT_EQ(to_hex(encode_v2(h)),
            "1c849313"
            "00000006"
            "00000000"
            "00000003"
            "0000000000000001"
            "00000000d693a400"
            "3ff0000000000000"
            "06"
            "00"
            "02"
            "03"
            "8001");
}

TEST(hdr_log, base64_has_the_prefix_that_tools_look_for) {
  histogram h;
  h.record(1ms);
  EXPECT_THAT(base64(encode_compressed(h)), testing::StartsWith("HISTFAAA"));
}

TEST(hdr_log, base64_pads) {
  struct {
    char const* plain;
    char const* text;
  } const rows[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}};  // RFC 4648, 10
  for (auto const& r : rows) {
    EXPECT_EQ(base64(view_of(r.plain)), r.text);
    EXPECT_EQ(from_base64(r.text).value(), octets_of(r.plain));
  }
  EXPECT_FALSE(from_base64("Zg="));
  EXPECT_FALSE(from_base64("Z!=="));
}

TEST(hdr_log, refuses_what_it_cannot_read) {
  histogram h;
  h.record(1ms);
  auto const good = encode_v2(h);
  struct {
    char const* name;
    std::size_t at;
    std::uint8_t value;
    errc code;
  } const rows[] = {
      {"cookie", 3, 0, errc::bad_value},
      {"payload length", 7, 99, errc::bad_length},
      {"normalizing offset", 11, 1, errc::not_supported},
      {"digits", 15, 2, errc::not_supported},
      {"range", 24, 1, errc::not_supported},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.name);
    auto bad = good;
    bad[r.at] = r.value;
    auto const decoded = decode_v2(bad);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, r.code);
  }
  auto packed = encode_compressed(h);
  packed[10] ^= 0xFF;
  EXPECT_FALSE(decode_compressed(packed));
}

TEST(hdr_log, file_has_an_interval_a_line) {
  histogram h;
  h.record(1500us);
  std::vector<hdr_interval> const intervals{{"submit_resp", 0s, 1s, h.compact()}, {"deliver", 1s, 500ms, h.compact()}};
  auto const text = hdr_log(wall(1'767'225'600s), intervals);
  EXPECT_THAT(text, HasSubstr("#[Histogram log format version 1.3]\n"));
  EXPECT_THAT(text, HasSubstr("#[StartTime: 1767225600.000 (seconds since epoch), 2026-01-01T00:00:00.000Z]\n"));
  EXPECT_THAT(text, HasSubstr("\nTag=submit_resp,0.000,1.000,1.500,HISTFAAA"));
  EXPECT_THAT(text, HasSubstr("\nTag=deliver,1.000,0.500,1.500,HISTFAAA"));
  auto const line = text.substr(text.find("Tag=deliver"));
  auto const payload = line.substr(line.rfind(',') + 1);
  auto const data = from_base64(payload.substr(0, payload.size() - 1));
  ASSERT_TRUE(data);
  EXPECT_EQ(decode_compressed(*data).value(), h);
}

}  // namespace
}  // namespace signalbox::load
