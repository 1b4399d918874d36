// Every PDU of SMPP 3.4 and 5.0 as a plain value with its field table: members and tables are in wire order and have
// the specification's names. Octet limits of C-octet strings count the NUL, as the specification does. Counts and
// lengths (sm_length, number_of_dests, no_unsuccess) are no members; the shapes write them.
//
// Choices: times are any text of up to 16 characters here, so that a wrong one can be answered by its own status
// (ESME_RINVSCHED, see dates.hpp); sm_length may be 255 (5.0), 3.4 stops at 254. Peers of 3.3 leave the optional
// parameters out, which is an empty `tlvs`.
#pragma once

#include <array>
#include <type_traits>
#include <variant>

#include "engine/smpp/tlv.hpp"

namespace signalbox::smpp {

// -- session: 3.4, 4.1, 4.2, 4.3, 4.11 ---------------------------------------------------------------------------

struct bind_fields {  // the three binds differ in their command_id only
  std::string system_id{};
  std::string password{};
  std::string system_type{};
  std::uint8_t interface_version = version_3_4;
  std::uint8_t addr_ton = 0;
  std::uint8_t addr_npi = 0;
  std::string address_range{};
  bool operator==(bind_fields const&) const = default;
};
template <command_id Id>
struct bind_request : bind_fields {  // bind_transceiver{{.system_id = "a", .password = "b"}}
  bool operator==(bind_request const&) const = default;
};
using bind_receiver = bind_request<command_id::bind_receiver>;
using bind_transmitter = bind_request<command_id::bind_transmitter>;
using bind_transceiver = bind_request<command_id::bind_transceiver>;

template <command_id Id>
struct bind_response {
  std::string system_id{};
  tlv_list tlvs{};
  bool operator==(bind_response const&) const = default;
};
using bind_receiver_resp = bind_response<command_id::bind_receiver_resp>;
using bind_transmitter_resp = bind_response<command_id::bind_transmitter_resp>;
using bind_transceiver_resp = bind_response<command_id::bind_transceiver_resp>;

struct outbind {
  std::string system_id{};
  std::string password{};
  bool operator==(outbind const&) const = default;
};

template <command_id Id>
struct bare {  // a header and nothing else
  bool operator==(bare const&) const = default;
};
using unbind = bare<command_id::unbind>;
using unbind_resp = bare<command_id::unbind_resp>;
using enquire_link = bare<command_id::enquire_link>;
using enquire_link_resp = bare<command_id::enquire_link_resp>;
using generic_nack = bare<command_id::generic_nack>;
using cancel_sm_resp = bare<command_id::cancel_sm_resp>;
using replace_sm_resp = bare<command_id::replace_sm_resp>;
using cancel_broadcast_sm_resp = bare<command_id::cancel_broadcast_sm_resp>;

// -- messages: 3.4, 4.4 to 4.7 -----------------------------------------------------------------------------------

template <command_id Id>
struct short_message_request {
  std::string service_type{};
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  std::uint8_t dest_addr_ton = 0;
  std::uint8_t dest_addr_npi = 0;
  std::string destination_addr{};
  std::uint8_t esm_class = 0;
  std::uint8_t protocol_id = 0;
  std::uint8_t priority_flag = 0;
  std::string schedule_delivery_time{};
  std::string validity_period{};
  std::uint8_t registered_delivery = 0;
  std::uint8_t replace_if_present_flag = 0;
  std::uint8_t data_coding = 0;
  std::uint8_t sm_default_msg_id = 0;
  octets short_message{};
  tlv_list tlvs{};
  bool operator==(short_message_request const&) const = default;
};
using submit_sm = short_message_request<command_id::submit_sm>;
using deliver_sm = short_message_request<command_id::deliver_sm>;

template <command_id Id>
struct message_id_response {
  std::string message_id{};
  tlv_list tlvs{};  // 5.0; data_sm_resp has them in 3.4 already
  bool operator==(message_id_response const&) const = default;
};
using submit_sm_resp = message_id_response<command_id::submit_sm_resp>;
using deliver_sm_resp = message_id_response<command_id::deliver_sm_resp>;
using data_sm_resp = message_id_response<command_id::data_sm_resp>;
using broadcast_sm_resp = message_id_response<command_id::broadcast_sm_resp>;
using query_broadcast_sm_resp = message_id_response<command_id::query_broadcast_sm_resp>;

struct destination {  // one dest_address of submit_multi: an address or the name of a distribution list
  std::uint8_t dest_flag = dest_flag_address;
  std::uint8_t dest_addr_ton = 0;
  std::uint8_t dest_addr_npi = 0;
  std::string destination_addr{};
  std::string dl_name{};  // with dest_flag_list; the other three then stay empty
  bool operator==(destination const&) const = default;
};

struct submit_multi {
  std::string service_type{};
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  std::vector<destination> dest_address{};
  std::uint8_t esm_class = 0;
  std::uint8_t protocol_id = 0;
  std::uint8_t priority_flag = 0;
  std::string schedule_delivery_time{};
  std::string validity_period{};
  std::uint8_t registered_delivery = 0;
  std::uint8_t replace_if_present_flag = 0;
  std::uint8_t data_coding = 0;
  std::uint8_t sm_default_msg_id = 0;
  octets short_message{};
  tlv_list tlvs{};
  bool operator==(submit_multi const&) const = default;
};

struct unsuccess_sme {
  std::uint8_t dest_addr_ton = 0;
  std::uint8_t dest_addr_npi = 0;
  std::string destination_addr{};
  std::uint32_t error_status_code = 0;
  bool operator==(unsuccess_sme const&) const = default;
};

struct submit_multi_resp {
  std::string message_id{};
  std::vector<unsuccess_sme> unsuccess{};
  tlv_list tlvs{};
  bool operator==(submit_multi_resp const&) const = default;
};

struct data_sm {
  std::string service_type{};
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  std::uint8_t dest_addr_ton = 0;
  std::uint8_t dest_addr_npi = 0;
  std::string destination_addr{};
  std::uint8_t esm_class = 0;
  std::uint8_t registered_delivery = 0;
  std::uint8_t data_coding = 0;
  tlv_list tlvs{};
  bool operator==(data_sm const&) const = default;
};

// -- ancillary: 3.4, 4.8 to 4.10, 4.12 ---------------------------------------------------------------------------

struct query_sm {
  std::string message_id{};
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  bool operator==(query_sm const&) const = default;
};

struct query_sm_resp {
  std::string message_id{};
  std::string final_date{};  // empty while the message has no final state
  std::uint8_t message_state = 0;
  std::uint8_t error_code = 0;
  bool operator==(query_sm_resp const&) const = default;
};

struct cancel_sm {
  std::string service_type{};
  std::string message_id{};
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  std::uint8_t dest_addr_ton = 0;
  std::uint8_t dest_addr_npi = 0;
  std::string destination_addr{};
  bool operator==(cancel_sm const&) const = default;
};

struct replace_sm {
  std::string message_id{};
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  std::string schedule_delivery_time{};
  std::string validity_period{};
  std::uint8_t registered_delivery = 0;
  std::uint8_t sm_default_msg_id = 0;
  octets short_message{};
  tlv_list tlvs{};  // 5.0: message_payload
  bool operator==(replace_sm const&) const = default;
};

struct alert_notification {
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  std::uint8_t esme_addr_ton = 0;
  std::uint8_t esme_addr_npi = 0;
  std::string esme_addr{};
  tlv_list tlvs{};
  bool operator==(alert_notification const&) const = default;
};

// -- cell broadcast: 5.0, 4.4 and 4.6 ----------------------------------------------------------------------------

struct broadcast_sm {
  std::string service_type{};
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  std::string message_id{};
  std::uint8_t priority_flag = 0;
  std::string schedule_delivery_time{};
  std::string validity_period{};
  std::uint8_t replace_if_present_flag = 0;
  std::uint8_t data_coding = 0;
  std::uint8_t sm_default_msg_id = 0;
  tlv_list tlvs{};
  bool operator==(broadcast_sm const&) const = default;
};

struct query_broadcast_sm {
  std::string message_id{};
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  tlv_list tlvs{};
  bool operator==(query_broadcast_sm const&) const = default;
};

struct cancel_broadcast_sm {
  std::string service_type{};
  std::string message_id{};
  std::uint8_t source_addr_ton = 0;
  std::uint8_t source_addr_npi = 0;
  std::string source_addr{};
  tlv_list tlvs{};
  bool operator==(cancel_broadcast_sm const&) const = default;
};

// -- all of them -------------------------------------------------------------------------------------------------

using body = std::variant<enquire_link, enquire_link_resp, bind_receiver, bind_receiver_resp, bind_transmitter,
                          bind_transmitter_resp, bind_transceiver, bind_transceiver_resp, outbind, unbind, unbind_resp,
                          generic_nack, submit_sm, submit_sm_resp, submit_multi, submit_multi_resp, deliver_sm,
                          deliver_sm_resp, data_sm, data_sm_resp, query_sm, query_sm_resp, cancel_sm, cancel_sm_resp,
                          replace_sm, replace_sm_resp, alert_notification, broadcast_sm, broadcast_sm_resp,
                          query_broadcast_sm, query_broadcast_sm_resp, cancel_broadcast_sm, cancel_broadcast_sm_resp>;

struct pdu {
  std::uint32_t command_status = ESME_ROK;
  std::uint32_t sequence_number = 0;
  smpp::body body{};
  bool operator==(pdu const&) const = default;
};

// -- shapes of this folder ---------------------------------------------------------------------------------------

// sm_length and short_message
struct counted_message : counted_octets {
  void print(sink& out, std::string_view name, octets const& value) const {
    out.number("sm_length", value.size());
    out.data(name, value);
  }
};

// A one-octet count and that many items, each by its own field table.
template <class Item>
struct counted_list {
  std::string_view count_name;
  void get(reader& in, std::vector<Item>& list) const;
  void put(writer& out, std::vector<Item> const& list) const;
  void print(sink& out, std::string_view name, std::vector<Item> const& list) const;
  std::vector<Item> any(entropy& chance) const;
};

namespace limit {  // octets with the NUL, SMPP 3.4, 5.2
inline constexpr cstr system_id{16}, password{9}, system_type{13}, address_range{41}, service_type{6}, address{21},
    long_address{65}, time{17}, message_id{65}, dl_name{21};
}

}  // namespace signalbox::smpp

