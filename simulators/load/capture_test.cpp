// Captures made here, packet by packet, in every file format and link type that is read.
#include "simulators/load/capture.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "engine/smpp/codec.hpp"
#include "simulators/load/generator.hpp"

namespace signalbox::load {
namespace {

using testing::HasSubstr;

octets submit(std::string text, std::uint32_t sequence_number = 1) {
  smpp::submit_sm m;
  m.destination_addr = "5555";
  m.short_message = octets_of(text);
  octets out;
  EXPECT_TRUE(smpp::encode({smpp::ESME_ROK, sequence_number, m}, out));
  return out;
}

octets joined(std::initializer_list<octets> parts) {
  octets all;
  for (auto const& p : parts) all.insert(all.end(), p.begin(), p.end());
  return all;
}

struct tcp {
  std::uint32_t sequence = 1000;
  octets data;
  std::uint8_t flags = 0x18;
  std::uint16_t port = 40'000;
};

octets ip4(tcp const& t) {
  octets out;
  writer w(out);
  w.u8(0x45), w.u8(0), w.u16(40 + t.data.size());
  w.u32(0x4000), w.u8(64), w.u8(6), w.u16(0), w.u32(0x0A000002), w.u32(0x0A000001);
  w.u16(t.port), w.u16(2775), w.u32(t.sequence), w.u32(0);
  w.u8(0x50), w.u8(t.flags), w.u16(0xFFFF), w.u32(0);
  w.put(t.data);
  return out;
}

octets ip6(tcp const& t) {
  octets out;
  writer w(out);
  w.u32(0x60000000), w.u16(28 + t.data.size()), w.u8(0), w.u8(64);
  for (int n = 0; n < 8; ++n) w.u32(n);
  w.u8(6), w.u8(0), w.u16(0), w.u32(0);  // hop-by-hop options
  auto const whole = ip4(t);
  w.put(octet_view(whole).subspan(20));
  return out;
}

struct framed {
  double at_s = 0;
  octets data;
  std::size_t lost = 0;  // at the end, by the snap length
};

struct little {
  octets out;
  bool big = false;
  void put(std::uint64_t value, int octets_count) {
    for (int n = 0; n < octets_count; ++n)
      out.push_back(static_cast<std::uint8_t>(value >> 8 * (big ? octets_count - 1 - n : n)));
  }
};

octets pcap(std::vector<framed> const& packets, std::uint32_t link, bool big = false, bool nano = false) {
  little f{.out = {}, .big = big};
  f.put(nano ? 0xA1B23C4D : 0xA1B2C3D4, 4), f.put(2, 2), f.put(4, 2), f.put(0, 8), f.put(65'535, 4), f.put(link, 4);
  for (auto const& p : packets) {
    auto const whole = static_cast<std::uint64_t>(p.at_s);
    f.put(whole, 4);
    f.put(static_cast<std::uint64_t>((p.at_s - static_cast<double>(whole)) * (nano ? 1e9 : 1e6) + 0.5), 4);
    f.put(p.data.size() - p.lost, 4), f.put(p.data.size(), 4);
    f.out.insert(f.out.end(), p.data.begin(), p.data.end() - static_cast<std::ptrdiff_t>(p.lost));
  }
  return f.out;
}

octets pcapng(std::vector<framed> const& packets, std::uint32_t link, bool big = false) {
  little f{.out = {}, .big = big};
  auto const block = [&](std::uint32_t type, octets body) {
    body.resize((body.size() + 3) / 4 * 4);
    f.put(type, 4), f.put(body.size() + 12, 4);
    f.out.insert(f.out.end(), body.begin(), body.end());
    f.put(body.size() + 12, 4);
  };
  little head{.out = {}, .big = big}, interface{.out = {}, .big = big};
  head.put(0x1A2B3C4D, 4), head.put(1, 2), head.put(0, 2), head.put(UINT64_MAX, 8);
  interface.put(link, 2), interface.put(0, 2), interface.put(0, 4);
  interface.put(9, 2), interface.put(1, 2), interface.put(0, 0), interface.out.push_back(9);  // nanoseconds
  interface.out.resize(interface.out.size() + 3);
  interface.put(0, 4);
  block(0x0A0D0D0A, head.out);
  block(0x0BAD, octets(5));  // of a kind that is not known
  block(1, interface.out);
  for (auto const& p : packets) {
    auto const ticks = static_cast<std::uint64_t>(p.at_s * 1e9 + 0.5);
    little body{.out = {}, .big = big};
    body.put(0, 4), body.put(ticks >> 32, 4), body.put(ticks & 0xFFFFFFFF, 4);
    body.put(p.data.size() - p.lost, 4), body.put(p.data.size(), 4);
    body.out.insert(body.out.end(), p.data.begin(), p.data.end() - static_cast<std::ptrdiff_t>(p.lost));
    block(6, body.out);
  }
  return f.out;
}

octets ethernet(octets const& packet, std::uint16_t type, int tags = 0) {
  octets out(12);
  writer w(out);
  for (int n = 0; n < tags; ++n) w.u16(0x8100), w.u16(7);
  w.u16(type);
  w.put(packet);
  return out;
}

std::vector<std::string> texts(result<std::vector<captured>> const& all) {
  EXPECT_TRUE(all) << describe(all.error());
  std::vector<std::string> list;
  if (all)
    for (auto const& c : *all) list.emplace_back(text_of(c.message.short_message));
  return list;
}

using strings = std::vector<std::string>;

TEST(capture, reads_every_format_and_link) {
  tcp const a{.sequence = 1000, .data = submit("one")};
  tcp const b{.sequence = static_cast<std::uint32_t>(1000 + a.data.size()), .data = submit("two")};
  struct {
    char const* name;
    std::uint32_t link;
    std::function<octets(tcp const&)> frame;
  } const links[] = {
      {"raw", 101, [](tcp const& t) { return ip4(t); }},
      {"raw 6", 101, [](tcp const& t) { return ip6(t); }},
      {"ipv4", 228, [](tcp const& t) { return ip4(t); }},
      {"loopback", 0, [](tcp const& t) { return joined({octets{2, 0, 0, 0}, ip4(t)}); }},
      {"ethernet", 1, [](tcp const& t) { return ethernet(ip4(t), 0x0800); }},
      {"ethernet 6", 1, [](tcp const& t) { return ethernet(ip6(t), 0x86DD); }},
      {"two tags", 1, [](tcp const& t) { return ethernet(ip4(t), 0x0800, 2); }},
      {"padded", 1, [](tcp const& t) { return joined({ethernet(ip4(t), 0x0800), octets(6)}); }},
      {"cooked", 113, [](tcp const& t) { return joined({octets(14), octets{8, 0}, ip4(t)}); }},
      {"cooked 2", 276, [](tcp const& t) { return joined({octets{8, 0}, octets(18), ip4(t)}); }},
  };
  for (auto const& l : links) {
    SCOPED_TRACE(l.name);
    std::vector<framed> const packets{{1000.25, l.frame(a)}, {1002.75, l.frame(b)}};
    for (auto const& file : {pcap(packets, l.link), pcap(packets, l.link, true), pcap(packets, l.link, false, true),
                             pcapng(packets, l.link), pcapng(packets, l.link, true)}) {
      auto const all = read_capture(file);
      EXPECT_EQ(texts(all), (strings{"one", "two"}));
      ASSERT_TRUE(all && all->size() == 2);
      EXPECT_EQ((*all)[1].at, 2500ms);
    }
  }
}

TEST(capture, puts_segments_in_order_and_joins_pdus) {
  auto const stream = joined({submit("one"), submit("two"), submit("three")});
  std::uint32_t const start = 0xFFFFFFF0;  // the numbers begin again on the way
  std::vector<framed> pieces{{0, ip4({.sequence = start - 1, .data = {}, .flags = 2})}};
  for (std::size_t at = 0; at < stream.size(); at += 7) {
    auto const part = octet_view(stream).subspan(at, std::min<std::size_t>(7, stream.size() - at));
    pieces.push_back({1.0 + static_cast<double>(at), ip4({.sequence = start + static_cast<std::uint32_t>(at),
                                                          .data = octets(part.begin(), part.end())})});
  }
  EXPECT_EQ(texts(read_capture(pcap(pieces, 101))), (strings{"one", "two", "three"}));
  auto swapped = pieces;
  std::swap(swapped[2], swapped[5]);
  std::swap(swapped[8], swapped[9]);
  swapped.push_back(pieces[3]);  // sent again
  swapped.insert(swapped.begin() + 7,
                 {50, ip4({.sequence = start, .data = octets(stream.begin(), stream.begin() + 30)})});
  EXPECT_EQ(texts(read_capture(pcap(swapped, 101))).size(), 3u);
  auto holed = pieces;
  holed.erase(holed.begin() + 6);
  auto const hole = read_capture(pcap(holed, 101));
  ASSERT_FALSE(hole);
  EXPECT_EQ(hole.error().code, errc::missing);
  EXPECT_EQ(hole.error().offset, 24 + 16 + 40 + 5 * (16 + 47u)) << "the first packet behind the hole";
}

TEST(capture, passes_over_what_is_not_smpp) {
  octets udp = ip4({.data = submit("udp")});
  udp[9] = 17;
  auto const file = pcap({{1, ip4({.data = octets_of("GET / HTTP/1.1\r\n\r\n"), .port = 1})},
                          {2, ip4({.sequence = 5000, .data = octets(10, 0xFF), .port = 1})},
                          {3, udp},
                          {4, ip4({.data = submit("yes")})},
                          {5, ip4({.sequence = 1, .data = {}, .flags = 4, .port = 9})}},
                         101);
  EXPECT_EQ(texts(read_capture(file)), strings{"yes"});
}

TEST(capture, says_what_is_wrong_and_where) {
  auto const good = ip4({.data = submit("one")});
  auto cut_number = submit("x");
  cut_number[3] = 5;
  auto unreadable = submit("x");
  unreadable.resize(20);
  unreadable[3] = 20;
  auto fragment = good;
  fragment[6] = 0x20;
  auto bad_tcp = good;
  bad_tcp[32] = 0xF0;
  bad_tcp.resize(45);
  bad_tcp[3] = 45;
  auto whole = pcap({{1, good}}, 101), whole_ng = pcapng({{1, good}}, 101);
  auto const shorter = [](octets data, std::size_t by) {
    data.resize(data.size() - by);
    return data;
  };
  auto lengths_differ = whole_ng;
  lengths_differ[24] ^= 4;
  auto no_interface = whole_ng;
  no_interface[28 + 20] = 0x0B;  // the interface's block becomes one that is not known
  struct {
    char const* name;
    octets file;
    errc code;
    std::size_t offset;
    char const* words;
  } const rows[] = {
      {"empty", {}, errc::truncated, 0, "shorter than its magic"},
      {"text", octets_of("hello there, how are you"), errc::bad_value, 0, "neither pcap nor pcapng"},
      {"header", shorter(pcap({}, 1), 1), errc::truncated, 0, "file header"},
      {"last packet", shorter(whole, 1), errc::truncated, 24, "last packet is not whole"},
      {"last header", shorter(pcap({{1, good}, {2, {}}}, 101), 1), errc::truncated, 24 + 16 + good.size(), "header"},
      {"nothing", pcap({}, 1), errc::missing, 0, "no submit_sm"},
      {"link", pcap({{1, good}}, 147), errc::not_supported, 24, "link type 147"},
      {"fragment", pcap({{1, fragment}}, 101), errc::not_supported, 24, "a fragment"},
      {"tcp", pcap({{1, bad_tcp}}, 101), errc::bad_length, 24, "TCP header"},
      {"snapped", pcap({{1, good, 3}}, 101), errc::truncated, 24, "the capture cut"},
      {"length",
       pcap(
           {{1, good}, {2, ip4({.sequence = static_cast<std::uint32_t>(1000 + good.size() - 40), .data = cut_number})}},
           101),
       errc::bad_length, 24 + 16 + good.size(), "command_length of 5"},
      {"submit_sm", pcap({{1, ip4({.data = unreadable})}}, 101), errc::truncated, 24, "submit_sm: "},
      {"last block", shorter(whole_ng, 4), errc::truncated, 28 + 20 + 32, "last block"},
      {"lengths", lengths_differ, errc::bad_length, 0, "two lengths differ"},
      {"interface", no_interface, errc::not_found, 28 + 20 + 32, "interface 0"},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.name);
    auto const all = read_capture(r.file);
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().code, r.code) << describe(all.error());
    EXPECT_EQ(all.error().offset, r.offset);
    EXPECT_THAT(all.error().detail, HasSubstr(r.words));
  }
}

plan replaying(law how) {
  plan p;
  traffic t;
  t.name = "replay";
  t.pcap = "x.pcap";
  p.lines.push_back(t);
  p.streams.push_back({0, false, {.how = how, .rates_per_s = {}, .lasts = {}, .count = {}}, {0}});
  return p;
}

TEST(capture, becomes_the_messages_of_a_line) {
  std::vector<captured> const all{{0s, {.destination_addr = "1"}}, {1s, {.destination_addr = "2"}}};
  auto p = replaying(law::recorded);
  replay(p, 0, all);
  EXPECT_EQ(p.streams[0].when.count, 2u);
  p.streams[0].when.count = 5;
  arrivals law(p.streams[0].when);
  seeded_entropy chance(1);
  std::vector<duration> times;
  while (auto const at = law.next(chance)) times.push_back(*at);
  EXPECT_EQ(times, (std::vector<duration>{0s, 1s, 1500ms, 2500ms, 3s}));
  message_maker maker(p.lines[0]);
  EXPECT_EQ(std::get<smpp::submit_sm>(maker.make({9, 3}, 0)).destination_addr, "2");
  EXPECT_EQ(maker.segments({9, 3}), 1u);

  auto fast = replaying(law::window);
  fast.streams[0].when.count = 7;
  replay(fast, 0, all);
  EXPECT_EQ(fast.streams[0].when.count, 7u);
  EXPECT_EQ(fast.streams[0].when.times, nullptr);
}

}  // namespace
}  // namespace signalbox::load
