#include "engine/smpp/dates.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace signalbox::smpp {

namespace {

constexpr int century = 2000;
constexpr int max_quarters = 48;

int two_digits(std::string_view text, std::size_t place) { return (text[place] - '0') * 10 + (text[place + 1] - '0'); }

}  // namespace

result<time_value> parse_time(std::string_view text) {
  if (text.empty()) return time_value{};
  if (text.size() != 16) return failed(errc::bad_length, 0, "time", "16 characters expected");
  if (auto const place = text.find_first_not_of("0123456789"); place < 15)
    return failed(errc::bad_syntax, place, "time", "digit expected");
  auto const sign = text[15];
  if (sign != '+' && sign != '-' && sign != 'R') return failed(errc::bad_syntax, 15, "time", "+, - or R expected");
  auto const part = [&](std::size_t i) { return two_digits(text, 2 * i); };
  if (sign == 'R') return relative_time{part(0), part(1), part(2), part(3), part(4), part(5)};

  auto const tenths = text[12] - '0';
  auto const quarters = two_digits(text, 13);
  if (quarters > max_quarters) return failed(errc::bad_value, 13, "time", "offset beyond 12 hours");
  auto const local = wall_of({century + part(0), part(1), part(2), part(3), part(4), part(5), tenths * 100'000});
  if (!local)  // YYMMDD is a day, what follows a time of day
    return failed(errc::bad_value, local.error().detail == "no such day" ? 0 : 6, "time", local.error().detail);
  auto const offset = std::chrono::minutes{15 * quarters};
  return sign == '+' ? *local - offset : *local + offset;
}

result<std::optional<wall>> due(std::string_view text, wall now) {
  auto const parsed = parse_time(text);
  if (!parsed) return std::unexpected(parsed.error());
  if (auto const* date = std::get_if<wall>(&*parsed)) return *date;
  if (auto const* span = std::get_if<relative_time>(&*parsed)) return add(now, *span);
  return std::nullopt;
}

wall add(wall start, relative_time const& span) {
  using namespace std::chrono;
  auto const since = start.time_since_epoch();
  auto const day_start = floor<days>(since);
  year_month_day date{sys_days{day_start}};
  date += years{span.years};
  date += months{span.months};
  if (!date.ok()) date = date.year() / date.month() / last;
  return wall{sys_days{date}.time_since_epoch() + (since - day_start) + days{span.days} + hours{span.hours} +
              minutes{span.minutes} + seconds{span.seconds}};
}

std::string format_absolute(wall date) {
  auto const c = civil_of(date);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%02d%02d%02d%02d%02d%02d%d00+", c.year % 100, c.month, c.day, c.hour,
                c.minute, c.second, c.microsecond / 100'000);
  return text.data();
}

std::string format_relative(duration span) {
  using namespace std::chrono;
  auto const total = std::clamp<std::int64_t>(floor<seconds>(span).count(), 0, 99 * 86'400 + 86'399);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "0000%02d%02d%02d%02d000R", static_cast<int>(total / 86'400),
                static_cast<int>(total / 3'600 % 24), static_cast<int>(total / 60 % 60), static_cast<int>(total % 60));
  return text.data();
}

}  // namespace signalbox::smpp