namespace signalbox::inline base {

template <smpp::command_id Id>
struct layout<smpp::bind_request<Id>> {  // 3.4, 4.1.1, 4.1.3, 4.1.5
  using T = smpp::bind_request<Id>;
  static constexpr auto id = Id;
  static constexpr auto name = name_of(Id);
  static constexpr std::tuple fields{
      field{"system_id", &T::system_id, smpp::limit::system_id},
      field{"password", &T::password, smpp::limit::password},
      field{"system_type", &T::system_type, smpp::limit::system_type},
      field{"interface_version", &T::interface_version, u8{}},
      field{"addr_ton", &T::addr_ton, u8{smpp::tons}},
      field{"addr_npi", &T::addr_npi, u8{smpp::npis}},
      field{"address_range", &T::address_range, smpp::limit::address_range},
  };
};

template <smpp::command_id Id>
struct layout<smpp::bind_response<Id>> {  // 3.4, 4.1.2, 4.1.4, 4.1.6
  using T = smpp::bind_response<Id>;
  static constexpr auto id = Id;
  static constexpr auto name = name_of(Id);
  static constexpr std::tuple fields{
      field{"system_id", &T::system_id, smpp::limit::system_id},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <>
struct layout<smpp::outbind> {  // 3.4, 4.1.7
  using T = smpp::outbind;
  static constexpr auto id = smpp::command_id::outbind;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"system_id", &T::system_id, smpp::limit::system_id},
      field{"password", &T::password, smpp::limit::password},
  };
};

template <smpp::command_id Id>
struct layout<smpp::bare<Id>> {
  static constexpr auto id = Id;
  static constexpr auto name = name_of(Id);
  static constexpr std::tuple<> fields{};
};

template <smpp::command_id Id>
struct layout<smpp::short_message_request<Id>> {  // 3.4, 4.4.1 and 4.6.1
  using T = smpp::short_message_request<Id>;
  static constexpr auto id = Id;
  static constexpr auto name = name_of(Id);
  static constexpr std::tuple fields{
      field{"service_type", &T::service_type, smpp::limit::service_type},
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::address},
      field{"dest_addr_ton", &T::dest_addr_ton, u8{smpp::tons}},
      field{"dest_addr_npi", &T::dest_addr_npi, u8{smpp::npis}},
      field{"destination_addr", &T::destination_addr, smpp::limit::address},
      field{"esm_class", &T::esm_class, u8{}},
      field{"protocol_id", &T::protocol_id, u8{}},
      field{"priority_flag", &T::priority_flag, u8{}},
      field{"schedule_delivery_time", &T::schedule_delivery_time, smpp::limit::time},
      field{"validity_period", &T::validity_period, smpp::limit::time},
      field{"registered_delivery", &T::registered_delivery, u8{}},
      field{"replace_if_present_flag", &T::replace_if_present_flag, u8{}},
      field{"data_coding", &T::data_coding, u8{smpp::codings}},
      field{"sm_default_msg_id", &T::sm_default_msg_id, u8{}},
      field{"short_message", &T::short_message, smpp::counted_message{}},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <smpp::command_id Id>
struct layout<smpp::message_id_response<Id>> {  // 3.4, 4.4.2, 4.6.2, 4.7.2; 5.0, 4.4.2, 4.6.2
  using T = smpp::message_id_response<Id>;
  static constexpr auto id = Id;
  static constexpr auto name = name_of(Id);
  static constexpr std::tuple fields{
      field{"message_id", &T::message_id, smpp::limit::message_id},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <>
struct layout<smpp::submit_multi> {  // 3.4, 4.5.1
  using T = smpp::submit_multi;
  static constexpr auto id = smpp::command_id::submit_multi;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"service_type", &T::service_type, smpp::limit::service_type},
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::address},
      field{"dest_address", &T::dest_address, smpp::counted_list<smpp::destination>{"number_of_dests"}},
      field{"esm_class", &T::esm_class, u8{}},
      field{"protocol_id", &T::protocol_id, u8{}},
      field{"priority_flag", &T::priority_flag, u8{}},
      field{"schedule_delivery_time", &T::schedule_delivery_time, smpp::limit::time},
      field{"validity_period", &T::validity_period, smpp::limit::time},
      field{"registered_delivery", &T::registered_delivery, u8{}},
      field{"replace_if_present_flag", &T::replace_if_present_flag, u8{}},
      field{"data_coding", &T::data_coding, u8{smpp::codings}},
      field{"sm_default_msg_id", &T::sm_default_msg_id, u8{}},
      field{"short_message", &T::short_message, smpp::counted_message{}},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <>
struct layout<smpp::unsuccess_sme> {  // 3.4, 4.5.2.1
  using T = smpp::unsuccess_sme;
  static constexpr std::string_view name = "unsuccess_sme";
  static constexpr std::tuple fields{
      field{"dest_addr_ton", &T::dest_addr_ton, u8{smpp::tons}},
      field{"dest_addr_npi", &T::dest_addr_npi, u8{smpp::npis}},
      field{"destination_addr", &T::destination_addr, smpp::limit::address},
      field{"error_status_code", &T::error_status_code, u32{smpp::statuses}},
  };
};

template <>
struct layout<smpp::submit_multi_resp> {  // 3.4, 4.5.2
  using T = smpp::submit_multi_resp;
  static constexpr auto id = smpp::command_id::submit_multi_resp;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"message_id", &T::message_id, smpp::limit::message_id},
      field{"unsuccess_sme", &T::unsuccess, smpp::counted_list<smpp::unsuccess_sme>{"no_unsuccess"}},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <>
struct layout<smpp::data_sm> {  // 3.4, 4.7.1
  using T = smpp::data_sm;
  static constexpr auto id = smpp::command_id::data_sm;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"service_type", &T::service_type, smpp::limit::service_type},
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::long_address},
      field{"dest_addr_ton", &T::dest_addr_ton, u8{smpp::tons}},
      field{"dest_addr_npi", &T::dest_addr_npi, u8{smpp::npis}},
      field{"destination_addr", &T::destination_addr, smpp::limit::long_address},
      field{"esm_class", &T::esm_class, u8{}},
      field{"registered_delivery", &T::registered_delivery, u8{}},
      field{"data_coding", &T::data_coding, u8{smpp::codings}},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <>
struct layout<smpp::query_sm> {  // 3.4, 4.8.1
  using T = smpp::query_sm;
  static constexpr auto id = smpp::command_id::query_sm;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"message_id", &T::message_id, smpp::limit::message_id},
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::address},
  };
};

