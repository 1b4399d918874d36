// The clock, the nodes and the links. Faults are in faults.cpp, storage and power in power.cpp.
#include "simulators/world/world.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace signalbox::simulators {

namespace {

// A node whose deadline stays in the past would stop the clock for ever. That is an error of ours, not of a peer.
constexpr std::uint64_t most_idle_alarms = 100'000;

void insist(bool holds, char const* what) {
  if (holds) return;
  std::fprintf(stderr, "world: %s\n", what);
  std::abort();
}

}  // namespace

world::world(world_settings settings)
    : settings_(std::move(settings)),
      chance_(settings_.seed),
      actors_chance_(seeded_entropy(settings_.seed ^ 0x6163746f7273).next()),
      system_chance_(seeded_entropy(settings_.seed ^ 0x73797374656d).next()),
      now_{instant{}, settings_.start},
      trace_(settings_.trace_limit) {
  residents_.push_back({.name = settings_.host});
}

world::~world() = default;

// -- who lives here ------------------------------------------------------------------------------------------------

void world::join(std::string const& name, core::node& actor) {
  insist(actors_named(name).empty() && name != settings_.host && name != "*", "two actors with one name");
  residents_.push_back({.name = name, .node = &actor});
  set_alarm(residents_.size() - 1);
}

void world::listen(core::node& actor, std::string host, std::uint16_t port, core::service what) {
  listeners_.insert_or_assign({std::move(host), port}, listener{place_of(actor), what});
}

std::size_t world::place_of(core::node const& actor) const {
  auto const found =
      std::find_if(residents_.begin(), residents_.end(), [&](resident const& r) { return r.node == &actor; });
  insist(found != residents_.end(), "this actor has not joined");
  return static_cast<std::size_t>(found - residents_.begin());
}

std::string_view world::name_of(core::node const& actor) const { return residents_[place_of(actor)].name; }

std::vector<std::size_t> world::actors_named(std::string_view name) const {
  std::vector<std::size_t> found;
  for (std::size_t who = 1; who < residents_.size(); ++who)
    if (name == "*" || residents_[who].name == name) found.push_back(who);
  return found;
}

// -- running -------------------------------------------------------------------------------------------------------

void world::act(core::node& actor, std::function<void(moment, core::effects&)> const& wish) {
  give(place_of(actor), [&](core::node&, moment now, core::effects& out) { wish(now, out); });
}

bool world::run(instant until, std::function<bool()> const& stop) {
  if (stop && stop()) return true;
  for (auto next = calendar_.next(); next && *next <= until; next = calendar_.next()) {
    advance(*next);
    auto const what = calendar_.pop(now_.at);
    auto const inputs = inputs_;
    std::visit([this](auto const& occurred) { happen(occurred); }, *what);
    if (inputs_ != inputs && stop && stop()) return true;
  }
  advance(until);
  return false;
}

void world::run_for(duration span) { run(now_.at + span, nullptr); }

void world::advance(instant to) {
  if (to > now_.at) now_ = now_ + (to - now_.at);
}

void world::give(std::size_t who, std::function<void(core::node&, moment, core::effects&)> const& input) {
  if (residents_[who].node == nullptr) return;
  core::effects out;
  input(*residents_[who].node, now_, out);
  ++inputs_;
  apply(who, out);
  set_alarm(who);
}

void world::apply(std::size_t who, core::effects& out) {
  for (auto& each : out.send) {
    auto const found = ends_.find({who, each.to});
    if (found == ends_.end() || each.data.empty()) continue;
    auto const [which, side] = found->second;
    auto& l = links_.at(which);
    see(which, l, side, false, each.data);
    if (l.cut) continue;
    push(which, side,
         {.what = stream_item::kind::octets, .due = now_.at + travel_time(sky_of(l)), .data = std::move(each.data)});
  }
  for (auto const& each : out.connect) open_link(who, each);
  for (auto const& each : out.flow) {
    auto const found = ends_.find({who, each.of});
    if (found == ends_.end()) continue;
    auto const towards = 1 - found->second.side;
    links_.at(found->second.link).flows[towards].reading = each.reading;
    arm(found->second.link, towards);
  }
  for (auto const id : out.close)
    if (auto const found = ends_.find({who, id}); found != ends_.end())
      close_end(found->second.link, found->second.side);
  if (out.store) {
    insist(who == system_place, "only the system under test has a store");
    waiting_.push_back(std::move(*out.store));
    if (committing_.empty()) begin_commit();
  }
  if (settings_.trace_notices && who == system_place)
    for (auto const& each : out.notices)
      note(trace_entry::kind::notice, std::string(core::name_of(each.level)) + ": " + each.text);
}

