// Text in the engine is UTF-8; this file turns it into code points, UTF-16BE (what SMS calls UCS-2) and ISO 8859-1,
// and back. Reading UTF-8 is strict (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). Functions
// that cannot fail read each ill-formed sequence as U+FFFD; who must refuse such text asks check_utf8 first.
// Left out: normalization, case, and anything that needs the character database.
#pragma once

#include "engine/base/bytes.hpp"

namespace signalbox::text {

inline constexpr char32_t replacement_character = 0xFFFD;

// The fault carries the offset of the first octet of the first ill-formed sequence.
result<void> check_utf8(std::string_view text, std::string_view field = "text");
std::string repair_utf8(std::string_view text);  // each ill-formed sequence becomes U+FFFD

char32_t next_sequence(std::string_view text, std::size_t& at);

// The code point at `at`, which must be inside the text; `at` moves behind it.
inline char32_t next_code_point(std::string_view text, std::size_t& at) {
  auto const first = static_cast<unsigned char>(text[at]);
  if (first >= 0x80) return next_sequence(text, at);
  ++at;
  return first;
}

// A surrogate or a number above U+10FFFF is written as U+FFFD.
void append_utf8(std::string& out, char32_t code_point);
char* put_utf8(char* at, char32_t code_point);  // at most four octets; the place behind them

std::size_t count_code_points(std::string_view text);
std::size_t count_utf16_units(std::string_view text);

octets utf16be_of(std::string_view text);
// Lone surrogates become U+FFFD. Fault: an odd number of octets.
result<std::string> text_of_utf16be(octet_view data);

struct encoded {
  octets data;
  std::size_t replaced = 0;  // characters that the target has not got, sent as its substitute
  bool operator==(encoded const&) const = default;
};
encoded latin1_of(std::string_view text);  // the substitute is '?'
std::string text_of_latin1(octet_view data);

}  // namespace signalbox::text
