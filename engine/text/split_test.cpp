// Counting, choosing an encoding, cutting and joining: the vectors T-25..T-31 and T-35, limits, faults.
#include "engine/text/split.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/text/join.hpp"

namespace signalbox::text {
namespace {

using testing::ElementsAre;

std::string a(std::size_t count) { return std::string(count, 'a'); }
std::string repeated(std::string_view piece, std::size_t count) {
  std::string out;
  while (count-- > 0) out += piece;
  return out;
}
std::vector<std::string> texts_of(split_text const& from) {
  std::vector<std::string> out;
  for (auto const& p : from.parts) out.push_back(p.text);
  return out;
}
std::vector<std::string> slices_of(std::string_view text, coding const& how, std::size_t room) {
  std::vector<std::string> out;
  for (auto const& s : cut(text, how, room)) out.emplace_back(text.substr(s.begin, s.end - s.begin));
  return out;
}

TEST(split, one_message) {
  for (auto const& text : {std::string(), a(139) + "[" /* T-25 */, a(158) + "[" /* T-26 */}) {
    auto const done = split(text).value();
    ASSERT_EQ(done.parts.size(), 1u);
    EXPECT_EQ(done.parts[0].text, text);
    EXPECT_TRUE(done.parts[0].header.empty());
    EXPECT_FALSE(done.parts[0].content.has_header);
    EXPECT_EQ(done.parts[0].content.length, done.units);
  }
  EXPECT_EQ(split(a(139) + "[")->parts[0].content.data.size(), 124u);
  EXPECT_EQ(split(a(158) + "[")->parts[0].content.data.size(), 140u);
}

TEST(split, an_escape_pair_is_never_divided) {
  EXPECT_THAT(texts_of(split(a(159) + "[").value()), ElementsAre(a(152), a(7) + "["));           // T-27
  EXPECT_THAT(texts_of(split(a(151) + "[" + a(10)).value()), ElementsAre(a(151), "[" + a(10)));  // T-28
}

TEST(split, slices) {
  coding const gsm{};
  EXPECT_THAT(slices_of("12[3", gsm, 4), ElementsAre("12[", "3"));  // T-29
  EXPECT_THAT(slices_of("12[3", gsm, 3), ElementsAre("12", "[3"));
  EXPECT_THAT(slices_of("12[3", gsm, 2), ElementsAre("12", "[", "3"));
  EXPECT_THAT(slices_of("12[3]", gsm, 2), ElementsAre("12", "[", "3", "]"));  // T-30
  EXPECT_THAT(slices_of("1\U0001F6002", {charset::ucs2, {}}, 2), ElementsAre("1", "\U0001F600", "2"));
  EXPECT_THAT(slices_of("", gsm, 2), ElementsAre(""));
}

TEST(split, national_shifts_are_announced_in_every_part) {  // T-35
  auto const done = split(a(161), {.tables = {.locking = language::turkish}, .reference_bits = 8}).value();
  ASSERT_EQ(done.parts.size(), 2u);
  EXPECT_EQ(done.parts[0].units, 149u);
  EXPECT_EQ(done.parts[1].units, 12u);
  EXPECT_EQ(to_hex(done.parts[0].header), "080003010201250101");
  EXPECT_EQ(to_hex(done.parts[1].header), "080003010202250101");
  auto const both = split("\u0130\u011E", {.tables = {language::turkish, language::turkish}}).value();  // T-32
  EXPECT_EQ(to_hex(both.parts[0].content.data), "06250101240101c005");
  EXPECT_EQ(both.parts[0].content.length, 10u);
}

TEST(split, surrogate_pairs_are_never_divided) {
  std::string const smile = "\U0001F600";
  auto const done = split("x" + repeated(smile, 40)).value();
  ASSERT_EQ(done.parts.size(), 2u);
  EXPECT_EQ(done.parts[0].units, 65u);  // 66 would cut a pair
  EXPECT_EQ(done.parts[1].text, repeated(smile, 8));
}

TEST(split, rooms) {
  struct {
    char const* name;
    coding how;
    unsigned reference_bits;
    rooms gateway, exact;
  } const cases[] = {
      {"gsm7", {}, 8, {160, 152}, {160, 153}},
      {"gsm7, 16 bits", {}, 16, {160, 152}, {160, 152}},
      {"8-bit", {charset::octets8, {}}, 8, {140, 132}, {140, 134}},
      {"8-bit, 16 bits", {charset::octets8, {}}, 16, {140, 132}, {140, 133}},
      {"ucs2", {charset::ucs2, {}}, 8, {70, 66}, {70, 67}},
      {"ucs2, 16 bits", {charset::ucs2, {}}, 16, {70, 66}, {70, 66}},
      // The gateway's own numbers would be 157/149 and 154/146; where 140 octets hold less, less is taken.
      {"one shift", {charset::gsm7, {.single = language::turkish}}, 8, {155, 149}, {155, 149}},
      {"one shift, 16 bits", {charset::gsm7, {.single = language::turkish}}, 16, {155, 148}, {155, 148}},
      {"two shifts", {charset::gsm7, {language::turkish, language::urdu}}, 8, {152, 146}, {152, 146}},
      {"two shifts, 16 bits", {charset::gsm7, {language::turkish, language::urdu}}, 16, {152, 145}, {152, 145}},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(rooms_for(c.how, {.reference_bits = c.reference_bits, .room = part_room::gateway}), c.gateway);
    EXPECT_EQ(rooms_for(c.how, {.reference_bits = c.reference_bits, .room = part_room::exact}), c.exact);
  }
  EXPECT_EQ(exact_room(charset::gsm7, 140), 0u);
  EXPECT_EQ(exact_room(charset::gsm7, 139), 1u);
}

TEST(split, references) {
  auto const header = [](split_options const& options) { return to_hex(split(a(161), options)->parts[0].header); };
  EXPECT_EQ(header({.reference = 255}), "050003ff0201");
  EXPECT_EQ(header({.reference = 256}), "06080401000201");  // high octet first
  EXPECT_EQ(header({.reference = 7, .reference_bits = 16}), "06080400070201");
  EXPECT_EQ(split("a", {.reference = 256, .reference_bits = 8}).error().field, "reference");
  EXPECT_EQ(split("a", {.reference_bits = 7}).error().field, "reference_bits");
}

TEST(split, at_most_255_parts) {
  EXPECT_EQ(split(a(255 * 152))->parts.size(), 255u);
  auto const too_long = split(a(255 * 152 + 1));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, errc::too_long);
  EXPECT_EQ(too_long.error().offset, 255u * 152);
  EXPECT_EQ(count(a(255 * 152 + 1), {}).parts, 256u);
}

TEST(split, refuses_what_is_not_utf8) {
  auto const done = split("ab\xFF");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, errc::bad_syntax);
  EXPECT_EQ(done.error().offset, 2u);
}

