// UTF-8 well-formed and not, UTF-16BE, ISO 8859-1.
#include "engine/text/unicode.hpp"

#include <gtest/gtest.h>

namespace signalbox::text {
namespace {

TEST(unicode, ill_formed_utf8_is_found_where_it_begins) {
  struct sample {
    char const* name;
    std::string_view text;
    std::size_t offset;
    std::string_view repaired;
  };
  constexpr sample samples[] = {
      {"a lone continuation", "ab\x80", 2, "ab\uFFFD"},
      {"cut short", "a\xE2\x82", 1, "a\uFFFD"},
      {"cut short by another character", "\xE2\x82z", 0, "\uFFFDz"},
      {"overlong slash", "\xC0\xAF", 0, "\uFFFD\uFFFD"},
      {"overlong in three", "\xE0\x9F\xBF", 0, "\uFFFD\uFFFD\uFFFD"},
      {"overlong in four", "\xF0\x8F\xBF\xBF", 0, "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"a surrogate", "xyz\xED\xA0\x80", 3, "xyz\uFFFD\uFFFD\uFFFD"},
      {"above U+10FFFF", "\xF4\x90\x80\x80", 0, "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"no first octet", "\xFF", 0, "\uFFFD"},
      {"ISO 8859-1 text", "caf\xE9", 3, "caf\uFFFD"},
  };
  for (auto const& s : samples) {
    SCOPED_TRACE(s.name);
    auto const checked = check_utf8(s.text, "short_message");
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, errc::bad_syntax);
    EXPECT_EQ(checked.error().offset, s.offset);
    EXPECT_EQ(checked.error().field, "short_message");
    EXPECT_EQ(repair_utf8(s.text), s.repaired);
  }
}

TEST(unicode, well_formed_utf8_is_left_alone) {
  for (std::string_view const text : {"", "abc", "\u0080\u07FF\u0800\uD7FF\uE000\uFFFF", "\U00010000\U0010FFFF"}) {
    EXPECT_TRUE(check_utf8(text));
    EXPECT_EQ(repair_utf8(text), text);
  }
}

TEST(unicode, what_is_no_character_is_written_as_the_replacement) {
  for (char32_t const c : {0xD800u, 0xDFFFu, 0x110000u, 0xFFFFFFFFu}) {
    std::string out;
    append_utf8(out, c);
    EXPECT_EQ(out, "\uFFFD");
  }
}

TEST(unicode, counts) {
  EXPECT_EQ(count_code_points("a\u20AC\U0001F600"), 3u);
  EXPECT_EQ(count_utf16_units("a\u20AC\U0001F600"), 4u);
  EXPECT_EQ(count_utf16_units(""), 0u);
  EXPECT_EQ(count_utf16_units("[[[[["), 5u);  // T-11: lengths of ESME limits are not septets
}

TEST(unicode, utf16) {
  EXPECT_EQ(to_hex(utf16be_of("\u20AC")), "20ac");
  EXPECT_EQ(to_hex(utf16be_of("a\U0001F600")), "0061d83dde00");
  EXPECT_EQ(text_of_utf16be(octets{0xD8, 0x3D, 0xDE, 0x00}), "\U0001F600");
}

TEST(unicode, lone_surrogates_become_the_replacement) {
  struct {
    octets data;
    std::string_view text;
  } const samples[] = {
      {{0xD8, 0x3D}, "\uFFFD"},
      {{0xDE, 0x00, 0x00, 0x61}, "\uFFFDa"},
      {{0xD8, 0x3D, 0x00, 0x61}, "\uFFFDa"},
      {{0xD8, 0x3D, 0xD8, 0x3D, 0xDE, 0x00}, "\uFFFD\U0001F600"},
  };
  for (auto const& s : samples) EXPECT_EQ(text_of_utf16be(s.data), s.text);
}

TEST(unicode, half_a_unit_is_a_fault) {
  auto const text = text_of_utf16be(octets{0x00, 0x61, 0x00});
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, errc::bad_length);
  EXPECT_EQ(text.error().offset, 2u);
}

TEST(unicode, latin1) {
  EXPECT_EQ(text_of_latin1(octets{0x61, 0xE9, 0x00, 0xFF}), std::string("a\u00E9\0\u00FF", 6));
  EXPECT_EQ(latin1_of("a\u00E9\u00FF"), (encoded{{0x61, 0xE9, 0xFF}, 0}));
  EXPECT_EQ(latin1_of("\u20ACx\U0001F600"), (encoded{{'?', 'x', '?'}, 2}));
}

}  // namespace
}  // namespace signalbox::text
