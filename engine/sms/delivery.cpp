// The queues: which message goes out next, over which link, and when it is tried again.
//
//   storing --durable--> waiting --due--> ready --window--> in_flight --success, permanent--> end
//                           ^                                   |
//                           +------------- temporary -----------+
//
// Messages of one address that are due together go out in the order of their acceptance: they stand in one queue, travel
// over one link, and what stands behind a message that fails temporarily waits with it. A message that arrives while
// others wait for a retry is tried at once (SMSC-252: it gets a due time of its own).
#include <algorithm>
#include <cassert>

#include "engine/sms/pipeline.hpp"
#include "engine/sms/schedule.hpp"

namespace signalbox::sms {

centre::centre(centre_settings settings, directory who) : settings_(std::move(settings)), who_(std::move(who)) {
  build_clusters();
}

void centre::build_clusters() {
  clusters_.clear();
  by_name_.clear();
  clusters_.push_back(std::make_unique<cluster>());
  for (auto const& e : who_.esmes()) {
    if (by_name_.contains(e.group())) continue;
    clusters_.push_back(std::make_unique<cluster>());
    clusters_.back()->name = e.group();
    by_name_[e.group()] = clusters_.back().get();
  }
}

message const* centre::find(record_id what) const {
  auto const at = entries_.find(what);
  return at == entries_.end() ? nullptr : &at->second.m;
}

centre::cluster& centre::cluster_of(esme_index owner) const { return *by_name_.at(who_.esmes()[owner].group()); }

centre::cluster& centre::cluster_for(message const& m) {
  auto const found = who_.route(m.destination, m.network, m.origin, m.returns_to);
  return found ? cluster_of(*found) : *clusters_.front();
}

wall centre::first_due(message const& m) const {
  auto const asked = m.scheduled > m.submitted;
  return asked || mode_of(m.esm_class) != mode::store_and_forward ? m.scheduled
                                                                  : m.scheduled + settings_.first_due_delay;
}

// -- where an entry stands ---------------------------------------------------------------------------------------

void centre::attach(entry& e, cluster& home) {
  auto& d = home.destinations[e.m.destination];
  d.home = &home;
  d.who = e.m.destination;
  d.count_origin(e.m.origin, +1);
  e.target = &d;
  ++d.held;  // until it is put somewhere
}

void centre::detach(entry& e) {
  leave(e);
  --e.target->held;
  e.target->count_origin(e.m.origin, -1);
  drop_if_empty(*std::exchange(e.target, nullptr));
}

void centre::destination::count_origin(std::string const& name, int by) {
  auto at = std::ranges::find(origins, name, &origin::name);
  if (at == origins.end()) at = origins.insert(origins.end(), {name, 0});
  at->messages += static_cast<std::uint32_t>(by);
  if (at->messages == 0) origins.erase(at);
}

// Takes the entry out of its place; it is held until it enters another.
void centre::leave(entry& e) {
  timers_.cancel(std::exchange(e.timer, timer_queue::none));
  auto& d = *e.target;
  switch (e.where) {
    case phase::waiting: d.waiting.erase(e.m.id); break;
    case phase::ready:
      if (auto const at = std::ranges::find(d.ready, e.m.id); at != d.ready.end()) d.ready.erase(at);
      break;
    case phase::in_flight:
      --d.in_flight;
      --flying_;
      if (e.via != nullptr) {
        --e.via->in_flight;
        touch(*std::exchange(e.via, nullptr));
      }
      break;
    case phase::storing:
    case phase::leaving: return;  // held already
  }
  ++d.held;
  e.where = phase::storing;
}

void centre::hold(entry& e, phase where) {
  leave(e);
  e.where = where;
}

void centre::wait(entry& e) {
  leave(e);
  if (e.p.attempts > 0 && e.target->home->links.empty()) e.target->home->missed = true;
  --e.target->held;
  e.where = phase::waiting;
  e.target->waiting.insert(e.m.id);
  e.timer = timers_.add(std::min(e.p.due, e.m.expires), e.m.id);
}

void centre::become_ready(entry& e) {
  leave(e);
  auto& d = *e.target;
  --d.held;
  e.where = phase::ready;
  auto place = d.ready.end();
  while (place != d.ready.begin() && e.m.id < *(place - 1)) --place;
  d.ready.insert(place, e.m.id);
  e.timer = timers_.add(e.m.expires, e.m.id);
  stir(d);
}

// -- what is to be looked at again -------------------------------------------------------------------------------

void centre::stir(destination& d) {
  if (d.stirred) return;
  d.stirred = true;
  stirred_.push_back(&d);
}

void centre::touch(link& l) {
  if (l.touched) return;
  l.touched = true;
  touched_.push_back(&l);
}

void centre::drop_if_empty(destination& d) {
  if (d.empty() && !d.queued && !d.stirred) d.home->destinations.erase(address(d.who));
}

// Ends every input: whatever became ready is queued on a link, whatever has room sends.
void centre::pump(moment now, outputs& out) {
  while (!stirred_.empty() || !touched_.empty()) {
    for (auto* const d : std::exchange(stirred_, {})) {
      d->stirred = false;
      queue(*d, now, out);
    }
    for (auto* const l : std::exchange(touched_, {})) {
      l->touched = false;
      send_from(*l, out);
    }
  }
}

void centre::queue(destination& d, moment now, outputs& out) {
  if (d.ready.empty() || d.queued || d.in_flight >= settings_.outstanding_per_destination) return drop_if_empty(d);
  auto& links = d.home->links;
  if (links.empty()) {  // nobody is bound: what is due has had its attempt, what a bind had pulled forward goes back
    d.home->missed = true;
    for (auto const id : std::deque(d.ready)) {
      auto& e = entries_.at(id);
      if (e.p.due > now.date) {
        wait(e);
        continue;
      }
      leave(e);
      ++counters_.attempts;
      fail_temporarily(e, error_code::sc_system_error, now, out);
    }
    return;
  }
  // One link at a time keeps the order; one that serves another cluster since a reload is no choice any more.
  if (d.in_flight == 0 || d.via == nullptr || d.via->home != d.home) d.via = links[d.home->next++ % links.size()];
  d.queued = true;
  d.via->ready.push_back(&d);
  touch(*d.via);
}

void centre::send_from(link& l, outputs& out) {
  while (!draining_ && l.in_flight < l.window && !l.ready.empty()) {
    auto& d = *l.ready.front();
    l.ready.pop_front();
    d.queued = false;
    if (d.ready.empty()) {
      drop_if_empty(d);
      continue;
    }
    auto& e = entries_.at(d.ready.front());
    leave(e);
    --d.held;
    e.where = phase::in_flight;
    e.via = &l;
    ++d.in_flight;
    ++l.in_flight;
    ++flying_;
    ++counters_.attempts;
    out.orders.push_back({l.id, e.m.id});
    if (!d.ready.empty() && d.in_flight < settings_.outstanding_per_destination) {
      d.queued = true;
      l.ready.push_back(&d);
    }
  }
}

// -- failure and retry -------------------------------------------------------------------------------------------

// `e` is held: its attempt is over.
void centre::fail_temporarily(entry& e, error_code code, moment now, outputs& out) {
  ++counters_.temporary_failures;
  auto& d = *e.target;
  progress next{now.date, next_delay(settings_, e.p.delay), e.p.attempts + 1};
  next.due += next.delay;
  // What flew together waits together, or the order would be lost.
  if (d.last.due > now.date && d.last.delay == next.delay) next.due = d.last.due;
  auto const once = mode_of(e.m.esm_class) != mode::store_and_forward;
  if (once || next.due > e.m.expires) {
    ++counters_.failed;
    return finish(e, message_state::undeliverable, code, now, out);
  }
  d.last = e.p = next;
  if (e.stored) put(key_of(record_kind::progress, e.m.id.value), encode_record(e.p));
  wait(e);
  if (d.home->links.empty()) return;
  for (auto const id : std::deque(d.ready)) {  // unsent, and behind it
    auto& other = entries_.at(id);
    if (mode_of(other.m.esm_class) != mode::store_and_forward) continue;
    other.p.due = next.due;
    other.p.delay = std::max(other.p.delay, next.delay);
    wait(other);
  }
}

void centre::expire(entry& e, moment now, outputs& out) {
  ++counters_.expired;
  finish(e, message_state::expired, error_code::validity_expired, now, out);
}

void centre::on_time(moment now, outputs& out) {
  if (again_at_ && *again_at_ <= now.date) ask_again();
  while (auto const id = timers_.pop(now.date)) {
    auto& e = entries_.at(*id);
    e.timer = timer_queue::none;
    if (e.m.expires <= now.date)
      expire(e, now, out);
    else
      become_ready(e);
  }
  pump(now, out);
}

std::optional<wall> centre::deadline() const {
  auto const next = timers_.next();
  return next && again_at_ ? std::min(*next, *again_at_) : next ? next : again_at_;
}

// What a failed storage request held and nobody can be told of.
void centre::ask_again() {
  again_at_.reset();
  for (auto const where : std::exchange(erase_again_, {})) erase(where);
  for (auto const id : std::exchange(store_again_, {})) {
    auto const at = entries_.find(id);
    if (at == entries_.end()) continue;
    store(at->second);
    current_.steps.push_back({step::kind::receipt, id, 1, {}, {}});
  }
}

// -- links -------------------------------------------------------------------------------------------------------

void centre::link_up(connection_id id, esme_index owner, std::uint32_t window, moment now, outputs& out) {
  auto const& e = who_.esmes()[owner];
  auto& l = *(links_[id] = std::make_unique<link>());
  l.id = id;
  l.esme = e.name;
  l.window = std::max(window, 1u);
  l.home = &cluster_of(owner);
  l.home->links.push_back(&l);
  l.home->missed = false;
  if (settings_.deliver_on_bind) {
    std::vector<record_id> failed_before;
    for (auto const& [who, d] : l.home->destinations)
      for (auto const waiting : d.waiting)
        if (auto const& m = entries_.at(waiting); m.m.scheduled <= now.date && m.p.delay > duration::zero())
          failed_before.push_back(waiting);
    std::ranges::sort(failed_before);
    for (auto const waiting : failed_before) become_ready(entries_.at(waiting));
  }
  pump(now, out);
}

void centre::link_stop(connection_id id) {
  auto const at = links_.find(id);
  if (at == links_.end()) return;
  auto& l = *at->second;
  l.window = 0;
  std::erase(l.home->links, &l);
  for (auto* const d : std::exchange(l.ready, {})) {
    d->queued = false;
    stir(*d);
  }
}

void centre::link_down(connection_id id, moment now, outputs& out) {
  auto const at = links_.find(id);
  if (at == links_.end()) return;
  link_stop(id);  // again: what flew with others on it had to stay with them
  assert(at->second->in_flight == 0);
  std::erase(touched_, at->second.get());
  links_.erase(at);
  pump(now, out);
}

bool centre::drained() const {
  return flying_ == 0 && requests_.empty() && operations_.empty() && erase_again_.empty() && store_again_.empty();
}

bool centre::wants_link(esme_index owner) const {
  auto const& home = cluster_of(owner);
  return home.missed && !home.destinations.empty();
}

// Messages that are not stored end here: nobody would send them later.
void centre::drain(moment now, outputs& out) {
  draining_ = true;
  std::vector<record_id> fleeting;
  for (auto const& [id, e] : entries_)
    if (!e.stored && e.where == phase::ready) fleeting.push_back(id);
  std::ranges::sort(fleeting);
  for (auto const id : fleeting) {
    auto& e = entries_.at(id);
    leave(e);
    fail_temporarily(e, error_code::sc_system_error, now, out);
  }
  pump(now, out);
}

// Everything not under way finds its place anew under the new rules; messages that nobody serves any more wait.
void centre::reconfigure(centre_settings settings, directory who, moment now, outputs& out) {
  settings_ = std::move(settings);
  who_ = std::move(who);
  struct place {
    record_id id;
    phase where;
  };
  std::vector<place> order;
  for (auto const& [id, e] : entries_) order.push_back({id, e.where});
  std::ranges::sort(order, {}, &place::id);
  for (auto& [id, e] : entries_) {
    timers_.cancel(std::exchange(e.timer, timer_queue::none));
    e.target = nullptr;
  }
  stirred_.clear();
  auto const old = std::exchange(clusters_, {});
  build_clusters();
  for (auto& [id, l] : links_) {
    l->ready.clear();
    auto const owner = who_.find(l->esme);
    l->home = owner ? &cluster_of(*owner) : clusters_.front().get();
    if (owner) l->home->links.push_back(l.get());
  }
  for (auto& c : clusters_) std::ranges::sort(c->links, {}, [](link const* l) { return l->id; });
  for (auto const [id, where] : order) {
    auto& e = entries_.at(id);
    e.where = phase::storing;
    attach(e, cluster_for(e.m));
    switch (where) {
      case phase::storing:
      case phase::leaving: e.where = where; break;
      case phase::waiting: wait(e); break;
      case phase::ready:   become_ready(e); break;
      case phase::in_flight:
        e.where = phase::in_flight;
        --e.target->held;
        ++e.target->in_flight;
        e.target->via = e.via;
        break;
    }
  }
  pump(now, out);
}

}  // namespace signalbox::sms
