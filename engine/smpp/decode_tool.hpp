// PDUs for people: one line of text for traces and failing tests, one JSON object for tools. Pure: `signalbox decode
// smpp` and the players print what these give.
#pragma once

#include "engine/smpp/codec.hpp"

namespace signalbox::smpp {

// One line of hex digits (blanks, colons and a leading 0x allowed) -> one JSON object, no newline:
//   {"command_id":4,"command_id_name":"submit_sm","command_length":59,"command_status":0,
//    "command_status_name":"ESME_ROK","sequence_number":1, ...fields by the specification's names...,
//    "tlvs":[{"tag":30,"name":"receipted_message_id","length":3,"value":"42"}]}
// or, for what cannot be read, {"fault":{"code":"truncated","offset":17,"field":"system_id","detail":""},
// "header":{...}} (header only if 16 octets are there; offset in octets, or in characters of the line if field is hex).
// A standard TLV whose length the standard does not allow is shown in octets with its own "fault".
std::string decode_line(std::string_view hex_line);

// What `signalbox decode smpp --help` prints.
std::string_view help();

// Walks the fields in wire order, without the header.
void print(sink& out, pdu const& p);

// "submit_sm seq=1 source_addr=alpha ... short_message="hi"": one line, always the same for the same PDU. Left out are
// zeros and empty fields, and the status of a request that has none. Statuses and message states are named by the
// specification's words, other codes stay numbers. short_message and message_payload are quoted text where every octet
// is printable ASCII, and hex otherwise. Passwords are shown as they are: what a trace may keep is the caller's rule.
std::string to_text(pdu const& p);

}  // namespace signalbox::smpp
