// Random texts for the property tests of this folder.
#pragma once

#include <rapidcheck.h>

#include "engine/text/gsm7.hpp"

namespace signalbox::text {

// Every character that GSM 7-bit can send with these tables.
inline std::vector<char32_t> characters_of(shifts tables) {
  std::vector<char32_t> out;
  for (char32_t c = 0; c <= 0xFFFF; ++c)
    if (locking_alphabet(tables.locking).septet_of(c) != alphabet::absent ||
        single_alphabet(tables.single).septet_of(c) != alphabet::absent)
      out.push_back(c);
  return out;
}

inline std::string text_from(std::vector<char32_t> const& characters) {
  std::string out;
  for (auto const c : characters) append_utf8(out, c);
  return out;
}

// Up to some two thousand characters, each drawn by `one`.
inline rc::Gen<std::string> texts(rc::Gen<char32_t> one) {
  return rc::gen::map(rc::gen::scale(20, rc::gen::container<std::vector<char32_t>>(std::move(one))), text_from);
}
inline rc::Gen<std::string> texts_in(shifts tables) { return texts(rc::gen::elementOf(characters_of(tables))); }

// All planes, no surrogates, the low ranges often.
inline rc::Gen<char32_t> any_code_point() {
  return rc::gen::oneOf(rc::gen::inRange<char32_t>(0, 0x80), rc::gen::inRange<char32_t>(0, 0x100),
                        rc::gen::inRange<char32_t>(0x80, 0xD800), rc::gen::inRange<char32_t>(0xE000, 0x10000),
                        rc::gen::inRange<char32_t>(0x10000, 0x110000));
}
inline rc::Gen<std::string> any_text() { return texts(any_code_point()); }

inline rc::Gen<language> any_language() {
  return rc::gen::map(rc::gen::inRange(0u, last_language + 1), [](unsigned id) { return static_cast<language>(id); });
}
inline rc::Gen<shifts> any_shifts() {
  return rc::gen::map(rc::gen::pair(any_language(), any_language()),
                      [](auto const& both) { return shifts{both.first, both.second}; });
}
inline rc::Gen<octets> any_octets() { return rc::gen::arbitrary<octets>(); }
inline rc::Gen<octets> any_septets() {
  return rc::gen::container<octets>(
      rc::gen::map(rc::gen::inRange(0, 128), [](int s) { return static_cast<std::uint8_t>(s); }));
}

}  // namespace signalbox::text
