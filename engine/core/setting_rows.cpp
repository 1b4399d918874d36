#include "engine/core/setting_rows.hpp"

#include <algorithm>
#include <charconv>

namespace signalbox::core {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct unit_row {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr unit_row units[] = {
    {"us", 1},         {"ms", 1'000},        {"s", 1'000'000},      {"min", 60'000'000},
    {"m", 60'000'000}, {"h", 3'600'000'000}, {"d", 86'400'000'000},
};
constexpr std::int64_t longest = std::int64_t{36'500} * 86'400'000'000;  // a hundred years

}  // namespace

template <class Integer>
result<Integer> parse_number(std::string_view text, Integer low, Integer high, std::string_view unit) {
  auto const refused = [&](errc code) {
    auto const range = std::to_string(low) + " to " + std::to_string(high);
    return failed(code, 0, "number", unit.empty() ? "a whole number from " + range : range + ' ' + std::string(unit));
  };
  auto const hex = text.starts_with("0x") || text.starts_with("0X");
  auto const digits = hex ? text.substr(2) : text;
  Integer value = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (error == std::errc::invalid_argument || end != digits.data() + digits.size() || (hex && digits[0] == '-'))
    return refused(errc::bad_syntax);
  if (error != std::errc{} || value < low || value > high) return refused(errc::bad_value);
  return value;
}
template result<std::int64_t> parse_number(std::string_view, std::int64_t, std::int64_t, std::string_view);
template result<std::uint64_t> parse_number(std::string_view, std::uint64_t, std::uint64_t, std::string_view);

result<double> parse_decimal(std::string_view text) {
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0) || value > 1e12)
    return failed(errc::bad_syntax, 0, "number", "a number from 0 to 1000000000000, such as 150 or 0.5");
  return value;
}

std::string decimal_text(double value) {
  char digits[400];  // the smallest double has 326 characters without an exponent, which parse_decimal does not take
  auto const end = std::to_chars(std::begin(digits), std::end(digits), value, std::chars_format::fixed).ptr;
  return {digits, end};
}

result<duration> parse_duration(std::string_view text) {
  auto const wrong = [&](std::size_t at) {
    return failed(errc::bad_syntax, at, "duration", "a duration such as 300ms, 1.5s, 2h or 3d1h");
  };
  auto const too_long = [](std::size_t at) {
    return failed(errc::bad_value, at, "duration", "a duration of at most a hundred years");
  };
  if (text == "0") return 0s;
  if (text.empty()) return wrong(0);
  std::int64_t total = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    auto const start = at;
    std::int64_t whole = 0, part = 0, scale = 1;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      whole = whole * 10 + (text[at] - '0');
      if (whole > longest) return too_long(start);
    }
    if (at == start) return wrong(at);
    if (at < text.size() && text[at] == '.') {
      auto const point = at++;
      for (; at < text.size() && is_digit(text[at]); ++at)
        if (scale < 1'000'000) part = part * 10 + (text[at] - '0'), scale *= 10;
      if (at == point + 1) return wrong(at);
    }
    auto const unit_start = at;
    while (at < text.size() && !is_digit(text[at])) ++at;
    auto const name = text.substr(unit_start, at - unit_start);
    auto const* unit = std::find_if(std::begin(units), std::end(units), [&](auto const& u) { return u.name == name; });
    if (unit == std::end(units)) return wrong(unit_start);
    if (whole > longest / unit->microseconds) return too_long(start);
    total += whole * unit->microseconds + part * unit->microseconds / scale;
    if (total > longest) return too_long(start);
  }
  return duration(total);
}

result<bool> parse_flag(std::string_view text) {
  for (auto const word : {"yes", "true", "on", "1"})
    if (text == word) return true;
  for (auto const word : {"no", "false", "off", "0"})
    if (text == word) return false;
  return failed(errc::bad_value, 0, "flag", "yes or no");
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  if (text.empty()) return parts;
  for (std::size_t start = 0;;) {
    auto const comma = text.find(',', start);
    parts.push_back(text.substr(start, comma == text.npos ? comma : comma - start));
    if (comma == text.npos) return parts;
    start = comma + 1;
  }
}

}  // namespace signalbox::core
