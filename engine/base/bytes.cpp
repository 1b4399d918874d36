#include "engine/base/bytes.hpp"

namespace signalbox::inline base {

std::string to_hex(octet_view data) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(data.size() * 2);
  for (auto octet : data) {
    text += digits[octet >> 4];
    text += digits[octet & 0x0F];
  }
  return text;
}

result<octets> from_hex(std::string_view text) {
  octets data;
  int high = -1;
  std::size_t place = text.starts_with("0x") || text.starts_with("0X") ? 2 : 0;
  for (; place < text.size(); ++place) {
    auto const c = text[place];
    int digit = 0;
    if (c >= '0' && c <= '9')
      digit = c - '0';
    else if (c >= 'a' && c <= 'f')
      digit = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F')
      digit = c - 'A' + 10;
    else if (c == ' ' || c == '\t' || c == ':' || c == '\r')
      continue;
    else
      return failed(errc::bad_syntax, place, "hex", "not a hexadecimal digit");
    if (high < 0) {
      high = digit;
    } else {
      data.push_back(static_cast<std::uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  if (high >= 0) return failed(errc::truncated, text.size(), "hex", "odd number of digits");
  return data;
}

}  // namespace signalbox::inline base
