// The notation that the alphabet tables are written in, read while compiling; a slip in a table does not compile.
// A whole table is 128 cells of four hexadecimal digits (a Unicode code point), `----` (no character) or `ESC`;
// changes to a table are `septet:code point` pairs. Both as in the tables of 3GPP TS 23.038, annex A.
#pragma once

#include "engine/text/alphabets.hpp"

namespace signalbox::text {

using characters = std::array<char16_t, 128>;  // 0: no character

class notation {
 public:
  consteval explicit notation(std::string_view text) : text_(text) {}

  consteval bool more() {
    while (!text_.empty() && text_.front() == ' ') text_.remove_prefix(1);
    return !text_.empty();
  }
  consteval unsigned hexadecimal(std::size_t digits) {
    unsigned value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 16 + digit(text_.at(i));
    text_.remove_prefix(digits);
    return value;
  }
  consteval bool skip(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

 private:
  static consteval unsigned digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    throw "not a hexadecimal digit";
  }
  std::string_view text_;
};

consteval characters table(std::string_view cells) {
  characters out{};
  std::size_t place = 0;
  for (notation in(cells); in.more(); ++place) {
    if (in.skip("----")) continue;
    if (in.skip("ESC")) {
      if (place != escape) throw "the escape stands at 1B";
      continue;
    }
    out.at(place) = static_cast<char16_t>(in.hexadecimal(4));
  }
  if (place != out.size()) throw "a table has 128 cells";
  return out;
}

consteval characters with(characters base, std::string_view changes) {
  for (notation in(changes); in.more();) {
    auto const place = in.hexadecimal(2);
    if (!in.skip(":")) throw "a change is written septet:code point";
    base.at(place) = static_cast<char16_t>(in.hexadecimal(4));
  }
  return base;
}

class alphabet_maker {
 public:
  static consteval alphabet locking(characters const& from) { return make(from, escape); }
  // Position 0D of a single shift table is the control character CR2: read as a carriage return, never sent.
  static consteval alphabet single(characters const& from) {
    if (from[escape] != 0) throw "position 1B of a single shift table is reserved";
    return make(from, carriage_return);
  }

 private:
  static consteval alphabet make(characters const& from, std::size_t never_sent) {
    alphabet out;
    for (auto& page : out.pages_) page.fill(alphabet::absent);
    std::uint8_t pages = 0;
    for (std::size_t septet = 0; septet < from.size(); ++septet) {
      auto const c = from[septet];
      out.characters_[septet] = c == 0 ? u' ' : c;
      if (c == 0 || septet == never_sent) continue;
      auto& page = out.page_of_[c >> 8];
      if (page == 0) page = ++pages;
      auto& place = out.pages_.at(page)[c & 0xFF];
      if (place == alphabet::absent) place = static_cast<std::uint8_t>(septet);
    }
    return out;
  }
};

}  // namespace signalbox::text
