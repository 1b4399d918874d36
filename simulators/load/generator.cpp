// The life of the sessions and of the run: binding, losing, binding again, ending; seconds and deadlines.
#include <algorithm>
#include <cassert>

#include "simulators/load/generator_inside.hpp"

namespace signalbox::load {

namespace {

constexpr std::size_t opened_at_once = 50;
constexpr duration sessions_looked_at = 100ms;  // how exact the patience of sessions has to be
constexpr duration parting_time = 2s;
constexpr duration longest_backoff = 30s;

}  // namespace

generator::generator(plan what, std::string host, std::uint16_t port, entropy& chance)
    : plan_(std::move(what)), host_(std::move(host)), port_(port), chance_(chance) {
  for (auto const& a : plan_.actors) {
    actors_.push_back({.ready = {}, .room_since = {}, .alive = 0, .answers = a.options.answers()});
    m_.sessions += a.sessions;
  }
  for (auto const& line : plan_.lines) {
    makers_.emplace_back(line);
    m_.lines.emplace_back().name = line.name;
  }
  flow_of_.resize(plan_.lines.size());
  std::vector<bool> sends(plan_.actors.size());
  double target = 0;
  for (auto const& s : plan_.streams) {
    auto slots = s.when;
    slots.count.reset();
    flow f(s.actor, arrivals(slots));
    f.left = s.when.count.value_or(UINT64_MAX);
    f.lines = s.lines;
    double sum = 0;
    for (auto const line : s.lines) {
      f.shares.push_back(sum += plan_.lines[line].weight);
      flow_of_[line] = flows_.size();
    }
    flows_.push_back(std::move(f));
    sends[s.actor] = true;
    target += s.when.expected().value_or(0);
    m_.window = std::max(m_.window, plan_.actors[s.actor].options.window);
  }
  m_.target = static_cast<std::uint64_t>(target + 0.5);
  m_.open = plan_.open();
  m_.warm_up = plan_.warm_up;
  for (std::size_t a = 0; a < plan_.actors.size(); ++a)
    for (std::uint32_t n = 0; n < plan_.actors[a].sessions; ++n) {
      client c{.index = clients_.size(), .actor = a, .session = nullptr, .out = {}};
      c.sends = sends[a];
      c.in_report = m_.per_session.size();
      if (c.sends) m_.per_session.push_back({plan_.actors[a].name, 0});
      clients_.push_back(std::move(c));
    }
}

generator::~generator() = default;

// -- binding -------------------------------------------------------------------------------------------------------

void generator::start(moment now, core::effects& out) {
  phase_ = phase::binding;
  phase_limit_ = now.at + plan_.bind_patience;
  sessions_due_ = now.at + sessions_looked_at;
  open_more(out);
}

void generator::open_more(core::effects& out) {
  if (phase_ != phase::binding) return;
  for (; opening_ < opened_at_once && next_to_open_ < clients_.size(); ++opening_)
    connect(clients_[next_to_open_++], out);
}

generator::client& generator::client_of(connection_id id) { return clients_[client_of_[id.value - 1]]; }

void generator::connect(client& c, core::effects& out) {
  c.id = next_connection();
  client_of_.push_back(c.index);
  assert(client_of_.size() == c.id.value);
  out.connect.push_back({c.id, host_, port_});
}

void generator::on_opened(connection_id id, moment now, core::effects& out) {
  auto& c = client_of(id);
  if (c.gone || c.id != id) return;
  auto const& o = plan_.actors[c.actor].options;
  c.session = std::make_unique<smpp::session>(smpp::session_settings{.side = smpp::role::esme,
                                                                     .window = o.window,
                                                                     .bind_timeout = o.bind_timeout,
                                                                     .response_timeout = o.response_timeout,
                                                                     .enquire_link_after = o.enquire_link},
                                              now.at);
  c.session->bind(o.bind, o.fields(), now.at, c.out);
  if (!std::exchange(c.dirty, true)) dirty_.push_back(c.index);
  leave(now, out);
}

void generator::bound(client& c, moment now) {
  c.bound = true;
  c.backoff = plan_.actors[c.actor].options.reconnect;
  if (std::exchange(c.again, true)) {
    ++m_.rebinds;
  } else {
    ++bound_;
    --opening_;
  }
  ++actors_[c.actor].alive;
  make_ready(c, now);
  if (phase_ == phase::binding && bound_ == clients_.size()) begin(now);
}

void generator::begin(moment now) {
  phase_ = phase::running;
  phase_limit_.reset();
  began_ = second_ = last_answer_ = last_delivery_ = last_heard_ = now.at;
  for (auto& a : actors_) a.room_since = now.at;
  // What has to end by its duration also gives up its backlog some time after it.
  bool timed = true;
  duration longest{};
  for (auto const& f : flows_) {
    auto const& when = f.law.plan();
    timed = timed && when.lasts.has_value();
    longest = std::max(longest, when.start + when.lasts.value_or(0us));
  }
  if (timed) phase_limit_ = began_ + longest + plan_.settle;
}

void generator::fail(std::string why) {
  if (why_.empty()) why_ = std::move(why);
  m_.sessions_failed = clients_.size() - bound_;
  for (auto& c : clients_)
    if (!c.gone && c.index < next_to_open_) close_.push_back(c.id), c.gone = true;
  phase_ = phase::failed;
}

// A session ended, or a connection was not made.
void generator::gone(client& c, std::string_view why, moment now) {
  if (std::exchange(c.gone, true)) return;
  ++gone_;
  c.session.reset();
  if (phase_ == phase::binding) {
    if (!c.bound) --opening_;
    return fail("a session of " + plan_.actors[c.actor].name + " could not bind: " + std::string(why));
  }
  bool const was_bound = std::exchange(c.bound, false);
  auto& a = actors_[c.actor];
  if (was_bound && --a.alive == 0) a.alone_since = now.at;
  if (phase_ != phase::running && phase_ != phase::settling) return;
  m_.sessions_lost += was_bound;
  now_.sessions_lost += was_bound;
  if (plan_.actors[c.actor].options.reconnect > 0s && !stopped_)
    try_again_later(c, now);
  else if (a.alive == 0 && phase_ == phase::running)
    for (auto& f : flows_)
      if (f.actor == c.actor) give_up(f);
}

void generator::try_again_later(client& c, moment now) {
  auto const& a = actors_[c.actor];
  if (a.alive == 0 && now.at - a.alone_since >= plan_.bind_patience) {
    for (auto& f : flows_)
      if (f.actor == c.actor && !f.ended) give_up(f);
    return;
  }
  reconnects_.add(now.at + c.backoff, c.index);
  c.backoff = std::min(c.backoff * 2, longest_backoff);
}

void generator::give_up(flow& f) {
  auto const unsent = [this](std::size_t line, std::uint64_t count) {
    m_.unsent += count;
    m_.lines[line].unsent += count;
  };
  if (f.segment < f.segments) unsent(find(f.number)->line, f.segments - f.segment);
  for (; f.segment < f.segments; ++f.segment) {
    find(f.number)->refused = true;
    segment_over(f.number);
  }
  for (auto const token : std::exchange(f.again, {})) {
    auto* const r = find(token >> segment_bits);
    assert(r != nullptr && "what is to go again has no final answer");
    r->refused = true;
    unsent(r->line, 1);
    segment_over(token >> segment_bits);
  }
  if (f.law.plan().open() && !f.ended) {
    auto owed = f.left;
    if (f.law.plan().lasts) {  // as many as the law still has slots for
      std::uint64_t slots = f.slot ? 1 : 0;
      while (slots < owed && f.law.next(chance_)) ++slots;
      owed = slots;
    }
    unsent(f.lines.front(), owed);
  }
  if (!f.law.plan().open() && !f.ended && f.left != UINT64_MAX) unsent(f.lines.front(), f.left);
  f.slot.reset();
  f.ended = true;
}

// -- time ----------------------------------------------------------------------------------------------------------

void generator::time(stage s, record const& r, instant from, instant until) {
  auto const n = static_cast<std::size_t>(s);
  m_.latency[n].record(until - from);
  m_.lines[r.line].latency[n].record(until - from);
  interval_[n].record(until - from);
}

void generator::roll(moment now) {
  if (phase_ != phase::running && phase_ != phase::settling) return;
  while (now.at - second_ >= 1s) close_second(second_ + 1s);
}

void generator::close_second(instant end) {
  now_.start = second_ - began_;
  now_.length = end - second_;
  now_.backlog = missing_deliveries_;
  for (std::size_t n = 0; n < stages; ++n) {
    now_.latency[n] = interval_[n].compact();
    now_.p50[n] = interval_[n].percentile(50);
    now_.p99[n] = interval_[n].percentile(99);
    interval_[n].clear();
  }
  m_.seconds.push_back(std::exchange(now_, {}));
  second_ = end;
}

void generator::look(moment now, core::effects& out) {
  roll(now);
  leave(now, out);
}

void generator::on_time(moment now, core::effects& out) {
  roll(now);
  while (auto const due = late_.pop(now.at)) answer(*due);
  while (auto const due = reconnects_.pop(now.at)) {
    auto& c = clients_[*due];
    c.gone = false;
    --gone_;
    connect(c, out);
  }
  if (sessions_due_ && *sessions_due_ <= now.at) {
    sessions_due_ = now.at + sessions_looked_at;
    for (auto& c : clients_) {
      if (!c.session) continue;
      c.session->on_time(now.at, c.out, events_);
      handle(c, now);
    }
  }
  leave(now, out);
}

std::optional<instant> generator::deadline(moment) const {
  if (over() || phase_ == phase::idle) return std::nullopt;
  auto due = late_.next();
  for (auto const other : {wake_, phase_limit_, sessions_due_, reconnects_.next()})
    if (other) due = due ? std::min(*due, *other) : *other;
  return due;
}

// The end of every input: what may go goes, and the phase moves on.
void generator::leave(moment now, core::effects& out) {
  pump(now);
  bool const late = phase_limit_ && *phase_limit_ <= now.at;
  if (phase_ == phase::binding && late)
    fail(std::to_string(clients_.size() - bound_) + " of " + std::to_string(clients_.size()) +
         " sessions were not bound in time");
  if (phase_ == phase::running) {
    if (late) {
      for (auto& f : flows_) give_up(f);
      phase_limit_.reset();  // the answers still to come have their own patience
    }
    settle_if_answered();
  }
  if (phase_ == phase::settling) part_if_settled(now);
  if (phase_ == phase::parting) finish_if_parted(now);
  for (auto const n : dirty_) {
    auto& c = clients_[n];
    c.dirty = false;
    if (!c.out.empty()) out.send.push_back({c.id, std::exchange(c.out, {})});
  }
  dirty_.clear();
  for (auto& words : std::exchange(last_words_, {})) out.send.push_back(std::move(words));
  out.close.insert(out.close.end(), close_.begin(), close_.end());
  close_.clear();
}

void generator::settle_if_answered() {
  auto const busy = [](flow const& f) { return !f.ended || f.slot || !f.again.empty() || f.segment < f.segments; };
  if (in_flight_ > 0 || std::any_of(flows_.begin(), flows_.end(), busy)) return;
  m_.elapsed = last_answer_ - began_;
  phase_ = phase::settling;
}

// Everything has come, or nothing has for so long that it will not.
void generator::part_if_settled(moment now) {
  phase_limit_ = last_heard_ + plan_.settle;
  bool const missing = missing_deliveries_ > 0 || missing_receipts_ > 0;
  if (missing && now.at < *phase_limit_ && !ends_at_once_) return;
  roll(now);
  if (now.at > second_) close_second(now.at);
  m_.delivering = last_delivery_ - began_;
  m_.undelivered = missing_deliveries_;
  m_.unreceipted = missing_receipts_;
  phase_ = phase::parting;
  phase_limit_ = now.at + parting_time;
  reconnects_ = {};
  for (auto& c : clients_) {
    if (!c.session) continue;
    c.session->unbind(now.at, c.out, events_);
    handle(c, now);
  }
}

void generator::finish_if_parted(moment now) {
  if (gone_ < clients_.size() && now.at < *phase_limit_) return;
  for (auto& c : clients_)
    if (!std::exchange(c.gone, true)) close_.push_back(c.id);
  phase_ = phase::done;
}

void generator::stop(moment now, core::effects& out) {
  ends_at_once_ = stopped_;
  stopped_ = true;
  if (phase_ == phase::binding) fail("stopped");
  if (phase_ == phase::running)
    for (auto& f : flows_) {
      f.law =
          arrivals({.how = law::window, .rates_per_s = {}, .lasts = {}, .count = 0});  // what was to come is not owed
      f.slot.reset();
      f.left = 0;
      give_up(f);
    }
  leave(now, out);
}

void generator::on_accepted(connection_id id, core::service, std::string_view, moment, core::effects& out) {
  out.close.push_back(id);  // nobody connects to a generator
}
void generator::on_stored(std::uint64_t, storage::answer const&, moment, core::effects&) {}

}  // namespace signalbox::load
