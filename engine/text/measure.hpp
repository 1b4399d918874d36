// How long a text is and where it is cut: the alphabet chosen for it, the units it takes there (septets, octets or
// UTF-16 units), the room in one message and in one part, and the places of the cuts.
//
// Room in units (3GPP TS 23.040, 9.2.3.24.1; a message holds 140 octets, header included):
//
//              one message   part, `gateway`   part, `exact`: 8-bit / 16-bit reference
//   gsm7       160           152               153 / 152
//   8-bit      140           132               134 / 133
//   ucs2       70            66                67 / 66
//
// `gateway` is the original SMS centre's arithmetic: parts leave room for the larger concatenation header whichever
// is used, and each announced national shift takes three septets. That shift arithmetic promises up to two septets
// more than 140 octets hold (one shift, one message: 157, where 155 fit), so the smaller of the two numbers is taken.
#pragma once

#include "engine/text/user_data.hpp"

namespace signalbox::text {

enum class wanted : std::uint8_t { best, gsm7, ucs2, octets8 };
enum class part_room : std::uint8_t { gateway, exact };

struct split_options {
  wanted encoding = wanted::best;
  shifts tables = {};     // used and announced whenever the text goes as GSM 7-bit
  bool national = false;  // `best` may try the national tables; counts only where `tables` is empty
  std::uint16_t reference = 1;
  unsigned reference_bits = 0;  // 8, 16, or 0: 8 where the reference fits into them
  part_room room = part_room::gateway;

  bool wide_reference() const { return reference_bits == 0 ? reference > 0xFF : reference_bits == 16; }
};

struct coding {
  charset set = charset::gsm7;
  shifts tables;  // empty unless gsm7
  bool operator==(coding const&) const = default;
};

// What `best` means, in this order:
//   1. GSM 7-bit with `tables` (by default none) if that holds every character.
//   2. With `national` and no tables given: of the single shift, the locking shift, and both shifts of each one
//      language, those that hold every character; the one with the fewest parts, then the fewest octets in all parts
//      together, headers counted. Ties go to the fewer shifts, then single before locking, then the lower language
//      identifier. Tables of two languages are not mixed. It must be better than UCS-2 in parts, or equal in parts
//      and better in octets; on equality UCS-2 is taken, which every handset can show.
//   3. UCS-2. 8-bit is never chosen: it is for data.
coding choose(std::string_view text, split_options const& options);

struct rooms {
  std::size_t single = 0;
  std::size_t part = 0;
  bool operator==(rooms const&) const = default;
};
rooms rooms_for(coding const& how, split_options const& options);
std::size_t exact_room(charset set, std::size_t header);  // units beside a header of so many octets

struct slice {  // octets [begin, end) of the text, and the units they take
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t units = 0;
  bool operator==(slice const&) const = default;
};
// Greedy, at most `room` (2 or more) units each. Never within a character, so neither an escape pair nor a surrogate
// pair is divided. An empty text is one empty slice.
std::vector<slice> cut(std::string_view text, coding const& how, std::size_t room);
std::vector<slice> cut(std::string_view text, coding const& how,
                       rooms const& room);  // one slice if it fits one message

struct measure {
  coding how;
  rooms room = {};
  std::size_t units = 0;
  std::size_t parts = 0;     // may exceed 255, which split() refuses
  std::size_t replaced = 0;  // characters that the alphabet has not got
  bool operator==(measure const&) const = default;
};
measure count(std::string_view text, split_options const& options);

}  // namespace signalbox::text
