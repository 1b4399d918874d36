// Delivery receipts: who gets one, the message that carries it, and its fixed text form (SMPP 3.4, appendix B; SMSC
// guide, receipts):
//
//   id:1001 sub:001 dlvrd:001 submit date:1602051200 done date:1602051200 stat:DELIVRD err:000 text:Hello!
//
// Deviations from 6.2.2: dlvrd:000 on failure, and no stray "null" behind the text (both as later versions).
#pragma once

#include <optional>
#include <string>

#include "engine/base/result.hpp"
#include "engine/sms/message.hpp"
#include "engine/sms/settings.hpp"

namespace signalbox::sms {

// registered_delivery bits 1-0 (SMPP 3.4, 5.2.17): 1 success and failure, 2 failure only, 3 success only.
bool wants_receipt(std::uint8_t registered_delivery, message_state state);

// The receipt as a message, without an id: addresses swapped, mode of the original, valid for 24 hours.
message receipt_for(message const& m, message_state state, error_code code, wall now, centre_settings const& settings);

struct receipt_text {
  std::string id;
  std::uint32_t submitted = 1, delivered = 0;  // sub, dlvrd
  std::optional<wall> submit_date, done_date;
  std::string state;  // DELIVRD, UNDELIV, EXPIRED, ... as it stands
  std::string error;  // three digits mostly; some peers write letters
  std::string text;   // first 20 characters
  bool operator==(receipt_text const&) const = default;
};
std::string format(receipt_text const& r);
// Reads what peers send: labels in any case, dates of 10 or 12 digits, the text label optional.
result<receipt_text> parse_receipt(std::string_view text);
// yyMMddHHmm in UTC, as submit date and done date have it; yyMMddHHmmss with 12 digits.
std::string format_receipt_date(wall date, unsigned digits = 10);

}  // namespace signalbox::sms
