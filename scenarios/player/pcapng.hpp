// Runs as a pcapng capture that Wireshark and tshark read as SMPP over TCP over IPv4, virtual runs too: addresses,
// ports, handshakes, sequence numbers and checksums are made up here, octets and times are the run's.
//
//   scenario n lives in 10.n/256.n%256.0/24: the system under test is .1, its actors follow in order of appearance
//
// Blocks (pcapng, draft-ietf-opsawg-pcapng): section header, one interface (LINKTYPE_RAW, microseconds), one name
// resolution block with the actors' names, enhanced packets. Times are those at the actor.
#pragma once

#include <span>

#include "scenarios/player/outcome.hpp"

namespace signalbox::player {

octets pcapng(std::span<outcome const> runs);

}  // namespace signalbox::player
