#include "simulators/behaviour/option_text.hpp"

#include <algorithm>
#include <charconv>

#include "engine/smpp/types.hpp"

namespace signalbox::simulators {

namespace {

struct unit {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr unit units[] = {
    {"us", 1},         {"ms", 1'000},        {"s", 1'000'000},      {"min", 60'000'000},
    {"m", 60'000'000}, {"h", 3'600'000'000}, {"d", 86'400'000'000},
};
constexpr std::int64_t longest = std::int64_t{36'500} * 86'400'000'000;  // a hundred years

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

result<duration> parse_duration(std::string_view text) {
  auto const wrong = [&](std::size_t at) {
    return failed(errc::bad_syntax, at, "duration", "wants e.g. 300ms, 1.5s, 2h or 3d1h");
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
      if (whole > longest) return failed(errc::bad_value, start, "duration", "longer than a hundred years");
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
    auto const* found = std::find_if(std::begin(units), std::end(units), [&](unit const& u) { return u.name == name; });
    if (found == std::end(units)) return wrong(unit_start);
    if (whole > longest / found->microseconds)
      return failed(errc::bad_value, start, "duration", "longer than a hundred years");
    total += whole * found->microseconds + part * found->microseconds / scale;
    if (total > longest) return failed(errc::bad_value, start, "duration", "longer than a hundred years");
  }
  return duration(total);
}

result<std::uint64_t> parse_number(std::string_view text, std::uint64_t limit) {
  auto const hex = text.starts_with("0x") || text.starts_with("0X");
  auto const digits = hex ? text.substr(2) : text;
  std::uint64_t value = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (error == std::errc::result_out_of_range || (error == std::errc{} && value > limit))
    return failed(errc::bad_value, 0, "number", "at most " + std::to_string(limit));
  if (error != std::errc{} || end != digits.data() + digits.size())
    return failed(errc::bad_syntax, 0, "number", "wants digits, or 0x and hex digits");
  return value;
}

result<double> parse_decimal(std::string_view text) {
  double value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0) || value > 1e12)
    return failed(errc::bad_syntax, 0, "number", "wants a number such as 150 or 0.5");
  return value;
}

std::string decimal_text(double value) {
  char digits[64];
  auto const end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  return {digits, end};
}

result<std::uint32_t> parse_status(std::string_view text) {
  if (auto const code = find_code(smpp::statuses, text)) return *code;
  if (auto const number = parse_number(text, UINT32_MAX)) return static_cast<std::uint32_t>(*number);
  return failed(errc::bad_value, 0, "status", "wants a name such as ESME_RTHROTTLED, or a number");
}

result<bool> parse_flag(std::string_view text) {
  for (auto const word : {"yes", "true", "on", "1"})
    if (text == word) return true;
  for (auto const word : {"no", "false", "off", "0"})
    if (text == word) return false;
  return failed(errc::bad_value, 0, "flag", "wants yes or no");
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

bool matches(std::string_view pattern, std::string_view text) {
  // Iterative: on a mismatch the last `*` takes one character more, so the time is bounded by the product of lengths.
  std::size_t p = 0, t = 0, star = pattern.npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (star != pattern.npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace signalbox::simulators
