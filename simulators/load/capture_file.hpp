// Captures as files: pcap (microseconds or nanoseconds, either byte order) and pcapng (draft-ietf-opsawg-pcapng: section
// header, interface description, enhanced and simple packets; other blocks are passed over), cut into packets, and each
// packet down to its TCP segment.
//
// Links: Ethernet with up to two VLAN tags, BSD loopback, Linux cooked (SLL, SLL2), raw IP. IPv4 and IPv6 with hop-by-hop,
// routing and destination options. Left out: compressed files, the obsolete packet block, fragments of IP (a fault),
// IP in tunnels (no TCP is seen there).
#pragma once

#include <array>
#include <optional>

#include "engine/base/bytes.hpp"
#include "engine/base/time.hpp"

namespace signalbox::load {

inline constexpr std::size_t most_capture_octets = 1 << 30;
inline constexpr std::size_t most_packet_octets = 256 * 1024;  // tcpdump's own limit
inline constexpr std::size_t most_capture_interfaces = 1000;

struct packet {
  std::size_t offset = 0;  // of the packet's record or block in the file
  std::uint32_t link = 0;  // LINKTYPE_
  duration at{};           // since 1970
  octet_view data;         // in the file
  std::size_t length = 0;  // on the wire; more than the data when the capture cut it
};

// The packets one after the other. A fault has its offset in the file and what is wrong there; none follows it.
class packet_reader {
 public:
  explicit packet_reader(octet_view file);
  std::optional<result<packet>> next();  // nullopt: the end of the file

 private:
  struct interface {
    std::uint32_t link = 0, snap_length = 0;
    std::uint64_t ticks_per_s = 1'000'000;
    std::int64_t offset_s = 0;
  };
  struct block {
    std::uint32_t type = 0;
    octet_view body;
  };

  std::uint64_t number(octet_view from, std::size_t at, std::size_t octets) const;  // in the file's byte order
  std::optional<fault> begin();
  result<packet> pcap_record();
  result<block> next_block();
  std::optional<fault> describe_interface(octet_view body, std::size_t offset);
  result<packet> block_packet(block const& b, std::size_t offset);
  fault wrong(errc code, std::string words) const { return {code, at_, "capture", std::move(words)}; }

  octet_view file_;
  std::size_t at_ = 0;
  bool begun_ = false, over_ = false, ng_ = false, little_ = false;
  std::uint64_t ticks_per_s_ = 1'000'000;
  std::uint32_t link_ = 0;
  std::vector<interface> interfaces_;
  duration last_{};
};

struct address_and_port {
  std::array<std::uint8_t, 16> address{};  // IPv4 in the first four
  std::uint16_t port = 0;
  auto operator<=>(address_and_port const&) const = default;
};
struct tcp_segment {
  address_and_port from, to;
  std::uint32_t sequence = 0;
  bool syn = false, fin = false, rst = false;
  octet_view data;
  bool cut = false;  // by the capture: not all of the data is there
};

// nullopt: no TCP. Faults: a link type that is not known, a fragment, headers that contradict themselves; the offset is
// the packet's.
result<std::optional<tcp_segment>> segment_of(packet const& p);

}  // namespace signalbox::load
