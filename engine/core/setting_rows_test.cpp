#include "engine/core/setting_rows.hpp"

#include <gtest/gtest.h>

#include "engine/core/settings.hpp"

namespace signalbox::core {
namespace {

TEST(setting_rows, durations) {
  struct {
    char const* text;
    duration value;
  } const good[] = {
      {"0", 0s},
      {"0s", 0s},
      {"300ms", 300ms},
      {"1.5s", 1500ms},
      {"2h", 120min},
      {"3d1h", 73h},
      {"1m30s", 90s},
      {"5min", 300s},
      {"7us", duration(7)},
      {"0.000001s", duration(1)},
      {"36500d", std::chrono::hours(876'000)},
  };
  for (auto const& g : good) {
    SCOPED_TRACE(g.text);
    auto const parsed = parse_duration(g.text);
    ASSERT_TRUE(parsed) << describe(parsed.error());
    EXPECT_EQ(*parsed, g.value);
  }
  struct {
    char const* text;
    errc code;
    std::size_t offset;
  } const bad[] = {
      {"", errc::bad_syntax, 0},    {"5", errc::bad_syntax, 1},     {"s", errc::bad_syntax, 0},
      {"5x", errc::bad_syntax, 1},  {"1.s", errc::bad_syntax, 2},   {"-1s", errc::bad_syntax, 0},
      {"1h2", errc::bad_syntax, 3}, {"36501d", errc::bad_value, 0}, {"99999999999999999999s", errc::bad_value, 0},
  };
  for (auto const& b : bad) {
    SCOPED_TRACE(b.text);
    auto const parsed = parse_duration(b.text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, b.code);
    EXPECT_EQ(parsed.error().offset, b.offset);
  }
}

TEST(setting_rows, numbers_and_their_range) {
  EXPECT_EQ(parse_number<std::int64_t>("-1", -1, 255), -1);
  EXPECT_EQ(parse_number<std::int64_t>("0x10", -1, 255), 16);
  EXPECT_EQ(parse_number<std::uint64_t>("18446744073709551615"), UINT64_MAX);
  struct {
    char const* text;
    errc code;
  } const bad[] = {
      {"", errc::bad_syntax},
      {"-", errc::bad_syntax},
      {"1x", errc::bad_syntax},
      {" 1", errc::bad_syntax},
      {"0x", errc::bad_syntax},
      {"0x-1", errc::bad_syntax},
      {"1.5", errc::bad_syntax},
      {"-2", errc::bad_value},
      {"256", errc::bad_value},
      {"0x100", errc::bad_value},
      {"99999999999999999999", errc::bad_value},
  };
  for (auto const& b : bad) {
    SCOPED_TRACE(b.text);
    auto const parsed = parse_number<std::int64_t>(b.text, -1, 255);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(name_of(parsed.error().code), name_of(b.code));
    EXPECT_EQ(parsed.error().detail, "a whole number from -1 to 255");
  }
  EXPECT_FALSE(parse_number<std::uint64_t>("-1"));
  EXPECT_EQ(parse_number<std::uint64_t>("x", 0, 9, "seconds").error().detail, "0 to 9 seconds");
}

TEST(setting_rows, decimals) {
  for (auto const* text : {"0", "150", "0.5", "1000000000000"}) EXPECT_EQ(decimal_text(*parse_decimal(text)), text);
  for (auto const* text : {"", "-1", "1e3", "nan", "1,5", "1000000000001"}) EXPECT_FALSE(parse_decimal(text)) << text;
}

TEST(setting_rows, flags_and_lists) {
  for (auto const* text : {"yes", "true", "on", "1"}) EXPECT_EQ(parse_flag(text), true) << text;
  for (auto const* text : {"no", "false", "off", "0"}) EXPECT_EQ(parse_flag(text), false) << text;
  EXPECT_EQ(parse_flag("maybe").error().detail, "yes or no");
  EXPECT_EQ(split_list("a,,b"), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_TRUE(split_list("").empty());
}

template <class Owner>
fault refusal(std::span<setting_row<Owner> const> rows, std::string_view name, std::string_view text) {
  Owner owner;
  auto const done = find_row(rows, name)->set(owner, text);
  EXPECT_EQ(owner, Owner{}) << name << '=' << text;
  return done ? fault{} : done.error();
}

TEST(setting_rows, faults_say_what_is_accepted) {
  EXPECT_EQ(refusal(smpp_rows(), "bind_timeout_ms", "0"),
            (fault{errc::bad_value, 0, "bind_timeout_ms", "1 to 86400000 milliseconds"}));
  EXPECT_EQ(refusal(sms_rows(), "max_validity_s", "long"),
            (fault{errc::bad_syntax, 0, "max_validity_s", "1 to 31536000 seconds"}));
  EXPECT_EQ(refusal(esme_rows(), "ton", "256"), (fault{errc::bad_value, 0, "ton", "a whole number from -1 to 255"}));
  EXPECT_EQ(refusal(esme_rows(), "network", "2147483648"),
            (fault{errc::bad_value, 0, "network", "a whole number from -2147483648 to 2147483647"}));
  EXPECT_EQ(refusal(esme_rows(), "password", "123456789"),
            (fault{errc::too_long, 0, "password", "at most 8 characters"}));
  EXPECT_EQ(refusal(sms_rows(), "receipt_tlvs", "perhaps"), (fault{errc::bad_value, 0, "receipt_tlvs", "yes or no"}));
  EXPECT_EQ(refusal(sms_rows(), "smpp_encoding_ucs2", "utf9"),
            (fault{errc::bad_value, 0, "smpp_encoding_ucs2", "one of utf8, unicode, gsm7"}));
  EXPECT_EQ(refusal(esme_rows(), "routing_range", "(").field, "routing_range");
  EXPECT_EQ(refusal(esme_rows(), "bind", "receiver, sender"),
            (fault{errc::bad_value, 0, "bind", "transmitter, receiver or transceiver, not 'sender'"}));
}

template <class Owner>
void check_rows(std::span<setting_row<Owner> const> rows) {
  for (auto const& row : rows) {
    SCOPED_TRACE(row.name);
    Owner owner;
    auto const words = row.get(owner);
    EXPECT_TRUE(row.set(owner, words)) << words;
    EXPECT_EQ(owner, Owner{});
    EXPECT_TRUE(row.help.ends_with('.')) << row.help;
    EXPECT_EQ(find_row(rows, row.name), &row) << "stands twice";
  }
}

TEST(setting_rows, every_row_takes_back_what_it_says) {
  check_rows(smpp_rows());
  check_rows(sms_rows());
  check_rows(esme_rows());
}

}  // namespace
}  // namespace signalbox::core
