// The tables cell by cell: spot values of every language, and the laws that hold for all of them.
#include "engine/text/alphabets.hpp"

#include <gtest/gtest.h>

#include "engine/text/text_generators.hpp"

namespace signalbox::text {
namespace {

struct cell {
  language id;
  std::uint8_t septet;
  char16_t character;
};

TEST(alphabets, locking_cells) {
  using enum language;
  constexpr cell cells[] = {
      {none, 0x00, u'@'},         {none, 0x7F, u'\u00E0'},       {none, 0x24, u'\u00A4'},
      {turkish, 0x40, u'\u0130'}, {turkish, 0x04, u'\u20AC'},    {turkish, 0x41, u'A'},
      {spanish, 0x40, u'\u00A1'}, {portuguese, 0x15, u'\u221E'}, {portuguese, 0x7D, u'`'},
      {bengali, 0x1C, u'\u099B'}, {bengali, 0x7F, u'\u09F1'},    {gujarati, 0x7F, u'\u0AF1'},
      {hindi, 0x3C, u'\u0929'},   {hindi, 0x7F, u'\u097F'},      {kannada, 0x24, u'\u0CA1'},
      {kannada, 0x7F, u'\u0CE3'}, {malayalam, 0x7F, u'\u0D79'},  {oriya, 0x60, u'\u0B56'},
      {oriya, 0x7F, u'\u0B63'},   {punjabi, 0x7F, u'\u0A74'},    {tamil, 0x1F, u'\u0B9E'},
      {tamil, 0x7F, u'\u0BF9'},   {telugu, 0x20, u' '},          {telugu, 0x7F, u'\u0C63'},
      {urdu, 0x00, u'\u0627'},    {urdu, 0x60, u'\u0654'},       {urdu, 0x7F, u'\u0670'},
  };
  for (auto const& [id, septet, character] : cells) {
    SCOPED_TRACE(std::string(name_of(id)) + " " + std::to_string(septet));
    EXPECT_EQ(locking_alphabet(id).character(septet), character);
    EXPECT_EQ(locking_alphabet(id).septet_of(character), septet);
  }
}

TEST(alphabets, single_cells) {
  using enum language;
  constexpr cell cells[] = {
      {none, 0x65, u'\u20AC'},      {none, 0x0A, u'\f'},           {turkish, 0x73, u'\u015F'},
      {spanish, 0x61, u'\u00E1'},   {portuguese, 0x7F, u'\u00E2'}, {bengali, 0x34, u'\u09FA'},
      {gujarati, 0x25, u'\u0AEF'},  {hindi, 0x3A, u'\u0971'},      {kannada, 0x2A, u'\u0CF2'},
      {malayalam, 0x34, u'\u0D7F'}, {malayalam, 0x40, u'|'},       {oriya, 0x2C, u'\u0B71'},
      {punjabi, 0x2D, u'\u0A75'},   {tamil, 0x2E, u'\u0BFA'},      {telugu, 0x32, u'\u0C7F'},
      {telugu, 0x65, u'\u20AC'},    {urdu, 0x3F, u'\u06D4'},       {urdu, 0x41, u'A'},
  };
  for (auto const& [id, septet, character] : cells) {
    SCOPED_TRACE(std::string(name_of(id)) + " " + std::to_string(septet));
    EXPECT_EQ(single_alphabet(id).character(septet), character);
    EXPECT_EQ(single_alphabet(id).septet_of(character), septet);
  }
}

TEST(alphabets, of_two_positions_the_lower_one_is_sent) {
  auto const& hindi = single_alphabet(language::hindi);
  EXPECT_EQ(hindi.character(0x0B), u'*');
  EXPECT_EQ(hindi.character(0x18), u'*');
  EXPECT_EQ(hindi.septet_of(U'*'), 0x0B);
  EXPECT_EQ(hindi.septet_of(U'\u00A1'), 0x13);
}

TEST(alphabets, reserved_positions_are_read_and_never_sent) {
  for (unsigned id = 0; id <= last_language; ++id) {
    SCOPED_TRACE(id);
    auto const& single = single_alphabet(static_cast<language>(id));
    EXPECT_EQ(single.character(escape), u' ');
    EXPECT_EQ(single.character(carriage_return), u'\r');
    EXPECT_EQ(single.septet_of(U'\r'), alphabet::absent);
    EXPECT_EQ(single.septet_of(U' '), alphabet::absent);
    EXPECT_EQ(single.septet_of(0), alphabet::absent);
  }
  EXPECT_EQ(locking_alphabet(language::tamil).character(0x0B), u' ');  // an empty cell
  EXPECT_EQ(locking_alphabet(language::none).character(0x80), u' ');   // no septet
  EXPECT_EQ(locking_alphabet(language::none).septet_of(0x10041), alphabet::absent);
}

// Space, line feed, carriage return and the digits keep their places, so plain numbers survive a missing table.
TEST(alphabets, what_every_locking_alphabet_shares) {
  for (unsigned id = 0; id <= last_language; ++id)
    for (char const c : std::string_view("\n\r !,.0123456789:;?abcxyz")) {
      SCOPED_TRACE(std::to_string(id) + " " + c);
      EXPECT_EQ(locking_alphabet(static_cast<language>(id)).septet_of(static_cast<unsigned char>(c)), c);
    }
}

TEST(alphabets, positions_and_characters_agree) {
  for (unsigned id = 0; id <= last_language; ++id)
    for (auto const* table :
         {&locking_alphabet(static_cast<language>(id)), &single_alphabet(static_cast<language>(id))})
      for (char32_t c = 0; c <= 0xFFFF; ++c) {
        auto const septet = table->septet_of(c);
        if (septet == alphabet::absent) continue;
        ASSERT_EQ(table->character(septet), c) << id;
        if (c == U' ') continue;  // what every empty cell reads as
        for (std::uint8_t lower = 0; lower < septet; ++lower) ASSERT_NE(table->character(lower), c) << id;
      }
}

TEST(alphabets, every_character_of_every_table_comes_back) {
  for (unsigned number = 1; number <= last_language; ++number) {
    auto const id = static_cast<language>(number);
    for (auto const tables : {shifts{}, shifts{.locking = id}, shifts{.single = id}, shifts{id, id}})
      for (auto const c : characters_of(tables)) {
        auto const text = text_from({c});
        auto const sent = encode_septets(text, tables);
        ASSERT_EQ(sent.replaced, 0u);
        ASSERT_EQ(decode_septets(sent.data, tables), text) << number;
      }
  }
}

TEST(alphabets, names_and_numbers) {
  EXPECT_EQ(name_of(language::turkish), "turkish");
  EXPECT_EQ(name_of(language::urdu), "urdu");
  EXPECT_EQ(language_of(0), language::none);
  EXPECT_EQ(language_of(13), language::urdu);
  EXPECT_EQ(language_of(14), std::nullopt);
  EXPECT_EQ(language_of(256), std::nullopt);
}

}  // namespace
}  // namespace signalbox::text
