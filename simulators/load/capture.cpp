#include "simulators/load/capture.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/smpp/codec.hpp"
#include "engine/smpp/framing.hpp"
#include "engine/smpp/types.hpp"

namespace signalbox::load {

namespace {

constexpr std::size_t telling_octets = 8;  // command_length and command_id

bool begins_a_pdu(octet_view data) {
  reader in(data);
  auto const length = in.u32(), id = in.u32();
  return length >= smpp::header_octets && length <= smpp::max_pdu_octets && !find_name(smpp::commands, id).empty();
}

// One direction of one connection.
class flow {
 public:
  // Hands whole PDUs to `take`. A fault ends everything.
  template <class Take>
  result<void> add(tcp_segment const& s, packet const& p, Take const& take) {
    if (s.syn) {
      *this = flow();
      next_ = s.sequence + 1;
      begun_ = true;
      return {};
    }
    if (foreign_ || s.data.empty()) return {};
    if (!std::exchange(begun_, true)) next_ = s.sequence;  // the capture began in the middle
    auto const ahead = static_cast<std::int32_t>(s.sequence - next_);
    if (ahead > 0) return keep(s, p);
    auto const seen = static_cast<std::size_t>(-std::int64_t{ahead});  // sent again, in part or whole
    if (seen < s.data.size())
      if (auto const done = feed(s.data.subspan(seen), p, s.cut, take); !done) return done;
    return close_holes(take);
  }

  std::optional<fault> unfinished() const {
    if (!known_ || waiting_.empty()) return std::nullopt;
    return fault{errc::missing, waiting_.begin()->second.from.offset, "capture",
                 "octets of SMPP before this packet are not in the capture"};
  }

 private:
  struct kept {
    octet_view data;  // in the file
    packet from;
    bool cut = false;
  };

  result<void> keep(tcp_segment const& s, packet const& p) {
    auto const [at, fresh] = waiting_.try_emplace(s.sequence - next_ + moved_, kept{s.data, p, s.cut});
    if (!fresh && at->second.data.size() >= s.data.size()) return {};
    if (!fresh) ahead_octets_ -= at->second.data.size();
    at->second = {s.data, p, s.cut};
    ahead_octets_ += s.data.size();
    if (ahead_octets_ <= most_ahead_octets) return {};
    if (auto const bad = unfinished()) return std::unexpected(*bad);
    pass_over();  // nobody knows what it was
    return {};
  }

  template <class Take>
  result<void> close_holes(Take const& take) {
    while (!waiting_.empty() && waiting_.begin()->first <= moved_) {
      auto const node = waiting_.extract(waiting_.begin());
      auto const& [data, from, cut] = node.mapped();
      ahead_octets_ -= data.size();
      auto const seen = static_cast<std::size_t>(moved_ - node.key());
      if (seen >= data.size()) continue;
      if (auto const done = feed(data.subspan(seen), from, cut, take); !done) return done;
    }
    return {};
  }

  template <class Take>
  result<void> feed(octet_view data, packet const& p, bool cut, Take const& take) {
    if (foreign_) return {};
    if (!known_) {
      start_.insert(start_.end(), data.begin(),
                    data.begin() + static_cast<std::ptrdiff_t>(std::min(data.size(), telling_octets - start_.size())));
      known_ = start_.size() == telling_octets && begins_a_pdu(start_);
      if (!known_ && (start_.size() == telling_octets || cut)) {
        pass_over();
        return {};
      }
    }
    if (cut) return failed(errc::truncated, p.offset, "capture", "a packet of SMPP that the capture cut");
    next_ += static_cast<std::uint32_t>(data.size());
    moved_ += data.size();
    frames_.feed(data);
    while (auto const pdu = frames_.next())
      if (auto const done = take(*pdu, p); !done) return done;
    if (auto const* bad = frames_.broken())
      return failed(bad->why.code, p.offset, "capture", "a command_length of " + bad->why.detail);
    return {};
  }

  void pass_over() {
    foreign_ = true;
    waiting_.clear();
    ahead_octets_ = 0;
  }

  bool begun_ = false;
  bool known_ = false;                     // as SMPP
  bool foreign_ = false;                   // or as something else
  octets start_;                           // until one of them is sure
  std::uint32_t next_ = 0;                 // sequence number of the next octet
  std::uint64_t moved_ = 0;                // octets read; positions count from the flow's start
  std::map<std::uint64_t, kept> waiting_;  // by position
  std::size_t ahead_octets_ = 0;
  smpp::framer frames_;
};

}  // namespace

result<std::vector<captured>> read_capture(octet_view file) {
  std::vector<captured> all;
  std::map<std::pair<address_and_port, address_and_port>, flow> flows;
  auto const take = [&all](octet_view pdu, packet const& p) -> result<void> {
    if (smpp::decode_header(pdu)->command_id != static_cast<std::uint32_t>(smpp::command_id::submit_sm)) return {};
    auto decoded = smpp::decode(pdu);
    if (!decoded) return failed(decoded.error().code, p.offset, "capture", "submit_sm: " + describe(decoded.error()));
    if (all.size() == most_captured)
      return failed(errc::too_long, p.offset, "capture", "more than 2,000,000 submit_sm");
    all.push_back({p.at, std::get<smpp::submit_sm>(std::move(decoded->body)), all.size()});
    return {};
  };
  packet_reader packets(file);
  while (auto const p = packets.next()) {
    if (!*p) return std::unexpected(p->error());
    auto const s = segment_of(**p);
    if (!s) return std::unexpected(s.error());
    if (!*s) continue;
    auto const at = flows.try_emplace({(*s)->from, (*s)->to}).first;
    if (flows.size() > most_flows)
      return failed(errc::too_long, (*p)->offset, "capture", "more than 10,000 directions of connections");
    if (auto const done = at->second.add(**s, **p, take); !done) return std::unexpected(done.error());
  }
  for (auto const& [ends, one] : flows)
    if (auto const bad = one.unfinished()) return std::unexpected(*bad);
  if (all.empty()) return failed(errc::missing, 0, "capture", "no submit_sm");
  std::ranges::sort(all, {}, [](captured const& c) { return std::pair(c.at, c.place); });
  for (auto const first = all.front().at; auto& c : all) c.at -= first;
  return all;
}

void replay(plan& p, std::size_t index, std::vector<captured> messages) {
  auto times = std::make_shared<std::vector<duration>>();
  auto bodies = std::make_shared<std::vector<smpp::submit_sm>>();
  for (auto& c : messages) {
    times->push_back(c.at);
    bodies->push_back(std::move(c.message));
  }
  p.lines[index].recorded = bodies;
  for (auto& s : p.streams) {
    if (s.lines.front() != index) continue;
    if (!s.when.count && !s.when.lasts) s.when.count = times->size();
    if (s.when.how != law::recorded) continue;
    auto const span = std::chrono::duration<double>(times->back()).count();
    s.when.rates_per_s = {span > 0 ? static_cast<double>(times->size()) / span : 1};
    s.when.times = times;
  }
}

}  // namespace signalbox::load
