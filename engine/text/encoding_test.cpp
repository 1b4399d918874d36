// data_coding, the wire styles of SMPP text (T-8..T-10), lengths (T-12) and TP-UD.
#include "engine/text/encoding.hpp"

#include <gtest/gtest.h>

#include "engine/text/user_data.hpp"

namespace signalbox::text {
namespace {

octets hex(std::string_view text) { return from_hex(text).value(); }

TEST(encoding, data_coding) {
  using enum charset;
  using enum data_coding::waiting;
  struct {
    unsigned value;
    data_coding coding;
  } const cases[] = {
      {0x00, {gsm7}},
      {0x03, {gsm7}},
      {0x04, {octets8}},
      {0x08, {ucs2}},
      {0x0C, {unsupported}},
      {0x10, {gsm7, 0}},  // T-13: flash
      {0x15, {octets8, 1}},
      {0x1A, {ucs2, 2}},
      {0x20, {unsupported}},  // compressed
      {0x3B, {unsupported, 3}},
      {0x48, {ucs2, {}, true}},
      {0x52, {gsm7, 2, true}},
      {0x80, {unsupported}},
      {0xBF, {unsupported}},
      {0xC8, {gsm7, {}, false, discard}},
      {0xD0, {gsm7, {}, false, store}},
      {0xE3, {ucs2, {}, false, store}},
      {0xF0, {gsm7, 0}},
      {0xF5, {octets8, 1}},
      {0xFB, {gsm7, 3}},
      {0xFF, {octets8, 3}},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.value);
    EXPECT_EQ(read_data_coding(static_cast<std::uint8_t>(c.value)), c.coding);
  }
  for (auto const set : {gsm7, octets8, ucs2}) EXPECT_EQ(read_data_coding(plain_data_coding(set)), data_coding{set});
}

TEST(encoding, wire_styles) {
  struct {
    char const* name;
    charset set;
    wire_encoding wire;
    char const* body;
    std::string text;
  } const samples[] = {
      {"T-8", charset::gsm7, wire_encoding::gsm7, "4D7367203420 1B3C1B3E", "Msg 4 []"},
      {"T-9 utf8", charset::gsm7, wire_encoding::utf8, "E282AC", "\u20AC"},
      {"T-9 unicode", charset::ucs2, wire_encoding::unicode, "20AC", "\u20AC"},
      {"T-9 gsm7", charset::gsm7, wire_encoding::gsm7, "1B65", "\u20AC"},
      {"T-10 [88]", charset::gsm7, wire_encoding::gsm7, "1B3C38381B3E", "[88]"},
      {"UCS-2 text as UTF-8", charset::ucs2, wire_encoding::utf8, "F09F9880", "\U0001F600"},
      {"UCS-2 text as septets", charset::ucs2, wire_encoding::gsm7, "00", "@"},
      {"GSM text as UTF-16", charset::gsm7, wire_encoding::unicode, "D83DDE00", "\U0001F600"},
      {"8-bit whatever the style", charset::octets8, wire_encoding::unicode, "61E9FF", "a\u00E9\u00FF"},
  };
  for (auto const& s : samples) {
    SCOPED_TRACE(s.name);
    EXPECT_EQ(wire_to_text(hex(s.body), s.set, s.wire), s.text);
    EXPECT_EQ(text_to_wire(s.text, s.set, s.wire), hex(s.body));
  }
  EXPECT_EQ(to_hex(text_to_wire(std::string_view("a\0[b", 4), charset::gsm7, wire_encoding::gsm7)),
            "61201b3c62");  // T-10
}

TEST(encoding, wire_faults) {
  struct {
    char const* name;
    charset set;
    wire_encoding wire;
    char const* body;
    errc code;
    std::size_t offset;
  } const cases[] = {
      {"no septet", charset::gsm7, wire_encoding::gsm7, "6180", errc::bad_value, 1},
      {"half a unit", charset::ucs2, wire_encoding::unicode, "006100", errc::bad_length, 2},
      {"not UTF-8", charset::gsm7, wire_encoding::utf8, "6162E9", errc::bad_syntax, 2},
      {"no alphabet", charset::unsupported, wire_encoding::utf8, "61", errc::not_supported, 0},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const text = wire_to_text(hex(c.body), c.set, c.wire);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, c.code);
    EXPECT_EQ(text.error().offset, c.offset);
  }
}

TEST(encoding, names) {
  EXPECT_EQ(wire_encoding_of("Utf8"), wire_encoding::utf8);
  EXPECT_EQ(wire_encoding_of("UNICODE"), wire_encoding::unicode);
  EXPECT_EQ(wire_encoding_of("gsm7"), wire_encoding::gsm7);
  EXPECT_EQ(wire_encoding_of("latin1"), std::nullopt);
  EXPECT_EQ(name_of(wire_encoding::unicode), "unicode");
  EXPECT_EQ(name_of(charset::octets8), "8bit");
  EXPECT_EQ(name_of(charset::unsupported), "unsupported");
}

