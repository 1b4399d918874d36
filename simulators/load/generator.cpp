#include "simulators/load/generator.hpp"

#include <algorithm>
#include <cassert>

#include "engine/smpp/types.hpp"

namespace signalbox::load {

namespace {

constexpr std::size_t opened_at_once = 50;
constexpr int sends_in_a_row = 500;             // then what has arrived has its turn
constexpr duration sessions_looked_at = 100ms;  // how exact the patience of sessions has to be
constexpr duration parting_time = 2s;
constexpr std::size_t most_early_receipts = 100'000;
constexpr unsigned segment_bits = 8;

smpp::token token_of(std::uint64_t number, std::uint32_t segment) { return number << segment_bits | segment; }

octet_view without_header(octet_view body, std::uint8_t esm_class) {
  if ((esm_class & smpp::esm::udhi) == 0 || body.empty() || body.size() < body[0] + 1u) return body;
  return body.subspan(body[0] + 1u);
}

// The word behind "id:" or "stat:" in a receipt's text.
std::string_view word_after(std::string_view text, std::string_view label) {
  auto const at = text.find(label);
  if (at == text.npos) return {};
  auto const begin = at + label.size();
  return text.substr(begin, std::min(text.find(' ', begin), text.size()) - begin);
}

}  // namespace

struct generator::client {
  std::size_t actor = 0;
  connection_id id{};
  std::unique_ptr<smpp::session> session;
  octets out;
  bool dirty = false, queued = false, bound = false, gone = false;
  std::size_t in_report = 0;  // index into per_session, for senders
  bool sends = false;
};

struct generator::flow {  // a stream at work
  flow(std::size_t of, arrivals when) : actor(of), law(std::move(when)) {}
  std::size_t actor = 0;
  arrivals law;                     // without the count, which is of new messages only
  std::uint64_t left = UINT64_MAX;  // new messages still to be sent
  std::vector<std::size_t> lines;
  std::vector<double> shares;   // cumulated weights
  std::optional<instant> slot;  // the next arrival
  instant last_slot{};
  bool ended = false;             // no more arrivals
  std::deque<smpp::token> again;  // throttled
  std::uint64_t number = 0;       // the message whose segments are being sent
  std::uint32_t segment = 0, segments = 0;
};

struct generator::record {
  instant intended;
  std::uint64_t chance = 0;
  std::uint32_t line = 0;
  std::uint8_t left = 0;  // segments without a final answer
  bool counted = false, delivered = false, refused = false, unsure = false;
  std::uint16_t receipts_due = 0;
};

generator::generator(plan what, std::string host, std::uint16_t port, entropy& chance)
    : plan_(std::move(what)), host_(std::move(host)), port_(port), chance_(chance) {
  for (auto const& a : plan_.actors) {
    actors_.push_back({.ready = {}, .room_since = {}, .alive = 0, .answers = a.options.answers()});
    m_.sessions += a.sessions;
  }
  for (auto const& line : plan_.lines) {
    makers_.emplace_back(line);
    m_.lines.push_back({.name = line.name, .latency = {}, .messages = 0, .accepted = 0, .delivered = 0});
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
  for (std::size_t a = 0; a < plan_.actors.size(); ++a)
    for (std::uint32_t n = 0; n < plan_.actors[a].sessions; ++n) {
      client c{.actor = a, .id = next_connection(), .session = nullptr, .out = {}};
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
    out.connect.push_back({clients_[next_to_open_++].id, host_, port_});
}

void generator::on_opened(connection_id id, moment now, core::effects& out) {
  auto& c = clients_[id.value - 1];
  auto const& o = plan_.actors[c.actor].options;
  c.session = std::make_unique<smpp::session>(smpp::session_settings{.side = smpp::role::esme,
                                                                     .window = o.window,
                                                                     .bind_timeout = o.bind_timeout,
                                                                     .response_timeout = o.response_timeout,
                                                                     .enquire_link_after = o.enquire_link},
                                              now.at);
  c.session->bind(o.bind, o.fields(), now.at, c.out);
  if (!std::exchange(c.dirty, true)) dirty_.push_back(id.value - 1);
  leave(now, out);
}

void generator::bound(client& c, moment now) {
  c.bound = true;
  ++bound_;
  --opening_;
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
    timed = timed && f.law.plan().lasts.has_value();
    longest = std::max(longest, f.law.plan().lasts.value_or(0us));
  }
  if (timed) phase_limit_ = began_ + longest + plan_.settle;
}

void generator::fail(std::string why) {
  if (why_.empty()) why_ = std::move(why);
  m_.sessions_failed = clients_.size() - bound_;
  for (auto& c : clients_)
    if (!c.gone && c.id.value - 1 < next_to_open_) close_.push_back(c.id), c.gone = true;
  phase_ = phase::failed;
}

// A session ended, or a connection was not made.
void generator::gone(client& c, std::string_view why) {
  if (std::exchange(c.gone, true)) return;
  ++gone_;
  c.session.reset();
  if (!c.bound) {
    --opening_;
    if (phase_ == phase::binding)
      fail("a session of " + plan_.actors[c.actor].name + " could not bind: " + std::string(why));
    return;
  }
  --actors_[c.actor].alive;
  if (phase_ != phase::running && phase_ != phase::settling) return;
  ++m_.sessions_lost;
  if (actors_[c.actor].alive > 0) return;
  for (auto& f : flows_)
    if (f.actor == c.actor) give_up(f);
}

void generator::give_up(flow& f) {
  m_.unsent += f.again.size() + (f.segments - f.segment);
  for (; f.segment < f.segments; ++f.segment) {
    find(f.number)->refused = true;
    segment_over(f.number);
  }
  for (auto const token : std::exchange(f.again, {})) {
    if (auto* r = find(token >> segment_bits)) r->refused = true;
    segment_over(token >> segment_bits);
  }
  if (f.law.plan().open() && !f.ended) {
    auto owed = f.left;
    if (f.law.plan().lasts) {  // as many as the law still has slots for
      std::uint64_t slots = f.slot ? 1 : 0;
      while (slots < owed && f.law.next(chance_)) ++slots;
      owed = slots;
    }
    m_.unsent += owed;
  }
  if (!f.law.plan().open() && !f.ended && f.left != UINT64_MAX) m_.unsent += f.left;
  f.slot.reset();
  f.ended = true;
}

// -- sending -------------------------------------------------------------------------------------------------------

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
      f.slot = began_ + *next;
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
  f.ended = f.ended || f.left == 0 || (lasts && now.at - began_ >= *lasts);
  if (f.ended && f.again.empty()) return std::nullopt;
  return now.at;
}

// A client of this actor with room, each in its turn; null: all windows are full.
generator::client* generator::ready(std::size_t actor) {
  auto& queue = actors_[actor].ready;
  while (!queue.empty()) {
    auto const n = queue.front();
    queue.pop_front();
    auto& c = clients_[n];
    c.queued = false;
    if (c.gone || !c.session->may_deliver() || c.session->room() == 0) continue;
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
  a.ready.push_back(c.id.value - 1);
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
  record r{.intended = intended, .chance = chance_.next(), .line = static_cast<std::uint32_t>(line)};
  f.segment = 0;
  f.segments = makers_[line].segments({f.number, r.chance});
  r.left = static_cast<std::uint8_t>(f.segments);
  r.counted = t.counts;
  records_.push_back(r);
  ++m_.messages;
  ++m_.lines[line].messages;
}

void generator::send(client& c, std::uint64_t number, std::uint32_t segment, moment now) {
  auto const* const r = find(number);
  assert(r != nullptr && "a message stays known until its last answer");
  auto const& body = makers_[r->line].make({number, r->chance}, segment);
  auto const sent = c.session->request(body, token_of(number, segment), now.at, c.out);
  assert(sent && *sent && "the parser tried the line, and the session had room");
  (void)sent;
  if (!std::exchange(c.dirty, true)) dirty_.push_back(c.id.value - 1);
  ++in_flight_;
  ++m_.sent;
  ++now_.sent;
  ++m_.per_session[c.in_report].submitted;
}

// -- what comes back -----------------------------------------------------------------------------------------------

void generator::on_bytes(connection_id id, octet_view data, moment now, core::effects& out) {
  auto& c = clients_[id.value - 1];
  if (c.session == nullptr) return;
  roll(now);
  c.session->on_bytes(data, now.at, c.out, events_);
  handle(c, now);
  open_more(out);
  leave(now, out);
}

void generator::on_closed(connection_id id, moment now, core::effects& out) {
  auto& c = clients_[id.value - 1];
  if (c.gone) return;
  roll(now);
  if (c.session) c.session->on_closed(now.at, events_);
  handle(c, now);
  gone(c, "the connection was refused or lost");
  leave(now, out);
}

void generator::handle(client& c, moment now) {
  auto const events = std::exchange(events_, {});
  for (auto const& e : events) {
    if (auto const* a = std::get_if<smpp::event::answered>(&e)) {
      answered(c, a->request, a->response, now);
    } else if (auto const* came = std::get_if<smpp::event::arrived>(&e)) {
      arrived(c, came->request, now);
    } else if (auto const* none = std::get_if<smpp::event::expired>(&e)) {
      expired(none->request, now);
    } else if (std::holds_alternative<smpp::event::bound>(e)) {
      bound(c, now);
    } else if (auto const* end = std::get_if<smpp::event::ended>(&e)) {
      if (!c.gone) close_.push_back(c.id);
      if (!c.out.empty()) last_words_.push_back({c.id, std::exchange(c.out, {})});
      gone(c, end->why);
      return;
    }
  }
  if (!c.gone) {
    if (!c.out.empty() && !std::exchange(c.dirty, true)) dirty_.push_back(c.id.value - 1);
    make_ready(c, now);
  }
}

void generator::answered(client& c, smpp::token which, smpp::pdu const& response, moment now) {
  auto const number = which >> segment_bits;
  auto* const r = find(number);
  assert(r != nullptr && "a message stays known until its last answer");
  --in_flight_;
  last_answer_ = last_heard_ = now.at;
  auto const status = response.command_status;
  if (status == smpp::ESME_ROK) {
    ++m_.accepted;
    ++now_.accepted;
    ++m_.lines[r->line].accepted;
    time(stage::submit_resp, *r, now);
    if ((plan_.lines[r->line].base.registered_delivery & 3) != 0)
      if (auto const* body = std::get_if<smpp::submit_sm_resp>(&response.body)) {
        ++r->receipts_due;
        ++missing_receipts_;
        expect_receipt(body->message_id, number);
      }
    return segment_over(number);
  }
  ++m_.statuses[status];
  if (status == smpp::ESME_RTHROTTLED) {
    ++m_.throttled;
    ++now_.throttled;
    --m_.per_session[c.in_report].submitted;
    if (plan_.actors[c.actor].options.resubmit && phase_ == phase::running && !stopped_) {
      flows_[flow_of_[r->line]].again.push_back(which);
      return;
    }
  } else {
    ++m_.refused;
    ++now_.refused;
  }
  r->refused = true;
  segment_over(number);
}

void generator::expired(smpp::token which, moment now) {
  if (which == 0) return;
  --in_flight_;
  ++m_.unanswered;
  last_answer_ = last_heard_ = now.at;
  auto const number = which >> segment_bits;
  if (auto* const r = find(number)) r->unsure = true;
  segment_over(number);
}

// One segment has its final answer.
void generator::segment_over(std::uint64_t number) {
  auto* const r = find(number);
  assert(r != nullptr && r->left > 0);
  if (--r->left == 0 && r->counted && !r->delivered && !r->refused && !r->unsure) ++missing_deliveries_;
  forget_finished();
}

void generator::arrived(client& c, smpp::pdu const& request, moment now) {
  auto const* deliver = std::get_if<smpp::deliver_sm>(&request.body);
  auto const* data = std::get_if<smpp::data_sm>(&request.body);
  if (deliver == nullptr && data == nullptr) return;
  last_heard_ = now.at;
  auto const esm_class = deliver != nullptr ? deliver->esm_class : data->esm_class;
  auto const& tlvs = deliver != nullptr ? deliver->tlvs : data->tlvs;
  octet_view body;
  if (deliver != nullptr) body = deliver->short_message;
  if (auto const* payload = smpp::find(tlvs, smpp::tag::message_payload); body.empty() && payload != nullptr)
    body = payload->value;
  auto const& a = actors_[c.actor].answers;
  auto const status = a.status_for(deliver != nullptr ? deliver->destination_addr : data->destination_addr, chance_);
  if ((esm_class & smpp::esm::type_mask) == smpp::esm::type_delivery_receipt)
    receipt_came(body, tlvs, now);
  else if (status == smpp::ESME_ROK)
    message_came(without_header(body, esm_class), now);
  if (!status) return;
  answer_due const due{c.id.value - 1, request.sequence_number, *status, smpp::id_of(request)};
  if (auto const delay = a.delay.draw(chance_); delay > 0s)
    late_.add(now.at + delay, due);
  else
    answer(due);
}

void generator::answer(answer_due const& what) {
  auto& c = clients_[what.client];
  if (c.gone) return;
  auto const sent = what.request == smpp::command_id::deliver_sm
                        ? c.session->answer(what.sequence_number, what.status, smpp::deliver_sm_resp{}, c.out)
                        : c.session->answer(what.sequence_number, what.status, smpp::data_sm_resp{}, c.out);
  assert(sent && "an empty response encodes");
  (void)sent;
  if (!std::exchange(c.dirty, true)) dirty_.push_back(what.client);
}

void generator::message_came(octet_view body, moment now) {
  ++m_.delivered;
  ++now_.delivered;
  last_delivery_ = now.at;
  std::optional<std::uint64_t> number;
  for (std::size_t line = 0; line < makers_.size() && !number; ++line) number = makers_[line].number_in(body);
  if (!number) return;
  if (*number >= first_number_ + records_.size() || *number == 0) {
    ++m_.unexpected;
    return;
  }
  auto* const r = find(*number);
  if (r == nullptr || r->delivered) {  // forgotten ones were delivered, or refused: then it counts as duplicate as well
    ++m_.duplicates;
    return;
  }
  if (r->left == 0 && !r->refused && !r->unsure) --missing_deliveries_;
  if (r->refused) ++m_.unexpected;
  r->delivered = true;
  ++m_.matched;
  ++m_.lines[r->line].delivered;
  time(stage::deliver, *r, now);
  forget_finished();
}

void generator::expect_receipt(std::string const& message_id, std::uint64_t number) {
  if (auto const early = early_receipts_.find(message_id); early != early_receipts_.end()) {
    auto const at = early->second;
    early_receipts_.erase(early);
    receipt_for(number, at);
  } else {
    ids_.emplace(message_id, number);
  }
}

void generator::receipt_came(octet_view body, smpp::tlv_list const& tlvs, moment now) {
  ++m_.receipts;
  ++now_.receipts;
  auto const text = text_of(body);
  ++m_.receipt_states[std::string(word_after(text, "stat:"))];
  auto id = smpp::find_text(tlvs, smpp::tag::receipted_message_id);
  if (!id) id = std::string(word_after(text, "id:"));
  auto const known = ids_.find(*id);
  if (known == ids_.end()) {  // it may overtake the response, on another session
    if (early_receipts_.size() < most_early_receipts) early_receipts_.emplace(*id, now.at);
    return;
  }
  auto const number = known->second;
  ids_.erase(known);
  receipt_for(number, now.at);
}

void generator::receipt_for(std::uint64_t number, instant at) {
  auto* const r = find(number);
  assert(r != nullptr && r->receipts_due > 0);
  --r->receipts_due;
  --missing_receipts_;
  auto const span = at - r->intended;
  m_.latency[static_cast<std::size_t>(stage::receipt)].record(span);
  m_.lines[r->line].latency[static_cast<std::size_t>(stage::receipt)].record(span);
  interval_[static_cast<std::size_t>(stage::receipt)].record(span);
  forget_finished();
}

generator::record* generator::find(std::uint64_t number) {
  if (number < first_number_ || number - first_number_ >= records_.size()) return nullptr;
  return &records_[number - first_number_];
}

void generator::forget_finished() {
  while (!records_.empty()) {
    auto const& r = records_.front();
    bool const waits_for_delivery = r.counted && !r.delivered && !r.refused && !r.unsure;
    if (r.left > 0 || waits_for_delivery || r.receipts_due > 0) return;
    records_.pop_front();
    ++first_number_;
  }
}

// -- time ----------------------------------------------------------------------------------------------------------

void generator::time(stage s, record const& r, moment now) {
  auto const span = now.at - r.intended;
  auto const n = static_cast<std::size_t>(s);
  m_.latency[n].record(span);
  m_.lines[r.line].latency[n].record(span);
  interval_[n].record(span);
}

void generator::roll(moment now) {
  if (phase_ != phase::running && phase_ != phase::settling) return;
  while (now.at - second_ >= 1s) close_second(second_ + 1s);
}

void generator::close_second(instant end) {
  now_.start = second_ - began_;
  now_.length = end - second_;
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
  for (auto const other : {wake_, phase_limit_, sessions_due_})
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