template <>
struct layout<smpp::query_sm_resp> {  // 3.4, 4.8.2
  using T = smpp::query_sm_resp;
  static constexpr auto id = smpp::command_id::query_sm_resp;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"message_id", &T::message_id, smpp::limit::message_id},
      field{"final_date", &T::final_date, smpp::limit::time},
      field{"message_state", &T::message_state, u8{smpp::message_states}},
      field{"error_code", &T::error_code, u8{}},
  };
};

template <>
struct layout<smpp::cancel_sm> {  // 3.4, 4.9.1
  using T = smpp::cancel_sm;
  static constexpr auto id = smpp::command_id::cancel_sm;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"service_type", &T::service_type, smpp::limit::service_type},
      field{"message_id", &T::message_id, smpp::limit::message_id},
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::address},
      field{"dest_addr_ton", &T::dest_addr_ton, u8{smpp::tons}},
      field{"dest_addr_npi", &T::dest_addr_npi, u8{smpp::npis}},
      field{"destination_addr", &T::destination_addr, smpp::limit::address},
  };
};

template <>
struct layout<smpp::replace_sm> {  // 3.4, 4.10.1; 5.0, 4.5.3
  using T = smpp::replace_sm;
  static constexpr auto id = smpp::command_id::replace_sm;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"message_id", &T::message_id, smpp::limit::message_id},
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::address},
      field{"schedule_delivery_time", &T::schedule_delivery_time, smpp::limit::time},
      field{"validity_period", &T::validity_period, smpp::limit::time},
      field{"registered_delivery", &T::registered_delivery, u8{}},
      field{"sm_default_msg_id", &T::sm_default_msg_id, u8{}},
      field{"short_message", &T::short_message, smpp::counted_message{}},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <>
