// See pcapng.hpp.
#include "scenarios/player/pcapng.hpp"

#include <map>

namespace signalbox::player {

namespace {

using simulators::trace_entry;

constexpr std::size_t ip_octets = 20, tcp_octets = 20;
constexpr std::size_t most_payload = 65'535 - ip_octets - tcp_octets;
constexpr std::uint16_t link_type_raw = 101;

namespace flag {
constexpr std::uint8_t fin = 0x01, syn = 0x02, rst = 0x04, psh = 0x08, ack = 0x10;
}

void little16(octets& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8));
}
void little32(octets& out, std::uint32_t value) {
  little16(out, value);
  little16(out, value >> 16);
}

// Type, length, body padded to four octets, length again.
void block(octets& out, std::uint32_t type, octets const& body) {
  auto const padded = (body.size() + 3) / 4 * 4;
  auto const length = static_cast<std::uint32_t>(padded + 12);
  little32(out, type);
  little32(out, length);
  out.insert(out.end(), body.begin(), body.end());
  out.resize(out.size() + padded - body.size());
  little32(out, length);
}

std::uint32_t sum_of(octet_view data, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < data.size(); ++i) sum += static_cast<std::uint32_t>(data[i]) << (i % 2 == 0 ? 8 : 0);
  return sum;
}
std::uint16_t checksum(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}
void put16(octets& data, std::size_t at, std::uint16_t value) {
  data[at] = static_cast<std::uint8_t>(value >> 8);
  data[at + 1] = static_cast<std::uint8_t>(value);
}

struct endpoint {
  std::uint32_t address = 0;
  std::uint16_t port = 0;
  std::uint32_t next = 0;  // sequence number of its next octet
};

octets packet(endpoint const& from, endpoint const& to, std::uint8_t flags, octet_view payload) {
  octets data;
  writer w(data);
  w.u8(0x45), w.u8(0);  // IPv4, five words; no type of service
  w.u16(ip_octets + tcp_octets + payload.size());
  w.u16(0), w.u16(0x4000);      // do not fragment
  w.u8(64), w.u8(6), w.u16(0);  // hops, TCP, checksum below
  w.u32(from.address), w.u32(to.address);
  w.u16(from.port), w.u16(to.port);
  w.u32(from.next), w.u32((flags & flag::ack) != 0 ? to.next : 0);
  w.u8(tcp_octets / 4 << 4), w.u8(flags), w.u16(0xFFFF);  // window
  w.u16(0), w.u16(0);                                     // checksum below, urgent
  w.put(payload);
  put16(data, 10, checksum(sum_of(octet_view(data).first(ip_octets))));
  auto const tcp = octet_view(data).subspan(ip_octets);
  // RFC 9293, 3.1: the pseudo header is addresses, protocol and TCP length.
  auto const pseudo = sum_of(octet_view(data).subspan(12, 8), 6 + static_cast<std::uint32_t>(tcp.size()));
  put16(data, ip_octets + 16, checksum(sum_of(tcp, pseudo)));
  return data;
}

class capture {
 public:
  explicit capture(octets& out) : out_(out) {}

  void run(outcome const& o, std::uint32_t network) {
    network_ = network;
    connections_.clear();
    actors_.clear();
    for (std::size_t i = 0; i < o.trace.size(); ++i) {
      if (o.trace[i].link == 0) continue;
      auto& c = connection_of(o.trace[i]);
      if (carries(o.trace[i])) c.last_data = i;
    }
    for (std::size_t i = 0; i < o.trace.size(); ++i) take(o.trace[i], i);
  }

  static std::uint32_t address(std::uint32_t network, std::uint32_t host) {
    return 10u << 24 | (network & 0xFFFF) << 8 | host;
  }

  // The host number of an actor, counted from 2 in order of appearance.
  static std::uint32_t host_of(std::map<std::string, std::uint32_t>& hosts, std::string const& actor) {
    auto const next = static_cast<std::uint32_t>(2 + hosts.size() % 250);
    return hosts.try_emplace(actor, next).first->second;
  }

 private:
  struct connection {
    endpoint actor, system;
    bool actor_called = true;
    bool open = false;
    bool over = false;  // one side has closed; the end is shown when what was on its way has come
    std::size_t last_data = 0;
  };

  static bool carries(trace_entry const& e) {
    return e.what == trace_entry::kind::sent || e.what == trace_entry::kind::reached;
  }

  void take(trace_entry const& e, std::size_t index) {
    using kind = trace_entry::kind;
    if (e.link == 0) return;
    auto& c = connection_of(e);
    switch (e.what) {
      case kind::opened:  open(c, e.when); break;
      case kind::sent:    data(c, c.actor, c.system, e); break;
      case kind::reached: data(c, c.system, c.actor, e); break;
      case kind::closed:  c.over = true; break;
      case kind::cut:
        if (c.open) emit(c.system, c.actor, flag::rst | flag::ack, {}, e.when);
        c.open = false;
        break;
      case kind::refused:
      case kind::fault:
      case kind::notice:  break;
    }
    if (c.over && index >= c.last_data) close(c, e.when);
  }