TEST(split, counts) {
  auto const size = count("123[]\u044B4", {.encoding = wanted::gsm7});  // T-31
  EXPECT_EQ(size.units, 9u);
  EXPECT_EQ(size.replaced, 1u);
  EXPECT_EQ(size.parts, 1u);
  EXPECT_EQ(count(a(161), {}).parts, 2u);
  EXPECT_EQ(count(repeated("\u044B", 71), {}).parts, 2u);
  EXPECT_EQ(count("", {}), (measure{.how = {}, .room = {160, 152}, .parts = 1}));
}

TEST(choose, the_best_encoding) {
  struct {
    char const* name;
    std::string text;
    split_options options;
    coding how;
  } const cases[] = {
      {"plain", "hello", {}, {}},
      {"plain even if tables are allowed", "hello [\u20AC]", {.national = true}, {}},
      {"Cyrillic", "\u044B", {.national = true}, {charset::ucs2, {}}},
      {"not allowed", "\u011E hello", {}, {charset::ucs2, {}}},
      {"Turkish in plain text", "\u011E hello", {.national = true}, {charset::gsm7, {.locking = language::turkish}}},
      {"with a character that the locking alphabet lost",
       "\u00E8 hello \u011E",
       {.national = true},
       {charset::gsm7, {.single = language::turkish}}},
      {"short text is better in UCS-2", "\u011E", {.national = true}, {charset::ucs2, {}}},
      {"Turkish throughout",
       repeated("\u011E\u015F", 70),
       {.national = true},
       {charset::gsm7, {.locking = language::turkish}}},
      {"Hindi with digits of its own",
       repeated("\u0915\u0916", 40) + "\u0967",
       {.national = true},
       {charset::gsm7, {language::hindi, language::hindi}}},
      {"two languages are not mixed",
       repeated("\u0915", 80) + repeated("\u0B95", 80),
       {.national = true},
       {charset::ucs2, {}}},
      {"the lower language of equals",
       "a long text with \u00E1",
       {.national = true},
       {charset::gsm7, {.single = language::spanish}}},
      {"tables given are used",
       "hello",
       {.tables = {.single = language::turkish}},
       {charset::gsm7, {.single = language::turkish}}},
      {"tables given do not hold it",
       "\u0915",
       {.tables = {.single = language::turkish}, .national = true},
       {charset::ucs2, {}}},
      {"as ordered: gsm7", "\u0915", {.encoding = wanted::gsm7}, {}},
      {"as ordered: ucs2",
       "a",
       {.encoding = wanted::ucs2, .tables = {.single = language::turkish}},
       {charset::ucs2, {}}},
      {"as ordered: 8-bit", "a", {.encoding = wanted::octets8}, {charset::octets8, {}}},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(choose(c.text, c.options), c.how);
  }
}

