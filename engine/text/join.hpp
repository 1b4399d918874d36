// Parts of a long message back into its text (3GPP TS 23.040, 9.2.3.24.1), whatever order they came in. Parts are put
// together before they are decoded, so what a careless sender cut apart (a surrogate pair, an escape and its
// character, a UTF-8 sequence at SMPP) is whole again.
#pragma once

#include <span>

#include "engine/text/user_data.hpp"

namespace signalbox::text {

struct piece {
  representation as = representation::septets;
  shifts tables;
  std::optional<concatenation> place;  // nothing: the message is not part of a longer one
  octets body;                         // without the header, unpacked
  bool operator==(piece const&) const = default;
};

result<piece> piece_of(user_data const& from);  // faults as open()

// Faults name the piece by its index, as the offset: no piece at all, a piece without a place among several, another
// reference, total or representation than the first piece's, a part number outside 1..total, a part twice, a part
// missing; and those of decode_body, whose offset counts octets of the joined body.
result<std::string> join(std::span<piece const> pieces);

}  // namespace signalbox::text
