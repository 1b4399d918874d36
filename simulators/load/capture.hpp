// The submit_sm in a capture, in the order of their times: TCP segments are put in order, PDUs joined across them.
//
// A direction of a connection is SMPP when its first octets (after the handshake, or where the capture begins) look like
// a PDU's header; others are passed over. Of SMPP every octet must be there: a hole, a packet that the capture cut, or a
// PDU that cannot be read is a fault with the offset of its packet in the file.
//
// Limits: most_capture_octets of file, most_flows directions at once, most_ahead_octets that wait for a hole in each,
// most_captured messages. Left out: data_sm, submit_multi; TLS.
#pragma once

#include "engine/smpp/messages.hpp"
#include "simulators/load/capture_file.hpp"
#include "simulators/load/plan.hpp"

namespace signalbox::load {

inline constexpr std::size_t most_flows = 10'000;
inline constexpr std::size_t most_ahead_octets = 4 << 20;
inline constexpr std::size_t most_captured = 2'000'000;

struct captured {
  duration at{};  // since the first one
  smpp::submit_sm message;
  std::size_t place = 0;  // among those of the file
};

// Faults: as said; missing, when there is no submit_sm at all.
result<std::vector<captured>> read_capture(octet_view file);

// Makes these the messages of line `index`, which has a stream of its own: at their times if its law is `recorded`, all
// of them once unless it says how many or how long.
void replay(plan& p, std::size_t index, std::vector<captured> messages);

}  // namespace signalbox::load
