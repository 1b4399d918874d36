// The queues: which message goes out next, over which link, and when it is tried again.
//
//   storing --durable--> waiting --due--> ready --window--> in_flight --success, permanent--> end
//                           ^                                   |
//                           +------------- temporary -----------+
//
// Messages of one address that are due together go out in the order of their acceptance: they stand in one queue, travel
// over one link, and what stands behind a message that fails temporarily waits with it. A message that arrives while
// others wait for a retry is tried at once (SMSC-252: it gets a due time of its own).
//
// No input does work without bound: what concerns very many messages at once (a bind for which 100,000 wait, the loss
// of the last link, a clock that makes them all due) is done some thousand at a time; deadline() is "now" until it is.
#include <algorithm>
#include <cassert>

#include "engine/base/planted.hpp"
#include "engine/sms/pipeline.hpp"
#include "engine/sms/schedule.hpp"

namespace signalbox::sms {

namespace {

constexpr std::size_t effort_of_an_input = 2000;  // messages moved between queues
constexpr duration pace_measured_over = 100ms;
constexpr duration pace_drains_crowd_in = 500ms;  // a receiver that keeps pace takes a crowd in that time

template <class Tag, class T>
void unlink(T& what) {
  using traits = typename queues::list<T, Tag>::value_traits;
  queues::list<T, Tag>::node_algorithms::unlink(traits::to_node_ptr(what));
}

}  // namespace

centre::centre(centre_settings settings, directory who) : settings_(std::move(settings)), who_(std::move(who)) {
  outcomes_.resize(settings_.outcomes_kept);
  build_clusters();
}

void centre::build_clusters() {
  clusters_.clear();
  by_name_.clear();
  clusters_.push_back(std::make_unique<cluster>());
  for (auto const& e : who_.esmes()) {
    if (by_name_.contains(e.group())) continue;
    clusters_.push_back(std::make_unique<cluster>());
    clusters_.back()->index = static_cast<cluster_index>(clusters_.size() - 1);
    clusters_.back()->name = e.group();
    by_name_[e.group()] = clusters_.back().get();
  }
}

message const* centre::find(record_id what) const {
  auto const at = entries_.find(what);
  return at == entries_.end() ? nullptr : at->second.m.get();
}

centre::cluster& centre::cluster_of(esme_index owner) const { return *by_name_.at(who_.esmes()[owner].group()); }

centre::cluster& centre::cluster_for(entry const& e, address const& to) {
  auto const found = who_.route(to, e.network, names_[e.origin], names_[e.returns_to]);
  return found ? cluster_of(*found) : *clusters_.front();
}

wall centre::first_due(message const& m) const {
  auto const asked = m.scheduled > m.submitted;
  return asked || mode_of(m.esm_class) != mode::store_and_forward ? m.scheduled
                                                                  : m.scheduled + settings_.first_due_delay;
}

// -- where an entry stands ---------------------------------------------------------------------------------------

void centre::attach(entry& e, address const& to, cluster& home) {
  auto const [at, fresh] = home.destinations.try_emplace(to);
  auto& d = at->second;
  if (fresh) {
    d.home = &home;
    d.who = &at->first;
  }
  d.origins |= 1u << e.origin % 32;
  e.target = &d;
  ++home.backlog;
  ++d.held;  // until it is put somewhere
}

void centre::detach(entry& e) {
  leave(e);
  timers_.cancel(std::exchange(e.timer, timer_queue::none));
  --e.target->held;
  --e.target->home->backlog;
  drop_if_empty(*std::exchange(e.target, nullptr));
}

// Takes the entry out of its place; it is held until it enters another.
void centre::leave(entry& e) {
  auto& d = *e.target;
  switch (e.where) {
    case phase::waiting:
      ++d.home->backlog;
      unlink<queues::its_queue>(e);
      if (d.listed && d.retrying.empty()) {
        unlink<queues::its_failure>(d);
        d.listed = false;
      }
      break;
    case phase::ready:
      if (d.finger == &e) d.finger = nullptr;
      if (e.waking && !e.m) stir(d);  // those behind it waited for its text
      unlink<queues::its_queue>(e);
      break;
    case phase::in_flight:
      ++d.home->backlog;
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
  auto& d = *e.target;
  if (e.p.attempts > 0 && d.home->links.empty()) d.home->missed = true;
  --d.held;
  --d.home->backlog;
  e.where = phase::waiting;
  auto const failed = e.p.delay > duration::zero();
  (failed ? d.retrying : d.unattempted).push_back(e);
  if (failed && !d.listed) {
    d.home->failed.push_back(d);
    d.listed = true;
  }
  timers_.cancel(e.timer);
  e.timer = timers_.add(std::min(e.p.due, e.expires), e.id);
  sleep_if_crowded(e);
}

// A timer that is set already fires no later than the message expires, and is set anew then.
void centre::become_ready(entry& e) {
  leave(e);
  auto& d = *e.target;
  --d.held;
  e.where = phase::ready;
  if (d.ready.empty() || d.ready.back().id < e.id) {
    d.ready.push_back(e);
  } else {  // many in a row come from the waiting ones: each goes somewhere behind the one before it
    auto const last = d.finger != nullptr && d.finger->id < e.id ? d.finger : nullptr;
    auto place = last != nullptr ? std::next(d.ready.iterator_to(*last)) : d.ready.begin();
    while (place->id < e.id) ++place;
    d.ready.insert(place, e);
    d.finger = &e;
  }
  if (e.timer == timer_queue::none) e.timer = timers_.add(e.expires, e.id);
  stir(d);
  sleep_if_crowded(e);
}

// -- what is to be looked at again -------------------------------------------------------------------------------

void centre::stir(destination& d) {
  if (d.at != destination::place::nowhere) return;
  d.at = destination::place::stirred;
  stirred_.push_back(d);
}

void centre::touch(link& l) {
  if (l.touched) return;
  l.touched = true;
  touched_.push_back(&l);
}

void centre::drop_if_empty(destination& d) {
  if (!d.empty() || d.at != destination::place::nowhere) return;
  auto& all = d.home->destinations;
  all.erase(all.find(*d.who));
}

// Ends every input: whatever became ready is queued on a link, whatever has room sends.
void centre::pump(moment now, outputs& out) {
  auto effort = effort_of_an_input;
  for (;;) {
    while (!stirred_.empty() && effort > 0) {
      auto& d = stirred_.front();
      stirred_.pop_front();
      d.at = destination::place::nowhere;
      queue(d, effort, now, out);
    }
    if (!pulling_.empty() && effort > 0) {
      pull(effort);
      continue;
    }
    if (touched_.empty()) break;
    for (auto* const l : std::exchange(touched_, {})) {
      l->touched = false;
      send_from(*l, out);
    }
  }
}

void centre::queue(destination& d, std::size_t& effort, moment now, outputs& out) {
  if (d.deferring) {
    defer(d, effort);
    if (d.deferring) return stir(d);
  }
  if (d.ready.empty() || d.in_flight >= settings_.outstanding_per_destination) return drop_if_empty(d);
  auto& links = d.home->links;
  if (links.empty()) return give_up(d, effort, now, out);
  if (d.ready.front().waking) return;  // it comes here again when its text is there
  // One link at a time keeps the order; one that serves another cluster since a reload is no choice any more.
  if (d.in_flight == 0 || d.via == nullptr || d.via->home != d.home) d.via = links[d.home->next++ % links.size()];
  d.at = destination::place::queued;
  if (std::exchange(d.thirsty, false))
    d.via->ready.push_front(d);  // it had its turn, but its text was not there
  else
    d.via->ready.push_back(d);
  touch(*d.via);
}

// Nobody is bound: what is due has had its attempt, what a bind had pulled forward goes back.
void centre::give_up(destination& d, std::size_t& effort, moment now, outputs& out) {
  d.home->missed = true;
  ++d.held;  // it stays while we look at it
  for (; effort > 0 && !d.ready.empty(); --effort) {
    auto& e = d.ready.front();
    if (e.p.due > now.date) {
      wait(e);
      continue;
    }
    leave(e);
    ++counters_.attempts;
    fail_temporarily(e, error_code::sc_system_error, now, out);
  }
  --d.held;
  if (!d.ready.empty()) return stir(d);
  drop_if_empty(d);
}

// Somebody is there for what failed before: it is due now.
void centre::pull_forward(cluster& c) {
  if (!settings_.deliver_on_bind || c.failed.empty()) return;
  if (c.pulled.empty()) pulling_.push_back(&c);
  c.pulled.splice(c.pulled.end(), c.failed);
}

void centre::pull(std::size_t& effort) {
  auto& c = *pulling_.back();
  while (effort > 0 && !c.pulled.empty() && !c.links.empty()) {
    auto& d = c.pulled.front();
    for (; effort > 0 && !d.retrying.empty(); --effort) become_ready(d.retrying.front());  // the last one unlists it
  }
  if (c.links.empty()) c.failed.splice(c.failed.end(), c.pulled);
  if (c.pulled.empty()) pulling_.pop_back();
}

void centre::send_from(link& l, outputs& out) {
  while (!draining_ && !restoring() && l.in_flight < l.window && !l.ready.empty()) {
    auto& d = l.ready.front();
    auto const asleep = !d.ready.empty() && !d.ready.front().m;
    if (asleep && !may_wake_more()) {
      thirsty_.push_back(&l);
      return;
    }
    l.ready.pop_front();
    d.at = destination::place::nowhere;
    if (d.ready.empty() || d.deferring) {
      stir(d);
      continue;
    }
    if (asleep) {
      d.thirsty = true;
      wake_ahead(d);
      continue;
    }
    auto& e = d.ready.front();
    leave(e);
    --d.held;
    --d.home->backlog;
    e.where = phase::in_flight;
    e.via = &l;
    ++d.in_flight;
    ++l.in_flight;
    ++flying_;
    ++counters_.attempts;
    out.orders.push_back({l.id, e.id});
    if (e.stored && planted(bug::erased_before_answered)) put_erase(e);
    if (!d.ready.empty() && d.in_flight < settings_.outstanding_per_destination) {
      d.at = destination::place::queued;
      l.ready.push_back(d);
    }
  }
}

// -- intake ------------------------------------------------------------------------------------------------------

// Much waits for receivers that are bound: whoever sends to them is read from in turns. Where they answer fast it is we
// who take in more than we get rid of, and a turn waits until there is room. Where they are slow their messages belong
// in the store, and turns come at a steady rate.
void centre::measure(cluster& c, moment now) {
  ++c.answers;
  auto const passed = now.date - c.measured;
  if (passed < pace_measured_over) return;
  c.keeps_pace = c.answers * pace_drains_crowd_in / passed >= settings_.crowd;
  c.answers = 0;
  c.measured = now.date;
}

std::size_t centre::room(cluster_index index) const {
  if (index >= clusters_.size() || clusters_[index]->links.empty()) return SIZE_MAX;
  return settings_.crowd - std::min<std::uint64_t>(settings_.crowd, clusters_[index]->backlog);
}

bool centre::keeps_pace(cluster_index index, moment now) const {
  if (index >= clusters_.size()) return false;  // since a reload
  auto const& c = *clusters_[index];
  return c.keeps_pace && now.date - c.measured <= 2 * pace_measured_over;
}

// -- failure and retry -------------------------------------------------------------------------------------------

// `e` is held: its attempt is over.
void centre::fail_temporarily(entry& e, error_code code, moment now, outputs& out) {
  ++counters_.temporary_failures;
  auto& d = *e.target;
  progress next{now.date, next_delay(settings_, e.p.delay), e.p.attempts + 1};
  next.due += next.delay;
  // What flew together waits together, or the order would be lost.
  if (d.again > now.date && d.again_after == next.delay) next.due = d.again;
  if (!e.stored || next.due > e.expires) {
    ++counters_.failed;
    return finish(e, message_state::undeliverable, code, now, out);
  }
  if (planted(bug::forgotten_after_failure)) return forget(e);
  e.p = next;
  d.again = next.due;
  d.again_after = next.delay;
  put(key_of(record_kind::progress, e.id.value), encode_record(e.p));
  wait(e);
  if (d.home->links.empty()) return;
  if (d.listed) {  // its receiver does not take them, so a bind is no reason any more to try the others early
    unlink<queues::its_failure>(d);
    d.home->failed.push_back(d);
  }
  d.deferring = !d.ready.empty();
}

// What was ready behind a message that failed waits with it. What is tried only once does not wait.
void centre::defer(destination& d, std::size_t& effort) {
  auto at = d.ready.begin();
  while (at != d.ready.end() && effort > 0) {
    auto& e = *at++;
    if (!e.stored) continue;
    --effort;
    e.p.due = d.again;
    e.p.delay = std::max(e.p.delay, d.again_after);
    wait(e);
  }
  d.deferring = at != d.ready.end();
}

void centre::expire(entry& e, moment now, outputs& out) {
  ++counters_.expired;
  finish(e, message_state::expired, error_code::validity_expired, now, out);
}

void centre::on_time(moment now, outputs& out) {
  now_ = now.date;
  if (again_at_ && *again_at_ <= now.date) ask_again();
  for (auto effort = effort_of_an_input; effort > 0; --effort) {
    auto const id = timers_.pop(now.date);
    if (!id) break;
    auto& e = entries_.at(*id);
    e.timer = timer_queue::none;
    if (e.where != phase::waiting && e.where != phase::ready) continue;  // on its way; set again if it comes back
    if (e.expires <= now.date)
      expire(e, now, out);
    else if (e.where == phase::waiting)
      become_ready(e);
    else
      e.timer = timers_.add(e.expires, e.id);
  }
  pump(now, out);
}

std::optional<wall> centre::deadline() const {
  auto next = timers_.next();
  auto const sooner = [&next](wall other) { next = next ? std::min(*next, other) : other; };
  if (again_at_) sooner(*again_at_);
  if (!stirred_.empty() || !pulling_.empty()) sooner(now_);  // more than one input could do
  return next;
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
  to_wake_.insert(to_wake_.end(), wake_again_.begin(), wake_again_.end());
  wake_again_.clear();
  announced_.insert(announced_.begin(), restore_again_.begin(), restore_again_.end());
  restore_again_.clear();
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
  pull_forward(*l.home);
  now_ = now.date;
  pump(now, out);
}

void centre::link_stop(connection_id id) {
  auto const at = links_.find(id);
  if (at == links_.end()) return;
  auto& l = *at->second;
  l.window = 0;
  std::erase(l.home->links, &l);
  while (!l.ready.empty()) {
    auto& d = l.ready.front();
    l.ready.pop_front();
    d.at = destination::place::nowhere;
    stir(d);
  }
}

void centre::link_down(connection_id id, moment now, outputs& out) {
  auto const at = links_.find(id);
  if (at == links_.end()) return;
  link_stop(id);  // again: what flew with others on it had to stay with them
  assert(at->second->in_flight == 0);
  std::erase(touched_, at->second.get());
  std::erase(thirsty_, at->second.get());
  links_.erase(at);
  now_ = now.date;
  pump(now, out);
}

bool centre::drained() const {
  return flying_ == 0 && requests_.empty() && operations_.empty() && erase_again_.empty() && store_again_.empty() &&
         to_wake_.empty() && wake_again_.empty() && stirred_.empty();
}

bool centre::wants_link(esme_index owner) const {
  auto const& home = cluster_of(owner);
  return home.missed && !home.destinations.empty();
}

// Messages that are not stored end here: nobody would send them later.
void centre::drain(moment now, outputs& out) {
  draining_ = true;
  now_ = now.date;
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
  now_ = now.date;
  settings_ = std::move(settings);
  who_ = std::move(who);
  outcomes_.resize(settings_.outcomes_kept);
  std::vector<entry*> order;
  order.reserve(entries_.size());
  for (auto& [id, e] : entries_) order.push_back(&e);
  std::ranges::sort(order, {}, &entry::id);
  stirred_.clear();
  pulling_.clear();
  thirsty_.clear();
  auto const old = std::exchange(clusters_, {});
  build_clusters();
  for (auto& [id, l] : links_) {
    l->ready.clear();
    auto const owner = who_.find(l->esme);
    l->home = owner ? &cluster_of(*owner) : clusters_.front().get();
    if (owner && l->window > 0) l->home->links.push_back(l.get());  // unless it was stopped
  }
  for (auto& c : clusters_) {
    std::ranges::sort(c->links, {}, [](link const* l) { return l->id; });
    for (auto* const l : c->links) touch(*l);
  }
  for (auto* const each : order) {
    auto& e = *each;
    auto const where = std::exchange(e.where, phase::storing);
    auto const& to = *e.target->who;
    attach(e, to, cluster_for(e, to));
    switch (where) {
      case phase::storing:
      case phase::leaving: e.where = where; break;
      case phase::waiting: wait(e); break;
      case phase::ready:   become_ready(e); break;
      case phase::in_flight:
        e.where = phase::in_flight;
        --e.target->held;
        --e.target->home->backlog;
        ++e.target->in_flight;
        e.target->via = e.via;
        break;
    }
  }
  pump(now, out);
}

}  // namespace signalbox::sms