  connection& connection_of(trace_entry const& e) {
    auto const [at, fresh] = connections_.try_emplace(e.link);
    if (!fresh) return at->second;
    auto const ephemeral = static_cast<std::uint16_t>(20'000 + connections_.size() % 40'000);
    auto& c = at->second;
    c.actor_called = e.actor_called;
    c.actor = {address(network_, host_of(actors_, e.actor)), e.actor_called ? ephemeral : e.port, 1000};
    c.system = {address(network_, 1), e.actor_called ? e.port : ephemeral, 5000};
    return c;
  }

  void open(connection& c, moment when) {
    if (c.open) return;
    c.open = true;
    auto& caller = c.actor_called ? c.actor : c.system;
    auto& called = c.actor_called ? c.system : c.actor;
    emit(caller, called, flag::syn, {}, when);
    ++caller.next;
    emit(called, caller, flag::syn | flag::ack, {}, when);
    ++called.next;
    emit(caller, called, flag::ack, {}, when);
  }

  void data(connection& c, endpoint& from, endpoint& to, trace_entry const& e) {
    open(c, e.when);  // the record may have begun in the middle
    octet_view rest = e.data;
    while (!rest.empty()) {
      auto const part = rest.first(std::min(rest.size(), most_payload));
      emit(from, to, flag::psh | flag::ack, part, e.when);
      from.next += static_cast<std::uint32_t>(part.size());
      rest = rest.subspan(part.size());
    }
  }

  void close(connection& c, moment when) {
    if (!c.open) return;
    c.open = false;
    emit(c.actor, c.system, flag::fin | flag::ack, {}, when);
    ++c.actor.next;
    emit(c.system, c.actor, flag::fin | flag::ack, {}, when);
    ++c.system.next;
    emit(c.actor, c.system, flag::ack, {}, when);
  }

  void emit(endpoint const& from, endpoint const& to, std::uint8_t flags, octet_view payload, moment when) {
    auto const data = packet(from, to, flags, payload);
    auto const microseconds = static_cast<std::uint64_t>(when.date.time_since_epoch().count());
    octets body;
    little32(body, 0);  // the interface
    little32(body, static_cast<std::uint32_t>(microseconds >> 32));
    little32(body, static_cast<std::uint32_t>(microseconds));
    little32(body, static_cast<std::uint32_t>(data.size()));
    little32(body, static_cast<std::uint32_t>(data.size()));
    body.insert(body.end(), data.begin(), data.end());
    block(out_, 6, body);
  }

  octets& out_;
  std::uint32_t network_ = 0;
  std::map<std::uint64_t, connection> connections_;
  std::map<std::string, std::uint32_t> actors_;
};

void name_record(octets& body, std::uint32_t address, std::string_view name) {
  auto const length = 4 + name.size() + 1;
  little16(body, 1);  // nrb_record_ipv4
  little16(body, static_cast<std::uint32_t>(length));
  for (int shift = 24; shift >= 0; shift -= 8) body.push_back(static_cast<std::uint8_t>(address >> shift));
  body.insert(body.end(), name.begin(), name.end());
  body.resize(body.size() + 1 + (4 - length % 4) % 4);
}

octets names_of(std::span<outcome const> runs) {
  octets body;
  std::uint32_t network = 0;
  for (auto const& o : runs) {
    ++network;
    std::map<std::string, std::uint32_t> hosts;
    name_record(body, capture::address(network, 1), "engine");
    for (auto const& e : o.trace) {
      if (e.link == 0 || hosts.contains(e.actor)) continue;
      name_record(body, capture::address(network, capture::host_of(hosts, e.actor)), e.actor);
    }
  }
  little32(body, 0);  // nrb_record_end
  return body;
}

}  // namespace

octets pcapng(std::span<outcome const> runs) {
  octets out;
  octets section;
  little32(section, 0x1A2B3C4D);
  little16(section, 1), little16(section, 0);
  little32(section, UINT32_MAX), little32(section, UINT32_MAX);  // length of the section: not given
  block(out, 0x0A0D0D0A, section);
  octets interface;
  little16(interface, link_type_raw), little16(interface, 0);
  little32(interface, 0);  // no limit of captured octets
  block(out, 1, interface);
  block(out, 4, names_of(runs));
  capture packets(out);
  std::uint32_t network = 0;
  for (auto const& o : runs) packets.run(o, ++network);
  return out;
}

}  // namespace signalbox::player
