// GSM 7-bit text (3GPP TS 23.038, 6.1.2 and 6.2.1): characters to septets and back, and septets packed into octets.
// In this interface septets are octets 00..7F, one septet each, as SMPP's "gsm7" style has them on the wire.
// Packing comes in two kinds: counted in septets (SMS: TP-UDL says how many) and counted in octets only (USSD), where
// seven spare bits would read as a ghost '@'. Left out: compressed text (TS 23.042), CBS pages.
#pragma once

#include "engine/text/alphabets.hpp"
#include "engine/text/unicode.hpp"

namespace signalbox::text {

// Locking alphabet first, then the single shift table behind an escape; what neither has becomes a space.
encoded encode_septets(std::string_view text, shifts tables = {});
// A lone escape at the end, and values that are no septet, read as a space.
std::string decode_septets(octet_view septets, shifts tables = {});

std::size_t count_septets(std::string_view text, shifts tables = {});
// The septets of a text that the tables hold completely; nothing if a character would have to be replaced.
std::optional<std::size_t> count_septets_exactly(std::string_view text, shifts tables = {});

// -- counted in septets: SMS (3GPP TS 23.040, 9.2.3.24) --------------------------------------------------------
// `header` is the length in octets of a user data header in front, its length octet included; 0: no header.
// Text starts at the first septet boundary behind the header, so up to six fill bits stand between.

constexpr std::size_t header_septets(std::size_t header) { return (8 * header + 6) / 7; }
constexpr std::size_t fill_bits(std::size_t header) { return 7 * header_septets(header) - 8 * header; }
// Octets that fill bits and septets take behind the header.
constexpr std::size_t packed_octets(std::size_t septets, std::size_t header = 0) {
  return (fill_bits(header) + 7 * septets + 7) / 8;
}

octets pack(octet_view septets, std::size_t header = 0);  // what follows the header
// `packed` is what follows the header; `septets` the text's own count. Fault: fewer octets than that needs.
result<octets> unpack(octet_view packed, std::size_t septets, std::size_t header = 0);

// -- counted in octets only: USSD (3GPP TS 23.038, 6.1.2.3.1) --------------------------------------------------
// Seven spare bits are filled with a CR. A text that ends in CR on an octet boundary gets a second CR, so that the
// reader, who drops a CR that ends on the boundary, still performs one; such a text comes back with both.

octets pack_padded(octet_view septets);
octets unpack_padded(octet_view packed);

}  // namespace signalbox::text