// -- joining ---------------------------------------------------------------------------------------------------

piece part_of(std::uint8_t part, std::uint8_t parts, std::string_view body, std::uint16_t reference = 9) {
  return {representation::latin1, {}, concatenation{reference, parts, part, false}, octets_of(body)};
}

TEST(join, any_order) {
  EXPECT_EQ(join(std::vector{part_of(3, 3, "c"), part_of(1, 3, "a"), part_of(2, 3, "b")}), "abc");
  EXPECT_EQ(join(std::vector{part_of(1, 1, "alone")}), "alone");
  EXPECT_EQ(join(std::vector{piece{representation::septets, {}, {}, {0x1B, 0x65}}}), "\u20AC");
}

TEST(join, faults) {
  auto const wide = piece{representation::latin1, {}, concatenation{9, 2, 2, true}, {}};
  auto const utf16 = piece{representation::utf16, {}, concatenation{9, 2, 2, false}, {}};
  auto const alone = piece{representation::latin1, {}, {}, {}};
  struct {
    char const* name;
    std::vector<piece> pieces;
    errc code;
    std::size_t offset;
    char const* field;
  } const cases[] = {
      {"nothing", {}, errc::missing, 0, "parts"},
      {"one missing", {part_of(1, 3, "a"), part_of(3, 3, "c")}, errc::missing, 2, "part"},
      {"one twice", {part_of(1, 2, "a"), part_of(2, 2, "b"), part_of(1, 2, "a")}, errc::duplicate, 2, "part"},
      {"another reference", {part_of(1, 2, "a"), part_of(2, 2, "b", 8)}, errc::bad_value, 1, "reference"},
      {"another width of reference", {part_of(1, 2, "a"), wide}, errc::bad_value, 1, "reference"},
      {"another total", {part_of(1, 2, "a"), part_of(2, 3, "b")}, errc::bad_value, 1, "parts"},
      {"another alphabet", {part_of(1, 2, "a"), utf16}, errc::bad_value, 1, "data_coding"},
      {"a part number above the total", {part_of(1, 2, "a"), part_of(3, 2, "b")}, errc::bad_value, 1, "part"},
      {"part 0", {part_of(0, 2, "a")}, errc::bad_value, 0, "part"},
      {"one without a place", {part_of(1, 2, "a"), alone}, errc::missing, 1, "concatenation"},
      {"the first without a place", {alone, part_of(1, 2, "a")}, errc::missing, 0, "concatenation"},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const text = join(c.pieces);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, c.code);
    EXPECT_EQ(text.error().offset, c.offset);
    EXPECT_EQ(text.error().field, c.field);
  }
}

TEST(join, mends_what_a_careless_sender_cut_apart) {
  auto const halves = [](representation as, octets first, octets second) {
    return std::vector{piece{as, {}, concatenation{1, 2, 1, false}, std::move(first)},
                       piece{as, {}, concatenation{1, 2, 2, false}, std::move(second)}};
  };
  EXPECT_EQ(join(halves(representation::utf16, {0xD8, 0x3D}, {0xDE, 0x00})), "\U0001F600");
  EXPECT_EQ(join(halves(representation::septets, {0x61, 0x1B}, {0x65})), "a\u20AC");
  EXPECT_EQ(join(halves(representation::utf8, {0xE2, 0x82}, {0xAC})), "\u20AC");
}

TEST(join, each_part_by_its_own_tables) {
  auto first = part_of(1, 2, "\x40");
  auto second = part_of(2, 2, "\x40\x80");
  first.as = second.as = representation::septets;
  first.tables = {.locking = language::turkish};
  EXPECT_EQ(join(std::vector{second, first}).error().offset, 2u);  // counted through both
  second.body.pop_back();
  EXPECT_EQ(join(std::vector{second, first}), "\u0130\u00A1");
}

TEST(join, reads_parts_as_they_came_off_the_air) {
  auto const done = split(a(151) + "[" + a(10)).value();
  std::vector<piece> pieces;
  for (auto const& p : done.parts) pieces.push_back(piece_of(p.content).value());
  EXPECT_EQ(join(pieces), a(151) + "[" + a(10));
  auto broken = done.parts[0].content;
  broken.data.pop_back();
  EXPECT_EQ(piece_of(broken).error().code, errc::truncated);
}

}  // namespace
}  // namespace signalbox::text
