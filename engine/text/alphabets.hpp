// The 7-bit alphabets of short messages: the default alphabet with its extension table and the national language
// tables (3GPP TS 23.038, 6.2.1 and annex A), each a `locking` alphabet (stands in for the default one) or a `single`
// alphabet (the characters behind the escape septet 1B). Positions without a character decode to a space.
// All characters are in the basic plane. The tables' text is in alphabets_latin.cpp and alphabets_south_asia.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace signalbox::text {

// National language identifiers, as the national shift information elements carry them. `none`: default tables.
enum class language : std::uint8_t {
  none,
  turkish,
  spanish,  // has a single shift table only; its locking alphabet is the default one
  portuguese,
  bengali,
  gujarati,
  hindi,
  kannada,
  malayalam,
  oriya,
  punjabi,
  tamil,
  telugu,
  urdu,
};
inline constexpr unsigned last_language = 13;

std::string_view name_of(language id);                      // "turkish"
std::optional<language> language_of(std::uint64_t number);  // 0..13; anything else is reserved

// Which tables a text is coded with.
struct shifts {
  language locking = language::none;
  language single = language::none;

  constexpr std::size_t count() const { return (locking != language::none) + (single != language::none); }
  constexpr bool any() const { return count() > 0; }
  bool operator==(shifts const&) const = default;
};

inline constexpr std::uint8_t escape = 0x1B;           // the next septet is one of the single shift table
inline constexpr std::uint8_t space = 0x20;            // what stands for characters that a table has not got
inline constexpr std::uint8_t carriage_return = 0x0D;  // in every locking alphabet

class alphabet {
 public:
  static constexpr std::uint8_t absent = 0xFF;

  // The character at a position; U+0020 where the table has none, and for numbers that are no septet.
  constexpr char16_t character(std::uint8_t septet) const { return septet < 128 ? characters_[septet] : u' '; }
  // The position to send a character as, or `absent`. Of two positions the lower one.
  constexpr std::uint8_t septet_of(char32_t character) const {
    return character > 0xFFFF ? absent : pages_[page_of_[character >> 8]][character & 0xFF];
  }

 private:
  friend class alphabet_maker;
  constexpr alphabet() = default;

  // Two steps from a character to its septet: the page of its upper octet (page 0 is empty), then the lower octet.
  static constexpr std::size_t most_pages = 5;
  std::array<char16_t, 128> characters_{};
  std::array<std::uint8_t, 256> page_of_{};
  std::array<std::array<std::uint8_t, 256>, most_pages> pages_{};
};

alphabet const& locking_alphabet(language id);
alphabet const& single_alphabet(language id);

}  // namespace signalbox::text
