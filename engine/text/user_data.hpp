// TP-UD: header and text of one short message together, as a TPDU carries them (3GPP TS 23.040, 9.2.3.16 and
// 9.2.3.24). TP-UDL counts septets for GSM 7-bit text, header and fill bits included, and octets otherwise; it is
// trusted above the number of octets, so spare bits never show as a ghost '@'.
#pragma once

#include "engine/text/encoding.hpp"
#include "engine/text/udh.hpp"

namespace signalbox::text {

struct user_data {
  charset set = charset::gsm7;
  bool has_header = false;  // TP-UDHI
  std::size_t length = 0;   // TP-UDL
  octets data;
  bool operator==(user_data const&) const = default;
};

// `header` is encoded already, or empty for none; `body` holds septets one an octet, ISO 8859-1, or UTF-16BE.
user_data compose(charset set, octet_view header, octet_view body);

struct opened {
  user_data_header header;
  std::size_t header_octets = 0;  // 0: there is none
  shifts tables;                  // as the header announces them
  octets body;                    // as compose() took it
  bool operator==(opened const&) const = default;
};
// Faults: a header that ends behind the data or is ill-formed, fewer or more octets than TP-UDL says, an alphabet
// that is not supported.
result<opened> open(user_data const& from);

}  // namespace signalbox::text
