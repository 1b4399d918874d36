// A PDU from the arguments of a step that sends. Besides the fields by their own names (message_fields.hpp) a send may
// say:
//   dest=+447700900001 source=Acme   an address: `+digits` is ton 1 npi 1, digits alone ton 0 npi 0, other text ton 5
//                                    npi 0, and 2/8/0123 is ton/npi/digits; dest of submit_multi takes several with commas
//                                    between, `list:NAME` is a distribution list
//   text="hello"                     encoded by data_coding, which is chosen when it is not given; text that does not
//                                    fit short_message travels in message_payload, as always in data_sm
//   encoding=gsm7                    how the text's octets spell it: auto (as the centre is set up), gsm7, utf8,
//                                    unicode, latin1
//   udh=0x050003010201               in front of the text, with its bit in esm_class
//   validity=5m schedule=1h          relative times in the 16-character form
// Plain fields come first, so that text= and its kin see them.
#pragma once

#include <expected>
#include <span>

#include "engine/text/encoding.hpp"
#include "scenarios/player/message_fields.hpp"
#include "scenarios/player/names.hpp"

namespace signalbox::player {

struct spelling {  // of GSM 7-bit and UCS-2 text at the system under test
  text::wire_encoding gsm7 = text::wire_encoding::utf8;
  text::wire_encoding ucs2 = text::wire_encoding::unicode;
};
text::wire_encoding wire_of(text::charset set, spelling const& how);

struct wrong_argument {
  std::size_t index = 0;
  std::string expected;  // "a number up to 255"
  std::string found;
};

// `base` is what the arguments are applied to (credentials of a bind, the header).
std::expected<smpp::pdu, wrong_argument> build(smpp::pdu base, std::span<argument const> arguments, names const& known,
                                               spelling const& how);

// The sugar's names that this message can have.
bool is_send_word(smpp::command_id message, std::string_view name);

struct address {
  std::uint8_t ton = 0, npi = 0;
  std::string digits;
  bool plain = false;  // digits alone: neither ton nor npi was written
};
std::optional<address> parse_address(std::string_view text);

}  // namespace signalbox::player
