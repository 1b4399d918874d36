// The user data header: samples both ways, each fault with its place, and what is read out of the elements.
#include "engine/text/udh.hpp"

#include <gtest/gtest.h>

namespace signalbox::text {
namespace {

octets hex(std::string_view text) { return from_hex(text).value(); }

TEST(udh, samples) {
  struct {
    char const* name;
    char const* wire;
    user_data_header value;
  } const samples[] = {
      {"empty", "00", {}},
      {"concatenation", "050003290202", {{{0x00, {0x29, 2, 2}}}}},
      {"concatenation and both shifts",
       "0c08041234020125010124010d",
       {{{0x08, {0x12, 0x34, 2, 1}}, {0x25, {1}}, {0x24, {13}}}}},
      {"ports", "060504158100 00", {{{0x05, {0x15, 0x81, 0, 0}}}}},
      {"unknown elements, one empty, one twice",
       "09 7f00 7002abcd 7f01ee",
       {{{0x7F, {}}, {0x70, {0xAB, 0xCD}}, {0x7F, {0xEE}}}}},
  };
  for (auto const& s : samples) {
    SCOPED_TRACE(s.name);
    EXPECT_EQ(decode_udh(hex(s.wire)), s.value);
    EXPECT_EQ(encode_udh(s.value), hex(s.wire));
    auto behind = hex(s.wire);
    auto const length = behind.size();
    behind.push_back(0x41);
    EXPECT_EQ(header_length(behind), length);
  }
}

TEST(udh, faults) {
  struct {
    char const* name;
    char const* wire;
    errc code;
    std::size_t offset;
    char const* field;
  } const cases[] = {
      {"no octet at all", "", errc::truncated, 0, "UDHL"},
      {"ends behind the data", "0500032902", errc::bad_length, 0, "UDHL"},
      {"no data at all", "ff", errc::bad_length, 0, "UDHL"},
      {"an element of one octet", "0100", errc::truncated, 2, "IEDL"},
      {"an element over the end", "0400032902", errc::truncated, 3, "IEDL"},
      {"a second element over the end", "0800032902 02 250201", errc::truncated, 8, "IEDL"},
      {"octets left over", "050003290202aa", errc::trailing_octets, 6, "UDHL"},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const got = decode_udh(hex(c.wire));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, c.code);
    EXPECT_EQ(got.error().offset, c.offset);
    EXPECT_EQ(got.error().field, c.field);
  }
}

TEST(udh, more_than_a_length_octet_can_say) {
  EXPECT_EQ(encode_udh({{{0x70, octets(256)}}}).error().field, "IEDL");
  EXPECT_EQ(encode_udh({{{0x70, octets(254)}}}).error().field, "UDHL");
  EXPECT_EQ(encode_udh({{{0x70, octets(253)}}})->size(), 256u);
}

TEST(udh, finds_concatenation) {
  struct {
    char const* name;
    char const* wire;
    std::optional<concatenation> place;
  } const cases[] = {
      {"none", "03240101", {}},
      {"8-bit", "050003290201", concatenation{0x29, 2, 1, false}},
      {"16-bit, high octet first", "0608041234ff02", concatenation{0x1234, 255, 2, true}},
      {"the last of several", "0b 0003290201 0804 00070301", concatenation{7, 3, 1, true}},
      {"of no parts", "050003290000", {}},
      {"part 0", "050003290200", {}},
      {"part above the total", "050003290203", {}},
      {"wrong length", "0400022902", {}},
      {"wrong length for 16 bits", "050803290201", {}},
      {"a bad one after a good one", "0a 0003290201 0003290209", concatenation{0x29, 2, 1, false}},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(find_concatenation(decode_udh(hex(c.wire)).value()), c.place);
  }
}

TEST(udh, finds_ports_and_shifts) {
  EXPECT_EQ(find_ports(decode_udh(hex("06050415810B84")).value()), (ports{0x1581, 0x0B84, true}));
  EXPECT_EQ(find_ports(decode_udh(hex("040402F0F1")).value()), (ports{0xF0, 0xF1, false}));
  EXPECT_EQ(find_ports(decode_udh(hex("0405021581")).value()), std::nullopt);
  EXPECT_EQ(find_shifts(decode_udh(hex("06250101240103")).value()), (shifts{language::turkish, language::portuguese}));
  EXPECT_EQ(find_shifts(decode_udh(hex("0325010e")).value()), shifts{});    // a reserved language
  EXPECT_EQ(find_shifts(decode_udh(hex("0424020101")).value()), shifts{});  // a wrong length
}

TEST(udh, elements_are_found_again) {
  for (bool const wide : {false, true}) {
    concatenation const place{static_cast<std::uint16_t>(wide ? 0xABCD : 0xAB), 9, 8, wide};
    EXPECT_EQ(find_concatenation({{element_of(place)}}), place);
    ports const numbers{static_cast<std::uint16_t>(wide ? 2948 : 240), static_cast<std::uint16_t>(wide ? 9200 : 241),
                        wide};
    EXPECT_EQ(find_ports({{element_of(numbers)}}), numbers);
  }
  shifts const tables{language::hindi, language::urdu};
  EXPECT_EQ(find_shifts({elements_of(tables)}), tables);
  EXPECT_EQ(to_hex(encode_udh({elements_of(tables)}).value()), "0625010624010d");
  EXPECT_TRUE(elements_of({}).empty());
}

}  // namespace
}  // namespace signalbox::text