void world::set_alarm(std::size_t who) {
  auto& r = residents_[who];
  auto due = r.node != nullptr ? r.node->deadline(now_) : std::nullopt;
  if (due) due = std::max(*due, now_.at);
  if (due && r.alarm != calendar::none && r.alarm_at == *due) return;
  calendar_.cancel(r.alarm);
  r.alarm = calendar::none;
  if (!due) return;
  r.alarm = calendar_.add(*due, alarm{who});
  r.alarm_at = *due;
}

void world::happen(alarm const& what) {
  auto& r = residents_[what.who];
  r.alarm = calendar::none;
  auto const before = r.alarm_at;
  give(what.who, [](core::node& n, moment now, core::effects& out) { n.on_time(now, out); });
  auto const again = r.alarm != calendar::none && r.alarm_at == before;
  r.idle_alarms = again ? r.idle_alarms + 1 : 0;
  insist(r.idle_alarms < most_idle_alarms, "a node asks for the same instant again and again");
}

// -- links ---------------------------------------------------------------------------------------------------------

duration world::travel_time(weather const& sky) {
  auto const jitter = sky.delay ? duration(0) : settings_.link_jitter;
  return sky.delay.value_or(settings_.link_delay) +
         duration(static_cast<duration::rep>(chance_.below(static_cast<std::uint64_t>(jitter.count()) + 1)));
}

void world::open_link(std::size_t who, core::effects::connection_request const& request) {
  auto const which = ++last_link_;
  auto& l = links_[which];
  l.ends[0] = {who, request.as, true};
  l.port = request.port;
  ends_.insert_or_assign({who, request.as}, place{which, 0});
  auto const found = listeners_.find({request.host, request.port});
  if (found != listeners_.end()) {
    l.ends[1].who = found->second.who;
    l.what = found->second.what;
    l.owner = who == system_place ? 1 : 0;
    push(which, 0, {.what = stream_item::kind::accepted, .due = now_.at + travel_time(sky_of(l))});
  } else {
    note(trace_entry::kind::refused, which, "nobody listens at " + request.host + ":" + std::to_string(request.port));
    push(which, 1, {.what = stream_item::kind::end, .due = now_.at + travel_time(sky_of(l))});
  }
}

bool world::may_connect(link const& l) const {
  return residents_[l.ends[1].who].node != nullptr && residents_[l.ends[l.owner].who].sky.refused_until <= now_.at;
}

void world::accept(std::uint64_t which, link& l) {
  auto const back = [&] { return now_.at + travel_time(sky_of(l)); };
  if (!may_connect(l)) {
    note(trace_entry::kind::refused, which, {});
    return push(which, 1, {.what = stream_item::kind::end, .due = back()});
  }
  auto& e = l.ends[1];
  e.id = residents_[e.who].node->next_connection();
  e.open = true;
  ends_.insert_or_assign({e.who, e.id}, place{which, 1});
  note(trace_entry::kind::opened, which, {});
  push(which, 1, {.what = stream_item::kind::opened, .due = back()});
  auto const& peer = residents_[l.ends[0].who].name;
  auto const id = e.id;
  auto const what = l.what;
  give(e.who, [&](core::node& n, moment now, core::effects& out) { n.on_accepted(id, what, peer, now, out); });
}

void world::push(std::uint64_t which, int flow, stream_item item) {
  auto& l = links_.at(which);
  l.flows[flow].push(std::move(item), sky_of(l).merge);
  arm(which, flow);
}

void world::arm(std::uint64_t which, int flow) {
  auto& l = links_.at(which);
  auto& f = l.flows[flow];
  if (f.armed || f.items.empty()) return;
  if (!f.reading && f.items.front().what == stream_item::kind::octets) return;
  f.armed = true;
  calendar_.add(std::max({f.items.front().due, sky_of(l).stalled_until, now_.at}), arrival{which, flow});
}

void world::happen(arrival const& what) {
  auto const [which, flow] = what;
  auto const found = links_.find(which);
  if (found == links_.end()) return;
  auto& l = found->second;
  auto& f = l.flows[flow];
  f.armed = false;
  auto const side = 1 - flow;
  auto const blocked = f.items.empty() || f.items.front().due > now_.at || sky_of(l).stalled_until > now_.at ||
                       (!f.reading && f.items.front().what == stream_item::kind::octets);
  if (!blocked) {
    auto const receiver = l.ends[side];
    auto const kind = f.items.front().what;
    if (kind != stream_item::kind::accepted && !receiver.open) {
      f.items.clear();
    } else if (kind == stream_item::kind::octets) {
      auto const data = f.take(sky_of(l), now_.at, chance_);
      see(which, l, flow, true, data);
      give(receiver.who,
           [&](core::node& n, moment now, core::effects& out) { n.on_bytes(receiver.id, data, now, out); });
    } else {
      f.items.pop_front();
      if (kind == stream_item::kind::accepted) {
        accept(which, l);
      } else if (kind == stream_item::kind::opened) {
        give(receiver.who, [&](core::node& n, moment now, core::effects& out) { n.on_opened(receiver.id, now, out); });
      } else {
        lose_end(l, side);
        give(receiver.who, [&](core::node& n, moment now, core::effects& out) { n.on_closed(receiver.id, now, out); });
      }
    }
  }
  if (links_.contains(which)) {
    arm(which, flow);
    forget_if_over(which);
  }
}

