#include "engine/base/time.hpp"

#include <array>
#include <cstdio>

namespace signalbox::inline base {

civil civil_of(wall date) {
  using namespace std::chrono;
  auto const since = date.time_since_epoch();
  auto const day = floor<days>(since);
  year_month_day const ymd{sys_days{day}};
  hh_mm_ss const clock{since - day};
  return {static_cast<int>(ymd.year()),
          static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()),
          static_cast<int>(clock.subseconds().count())};
}

result<wall> wall_of(civil const& c) {
  using namespace std::chrono;
  year_month_day const ymd{year{c.year}, month{static_cast<unsigned>(c.month)}, day{static_cast<unsigned>(c.day)}};
  if (!ymd.ok()) return failed(errc::bad_value, 0, "date", "no such day");
  if (c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59 || c.second < 0 || c.second > 59)
    return failed(errc::bad_value, 0, "date", "no such time of day");
  auto const clock = hours{c.hour} + minutes{c.minute} + seconds{c.second} + microseconds{c.microsecond};
  return wall{sys_days{ymd}.time_since_epoch() + clock};
}

std::string to_text(wall date) {
  auto const c = civil_of(date);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, c.hour,
                c.minute, c.second, c.microsecond / 1000);
  return text.data();
}

std::string to_text(duration elapsed) {
  if (elapsed < duration::zero()) return "-" + to_text(-elapsed);
  auto rest = elapsed;
  std::string text;
  auto const part = [&](duration unit, char name) {
    if (rest >= unit) text += std::to_string(rest / unit) + name;
    rest %= unit;
  };
  if (elapsed >= 10min) {  // below, people count seconds
    part(24h, 'd');
    part(1h, 'h');
    part(1min, 'm');
    if (rest == duration::zero()) return text;
  }
  text += std::to_string(rest / 1s);
  if (auto const micro = (rest % 1s).count(); micro != 0) {
    auto digits = std::to_string(1'000'000 + micro).substr(1);
    while (digits.size() > 3 && digits.back() == '0') digits.pop_back();
    text += "." + digits;
  }
  return text + "s";
}

}  // namespace signalbox::inline base
