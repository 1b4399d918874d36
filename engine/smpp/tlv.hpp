// Optional parameters: tag, length, value (SMPP 3.4, 5.3; 5.0, 4.8). A decoded list keeps every TLV, known or not,
// with its octets and its place, so that what is passed on is what came. The table says what the standard ones
// hold; `validate` compares with it. Repeated TLVs are kept too (broadcast_area_identifier may repeat by design).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/smpp/types.hpp"

namespace signalbox::smpp {

struct tlv {
  std::uint16_t tag = 0;
  octets value{};
  bool operator==(tlv const&) const = default;
};
using tlv_list = std::vector<tlv>;

enum class tlv_kind : std::uint8_t {
  u8,
  u16,
  u32,
  cstr,  // text and a NUL, both counted in the length
  octets,
  flag_only,  // its presence is the value; 5.0 lets alert_on_message_delivery carry an octet as well
};

struct tlv_row {
  std::uint16_t tag;
  std::string_view name;
  tlv_kind kind;
  std::uint16_t min_octets;  // numbers and flags have exactly min or max octets, the others anything between
  std::uint16_t max_octets;
  std::span<code_name const> names{};  // the value's code space, where it has one
};

std::span<tlv_row const> tlv_rows();             // sorted by tag
tlv_row const* find_tlv_row(std::uint16_t tag);  // nullptr: not a standard TLV
tlv_row const* find_tlv_row(std::string_view name);

// The first TLV with this tag.
tlv const* find(tlv_list const& list, std::uint16_t tag);
// Its value as a number: 1 to 4 octets, whatever width the standard asks for; anything else counts as absent.
std::optional<std::uint32_t> find_number(tlv_list const& list, std::uint16_t tag);
// Its value as text up to the first NUL. Many peers send receipted_message_id without its NUL.
std::optional<std::string> find_text(tlv_list const& list, std::uint16_t tag);

tlv make_u8(std::uint16_t tag, std::uint8_t value);
tlv make_u16(std::uint16_t tag, std::uint16_t value);
tlv make_u32(std::uint16_t tag, std::uint32_t value);
tlv make_cstr(std::uint16_t tag, std::string_view text);  // adds the NUL
tlv make_octets(std::uint16_t tag, octet_view value);

// Does a standard TLV have a length (and, for text, the NUL) the standard allows? Unknown tags pass.
// Faults: too_short, too_long, bad_length, unterminated; the field is the TLV's name, the offset counts from the
// TLV's first octet.
result<void> validate(tlv const& t);

// `name=value` with the standard's name and type; unknown ones as tag_0xNNNN with octets.
void print_tlv(sink& out, tlv const& t);
// Its value alone, under any name: number, text or octets; octets too if validate() faults.
void print_tlv_value(sink& out, std::string_view name, tlv const& t);

// The shape of "TLVs until the end of the body", for field tables.
struct tlvs {
  void get(reader& in, tlv_list& list) const;
  void put(writer& out, tlv_list const& list) const;
  void print(sink& out, std::string_view name, tlv_list const& list) const;
  tlv_list any(entropy& chance) const;
};

}  // namespace signalbox::smpp
