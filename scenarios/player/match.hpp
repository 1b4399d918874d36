// Does a PDU that arrived say what a step expects? What is not written is not checked. Besides the fields by their own
// names (message_fields.hpp) an expectation may name:
//   dest, source       the address; ton and npi are compared unless digits alone are written
//   text, udh          the text read by data_coding, without its user data header; the header
//   receipt_of, state, err, sub, dlvrd, submit_date, done_date, receipt_text
//                      parts of a delivery receipt's text (SMPP 3.4, Appendix B); esm_class must call it a receipt, and
//                      states go by their long names (DELIVERED) or as they are spelt there (DELIVRD)
// A TLV or list item can be `absent` or `present`.
#pragma once

#include "scenarios/player/build.hpp"

namespace signalbox::player {

struct mismatch {
  std::size_t index = 0;  // of the argument
  std::string expected;   // "status=ESME_ROK"
  std::string actual;     // "status=ESME_RSYSERR"
  std::string rewritten;  // the actual value as it would be written; empty: it cannot be
};

struct match_result {
  std::vector<mismatch> differences;
  std::vector<std::pair<std::string, std::string>> bound;  // names seen for the first time
};

match_result match(smpp::pdu const& p, std::span<argument const> arguments, names const& known, spelling const& how);

bool is_expect_word(smpp::command_id message, std::string_view name);

// The comparison alone; also used for counters.
bool holds(field_value const& observed, comparison how, std::string_view expected);

// The message's text without its header; nullopt: its octets cannot be read as its data_coding says.
std::optional<std::string> message_text(smpp::pdu const& p, spelling const& how);

// One part of a receipt's text by its label ("id", "sub", "dlvrd", "submit date", "done date", "stat", "err", "text");
// nullopt: the label is not there. Labels are found in any case; `text` goes to the end, all others to the next blank.
std::optional<std::string> receipt_part(std::string_view receipt, std::string_view label);

}  // namespace signalbox::player
