// Octets to PDUs and back (SMPP 3.4, 3.2). The field tables of messages.hpp do the work; here are the header, the
// choice of the table by command_id, and the rules about bodies that may be absent:
//
// - decode accepts a response whose body is absent when its command_status is not ESME_ROK, whatever the response
//   (3.4 says so for bind_*_resp and submit_sm_resp; peers do it for all).
// - decode accepts deliver_sm_resp and data_sm_resp without a body even with ESME_ROK: an ESME's message_id means
//   nothing there ("unused, set to NULL") and some leave it out. Every other positive response must be whole.
// - encode leaves the body out only where 3.4 (4.1.2, 4.1.4, 4.1.6, 4.4.2) says it is not returned: bind_*_resp and
//   submit_sm_resp with an error status, and then only if there is nothing in it; a TLV that explains the error is
//   sent with its body.
//
// Open question: strictness. Text longer than the specification's limit is a fault, though some peers send longer
// passwords (more than 8 characters) or addresses and other systems let them. We stay strict until a trace asks.
#pragma once

#include "engine/smpp/messages.hpp"

namespace signalbox::smpp {

inline constexpr std::size_t header_octets = 16;
// The longest PDU we read or write: 64 KiB of message_payload, the mandatory fields and room for more TLVs.
inline constexpr std::size_t max_pdu_octets = 70'000;

struct header {  // 3.4, 3.2; raw, as it stood on the wire
  std::uint32_t command_length = 0;
  std::uint32_t command_id = 0;
  std::uint32_t command_status = 0;
  std::uint32_t sequence_number = 0;
  bool operator==(header const&) const = default;
};

// The first 16 octets. Fault: truncated. Says nothing about whether the values make sense.
result<header> decode_header(octet_view in);

// One whole PDU; offsets of faults count from its first octet. Faults:
//   truncated (fewer octets than command_length, or than the fields need), bad_length (command_length < 16 or
//   > max_pdu_octets), trailing_octets, unknown_command (offset 4), unterminated, bad_value (dest_flag).
result<pdu> decode(octet_view whole_pdu);

// Appends the PDU to `out`; on a fault appends nothing. Faults: too_long (text, sm_length, TLV, number of
// destinations, whole PDU), bad_value (NUL inside text).
result<void> encode(pdu const& p, octets& out);

// A random PDU of a random kind that encode accepts and decode gives back unchanged: property tests, fuzz seeds.
pdu any_pdu(entropy& chance);

}  // namespace signalbox::smpp
