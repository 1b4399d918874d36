// HdrHistogram's own formats: one histogram as V2 octets, compressed, as base64; and the `.hlog` text that its tools
// read, a line per interval. Layout of V2 (all integers big-endian):
//
//   0x1c849313, octets of the counts, normalizing offset 0, significant digits (int32 each)
//   lowest discernible value, highest trackable value (int64), conversion ratio 1.0 (double)
//   counts, from index 0 to the last that is not zero, as ZigZag LEB128 numbers of at most nine octets (the ninth has
//   eight bits); a negative number stands for so many zeros
//
// and compressed: 0x1c849314, octets that follow, zlib stream of the above. Values are microseconds.
// Left out: reading histograms of another range or precision, normalizing offsets, V0 and V1.
#pragma once

#include <string>

#include "engine/base/bytes.hpp"
#include "simulators/load/histogram.hpp"

namespace signalbox::load {

octets encode_v2(histogram const& h);
result<histogram> decode_v2(octet_view in);    // every fault with its offset
octets encode_compressed(histogram const& h);  // the zlib form
result<histogram> decode_compressed(octet_view in);
std::string base64(octet_view in);
result<octets> from_base64(std::string_view text);

struct hdr_interval {
  std::string tag;   // "submit_resp"; no comma, no blank
  duration start{};  // since the log's own start
  duration length{};
  histogram::sparse values;
};
// `began` is the calendar time of the log's start.
std::string hdr_log(wall began, std::span<hdr_interval const> intervals);

}  // namespace signalbox::load
