// Which alphabet a message is in (TP-DCS, 3GPP TS 23.038 clause 4; SMPP data_coding read the same way), how text lies
// in the octets of a protocol, and how long text may be.
// An SMPP peer may write text of a GSM 7-bit or UCS-2 message in any of three styles, by configuration; 8-bit text is
// ISO 8859-1. Left out: compressed text and reserved codings (refused), cell broadcast's own coding scheme.
#pragma once

#include "engine/text/gsm7.hpp"

namespace signalbox::text {

enum class charset : std::uint8_t { gsm7, octets8, ucs2, unsupported };
std::string_view name_of(charset set);  // gsm7, 8bit, ucs2, unsupported

struct data_coding {
  enum class waiting : std::uint8_t { none, discard, store };  // message waiting indication groups

  charset set = charset::gsm7;
  std::optional<std::uint8_t> message_class = {};  // 0 flash, 1 handset, 2 SIM, 3 external unit
  bool automatic_deletion = false;
  waiting indication = waiting::none;
  bool operator==(data_coding const&) const = default;
};
data_coding read_data_coding(std::uint8_t value);  // every value has a reading; compressed and reserved: unsupported
std::uint8_t plain_data_coding(charset set);       // 0, 4, 8: the coding without class; not for `unsupported`

// How an SMPP peer's octets spell GSM 7-bit and UCS-2 text.
enum class wire_encoding : std::uint8_t { utf8, unicode, gsm7 };
std::string_view name_of(wire_encoding wire);
std::optional<wire_encoding> wire_encoding_of(std::string_view name);  // any case

// How octets hold text: the common ground of the air interface and of SMPP's three styles.
enum class representation : std::uint8_t { septets, latin1, utf16, utf8 };
representation on_the_air(charset set);  // septets are one an octet here, before packing
representation on_the_wire(charset set, wire_encoding wire);

// Faults: an octet above 7F among septets, an odd octet of UTF-16, ill-formed UTF-8 (each with its offset).
result<std::string> decode_body(octet_view body, representation as, shifts tables = {});
encoded encode_body(std::string_view text, representation as, shifts tables = {});

// SMPP short_message and message_payload, without the user data header. `unsupported` text cannot be read.
result<std::string> wire_to_text(octet_view body, charset set, wire_encoding wire, shifts tables = {});
octets text_to_wire(std::string_view text, charset set, wire_encoding wire, shifts tables = {});

// -- lengths ---------------------------------------------------------------------------------------------------

inline constexpr std::size_t user_data_octets = 140;     // what one short message holds, header included
inline constexpr std::size_t gateway_part_octets = 132;  // what a part is counted with when a text is to be split
inline constexpr std::size_t most_parts = 255;
inline constexpr std::size_t shift_element_octets = 3;

// Octets on the air: ceil(7/8 septets); characters; twice the UTF-16 units. The header is not counted.
std::size_t encoded_octets(std::string_view text, charset set, shifts tables = {});

// May this text travel as one message, which will not be split? With a header of its own (`header` octets, length
// octet included) the room is 140 - header; without one (a segment announced by SAR parameters), 140 less three
// octets for each shift that the gateway will announce.
bool fits_one(std::string_view text, charset set, std::size_t header, shifts tables = {});
// May this text travel at all, split into parts by the gateway: 255 parts of 132 octets, less three per shift.
bool fits_parts(std::string_view text, charset set, shifts tables = {});

}  // namespace signalbox::text
