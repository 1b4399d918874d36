#include "simulators/smsc/options.hpp"

#include "simulators/behaviour/burst_rows.hpp"

namespace signalbox::simulators {

namespace {

namespace rows = core::rows;
using o = smsc_options;

constexpr code_name date_digits[] = {{10, "10", "to the minute"}, {12, "12", "with seconds"}};

}  // namespace

std::span<core::setting_row<smsc_options> const> smsc_rows() {
  static std::vector<core::setting_row<o>> const table = [] {
    auto const of_style = [](core::setting_row<receipt_style> const& row) { return rows::within(&o::style, row); };
    std::vector<core::setting_row<o>> list{
        rows::text("system_id", &o::system_id, "system_id in bind responses and outbind."),
        rows::text("expect_system_id", &o::expect_system_id, "system_id a bind must have; empty is any."),
        rows::text("expect_password", &o::expect_password, "Password a bind must have; empty is any."),
        rows::number("window", &o::window, "deliver_sm sent and unanswered at once, per session."),
        rows::span_of_time("enquire_link", &o::enquire_link, "Silence after which enquire_link is sent; 0 is never."),
        rows::span_of_time("bind_timeout", &o::bind_timeout, "Patience for a bind."),
        rows::span_of_time("response_timeout", &o::response_timeout, "Patience for the answer to a request."),
        rows::value("status", &o::status, "What submissions are answered with; silence is no answer."),
        rows::value("mix", &o::mix, "Shares of other answers: 10%ESME_RTHROTTLED,1%silence."),
        rows::value("outcomes", &o::outcomes, "Answers by destination: 4477*:ESME_RINVDSTADR,5555:silence."),
        rows::value("delay", &o::delay, "Time before an answer, fixed or a range: 50ms..2s."),
        rows::number("throttle", &o::throttle_per_s,
                     "Submissions per second beyond which ESME_RTHROTTLED is answered; 0 is no limit."),
        rows::choice("response_id", &o::response_id, id_spellings,
                     "Spelling of message_id in responses: decimal, padded, hex, HEX, padded_hex."),
        rows::number("first_message_id", &o::first_message_id, "The first message's number."),
        rows::flag("receipts", &o::receipts, "Make receipts where registered_delivery asks for them."),
        rows::value("receipt_delay", &o::receipt_delay, "Time from the submission to its receipt, fixed or a range."),
        rows::flag("receipt_first", &o::receipt_first, "Send the receipt before the response."),
        of_style(rows::choice("receipt_id", &receipt_style::id, id_spellings,
                              "Spelling of the id in receipts: decimal, padded, hex, HEX, padded_hex.")),
        of_style(rows::flag("receipt_text", &receipt_style::with_text, "Receipts have the id:... text.")),
        of_style(rows::flag("receipt_quotes", &receipt_style::quotes_message,
                            "Receipts end in text: and the message's start.")),
        of_style(rows::flag("receipt_id_tlv", &receipt_style::id_tlv, "Receipts have receipted_message_id.")),
        of_style(rows::flag("receipt_state_tlv", &receipt_style::state_tlv, "Receipts have message_state.")),
        of_style(rows::choice("receipt_date_digits", &receipt_style::date_digits, date_digits,
                              "Digits of dates in receipts: 10, or 12 with seconds.")),
        of_style(rows::text("receipt_state", &receipt_style::state_word,
                            "stat: of every receipt; empty is the usual word.")),
        rows::value("undelivered", &o::undelivered,
                    "Shares of messages that fail, with the receipt's err: 10%27; silence is no receipt."),
        rows::value("delivery", &o::delivery, "Fate by destination, ESME_ROK or the receipt's err: 4477*:27."),
        rows::number("unbind_after", &o::unbind_after, "Unbind a session after so many requests of it; 0 is never."),
        rows::number("silent_after", &o::silent_after,
                     "Answer nothing after so many requests of a session; 0 is never."),
        rows::number("close_after", &o::close_after, "Drop the connection after so many requests of it; 0 is never."),
        rows::number("journal_limit", &o::journal_limit, "PDUs remembered; 0 is none."),
    };
    for (auto const& row : mobile_burst_rows()) list.push_back(rows::within(&o::mobile, row));
    return list;
  }();
  return table;
}

}  // namespace signalbox::simulators
