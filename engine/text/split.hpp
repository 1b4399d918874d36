// A text as the short messages that carry it: one if it fits, else parts with a concatenation header (3GPP TS 23.040,
// 9.2.3.24.1). The header's elements stand in the order concatenation, locking shift, single shift; the shifts are
// announced in every part, since each is read by itself. The way back is in join.hpp.
#pragma once

#include "engine/text/measure.hpp"

namespace signalbox::text {

struct part {
  std::string text = {};   // the piece of the source it carries
  octets header = {};      // encoded; empty: none
  octets body = {};        // septets one an octet, ISO 8859-1, or UTF-16BE
  std::size_t units = 0;   // septets, octets, or UTF-16 units of the text
  user_data content = {};  // header and packed body with TP-UDL
  bool operator==(part const&) const = default;
};

struct split_text {
  coding how;
  std::size_t units = 0;
  std::size_t replaced = 0;      // characters that the alphabet has not got
  std::vector<part> parts = {};  // at least one, at most 255
  bool operator==(split_text const&) const = default;
};

// Faults: text that is not UTF-8, a reference that its bits do not hold, more than 255 parts (the offset is where the
// 256th would begin).
result<split_text> split(std::string_view text, split_options const& options = {});

}  // namespace signalbox::text
