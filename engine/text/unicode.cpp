// UTF-8 by the table of well-formed sequences (Unicode 15, table 3-7), UTF-16BE and ISO 8859-1.
#include "engine/text/unicode.hpp"

namespace signalbox::text {

namespace {

constexpr bool is_high_surrogate(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

struct sequence {
  char32_t code_point;
  std::size_t length;  // octets, also of the well-formed beginning of an ill-formed sequence
  bool well_formed;
};

sequence read_sequence(std::string_view text, std::size_t at) {
  auto const octet = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(text[i]); };
  auto const first = octet(at);
  if (first < 0x80) return {first, 1, true};
  if (first < 0xC2 || first > 0xF4) return {replacement_character, 1, false};
  std::size_t const length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  // The second octet has narrower bounds after four of the first ones; that excludes overlong forms and surrogates.
  std::uint32_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  std::uint32_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  char32_t value = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (at + i >= text.size() || octet(at + i) < low || octet(at + i) > high) return {replacement_character, i, false};
    value = value << 6 | (octet(at + i) & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return {value, length, true};
}

// Eight octets at a time; stops at or before the first that is not ASCII.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  for (std::uint64_t eight = 0; text.size() - at >= sizeof eight; at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & 0x8080808080808080u) != 0) break;
  }
  return at;
}

}  // namespace

result<void> check_utf8(std::string_view text, std::string_view field) {
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    auto const next = read_sequence(text, at);
    if (!next.well_formed) return failed(errc::bad_syntax, at, field, "not UTF-8");
    at += next.length;
  }
  return {};
}

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_utf8(out, next_code_point(text, at));
  return out;
}

char32_t next_sequence(std::string_view text, std::size_t& at) {
  auto const next = read_sequence(text, at);
  at += next.length;
  return next.code_point;
}

void append_utf8(std::string& out, char32_t code_point) {
  char octets[4];
  out.append(octets, put_utf8(octets, code_point));
}

char* put_utf8(char* at, char32_t c) {
  if (c > 0x10FFFF || is_high_surrogate(c) || is_low_surrogate(c)) c = replacement_character;
  auto const put = [&](char32_t octet) { *at++ = static_cast<char>(octet); };
  auto const tail = [&](unsigned shift) { put(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    put(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
  return at;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) next_code_point(text, at);
  return count;
}

std::size_t count_utf16_units(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) count += next_code_point(text, at) > 0xFFFF ? 2 : 1;
  return count;
}

octets utf16be_of(std::string_view text) {
  octets out;
  out.reserve(text.size() * 2);
  auto const put = [&](char32_t unit) {
    out.push_back(static_cast<std::uint8_t>(unit >> 8));
    out.push_back(static_cast<std::uint8_t>(unit));
  };
  for (std::size_t at = 0; at < text.size();) {
    auto const c = next_code_point(text, at);
    if (c > 0xFFFF) {
      put(0xD800 + ((c - 0x10000) >> 10));
      put(0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
      put(c);
    }
  }
  return out;
}

result<std::string> text_of_utf16be(octet_view data) {
  if (data.size() % 2 != 0) return failed(errc::bad_length, data.size() - 1, "text", "half a UTF-16 unit at the end");
  auto const unit = [&](std::size_t i) -> char32_t { return static_cast<char32_t>(data[i] << 8 | data[i + 1]); };
  std::string out;
  out.reserve(data.size() / 2 * 3);
  for (std::size_t i = 0; i < data.size(); i += 2) {
    auto c = unit(i);
    if (is_high_surrogate(c) && i + 2 < data.size() && is_low_surrogate(unit(i + 2))) {
      c = 0x10000 + ((c - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
      i += 2;
    }
    append_utf8(out, c);
  }
  return out;
}

encoded latin1_of(std::string_view text) {
  encoded out;
  out.data.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto const c = next_code_point(text, at);
    if (c > 0xFF) ++out.replaced;
    out.data.push_back(c > 0xFF ? std::uint8_t{'?'} : static_cast<std::uint8_t>(c));
  }
  return out;
}

std::string text_of_latin1(octet_view data) {
  std::string out;
  out.reserve(data.size());
  for (auto const octet : data) append_utf8(out, octet);
  return out;
}

}  // namespace signalbox::text
