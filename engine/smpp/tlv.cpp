#include "engine/smpp/tlv.hpp"

#include <algorithm>
#include <array>

namespace signalbox::smpp {

namespace {

// The code spaces that only TLVs use. Bit fields (callback_num_pres_ind, ms_msg_wait_facilities) stay numbers.
constexpr code_name subunits[] = {{0, "unknown", "unknown"},
                                  {1, "ms_display", "shown at once, not stored"},
                                  {2, "mobile_equipment", "the handset's memory"},
                                  {3, "smart_card", "the SIM"},
                                  {4, "external_unit", "a device behind the handset"}};
constexpr code_name network_types[] = {{0, "unknown", ""}, {1, "gsm", ""},  {2, "ansi_136", ""},
                                       {3, "is_95", ""},   {4, "pdc", ""},  {5, "phs", ""},
                                       {6, "iden", ""},    {7, "amps", ""}, {8, "paging", ""}};
constexpr code_name bearer_types[] = {{0, "unknown", ""}, {1, "sms", ""},  {2, "csd", ""},
                                      {3, "packet", ""},  {4, "ussd", ""}, {5, "cdpd", ""},
                                      {6, "datatac", ""}, {7, "flex", ""}, {8, "cell_broadcast", ""}};
constexpr code_name payload_types[] = {{0, "default", "plain, or WDP where a WAP port is given"},
                                       {1, "wcmp", "wireless control messages"}};
constexpr code_name privacies[] = {
    {0, "not_restricted", ""}, {1, "restricted", ""}, {2, "confidential", ""}, {3, "secret", ""}};
constexpr code_name languages[] = {{0, "unspecified", ""}, {1, "english", ""}, {2, "french", ""},
                                   {3, "spanish", ""},     {4, "german", ""},  {5, "portuguese", ""}};
constexpr code_name dpf_results[] = {{0, "not_set", "no delivery pending flag"},
                                     {1, "set", "delivery pending flag set"}};
constexpr code_name dpf_wishes[] = {{0, "not_requested", ""}, {1, "requested", ""}};
constexpr code_name availabilities[] = {{0, "available", ""}, {1, "denied", "no service"}, {2, "unavailable", ""}};
constexpr code_name failure_reasons[] = {{0, "destination_unavailable", ""},
                                         {1, "destination_address_invalid", ""},
                                         {2, "permanent_network_error", ""},
                                         {3, "temporary_network_error", ""}};
constexpr code_name more_messages[] = {{0, "no_more", ""}, {1, "more", ""}};
constexpr code_name ussd_operations[] = {
    {0, "pssd_indication", ""}, {1, "pssr_indication", ""}, {2, "ussr_request", ""},  {3, "ussn_request", ""},
    {16, "pssd_response", ""},  {17, "pssr_response", ""},  {18, "ussr_confirm", ""}, {19, "ussn_confirm", ""}};
constexpr code_name broadcast_channels[] = {{0, "basic", ""}, {1, "extended", ""}};
constexpr code_name broadcast_classes[] = {{0, "none", ""}, {1, "class_1", ""}, {2, "class_2", ""}, {3, "class_3", ""}};
constexpr code_name ported[] = {{0, "not_queried", ""}, {1, "not_ported", ""}, {2, "ported", ""}};
constexpr code_name display_times[] = {{0, "temporary", ""}, {1, "default", ""}, {2, "invoke", ""}};
constexpr code_name validities[] = {{0, "store_indefinitely", ""},
                                    {1, "until_power_off", ""},
                                    {2, "until_registration_area_changes", ""},
                                    {3, "display_only", ""},
                                    {4, "for_a_time", "5.0: a unit and a number follow"}};
constexpr code_name alerts[] = {{0, "default", ""}, {1, "high", ""}, {2, "medium", ""}, {3, "low", ""}};
constexpr code_name its_replies[] = {{0, "digit", ""},    {1, "number", ""},         {2, "telephone_number", ""},
                                     {3, "password", ""}, {4, "character_line", ""}, {5, "menu", ""},
                                     {6, "date", ""},     {7, "time", ""},           {8, "continue", ""}};

using kind = tlv_kind;
constexpr std::uint16_t any_length = 0xFFFF;

// 3.4, 5.3.2; 5.0, 4.8.4. Rows from broadcast_channel_indicator to dest_addr_np_country, and congestion_state, are 5.0.
constexpr tlv_row rows[] = {
    {tag::dest_addr_subunit, "dest_addr_subunit", kind::u8, 1, 1, subunits},
    {tag::dest_network_type, "dest_network_type", kind::u8, 1, 1, network_types},
    {tag::dest_bearer_type, "dest_bearer_type", kind::u8, 1, 1, bearer_types},
    {tag::dest_telematics_id, "dest_telematics_id", kind::u16, 2, 2},
    {tag::source_addr_subunit, "source_addr_subunit", kind::u8, 1, 1, subunits},
    {tag::source_network_type, "source_network_type", kind::u8, 1, 1, network_types},
    {tag::source_bearer_type, "source_bearer_type", kind::u8, 1, 1, bearer_types},
    {tag::source_telematics_id, "source_telematics_id", kind::u8, 1, 1},
    {tag::qos_time_to_live, "qos_time_to_live", kind::u32, 4, 4},
    {tag::payload_type, "payload_type", kind::u8, 1, 1, payload_types},
    {tag::additional_status_info_text, "additional_status_info_text", kind::cstr, 1, 256},
    {tag::receipted_message_id, "receipted_message_id", kind::cstr, 1, 65},
    {tag::ms_msg_wait_facilities, "ms_msg_wait_facilities", kind::u8, 1, 1},
    {tag::privacy_indicator, "privacy_indicator", kind::u8, 1, 1, privacies},
    {tag::source_subaddress, "source_subaddress", kind::octets, 2, 23},
    {tag::dest_subaddress, "dest_subaddress", kind::octets, 2, 23},
    {tag::user_message_reference, "user_message_reference", kind::u16, 2, 2},
    {tag::user_response_code, "user_response_code", kind::u8, 1, 1},
    {tag::source_port, "source_port", kind::u16, 2, 2},
    {tag::destination_port, "destination_port", kind::u16, 2, 2},
    {tag::sar_msg_ref_num, "sar_msg_ref_num", kind::u16, 2, 2},
    {tag::language_indicator, "language_indicator", kind::u8, 1, 1, languages},
    {tag::sar_total_segments, "sar_total_segments", kind::u8, 1, 1},
    {tag::sar_segment_seqnum, "sar_segment_seqnum", kind::u8, 1, 1},
    {tag::sc_interface_version, "sc_interface_version", kind::u8, 1, 1},
    {tag::callback_num_pres_ind, "callback_num_pres_ind", kind::u8, 1, 1},
    {tag::callback_num_atag, "callback_num_atag", kind::octets, 0, 65},
    {tag::number_of_messages, "number_of_messages", kind::u8, 1, 1},
    {tag::callback_num, "callback_num", kind::octets, 4, 19},
    {tag::dpf_result, "dpf_result", kind::u8, 1, 1, dpf_results},
    {tag::set_dpf, "set_dpf", kind::u8, 1, 1, dpf_wishes},
    {tag::ms_availability_status, "ms_availability_status", kind::u8, 1, 1, availabilities},
    {tag::network_error_code, "network_error_code", kind::octets, 3, 3},
    {tag::message_payload, "message_payload", kind::octets, 0, any_length},
    {tag::delivery_failure_reason, "delivery_failure_reason", kind::u8, 1, 1, failure_reasons},
    {tag::more_messages_to_send, "more_messages_to_send", kind::u8, 1, 1, more_messages},
    {tag::message_state, "message_state", kind::u8, 1, 1, message_states},
    {tag::congestion_state, "congestion_state", kind::u8, 1, 1},
    {tag::ussd_service_op, "ussd_service_op", kind::u8, 1, 1, ussd_operations},
    {tag::broadcast_channel_indicator, "broadcast_channel_indicator", kind::u8, 1, 1, broadcast_channels},
    {tag::broadcast_content_type, "broadcast_content_type", kind::octets, 3, 3},
    {tag::broadcast_content_type_info, "broadcast_content_type_info", kind::octets, 1, 255},
    {tag::broadcast_message_class, "broadcast_message_class", kind::u8, 1, 1, broadcast_classes},
    {tag::broadcast_rep_num, "broadcast_rep_num", kind::u16, 2, 2},
    {tag::broadcast_frequency_interval, "broadcast_frequency_interval", kind::octets, 3, 3},
    {tag::broadcast_area_identifier, "broadcast_area_identifier", kind::octets, 1, 101},
    {tag::broadcast_error_status, "broadcast_error_status", kind::u32, 4, 4, statuses},
    {tag::broadcast_area_success, "broadcast_area_success", kind::u8, 1, 1},
    {tag::broadcast_end_time, "broadcast_end_time", kind::cstr, 1, 17},
    {tag::broadcast_service_group, "broadcast_service_group", kind::octets, 1, 255},
    {tag::billing_identification, "billing_identification", kind::octets, 1, 1024},
    {tag::source_network_id, "source_network_id", kind::cstr, 7, 65},
    {tag::dest_network_id, "dest_network_id", kind::cstr, 7, 65},
    {tag::source_node_id, "source_node_id", kind::octets, 6, 6},
    {tag::dest_node_id, "dest_node_id", kind::octets, 6, 6},
    {tag::dest_addr_np_resolution, "dest_addr_np_resolution", kind::u8, 1, 1, ported},
    {tag::dest_addr_np_information, "dest_addr_np_information", kind::octets, 10, 10},
    {tag::dest_addr_np_country, "dest_addr_np_country", kind::octets, 1, 5},
    {tag::display_time, "display_time", kind::u8, 1, 1, display_times},
    {tag::sms_signal, "sms_signal", kind::u16, 2, 2},
    {tag::ms_validity, "ms_validity", kind::u8, 1, 4, validities},
    {tag::alert_on_message_delivery, "alert_on_message_delivery", kind::flag_only, 0, 1, alerts},
    {tag::its_reply_type, "its_reply_type", kind::u8, 1, 1, its_replies},
    {tag::its_session_info, "its_session_info", kind::octets, 2, 2},
};
static_assert(std::ranges::is_sorted(rows, {}, &tlv_row::tag));

constexpr std::size_t width_of(tlv_kind k) { return k == kind::u8 ? 1 : k == kind::u16 ? 2 : k == kind::u32 ? 4 : 0; }

std::uint32_t number_in(octet_view value) {
  std::uint32_t number = 0;
  for (auto octet : value) number = number << 8 | octet;
  return number;
}

std::string_view text_in(octet_view value) {
  auto const text = text_of(value);
  return text.substr(0, text.find('\0'));
}

tlv make_number(std::uint16_t tag, std::uint32_t value, std::size_t width) {
  tlv t{tag, octets(width)};
  for (auto& octet : t.value) octet = static_cast<std::uint8_t>(value >> (8 * --width));
  return t;
}

}  // namespace

std::span<tlv_row const> tlv_rows() { return rows; }

tlv_row const* find_tlv_row(std::uint16_t tag) {
  auto const* row = std::ranges::lower_bound(rows, tag, {}, &tlv_row::tag);
  return row != std::end(rows) && row->tag == tag ? row : nullptr;
}

tlv_row const* find_tlv_row(std::string_view name) {
  auto const* row = std::ranges::find(rows, name, &tlv_row::name);
  return row != std::end(rows) ? row : nullptr;
}

tlv const* find(tlv_list const& list, std::uint16_t tag) {
  auto const found = std::ranges::find(list, tag, &tlv::tag);
  return found != list.end() ? &*found : nullptr;
}

std::optional<std::uint32_t> find_number(tlv_list const& list, std::uint16_t tag) {
  auto const* t = find(list, tag);
  if (t == nullptr || t->value.empty() || t->value.size() > 4) return std::nullopt;
  return number_in(t->value);
}

std::optional<std::string> find_text(tlv_list const& list, std::uint16_t tag) {
  auto const* t = find(list, tag);
  if (t == nullptr) return std::nullopt;
  return std::string(text_in(t->value));
}

tlv make_u8(std::uint16_t tag, std::uint8_t value) { return make_number(tag, value, 1); }
tlv make_u16(std::uint16_t tag, std::uint16_t value) { return make_number(tag, value, 2); }
tlv make_u32(std::uint16_t tag, std::uint32_t value) { return make_number(tag, value, 4); }
tlv make_cstr(std::uint16_t tag, std::string_view text) {
  tlv t{tag, octets_of(text)};
  t.value.push_back(0);
  return t;
}
tlv make_octets(std::uint16_t tag, octet_view value) { return {tag, {value.begin(), value.end()}}; }

result<void> validate(tlv const& t) {
  auto const* row = find_tlv_row(t.tag);
  if (row == nullptr) return {};
  auto const size = t.value.size();
  constexpr std::size_t length_field = 2;
  if (size < row->min_octets) return failed(errc::too_short, length_field, row->name);
  if (size > row->max_octets) return failed(errc::too_long, length_field, row->name);
  if (width_of(row->kind) != 0 && size != row->min_octets && size != row->max_octets)
    return failed(errc::bad_length, length_field, row->name);
  if (row->kind == kind::cstr && t.value.back() != 0) return failed(errc::unterminated, 4 + size, row->name);
  return {};
}

void print_tlv(sink& out, tlv const& t) {
  auto const* row = find_tlv_row(t.tag);
  if (row == nullptr) {
    std::array<std::uint8_t, 2> const tag{static_cast<std::uint8_t>(t.tag >> 8), static_cast<std::uint8_t>(t.tag)};
    return out.data("tag_0x" + to_hex(tag), t.value);
  }
  print_tlv_value(out, row->name, t);
}

void print_tlv_value(sink& out, std::string_view name, tlv const& t) {
  auto const* row = find_tlv_row(t.tag);
  auto const size = t.value.size();
  if (row == nullptr || !validate(t)) {
    out.data(name, t.value);
  } else if (row->kind == kind::cstr) {
    out.text(name, text_in(t.value));
  } else if (row->kind == kind::flag_only && size == 0) {
    out.text(name, "present");
  } else if (row->kind == kind::flag_only || (size != 0 && size == width_of(row->kind))) {
    out.number(name, number_in(t.value), find_name(row->names, number_in(t.value)));
  } else {
    out.data(name, t.value);
  }
}

void tlvs::get(reader& in, tlv_list& list) const {
  while (in.left() > 0) {
    in.at("tlvs");
    auto const tag = in.u16();
    std::size_t const length = in.u16();
    if (auto const* row = in.left() < length ? find_tlv_row(tag) : nullptr) in.at(row->name);
    auto const value = in.take(length);
    if (!in) return;
    list.push_back({tag, {value.begin(), value.end()}});
  }
}

void tlvs::put(writer& out, tlv_list const& list) const {
  for (auto const& t : list) {
    if (t.value.size() > 0xFFFF) return out.fail(errc::too_long, "a TLV holds 65535 octets");
    out.u16(t.tag);
    out.u16(t.value.size());
    out.put(t.value);
  }
}

void tlvs::print(sink& out, std::string_view name, tlv_list const& list) const {
  if (list.empty()) return;
  out.begin(name);
  for (auto const& t : list) print_tlv(out, t);
  out.end();
}

tlv_list tlvs::any(entropy& chance) const {
  tlv_list list(chance.below(5));
  for (auto& t : list) {
    if (chance.one_in(4)) {  // one nobody knows, or one whose length is wrong
      t.tag = static_cast<std::uint16_t>(chance.next());
      t.value.resize(chance.below(20));
    } else {
      auto const& row = rows[chance.below(std::size(rows))];
      t.tag = row.tag;
      auto const most = std::min<std::size_t>(row.max_octets, 300);
      auto const exact = width_of(row.kind) != 0;
      t.value.resize(exact ? (chance.one_in(2) ? row.min_octets : most) : chance.between(row.min_octets, most));
    }
    for (auto& octet : t.value) octet = static_cast<std::uint8_t>(chance.next());
    auto const* row = find_tlv_row(t.tag);
    if (row != nullptr && row->kind == kind::cstr && !t.value.empty()) t.value.back() = 0;
  }
  return list;
}

}  // namespace signalbox::smpp