TEST(encoding, lengths) {
  EXPECT_EQ(encoded_octets(std::string(160, 'a'), charset::gsm7), 140u);
  EXPECT_EQ(encoded_octets("\u20AC", charset::gsm7), 2u);
  EXPECT_EQ(encoded_octets("\u20AC", charset::octets8), 1u);
  EXPECT_EQ(encoded_octets("\u20AC\U0001F600", charset::ucs2), 6u);
}

TEST(encoding, fits_one_message) {
  std::string const a153(153, 'a'), a154(154, 'a');
  EXPECT_TRUE(fits_one(a153, charset::gsm7, 6));   // T-12: 134 octets
  EXPECT_FALSE(fits_one(a154, charset::gsm7, 6));  // 135
  EXPECT_TRUE(fits_one(std::string(160, 'a'), charset::gsm7, 0));
  EXPECT_FALSE(fits_one(std::string(161, 'a'), charset::gsm7, 0));
  shifts const both{language::turkish, language::turkish};
  EXPECT_TRUE(fits_one(a153, charset::gsm7, 0, both));  // 140 less 6
  EXPECT_FALSE(fits_one(a154, charset::gsm7, 0, both));
  EXPECT_TRUE(fits_one(a153, charset::gsm7, 6, both));  // the header's own octets are all there is
  EXPECT_TRUE(fits_one(std::string(140, 'a'), charset::octets8, 0, both));
  EXPECT_FALSE(fits_one(std::string(71, 'a'), charset::ucs2, 0));
  EXPECT_FALSE(fits_one("", charset::octets8, 141));
}

TEST(encoding, fits_255_parts) {
  std::size_t const most = 132 * 255;
  EXPECT_TRUE(fits_parts(std::string(most, 'a'), charset::octets8));
  EXPECT_FALSE(fits_parts(std::string(most + 1, 'a'), charset::octets8));
  EXPECT_TRUE(fits_parts(std::string(most / 2, 'a'), charset::ucs2));
  EXPECT_FALSE(fits_parts(std::string(most / 2 + 1, 'a'), charset::ucs2));
  std::string const septets((most - 3) * 8 / 7, 'a');
  EXPECT_TRUE(fits_parts(septets, charset::gsm7, {.locking = language::turkish}));
  EXPECT_FALSE(fits_parts(septets + "aa", charset::gsm7, {.locking = language::turkish}));
}

TEST(user_data, opens_what_was_composed) {
  auto const header = hex("06250101240101");
  auto const whole = compose(charset::gsm7, header, hex("400B"));
  auto const opened = open(whole).value();
  EXPECT_EQ(opened.header_octets, 7u);
  EXPECT_EQ(opened.tables, (shifts{language::turkish, language::turkish}));
  EXPECT_EQ(opened.body, hex("400B"));
  EXPECT_EQ(open(compose(charset::ucs2, {}, hex("20AC")))->body, hex("20AC"));
  EXPECT_EQ(open(compose(charset::octets8, hex("00"), hex("61")))->header_octets, 1u);
}

TEST(user_data, faults) {
  struct {
    char const* name;
    user_data from;
    errc code;
    std::size_t offset;
    char const* field;
  } const cases[] = {
      {"no alphabet", {charset::unsupported, false, 0, {}}, errc::not_supported, 0, "TP-DCS"},
      {"header ends behind the data", {charset::gsm7, true, 8, hex("060003")}, errc::bad_length, 0, "UDHL"},
      {"ill-formed header", {charset::ucs2, true, 4, hex("03000461")}, errc::truncated, 3, "IEDL"},
      {"shorter than its header", {charset::gsm7, true, 6, hex("050003290202")}, errc::bad_length, 0, "TP-UDL"},
      {"septets missing", {charset::gsm7, false, 6, hex("E8329BFD06")}, errc::truncated, 5, "TP-UD"},
      {"septets missing behind a header", {charset::gsm7, true, 9, hex("050003290202C2")}, errc::truncated, 7, "TP-UD"},
      {"too many octets for the septets",
       {charset::gsm7, false, 5, hex("E8329BFD0600")},
       errc::trailing_octets,
       5,
       "TP-UD"},
      {"octets missing", {charset::octets8, false, 3, hex("6161")}, errc::truncated, 2, "TP-UD"},
      {"too many octets", {charset::ucs2, true, 3, hex("0000610062")}, errc::trailing_octets, 3, "TP-UD"},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const got = open(c.from);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, c.code);
    EXPECT_EQ(got.error().offset, c.offset);
    EXPECT_EQ(got.error().field, c.field);
  }
}

}  // namespace
}  // namespace signalbox::text
