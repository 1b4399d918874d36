// Octets, time and printing.
#include <gtest/gtest.h>

#include "engine/base/bytes.hpp"
#include "engine/base/entropy.hpp"
#include "engine/base/print.hpp"
#include "engine/base/time.hpp"

namespace signalbox {
namespace {

TEST(reader, keeps_the_first_fault_and_its_place) {
  octets const data{1, 2, 3};
  reader in{data, 16};
  in.at("first");
  EXPECT_EQ(in.u16(), 0x0102);
  in.at("second");
  EXPECT_EQ(in.u32(), 0u);
  in.at("third");
  EXPECT_EQ(in.u8(), 0);
  ASSERT_FALSE(in);
  EXPECT_EQ(in.why(), (fault{errc::truncated, 18, "second", ""}));
  EXPECT_EQ(describe(in.why()), "second: truncated (at offset 18)");
}

TEST(reader, text_ends_in_nul_within_its_limit) {
  struct row {
    char const* hex;
    std::size_t max;
    char const* text;
    std::optional<errc> code;
  };
  for (auto const& r : {row{"616200", 3, "ab", {}}, row{"00", 1, "", {}}, row{"6162", 3, "", errc::truncated},
                        row{"616263", 2, "", errc::unterminated}, row{"", 1, "", errc::truncated}}) {
    auto const data = *from_hex(r.hex);
    reader in{data};
    EXPECT_EQ(in.cstr(r.max), r.text);
    EXPECT_EQ(in ? std::nullopt : std::optional(in.why().code), r.code);
  }
}

TEST(writer, appends_patches_and_undoes) {
  octets out{0xFF};
  writer w{out};
  w.u32(0);
  w.cstr("ab", 3);
  w.patch_u32(0, 7);
  EXPECT_EQ(to_hex(out), "ff00000007616200");
  w.at("name");
  w.cstr("abc", 3);
  ASSERT_FALSE(w);
  EXPECT_EQ(w.why(), (fault{errc::too_long, 7, "name", ""}));
  w.undo();
  EXPECT_EQ(out, octets{0xFF});
}

TEST(hex, takes_blanks_and_says_where_it_is_wrong) {
  EXPECT_EQ(*from_hex("0x00:ff 10"), (octets{0, 255, 16}));
  EXPECT_EQ(from_hex("0g").error(), (fault{errc::bad_syntax, 1, "hex", "not a hexadecimal digit"}));
  EXPECT_EQ(from_hex("0").error().code, errc::truncated);
}

TEST(time, civil_dates_go_both_ways) {
  auto const date = wall_of({2016, 2, 29, 23, 59, 59, 5});
  ASSERT_TRUE(date);
  EXPECT_EQ(civil_of(*date), (civil{2016, 2, 29, 23, 59, 59, 5}));
  EXPECT_EQ(to_text(*date), "2016-02-29T23:59:59.000Z");
  EXPECT_FALSE(wall_of({2015, 2, 29, 0, 0, 0, 0}));
  EXPECT_FALSE(wall_of({2015, 2, 28, 24, 0, 0, 0}));
}

TEST(time, spans_print_in_the_units_people_write) {
  struct row {
    duration span;
    char const* text;
  };
  for (auto const& r : {row{0s, "0s"}, row{1500ms, "1.500s"}, row{250us, "0.00025s"}, row{300s, "300s"},
                        row{600s, "10m"}, row{2h, "2h"}, row{72h, "3d"}, row{73h + 1s, "3d1h1s"}, row{-2s, "-2s"}})
    EXPECT_EQ(to_text(r.span), r.text);
}

TEST(entropy, one_seed_gives_one_sequence) {
  seeded_entropy a{7}, b{7}, c{8};
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(a.next(), c.next());
  EXPECT_EQ(seeded_entropy{0}.next(), 0xE220A8397B1DCDAFu) << "SplitMix64's first value for seed 0";
  for (int i = 0; i < 100; ++i) EXPECT_LT(a.below(3), 3u);
}

TEST(print, json_is_json_whatever_the_octets) {
  EXPECT_EQ(json_quote("a\"b\\\n\x01"), "\"a\\\"b\\\\\\n\\u0001\"");
  EXPECT_EQ(json_quote("\xE2\x82\xAC"), "\"\xE2\x82\xAC\"");
  EXPECT_EQ(json_quote("\xFF"), "\"\\u00ff\"");
  std::string out;
  json_sink json{out};
  json.number("command_status", 88, "ESME_RTHROTTLED");
  json.text("system_id", "");
  json.begin_list("tlvs");
  json.begin("");
  json.data("value", octets{1, 2});
  json.end();
  json.end_list();
  json.close();
  EXPECT_EQ(
      out, R"({"command_status":88,"command_status_name":"ESME_RTHROTTLED","system_id":"","tlvs":[{"value":"0102"}]})");
}

TEST(print, text_leaves_out_what_is_empty_and_quotes_what_is_no_word) {
  std::string out = "submit_sm";
  text_sink text{out};
  text.number("esm_class", 3, "");
  text.text("source_addr", "");
  text.text("destination_addr", "5555");
  text.text("service_type", "a b");
  text.data("udh", octets{5});
  EXPECT_EQ(out, "submit_sm esm_class=3 destination_addr=5555 service_type=\"a b\" udh=0x05");
}

TEST(utf8, strict) {
  EXPECT_TRUE(is_utf8("a\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (auto const* bad : {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"})
    EXPECT_FALSE(is_utf8(bad));
}

}  // namespace
}  // namespace signalbox
