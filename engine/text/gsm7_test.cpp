// GSM 7-bit text: the vectors of the original system's fixed defects (T-17..T-34, those without splitting) and the
// padding rules of 3GPP TS 23.038.
#include "engine/text/gsm7.hpp"

#include <gtest/gtest.h>

#include "engine/text/user_data.hpp"

namespace signalbox::text {
namespace {

octets hex(std::string_view text) { return from_hex(text).value(); }

constexpr shifts turkish_both{language::turkish, language::turkish};
constexpr shifts turkish_single{.single = language::turkish};
constexpr shifts spanish_single{.single = language::spanish};

struct sample {
  char const* name;
  std::string_view text;
  shifts tables;
  char const* header;
  std::size_t length;  // TP-UDL
  char const* septets;
  char const* packed;  // behind the header
};

// T-17..T-24, T-32..T-34. The eight-octet headers of T-23 and T-24 stand for "any eight octets".
constexpr sample samples[] = {
    {"T-17 [88]", "[88]", {}, "", 6, "1B3C38381B3E", "1B1E0EB7F101"},
    {"T-18 hello", "hello", {}, "", 5, "68656C6C6F", "E8329BFD06"},
    {"T-19 Hello!", "Hello!", {}, "", 6, "48656C6C6F21", "C8329BFD0E01"},
    {"T-20 short last part", "Hell", {}, "050003050103", 11, "48656C6C", "9065361B"},
    {"T-21 one character", "a", {}, "0500032A0202", 8, "61", "C2"},
    {"T-22 one escape pair", "[", {}, "0500032A0202", 9, "1B3C", "363C"},
    {"T-23 eight octets in front", "Hell", {}, "0102030405060708", 14, "48656C6C", "00B2CC6603"},
    {"T-24 eight octets in front", "[88]", {}, "0102030405060708", 16, "1B3C38381B3E", "C08687C36D7C"},
    {"T-32 Turkish, both", "\u0130\u011E", turkish_both, "06250101240101", 10, "400B", "C005"},
    {"T-33 Turkish, single", "\u011E", turkish_single, "03240101", 7, "1B47", "D81C01"},
    {"T-34 Spanish, single", "\u00E1", spanish_single, "03240102", 7, "1B61", "D88401"},
    {"nothing", "", {}, "", 0, "", ""},
};

TEST(gsm7, samples) {
  for (auto const& s : samples) {
    SCOPED_TRACE(s.name);
    auto const header = hex(s.header);
    auto const septets = hex(s.septets);
    EXPECT_EQ(encode_septets(s.text, s.tables), (encoded{septets, 0}));
    EXPECT_EQ(decode_septets(septets, s.tables), s.text);
    EXPECT_EQ(count_septets(s.text, s.tables), septets.size());
    EXPECT_EQ(to_hex(pack(septets, header.size())), to_hex(hex(s.packed)));
    EXPECT_EQ(unpack(hex(s.packed), septets.size(), header.size()), septets);

    auto const whole = compose(charset::gsm7, header, septets);
    EXPECT_EQ(whole.length, s.length);
    EXPECT_EQ(to_hex(whole.data), to_hex(header) + to_hex(hex(s.packed)));
  }
}

TEST(gsm7, unpacking_fewer_octets_than_the_septets_need_is_a_fault) {
  auto const packed = hex("E8329BFD06");
  for (std::size_t kept = 0; kept < packed.size(); ++kept) {
    auto const got = unpack(octet_view(packed).first(kept), 5);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, errc::truncated);
    EXPECT_EQ(got.error().offset, kept);
  }
  EXPECT_FALSE(unpack(packed, SIZE_MAX));
  EXPECT_EQ(unpack({}, 0, 6), octets{});  // senders may leave out the fill bits that nothing follows
  EXPECT_FALSE(unpack(packed, 5, 1));     // the same octets behind fill bits hold no five septets
}

TEST(gsm7, unknown_characters_become_spaces_and_are_counted) {
  auto const sent = encode_septets("123[]\u044B4");  // T-31
  EXPECT_EQ(to_hex(sent.data), "3132331b3c1b3e2034");
  EXPECT_EQ(sent.data.size(), 9u);
  EXPECT_EQ(sent.replaced, 1u);
  EXPECT_EQ(count_septets("123[]\u044B4"), 9u);
  EXPECT_EQ(count_septets_exactly("123[]\u044B4"), std::nullopt);
  EXPECT_EQ(count_septets_exactly("123[]4"), 8u);
  EXPECT_EQ(encode_septets("\U0001F600\xFF"), (encoded{{0x20, 0x20}, 2}));
}

TEST(gsm7, nul_is_not_in_the_alphabet) {  // T-10
  EXPECT_EQ(encode_septets(std::string_view("a\0[b", 4)), (encoded{{0x61, 0x20, 0x1B, 0x3C, 0x62}, 1}));
}

TEST(gsm7, odd_septets_read_as_spaces) {
  EXPECT_EQ(decode_septets(octets{0x61, 0x1B}), "a ");               // a lone escape at the end
  EXPECT_EQ(decode_septets(octets{0x1B, 0x1B, 0x61}), " a");         // an escape to a table that does not exist
  EXPECT_EQ(decode_septets(octets{0x1B, 0x41, 0x61}), " a");         // an empty cell of the extension table
  EXPECT_EQ(decode_septets(octets{0x1B, 0x0D}), "\r");               // CR2
  EXPECT_EQ(decode_septets(octets{0x80, 0xFF, 0x1B, 0x80}), "   ");  // no septets
}

TEST(gsm7, lengths) {
  EXPECT_EQ(count_septets(std::string(139, 'a') + "["), 141u);  // T-25
  EXPECT_EQ(packed_octets(141), 124u);
  EXPECT_EQ(count_septets(std::string(158, 'a') + "["), 160u);  // T-26
  EXPECT_EQ(packed_octets(160), 140u);
  EXPECT_EQ(header_septets(6), 7u);
  EXPECT_EQ(fill_bits(6), 1u);
  EXPECT_EQ(header_septets(7), 8u);
  EXPECT_EQ(fill_bits(7), 0u);
}

// Seven septets fill 49 bits of 56: counted in septets they are seven, counted in octets an eighth '@' would appear.
TEST(gsm7, the_count_is_trusted_above_the_octets) {
  auto const packed = pack(octets(7, 0x61));
  EXPECT_EQ(packed.size(), 7u);
  EXPECT_EQ(decode_septets(unpack(packed, 7).value()), "aaaaaaa");
  EXPECT_EQ(decode_septets(unpack(packed, 8).value()), "aaaaaaa@");
}

TEST(gsm7, padding_where_only_octets_are_counted) {
  struct {
    char const* name;
    std::string text, back;
    char const* packed;
  } const cases[] = {
      {"nothing", "", "", ""},
      {"fits no boundary", "hello", "hello", "e8329bfd06"},
      {"seven spare bits take a CR", "aaaaaaa", "aaaaaaa", "e170381c0e871b"},
      {"a boundary without CR", "aaaaaaa@", "aaaaaaa@", "e170381c0e8701"},
      {"seven spare bits after a CR", "aaaaaa\r", "aaaaaa\r", "e170381c0e371a"},
      {"a CR on the boundary is doubled", "aaaaaaa\r", "aaaaaaa\r\r", "e170381c0e871b0d"},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const packed = pack_padded(encode_septets(c.text).data);
    EXPECT_EQ(to_hex(packed), c.packed);
    EXPECT_EQ(decode_septets(unpack_padded(packed)), c.back);
  }
}

}  // namespace
}  // namespace signalbox::text
