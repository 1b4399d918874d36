// The user data header of a short message (3GPP TS 23.040, 9.2.3.24): a length octet and information elements, kept
// in order and octet by octet, known or not. Read out of it: concatenation (IEI 00, 08), application ports (04, 05),
// national language shifts (24, 25). The meaning of other elements is left to whoever knows them.
#pragma once

#include "engine/base/bytes.hpp"
#include "engine/text/alphabets.hpp"

namespace signalbox::text {

namespace iei {
inline constexpr std::uint8_t concatenation_8bit = 0x00;
inline constexpr std::uint8_t ports_8bit = 0x04;
inline constexpr std::uint8_t ports_16bit = 0x05;
inline constexpr std::uint8_t concatenation_16bit = 0x08;
inline constexpr std::uint8_t national_single_shift = 0x24;
inline constexpr std::uint8_t national_locking_shift = 0x25;
}  // namespace iei

struct information_element {
  std::uint8_t id = 0;
  octets data;
  bool operator==(information_element const&) const = default;
};

struct user_data_header {
  std::vector<information_element> elements;
  bool operator==(user_data_header const&) const = default;
};

// Octets of the header in front of `user_data`, the length octet included. Fault: it ends behind the data.
result<std::size_t> header_length(octet_view user_data);

// `header` is the whole header and nothing else. Fault: an element that runs over the header's end, octets left over.
result<user_data_header> decode_udh(octet_view header);
// Fault: more than a length octet can say.
result<octets> encode_udh(user_data_header const& header);

struct concatenation {
  std::uint16_t reference = 0;
  std::uint8_t parts = 1;  // 1..255
  std::uint8_t part = 1;   // 1..parts
  bool wide = false;       // a 16-bit reference
  bool operator==(concatenation const&) const = default;
};

struct ports {
  std::uint16_t destination = 0;
  std::uint16_t source = 0;
  bool wide = false;  // 16-bit ports
  bool operator==(ports const&) const = default;
};

information_element element_of(concatenation const& place);
information_element element_of(ports const& numbers);
std::vector<information_element> elements_of(shifts tables);  // locking first, then single

// An element of the wrong length, a part number outside 1..parts and a reserved language are passed over, and of
// several (also of both widths) the last one counts: 9.2.3.24, 9.2.3.24.1 and 9.2.3.24.15-16.
std::optional<concatenation> find_concatenation(user_data_header const& header);
std::optional<ports> find_ports(user_data_header const& header);
shifts find_shifts(user_data_header const& header);

}  // namespace signalbox::text
