// Which request goes when, and over which session.
#include <algorithm>
#include <cassert>

#include "simulators/load/generator_inside.hpp"

namespace signalbox::load {

namespace {
constexpr int sends_in_a_row = 500;  // then what has arrived has its turn
}

void generator::pump(moment now) {
  wake_.reset();
  if (phase_ != phase::running) return;
  int left = sends_in_a_row;
  for (bool any = true; any && left > 0;) {
    any = false;
    for (auto& f : flows_)
      if (step(f, now)) any = true, --left;
  }
  if (left <= 0) wake_ = now.at;
}

// Sends one request of this stream. False: nothing is due, or nothing has room.
bool generator::step(flow& f, moment now) {
  if (f.segment < f.segments) {
    auto* const c = ready(f.actor);
    if (c == nullptr) return false;
    send(*c, f.number, f.segment++, now);
    return true;
  }
  auto const due = f.law.plan().open() ? slot(f, now) : window_slot(f, now);
  if (!due || *due > now.at) {
    if (due) wake_ = wake_ ? std::min(*wake_, *due) : *due;
    return false;
  }
  auto* const c = ready(f.actor);
  if (c == nullptr) return false;
  if (f.law.plan().open()) m_.lag.record(now.at - std::max(*due, actors_[f.actor].room_since));
  f.last_slot = *due;
  f.slot.reset();
  if (!f.again.empty()) {
    auto const token = f.again.front();
    f.again.pop_front();
    send(*c, token >> segment_bits, static_cast<std::uint32_t>(token & ((1u << segment_bits) - 1)), now);
  } else {
    --f.left;
    draw(f, *due);
    send(*c, f.number, f.segment++, now);
  }
  return true;
}

// When the next request of an open stream is meant to go. A slot of the law serves what was throttled first, so the
// rate is that of all requests; once there are no new messages, resubmissions go on at the law's last rate.
std::optional<instant> generator::slot(flow& f, moment now) {
  if (!f.slot && !f.ended) {
    auto const next = f.left > 0 ? f.law.next(chance_) : std::nullopt;
    if (next)
      f.slot = began_ + f.law.plan().start + *next;
    else
      f.ended = true;
  }
  if (!f.slot && !f.again.empty()) {
    auto const gap = duration(static_cast<duration::rep>(1e6 / std::max(1.0, f.law.plan().rates_per_s.back())));
    f.slot = std::max(f.last_slot + gap, now.at);
  }
  return f.slot;
}

std::optional<instant> generator::window_slot(flow& f, moment now) {
  auto const& lasts = f.law.plan().lasts;
  auto const start = began_ + f.law.plan().start;
  f.ended = f.ended || f.left == 0 || (lasts && now.at - start >= *lasts);
  if (f.ended && f.again.empty()) return std::nullopt;
  return std::max(start, now.at);
}

// A client of this actor with room, each in its turn; null: all windows are full.
generator::client* generator::ready(std::size_t actor) {
  auto& queue = actors_[actor].ready;
  while (!queue.empty()) {
    auto const n = queue.front();
    queue.pop_front();
    auto& c = clients_[n];
    c.queued = false;
    if (c.gone || !c.session || !c.session->may_deliver() || c.session->room() == 0) continue;
    c.queued = true;
    queue.push_back(n);
    return &c;
  }
  return nullptr;
}

void generator::make_ready(client& c, moment now) {
  if (c.queued || !c.sends || !c.session || !c.session->may_deliver() || c.session->room() == 0) return;
  auto& a = actors_[c.actor];
  if (a.ready.empty()) a.room_since = now.at;
  c.queued = true;
  a.ready.push_back(c.index);
}

// A new message of this stream: which line, which number.
void generator::draw(flow& f, instant intended) {
  std::size_t which = 0;
  if (f.lines.size() > 1) {
    auto const at = chance_.unit() * f.shares.back();
    while (which + 1 < f.lines.size() && f.shares[which] <= at) ++which;
  }
  f.number = first_number_ + records_.size();
  auto const line = f.lines[which];
  auto const& t = plan_.lines[line];
  auto const chance = t.recorded ? f.replayed++ : chance_.next();
  record r{.intended = intended, .chance = chance, .line = static_cast<std::uint32_t>(line)};
  f.segment = 0;
  f.segments = makers_[line].segments({f.number, r.chance});
  r.left = static_cast<std::uint8_t>(f.segments);
  r.counted = t.counts;
  records_.push_back(r);
  ++m_.messages;
  auto& own = m_.lines[line];
  ++own.messages;
  own.last_intended = std::max(own.last_intended, intended - began_);
}

void generator::send(client& c, std::uint64_t number, std::uint32_t segment, moment now) {
  auto* const r = find(number);
  assert(r != nullptr && "a message stays known until its last answer");
  r->sent = now.at;
  if (auto& own = m_.lines[r->line]; !own.first_sent) own.first_sent = now.at - began_;
  auto const& body = makers_[r->line].make({number, r->chance}, segment);
  auto const sent = c.session->request(body, token_of(number, segment), now.at, c.out);
  assert(sent && *sent && "the parser tried the line, and the session had room");
  (void)sent;
  if (!std::exchange(c.dirty, true)) dirty_.push_back(c.index);
  ++in_flight_;
  ++m_.sent;
  ++now_.sent;
  ++m_.per_session[c.in_report].submitted;
}

}  // namespace signalbox::load
