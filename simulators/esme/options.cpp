#include "simulators/esme/options.hpp"

#include "simulators/behaviour/burst_rows.hpp"

namespace signalbox::simulators {

namespace {

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
        rows::text("system_id", "system_id of the bind", &o::system_id),
        rows::text("password", "password of the bind", &o::password),
        rows::text("system_type", "system_type of the bind", &o::system_type),
        rows::choice("bind", "transmitter, receiver or transceiver", &o::bind, binds),
        rows::number("interface_version", "interface_version of the bind: 0x33, 0x34 or 0x50", &o::interface_version),
        rows::number("addr_ton", "addr_ton of the bind", &o::addr_ton),
        rows::number("addr_npi", "addr_npi of the bind", &o::addr_npi),
        rows::text("address_range", "address_range of the bind", &o::address_range),
        rows::number("window", "requests sent and unanswered at once", &o::window),
        rows::span_of_time("enquire_link", "silence after which enquire_link is sent; 0 = never", &o::enquire_link),
        rows::span_of_time("bind_timeout", "patience for the answer to the bind", &o::bind_timeout),
        rows::span_of_time("response_timeout", "patience for the answer to a request", &o::response_timeout),
        rows::span_of_time("reconnect", "time after which a lost connection is made again; 0 = never", &o::reconnect),
        rows::value("status", "what deliver_sm and data_sm are answered with; silence = no answer", &o::status),
        rows::value("mix", "shares of other answers: 10%ESME_RX_T_APPN,1%silence", &o::mix),
        rows::value("outcomes", "answers by destination: 4477*:ESME_RX_T_APPN,5555:silence", &o::outcomes),
        rows::value("delay", "time before an answer, fixed or a range: 50ms..2s", &o::delay),
        rows::flag("manual", "answer no message and no outbind by itself", &o::manual),
        rows::text("message_id", "message_id in deliver_sm_resp", &o::message_id),
        rows::flag("resubmit", "send again what got no answer or ESME_RTHROTTLED", &o::resubmit),
        rows::flag("unbind_when_done", "unbind after the last answer", &o::unbind_when_done),
        rows::flag("count_duplicates", "remember what was delivered to count repetitions", &o::count_duplicates),
        rows::number("journal_limit", "PDUs remembered; 0 = none", &o::journal_limit),
    };
    for (auto& row : within(burst_rows(), &o::send)) list.push_back(std::move(row));
    return list;
  }();
  return all;
}

}  // namespace signalbox::simulators
