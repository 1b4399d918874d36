#include "simulators/smsc/options.hpp"

#include "simulators/behaviour/burst_rows.hpp"

namespace signalbox::simulators {

namespace {

using o = smsc_options;

// Rows of a member of the style.
core::setting_row<o> style_flag(std::string_view name, std::string_view help, bool receipt_style::* member) {
  return {name, core::setting_kind::flag, help,
          [=](o& all, std::string_view value) -> result<void> {
            auto const yes = parse_flag(value);
            if (!yes) return std::unexpected(yes.error());
            all.style.*member = *yes;
            return {};
          },
          [=](o const& all) { return std::string(all.style.*member ? "yes" : "no"); }};
}

core::setting_row<o> spelling(std::string_view name, std::string_view help, id_spelling& (*member)(o&)) {
  return {name, core::setting_kind::text, help,
          [=](o& all, std::string_view value) -> result<void> {
            auto const code = find_code(id_spellings, value);
            if (!code) return failed(errc::bad_value, 0, name, "wants decimal, padded, hex, HEX or padded_hex");
            member(all) = static_cast<id_spelling>(*code);
            return {};
          },
          [=](o const& all) {
            auto copy = all;
            return std::string(find_name(id_spellings, static_cast<std::uint32_t>(member(copy))));
          }};
}

core::setting_row<o> date_digits() {
  return {"receipt_date_digits", core::setting_kind::number, "digits of dates in receipts: 10, or 12 with seconds",
          [](o& all, std::string_view value) -> result<void> {
            if (value != "10" && value != "12")
              return failed(errc::bad_value, 0, "receipt_date_digits", "wants 10 or 12");
            all.style.date_digits = value == "10" ? 10 : 12;
            return {};
          },
          [](o const& all) { return std::to_string(all.style.date_digits); }};
}

core::setting_row<o> state_word() {
  return {"receipt_state", core::setting_kind::text, "stat: of every receipt; empty = the usual word",
          [](o& all, std::string_view value) -> result<void> {
            all.style.state_word = value;
            return {};
          },
          [](o const& all) { return all.style.state_word; }};
}

}  // namespace

std::span<core::setting_row<smsc_options> const> smsc_rows() {
  static std::vector<core::setting_row<o>> const table = [] {
    std::vector<core::setting_row<o>> list{
        rows::text("system_id", "system_id in bind responses and outbind", &o::system_id),
        rows::text("expect_system_id", "system_id a bind must have; empty = any", &o::expect_system_id),
        rows::text("expect_password", "password a bind must have; empty = any", &o::expect_password),
        rows::number("window", "deliver_sm sent and unanswered at once, per session", &o::window),
        rows::span_of_time("enquire_link", "silence after which enquire_link is sent; 0 = never", &o::enquire_link),
        rows::span_of_time("bind_timeout", "patience for a bind", &o::bind_timeout),
        rows::span_of_time("response_timeout", "patience for the answer to a request", &o::response_timeout),
        rows::value("status", "what submissions are answered with; silence = no answer", &o::status),
        rows::value("mix", "shares of other answers: 10%ESME_RTHROTTLED,1%silence", &o::mix),
        rows::value("outcomes", "answers by destination: 4477*:ESME_RINVDSTADR,5555:silence", &o::outcomes),
        rows::value("delay", "time before an answer, fixed or a range: 50ms..2s", &o::delay),
        rows::number("throttle", "submissions per second beyond which ESME_RTHROTTLED is answered; 0 = no limit",
                     &o::throttle_per_s),
        spelling("response_id", "spelling of message_id in responses: decimal, padded, hex, HEX, padded_hex",
                 [](o& all) -> id_spelling& { return all.response_id; }),
        rows::number("first_message_id", "the first message's number", &o::first_message_id),
        rows::flag("receipts", "make receipts where registered_delivery asks for them", &o::receipts),
        rows::value("receipt_delay", "time from the submission to its receipt, fixed or a range", &o::receipt_delay),
        rows::flag("receipt_first", "send the receipt before the response", &o::receipt_first),
        spelling("receipt_id", "spelling of the id in receipts: decimal, padded, hex, HEX, padded_hex",
                 [](o& all) -> id_spelling& { return all.style.id; }),
        style_flag("receipt_text", "receipts have the id:... text", &receipt_style::with_text),
        style_flag("receipt_quotes", "receipts end in text: and the message's start", &receipt_style::quotes_message),
        style_flag("receipt_id_tlv", "receipts have receipted_message_id", &receipt_style::id_tlv),
        style_flag("receipt_state_tlv", "receipts have message_state", &receipt_style::state_tlv),
        date_digits(),
        state_word(),
        rows::value("undelivered", "shares of messages that fail, with the receipt's err: 10%27; silence = no receipt",
                    &o::undelivered),
        rows::value("delivery", "fate by destination, ESME_ROK or the receipt's err: 4477*:27", &o::delivery),
        rows::number("unbind_after", "unbind a session after so many requests of it; 0 = never", &o::unbind_after),
        rows::number("silent_after", "answer nothing after so many requests of a session; 0 = never", &o::silent_after),
        rows::number("close_after", "drop the connection after so many requests of it; 0 = never", &o::close_after),
        rows::number("journal_limit", "PDUs remembered; 0 = none", &o::journal_limit),
    };
    for (auto& row : within(mobile_burst_rows(), &o::mobile)) list.push_back(std::move(row));
    return list;
  }();
  return table;
}

}  // namespace signalbox::simulators
