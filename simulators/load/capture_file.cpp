#include "simulators/load/capture_file.hpp"

#include <algorithm>
#include <utility>

namespace signalbox::load {

namespace {

constexpr std::uint32_t micro_magic = 0xA1B2C3D4, nano_magic = 0xA1B23C4D;
constexpr std::uint32_t section_block = 0x0A0D0D0A, byte_order_magic = 0x1A2B3C4D;
constexpr std::uint32_t interface_block = 1, simple_block = 3, enhanced_block = 6;
constexpr std::size_t file_header = 24, record_header = 16, least_block = 12;

duration time_of(std::uint64_t ticks, std::uint64_t per_s) {
  auto const whole = ticks / per_s, rest = ticks % per_s;
  auto const micro = static_cast<std::uint64_t>(static_cast<double>(rest) * 1e6 / static_cast<double>(per_s));
  return duration(static_cast<duration::rep>((whole % (1ull << 40)) * 1'000'000 + micro));
}

}  // namespace

packet_reader::packet_reader(octet_view file) : file_(file) {}

std::uint64_t packet_reader::number(octet_view from, std::size_t at, std::size_t octets) const {
  std::uint64_t value = 0;
  for (std::size_t n = 0; n < octets; ++n) value = value << 8 | from[at + (little_ ? octets - 1 - n : n)];
  return value;
}

std::optional<result<packet>> packet_reader::next() {
  if (over_) return std::nullopt;
  auto const end = [this](result<packet> last) {
    over_ = true;
    return std::optional(std::move(last));
  };
  if (!std::exchange(begun_, true))
    if (auto const bad = begin()) return end(std::unexpected(*bad));
  if (!ng_) {
    if (at_ == file_.size()) return std::nullopt;
    auto p = pcap_record();
    return p ? std::optional(std::move(p)) : end(std::move(p));
  }
  while (at_ < file_.size()) {
    auto const offset = at_;
    auto const b = next_block();
    if (!b) return end(std::unexpected(b.error()));
    if (b->type == interface_block)
      if (auto const bad = describe_interface(b->body, offset)) return end(std::unexpected(*bad));
    if (b->type != enhanced_block && b->type != simple_block) continue;
    auto p = block_packet(*b, offset);
    return p ? std::optional(std::move(p)) : end(std::move(p));
  }
  return std::nullopt;
}

// -- pcap ----------------------------------------------------------------------------------------------------------

std::optional<fault> packet_reader::begin() {
  if (file_.size() < 4) return wrong(errc::truncated, "no capture: shorter than its magic number");
  if (number(file_, 0, 4) == section_block) {
    ng_ = true;
    return std::nullopt;
  }
  bool known = false;
  for (bool const little : {false, true}) {
    little_ = little;
    auto const magic = number(file_, 0, 4);
    if (magic != micro_magic && magic != nano_magic) continue;
    ticks_per_s_ = magic == nano_magic ? 1'000'000'000 : 1'000'000;
    known = true;
    break;
  }
  if (!known) return wrong(errc::bad_value, "neither pcap nor pcapng");
  if (file_.size() < file_header) return wrong(errc::truncated, "the file header is not whole");
  link_ = static_cast<std::uint32_t>(number(file_, 20, 4)) & 0x0FFF'FFFF;  // above: whether frames have a checksum
  at_ = file_header;
  return std::nullopt;
}

result<packet> packet_reader::pcap_record() {
  auto const rest = file_.subspan(at_);
  if (rest.size() < record_header)
    return std::unexpected(wrong(errc::truncated, "the last packet's header is not whole"));
  auto const captured = number(rest, 8, 4);
  if (captured > most_packet_octets)
    return std::unexpected(wrong(errc::too_long, "a packet of " + std::to_string(captured) + " octets"));
  if (captured > rest.size() - record_header)
    return std::unexpected(wrong(errc::truncated, "the last packet is not whole"));
  packet const p{.offset = at_,
                 .link = link_,
                 .at = time_of(number(rest, 0, 4) * ticks_per_s_ + number(rest, 4, 4) % ticks_per_s_, ticks_per_s_),
                 .data = rest.subspan(record_header, captured),
                 .length = number(rest, 12, 4)};
  at_ += record_header + captured;
  return p;
}

// -- pcapng --------------------------------------------------------------------------------------------------------

// Type, length, body padded to four octets, length again. A section header says in which byte order all that follows is.
result<packet_reader::block> packet_reader::next_block() {
  auto const rest = file_.subspan(at_);
  if (rest.size() < least_block) return std::unexpected(wrong(errc::truncated, "the last block is not whole"));
  auto type = static_cast<std::uint32_t>(number(rest, 0, 4));
  if (type == section_block) {  // the same in both orders
    little_ = true;
    if (number(rest, 8, 4) != byte_order_magic) little_ = false;
    if (number(rest, 8, 4) != byte_order_magic)
      return std::unexpected(wrong(errc::bad_value, "a section without its byte-order magic"));
    interfaces_.clear();
  }
  auto const length = number(rest, 4, 4);
  if (length < least_block || length % 4 != 0)
    return std::unexpected(wrong(errc::bad_length, "a block of " + std::to_string(length) + " octets"));
  if (length > rest.size()) return std::unexpected(wrong(errc::truncated, "the last block is not whole"));
  if (number(rest, length - 4, 4) != length)
    return std::unexpected(wrong(errc::bad_length, "a block whose two lengths differ"));
  at_ += length;
  return block{type, rest.subspan(8, length - least_block)};
}

std::optional<fault> packet_reader::describe_interface(octet_view body, std::size_t offset) {
  auto const bad = [&](errc code, char const* words) { return fault{code, offset, "capture", words}; };
  if (body.size() < 8) return bad(errc::truncated, "an interface that is not whole");
  if (interfaces_.size() == most_capture_interfaces) return bad(errc::too_long, "more than 1,000 interfaces");
  interface one;
  one.link = static_cast<std::uint32_t>(number(body, 0, 2));
  one.snap_length = static_cast<std::uint32_t>(number(body, 4, 4));
  constexpr std::uint64_t resolution = 9, time_offset = 14;
  for (std::size_t at = 8; at + 4 <= body.size();) {
    auto const code = number(body, at, 2), length = number(body, at + 2, 2);
    at += 4;
    if (code == 0) break;
    if (length > body.size() - at) return bad(errc::truncated, "an interface's option is not whole");
    if (code == resolution && length == 1) {
      // Powers of ten, or with the highest bit of two.
      auto const exponent = body[at] & 0x7F;
      bool const binary = (body[at] & 0x80) != 0;
      if (exponent > (binary ? 60 : 18)) return bad(errc::bad_value, "a time resolution beyond what there is");
      one.ticks_per_s = 1;
      for (int n = 0; n < exponent; ++n) one.ticks_per_s *= binary ? 2 : 10;
    }
    if (code == time_offset && length == 8) one.offset_s = static_cast<std::int64_t>(number(body, at, 8)) % (1ll << 36);
    at += (length + 3) / 4 * 4;
  }
  interfaces_.push_back(one);
  return std::nullopt;
}

result<packet> packet_reader::block_packet(block const& b, std::size_t offset) {
  auto const bad = [&](errc code, std::string words) {
    return std::unexpected(fault{code, offset, "capture", std::move(words)});
  };
  bool const simple = b.type == simple_block;
  std::size_t const head = simple ? 4 : 20;
  if (b.body.size() < head) return bad(errc::truncated, "a packet block that is not whole");
  auto const which = simple ? 0 : number(b.body, 0, 4);
  if (which >= interfaces_.size())
    return bad(errc::not_found, "a packet of interface " + std::to_string(which) + ", which is not described");
  auto const& from = interfaces_[which];
  packet p{.offset = offset, .link = from.link, .at = last_, .data = {}, .length = number(b.body, head - 4, 4)};
  std::uint64_t captured = 0;
  if (simple) {
    captured = std::min<std::uint64_t>(p.length, b.body.size() - head);
    if (from.snap_length > 0) captured = std::min<std::uint64_t>(captured, from.snap_length);
  } else {
    captured = number(b.body, 12, 4);
    p.at = time_of(number(b.body, 4, 4) << 32 | number(b.body, 8, 4), from.ticks_per_s) +
           duration(from.offset_s * 1'000'000);
    last_ = p.at;
  }
  if (captured > most_packet_octets) return bad(errc::too_long, "a packet of " + std::to_string(captured) + " octets");
  if (captured > b.body.size() - head) return bad(errc::bad_length, "a packet longer than its block");
  p.data = b.body.subspan(head, captured);
  return p;
}

// -- from the link to TCP --------------------------------------------------------------------------------------------

namespace {

constexpr std::uint16_t ether_ipv4 = 0x0800, ether_ipv6 = 0x86DD;
constexpr std::uint8_t protocol_tcp = 6;

using maybe_segment = result<std::optional<tcp_segment>>;

std::uint16_t u16_at(octet_view d, std::size_t at) { return static_cast<std::uint16_t>(d[at] << 8 | d[at + 1]); }
std::uint32_t u32_at(octet_view d, std::size_t at) {
  return static_cast<std::uint32_t>(u16_at(d, at)) << 16 | u16_at(d, at + 2);
}

// The IP packet inside a frame; empty: there is none.
result<octet_view> network_of(packet const& p) {
  auto const d = p.data;
  auto const behind = [&](std::size_t octets) { return d.size() > octets ? d.subspan(octets) : octet_view(); };
  auto const typed = [&](std::size_t type_at, std::size_t head) {
    if (d.size() < head) return octet_view();
    auto const type = u16_at(d, type_at);
    return type == ether_ipv4 || type == ether_ipv6 ? behind(head) : octet_view();
  };
  switch (p.link) {
    case 0:
    case 108: return behind(4);  // loopback: a protocol family, which the version in IP tells as well
    case 1:   {
      std::size_t type_at = 12;
      for (int tags = 0; tags < 2 && d.size() >= type_at + 2; ++tags)
        if (auto const type = u16_at(d, type_at); type == 0x8100 || type == 0x88A8) type_at += 4;
      return typed(type_at, type_at + 2);
    }
    case 12:
    case 14:
    case 101:
    case 228:
    case 229: return d;
    case 113: return typed(14, 16);
    case 276: return typed(0, 20);
    default:  return failed(errc::not_supported, p.offset, "capture", "link type " + std::to_string(p.link));
  }
}

maybe_segment tcp_in(packet const& p, octet_view d, std::size_t length, tcp_segment s) {
  auto const bad = [&](char const* words) { return failed(errc::bad_length, p.offset, "capture", words); };
  if (d.size() < 20)
    return p.length > p.data.size() ? maybe_segment(std::nullopt) : bad("a TCP header that is not whole");
  std::size_t const head = static_cast<std::size_t>(d[12] >> 4) * 4;
  if (head < 20 || head > length) return bad("a TCP header of impossible length");
  s.from.port = u16_at(d, 0);
  s.to.port = u16_at(d, 2);
  s.sequence = u32_at(d, 4);
  s.fin = (d[13] & 1) != 0;
  s.syn = (d[13] & 2) != 0;
  s.rst = (d[13] & 4) != 0;
  s.data = d.size() > head ? d.subspan(head, std::min(d.size(), length) - head) : octet_view();
  s.cut = s.data.size() < length - head;
  return s;
}

}  // namespace

result<std::optional<tcp_segment>> segment_of(packet const& p) {
  auto const bad = [&](errc code, char const* words) { return failed(code, p.offset, "capture", words); };
  auto const network = network_of(p);
  if (!network) return std::unexpected(network.error());
  auto const d = *network;
  if (d.empty()) return std::nullopt;
  tcp_segment s;
  if (d[0] >> 4 == 4) {
    if (d.size() < 20) return std::nullopt;
    std::size_t const head = static_cast<std::size_t>(d[0] & 15) * 4;
    auto total = static_cast<std::size_t>(u16_at(d, 2));
    if (total == 0) total = d.size();  // left to the network card (segmentation offload)
    if (head < 20 || head > total || head > d.size())
      return bad(errc::bad_length, "an IPv4 header of impossible length");
    if (d[9] != protocol_tcp) return std::nullopt;
    if ((u16_at(d, 6) & 0x3FFF) != 0) return bad(errc::not_supported, "a fragment of an IP packet");
    std::copy_n(d.begin() + 12, 4, s.from.address.begin());
    std::copy_n(d.begin() + 16, 4, s.to.address.begin());
    return tcp_in(p, d.subspan(head), total - head, s);
  }
  if (d[0] >> 4 != 6 || d.size() < 40) return std::nullopt;
  std::copy_n(d.begin() + 8, 16, s.from.address.begin());
  std::copy_n(d.begin() + 24, 16, s.to.address.begin());
  std::size_t length = u16_at(d, 4), at = 40;
  if (length == 0) length = d.size() - 40;
  auto kind = d[6];
  constexpr std::uint8_t hop_by_hop = 0, routing = 43, fragment = 44, destination = 60;
  while (kind == hop_by_hop || kind == routing || kind == destination) {
    if (d.size() < at + 8) return std::nullopt;
    auto const octets = (std::size_t{d[at + 1]} + 1) * 8;
    if (octets > length) return bad(errc::bad_length, "an IPv6 header of impossible length");
    kind = d[at];
    at += octets;
    length -= octets;
  }
  if (kind == fragment) return bad(errc::not_supported, "a fragment of an IP packet");
  if (kind != protocol_tcp) return std::nullopt;
  return tcp_in(p, d.size() > at ? d.subspan(at) : octet_view(), length, s);
}

}  // namespace signalbox::load
