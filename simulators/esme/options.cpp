#include "simulators/esme/options.hpp"

#include "simulators/behaviour/burst_rows.hpp"

namespace signalbox::simulators {

namespace {

namespace rows = core::rows;

constexpr code_name binds[] = {
    {static_cast<std::uint32_t>(smpp::command_id::bind_transmitter), "transmitter", "sends"},
    {static_cast<std::uint32_t>(smpp::command_id::bind_receiver), "receiver", "receives"},
    {static_cast<std::uint32_t>(smpp::command_id::bind_transceiver), "transceiver", "sends and receives"},
};

}  // namespace

smpp::bind_fields esme_options::fields() const {
  return {system_id, password, system_type, interface_version, addr_ton, addr_npi, address_range};
}

std::span<core::setting_row<esme_options> const> esme_rows() {
  using o = esme_options;
  static std::vector<core::setting_row<o>> const all = [] {
    std::vector<core::setting_row<o>> list{
        rows::text("system_id", &o::system_id, "system_id of the bind."),
        rows::text("password", &o::password, "Password of the bind."),
        rows::text("system_type", &o::system_type, "system_type of the bind."),
        rows::choice("bind", &o::bind, binds, "How it binds: transmitter, receiver or transceiver."),
        rows::number("interface_version", &o::interface_version, "interface_version of the bind: 0x33, 0x34 or 0x50."),
        rows::number("addr_ton", &o::addr_ton, "addr_ton of the bind."),
        rows::number("addr_npi", &o::addr_npi, "addr_npi of the bind."),
        rows::text("address_range", &o::address_range, "address_range of the bind."),
        rows::number("window", &o::window, "Requests sent and unanswered at once."),
        rows::span_of_time("enquire_link", &o::enquire_link, "Silence after which enquire_link is sent; 0 is never."),
        rows::span_of_time("bind_timeout", &o::bind_timeout, "Patience for the answer to the bind."),
        rows::span_of_time("response_timeout", &o::response_timeout, "Patience for the answer to a request."),
        rows::span_of_time("reconnect", &o::reconnect, "Time after which a lost connection is made again; 0 is never."),
        rows::value("status", &o::status, "What deliver_sm and data_sm are answered with; silence is no answer."),
        rows::value("mix", &o::mix, "Shares of other answers: 10%ESME_RX_T_APPN,1%silence."),
        rows::value("outcomes", &o::outcomes, "Answers by destination: 4477*:ESME_RX_T_APPN,5555:silence."),
        rows::value("delay", &o::delay, "Time before an answer, fixed or a range: 50ms..2s."),
        rows::flag("manual", &o::manual, "Answer no message and no outbind by itself."),
        rows::text("message_id", &o::message_id, "message_id in deliver_sm_resp."),
        rows::flag("resubmit", &o::resubmit, "Send again what got no answer or ESME_RTHROTTLED."),
        rows::flag("unbind_when_done", &o::unbind_when_done, "Unbind after the last answer."),
        rows::flag("count_duplicates", &o::count_duplicates, "Remember what was delivered to count repetitions."),
        rows::number("journal_limit", &o::journal_limit, "PDUs remembered; 0 is none."),
    };
    for (auto const& row : burst_rows()) list.push_back(rows::within(&o::send, row));
    return list;
  }();
  return all;
}

}  // namespace signalbox::simulators
