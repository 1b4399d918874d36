// See dates.hpp.
#include "scenarios/player/dates.hpp"

#include <charconv>

namespace signalbox::player {

namespace {

std::size_t digits_at(std::string_view text, std::size_t at) {
  auto end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - at;
}

}  // namespace

std::optional<wall> parse_date(std::string_view text) {
  civil c;
  auto const number = [&](std::size_t at, std::size_t width, int& into) {
    if (at + width > text.size() || digits_at(text.substr(0, at + width), at) != width) return false;
    std::from_chars(text.data() + at, text.data() + at + width, into);
    return true;
  };
  auto const sign = [&](std::size_t at, char c1) { return at < text.size() && text[at] == c1; };
  if (!(number(0, 4, c.year) && sign(4, '-') && number(5, 2, c.month) && sign(7, '-') && number(8, 2, c.day)))
    return std::nullopt;
  std::size_t at = 10;
  if (at < text.size()) {
    if (!(sign(10, 'T') && number(11, 2, c.hour) && sign(13, ':') && number(14, 2, c.minute) && sign(16, ':') &&
          number(17, 2, c.second)))
      return std::nullopt;
    at = 19;
    if (sign(at, '.')) {
      auto const length = digits_at(text, ++at);
      if (length == 0 || length > 6) return std::nullopt;
      number(at, length, c.microsecond);
      for (auto i = length; i < 6; ++i) c.microsecond *= 10;
      at += length;
    }
    if (!sign(at, 'Z') || at + 1 != text.size()) return std::nullopt;
  }
  auto const date = wall_of(c);
  if (!date.has_value()) return std::nullopt;
  return *date;
}

}  // namespace signalbox::player
