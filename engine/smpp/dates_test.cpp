#include "engine/smpp/dates.hpp"

#include <gtest/gtest.h>

namespace signalbox::smpp {
namespace {

wall at(int year, int month, int day, int hour = 0, int minute = 0, int second = 0, int microsecond = 0) {
  return *wall_of({year, month, day, hour, minute, second, microsecond});
}

TEST(smpp_dates, due) {
  auto const noon = at(2016, 2, 5, 12);
  struct {
    char const* name;
    char const* text;
    wall now;
    std::optional<wall> expected;
  } const cases[] = {
      {"empty", "", noon, {}},
      {"T-16 relative, five minutes", "000000000500000R", noon, at(2016, 2, 5, 12, 5)},
      {"T-16 absolute, noon at UTC+1", "160205120000004+", noon, at(2016, 2, 5, 11)},
      {"absolute, UTC", "160205120000000+", noon, noon},
      {"absolute, tenths", "160205120000900+", noon, at(2016, 2, 5, 12, 0, 0, 900'000)},
      {"absolute, UTC-5", "160205120000020-", noon, at(2016, 2, 5, 17)},
      {"absolute, UTC+12", "160205060000048+", noon, at(2016, 2, 4, 18)},
      {"absolute, leap day", "160229000000000+", noon, at(2016, 2, 29)},
      {"absolute, the century's end", "991231235959000+", noon, at(2099, 12, 31, 23, 59, 59)},
      {"relative, nothing", "000000000000000R", noon, noon},
      {"relative, all parts", "010203040506000R", noon, at(2017, 4, 8, 16, 5, 6)},
      {"relative, 99 of everything", "990000000000000R", noon, at(2115, 2, 5, 12)},
      {"relative, month end", "000100000000000R", at(2016, 1, 31, 12), at(2016, 2, 29, 12)},
      {"relative, month end and a day", "000101000000000R", at(2015, 1, 31), at(2015, 3, 1)},
      {"relative, leap day and a year", "010000000000000R", at(2016, 2, 29), at(2017, 2, 28)},
      {"relative, 14 months", "001400000000000R", noon, at(2017, 4, 5, 12)},
      {"relative, over midnight", "000000120001000R", at(2016, 12, 31, 12), at(2017, 1, 1, 0, 0, 1)},
      {"relative, t and nn are not looked at", "000000000500948R", noon, at(2016, 2, 5, 12, 5)},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const read = due(c.text, c.now);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->has_value(), c.expected.has_value());
    if (!*read || !c.expected) continue;
    EXPECT_EQ(to_text(**read), to_text(*c.expected));
  }
}

TEST(smpp_dates, faults) {
  struct {
    char const* name;
    char const* text;
    errc code;
    std::size_t offset;
  } const cases[] = {
      {"15 characters", "16020512000000+", errc::bad_length, 0},
      {"17 characters", "1602051200000000+", errc::bad_length, 0},
      {"a letter", "16020512000O000+", errc::bad_syntax, 11},
      {"no sign", "1602051200000000", errc::bad_syntax, 15},
      {"a small r", "000000000500000r", errc::bad_syntax, 15},
      {"month 13", "161305120000000+", errc::bad_value, 0},
      {"month 0", "160005120000000+", errc::bad_value, 0},
      {"30 February", "160230120000000+", errc::bad_value, 0},
      {"29 February of no leap year", "150229120000000+", errc::bad_value, 0},
      {"hour 24", "160205240000000+", errc::bad_value, 6},
      {"second 60", "160205120060000+", errc::bad_value, 6},
      {"49 quarters", "160205120000049+", errc::bad_value, 13},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const read = due(c.text, at(2016, 1, 1));
    ASSERT_FALSE(read);
    EXPECT_EQ(name_of(read.error().code), name_of(c.code));
    EXPECT_EQ(read.error().offset, c.offset);
    EXPECT_EQ(read.error().field, "time");
  }
}

TEST(smpp_dates, formats) {
  EXPECT_EQ(format_absolute(at(2016, 2, 5, 12, 34, 56, 789'000)), "160205123456700+");
  EXPECT_EQ(format_relative(5min), "000000000500000R");
  EXPECT_EQ(format_relative(3 * 24h + 4h + 5min + 6s + 999ms), "000003040506000R");
  EXPECT_EQ(format_relative(-1s), "000000000000000R");
  EXPECT_EQ(format_relative(200 * 24h), "000099235959000R");
}

}  // namespace
}  // namespace signalbox::smpp