void world::lose_end(link& l, int side) {
  auto& e = l.ends[side];
  e.open = false;
  ends_.erase({e.who, e.id});
  l.flows[1 - side].items.clear();
}

void world::close_end(std::uint64_t which, int side) {
  auto& l = links_.at(which);
  if (!l.cut) {
    note(trace_entry::kind::closed, which, "by " + residents_[l.ends[side].who].name);
    push(which, side, {.what = stream_item::kind::end, .due = now_.at + travel_time(sky_of(l))});
  }
  lose_end(l, side);
  forget_if_over(which);
}

void world::cut(std::uint64_t which, bool lose_everything) {
  auto& l = links_.at(which);
  if (l.cut) return;
  l.cut = true;
  note(trace_entry::kind::cut, which, {});
  for (int side = 0; side < 2; ++side) {
    auto& towards = l.flows[1 - side];
    auto const knows = l.ends[side].open;
    if (lose_everything || !towards.reading)
      towards.items.clear();
    else
      towards.keep_octets(chance_.below(towards.octets_waiting() + 1));
    auto const will_know = knows || !towards.items.empty();
    if (will_know) {
      auto const due = lose_everything ? now_.at : now_.at + travel_time(sky_of(l));
      towards.push({.what = stream_item::kind::end, .due = due}, 0s);
      arm(which, 1 - side);
    }
  }
}

void world::cut_all(std::size_t who, bool lose_everything) {
  std::vector<std::uint64_t> all;
  for (auto const& [which, l] : links_)
    if ((l.ends[0].who == who && l.ends[0].open) || (l.ends[1].who == who && l.ends[1].open)) all.push_back(which);
  for (auto const which : all) cut(which, lose_everything);
}

void world::forget_if_over(std::uint64_t which) {
  auto const& l = links_.at(which);
  auto const idle = [](stream const& f) { return f.items.empty(); };
  if (!l.ends[0].open && !l.ends[1].open && idle(l.flows[0]) && idle(l.flows[1])) links_.erase(which);
}

// -- the trace -----------------------------------------------------------------------------------------------------

void world::note(trace_entry::kind what, std::uint64_t which, std::string words) {
  if (settings_.trace_limit == 0) return;
  auto const& l = links_.at(which);
  trace_.add({.what = what,
              .when = now_,
              .actor = residents_[l.ends[l.owner].who].name,
              .words = std::move(words),
              .link = which,
              .port = l.port,
              .actor_called = l.owner == 0});
}

void world::note(trace_entry::kind what, std::string words) {
  if (settings_.trace_limit == 0) return;
  trace_.add({.what = what, .when = now_, .actor = settings_.host, .words = std::move(words)});
}

void world::see(std::uint64_t which, link& l, int flow, bool arrived, octet_view data) {
  auto const at_actor = (arrived ? 1 - flow : flow) == l.owner;
  if (at_actor) note_octets(which, l, flow, data);
  if (observer_ == nullptr) return;
  auto const at = at_actor ? observer::place::actor : observer::place::system;
  if (arrived)
    observer_->on_arrived(which, at, data, now_);
  else
    observer_->on_sent(which, at, data, now_);
}

void world::note_octets(std::uint64_t which, link& l, int flow, octet_view data) {
  if (settings_.trace_limit == 0) return;
  auto& f = l.flows[flow];
  auto const add = [&](octets what, bool readable) {
    trace_.add({.what = flow == l.owner ? trace_entry::kind::sent : trace_entry::kind::reached,
                .when = now_,
                .actor = residents_[l.ends[l.owner].who].name,
                .data = std::move(what),
                .readable = readable,
                .link = which,
                .port = l.port,
                .actor_called = l.owner == 0});
  };
  if (f.traced.broken() != nullptr) return add(octets(data.begin(), data.end()), false);
  auto left = f.traced.pending() + data.size();
  f.traced.feed(data);
  while (auto const whole = f.traced.next()) {
    left -= whole->size();
    add(octets(whole->begin(), whole->end()), true);
  }
  if (auto const* bad =
          f.traced.broken()) {  // its header, which may have come in pieces, and what of this chunk follows
    octets rest;
    writer w(rest);
    for (auto const value :
         {bad->head.command_length, bad->head.command_id, bad->head.command_status, bad->head.sequence_number})
      w.u32(value);
    w.put(data.last(left - smpp::header_octets));
    add(std::move(rest), false);
  }
}

}  // namespace signalbox::simulators