struct layout<smpp::alert_notification> {  // 3.4, 4.12.1
  using T = smpp::alert_notification;
  static constexpr auto id = smpp::command_id::alert_notification;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::long_address},
      field{"esme_addr_ton", &T::esme_addr_ton, u8{smpp::tons}},
      field{"esme_addr_npi", &T::esme_addr_npi, u8{smpp::npis}},
      field{"esme_addr", &T::esme_addr, smpp::limit::long_address},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <>
struct layout<smpp::broadcast_sm> {  // 5.0, 4.4.1
  using T = smpp::broadcast_sm;
  static constexpr auto id = smpp::command_id::broadcast_sm;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"service_type", &T::service_type, smpp::limit::service_type},
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::address},
      field{"message_id", &T::message_id, smpp::limit::message_id},
      field{"priority_flag", &T::priority_flag, u8{}},
      field{"schedule_delivery_time", &T::schedule_delivery_time, smpp::limit::time},
      field{"validity_period", &T::validity_period, smpp::limit::time},
      field{"replace_if_present_flag", &T::replace_if_present_flag, u8{}},
      field{"data_coding", &T::data_coding, u8{smpp::codings}},
      field{"sm_default_msg_id", &T::sm_default_msg_id, u8{}},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <>
struct layout<smpp::query_broadcast_sm> {  // 5.0, 4.6.1
  using T = smpp::query_broadcast_sm;
  static constexpr auto id = smpp::command_id::query_broadcast_sm;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"message_id", &T::message_id, smpp::limit::message_id},
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::address},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

template <>
struct layout<smpp::cancel_broadcast_sm> {  // 5.0, 4.6.3
  using T = smpp::cancel_broadcast_sm;
  static constexpr auto id = smpp::command_id::cancel_broadcast_sm;
  static constexpr auto name = name_of(id);
  static constexpr std::tuple fields{
      field{"service_type", &T::service_type, smpp::limit::service_type},
      field{"message_id", &T::message_id, smpp::limit::message_id},
      field{"source_addr_ton", &T::source_addr_ton, u8{smpp::tons}},
      field{"source_addr_npi", &T::source_addr_npi, u8{smpp::npis}},
      field{"source_addr", &T::source_addr, smpp::limit::address},
      field{"tlvs", &T::tlvs, smpp::tlvs{}},
  };
};

}  // namespace signalbox::inline base

namespace signalbox::smpp {

template <class... Body>
constexpr auto ids_of(std::type_identity<std::variant<Body...>>) {
  return std::array{layout<Body>::id...};
}
inline constexpr auto body_ids = ids_of(std::type_identity<body>{});  // by the variant's index

constexpr command_id id_of(body const& b) { return body_ids[b.index()]; }
constexpr command_id id_of(pdu const& p) { return id_of(p.body); }

}  // namespace signalbox::smpp
