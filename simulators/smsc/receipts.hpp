// Delivery receipts in the spellings that message centres of the field use (SMPP 3.4, Appendix B, gives one as an
// example only): the id in other digits than the submit_sm_resp had, dates of 10 or 12 digits, with and without TLVs.
#pragma once

#include <string>

#include "engine/base/time.hpp"
#include "engine/smpp/messages.hpp"

namespace signalbox::simulators {

enum class id_spelling : std::uint8_t { decimal, padded, hex_lower, hex_upper, hex_padded };
inline constexpr code_name id_spellings[] = {
    {0, "decimal", "1001"}, {1, "padded", "0000001001"},   {2, "hex", "3e9"},
    {3, "HEX", "3E9"},      {4, "padded_hex", "000003e9"},
};
std::string spell(std::uint64_t id, id_spelling how);

struct receipt_style {
  id_spelling id = id_spelling::decimal;
  bool with_text = true;          // false: no id:... text at all, the TLVs alone
  bool quotes_message = true;     // the text: part with the first 20 octets of the message
  bool id_tlv = false;            // receipted_message_id
  bool state_tlv = false;         // message_state
  std::uint8_t date_digits = 10;  // yyMMddHHmm, or 12 with seconds
  std::string state_word{};       // in place of the usual one ("DELIVRD", "UNDELIV", ...)
  bool operator==(receipt_style const&) const = default;
};

// What a receipt tells of a message.
struct receipt_facts {
  std::uint64_t id = 0;
  wall submitted{}, done{};
  std::uint8_t state = smpp::message_state::delivered;  // message_state, 3.4, 5.2.28
  std::uint32_t error = 0;                              // err:nnn
};

// The receipt for `original`: addresses swapped, esm_class 0x04.
smpp::deliver_sm make_receipt(smpp::submit_sm const& original, receipt_facts const& facts, receipt_style const& style);

}  // namespace signalbox::simulators
