// Fields of PDUs by the specification's names, for steps that set or compare them. Everything comes from the field
// tables of engine/smpp/messages.hpp and the TLV table; this file only reaches into them by name.
//
//   short_message                        a field of the message
//   unsuccess_sme[0].error_status_code   an item of a list; its count is a number by its own name (no_unsuccess)
//   status, sequence_number              of the header
//   additional_status_info_text          a standard TLV; tag_0x1501 any other
#pragma once

#include "engine/smpp/messages.hpp"

namespace signalbox::player {

enum class field_kind : std::uint8_t { number, text, octets };

struct field_info {
  std::string name;
  field_kind kind = field_kind::number;
  std::uint64_t largest = 0;           // of a number
  std::span<code_name const> names{};  // a number's code space, where it has one
  bool is_tlv = false;
  bool is_list = false;  // an item of a list, or its count: can be compared but not set
};

std::optional<smpp::command_id> message_named(std::string_view name);
smpp::body empty_body(smpp::command_id id);
smpp::tlv_list* tlvs_of(smpp::body& body);  // null: the message has none
smpp::tlv_list const* tlvs_of(smpp::body const& body);

// What `name` is in this message; nullopt: there is no such field.
std::optional<field_info> find_field(smpp::command_id message, std::string_view name);

struct field_value {
  field_info info;
  std::uint64_t number = 0;
  std::string text;
  octets data;
};
// nullopt: a TLV or list item that is not there.
std::optional<field_value> read_field(smpp::pdu const& p, std::string_view name);
// As a scenario would write it: a name, a number, quoted text, 0x.. octets.
std::string to_text(field_value const& v);

// The text as the field's value; the fault's detail says what the field accepts. A TLV is appended.
result<void> write_field(smpp::pdu& p, std::string_view name, std::string_view text);

// "ESME_ROK" in the names, 0x40, 64; nullopt otherwise.
std::optional<std::uint64_t> number_of(std::string_view text, std::span<code_name const> names);
// 0x.. becomes octets, everything else stands for itself.
result<octets> octets_written(std::string_view text);
std::string accepts(field_info const& info);  // "a number up to 255", "a status such as ESME_ROK"

}  // namespace signalbox::player
