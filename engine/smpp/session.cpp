// The rules of an SMPP session, then what each of them does. A row names sides, states and inputs, so one row can
// cover many pairs; `total` proves that every pair of a live state and an input is covered by exactly one row.
#include "engine/smpp/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace signalbox::smpp {

namespace {

// What can happen to a session. Requests are grouped by who may send them (SMPP 3.4, 2.3).
enum class input : std::uint8_t {
  bind,  // bind_receiver, bind_transmitter, bind_transceiver
  bind_resp,
  outbind,
  from_esme,     // submit_sm, submit_multi, query_sm, cancel_sm, replace_sm and the broadcast requests
  from_smsc,     // deliver_sm
  either_way,    // data_sm
  alert,         // alert_notification, which has no response
  message_resp,  // the response to any of the three groups above
  enquire_link,
  enquire_link_resp,
  unbind,
  unbind_resp,
  generic_nack,
  unknown_command,  // a request whose command_id nobody knows
  bad_body,         // a known command whose body does not decode
  bad_frame,        // a command_length nobody can follow
  out_of_patience,  // the peer's bind, or its answer to our bind, unbind or enquire_link, is overdue
  silence,          // nothing heard for enquire_link_after
  idle,             // no message request for inactivity_timeout
  lost,             // the connection is gone
};
constexpr std::size_t inputs = 20;
constexpr std::size_t states = 8;

enum class act : std::uint8_t {
  ask_owner,  // may this peer bind?
  refuse_bind_again,
  finish_bind,  // the peer answered our bind
  tell_outbind,
  give,          // hand the request to the owner
  tell,          // hand over what needs no response
  refuse_state,  // ESME_RINVBNDSTS
  settle,        // a response: find the request it belongs to
  settle_nack,
  answer_enquiry,
  hear_enquiry,
  answer_unbind,
  finish_unbind,
  nack_command,
  refuse_body,
  nack_frame,
  give_up,
  enquire,
  lose,
  nothing,
};

constexpr unsigned bit(state s) { return 1u << static_cast<unsigned>(s); }
constexpr unsigned bit(role r) { return 1u << static_cast<unsigned>(r); }
constexpr unsigned bit(input i) { return 1u << static_cast<unsigned>(i); }
template <class... T>
constexpr unsigned any_of(T... values) {
  return (bit(values) | ...);
}

constexpr unsigned smsc = bit(role::smsc), esme = bit(role::esme), both = smsc | esme;
constexpr unsigned unbound = any_of(state::open, state::outbound, state::binding);
constexpr unsigned bound = any_of(state::bound_tx, state::bound_rx, state::bound_trx);
constexpr unsigned live = unbound | bound | bit(state::unbinding);

struct rule {
  unsigned sides, from, on;
  act does;
};

constexpr rule rules[] = {
    // -- binding: 3.4, 2.2.1 and 4.1; 5.0, 2.2 for outbind. A second bind is answered, the first stays as it is.
    {smsc, any_of(state::open, state::outbound), bit(input::bind), act::ask_owner},
    {smsc, bit(state::binding) | bound | bit(state::unbinding), bit(input::bind), act::refuse_bind_again},
    {esme, live, bit(input::bind), act::refuse_state},
    {esme, bit(state::binding), bit(input::bind_resp), act::finish_bind},
    {esme, live & ~bit(state::binding), bit(input::bind_resp), act::nothing},
    {smsc, live, bit(input::bind_resp), act::nothing},
    {esme, bit(state::open), bit(input::outbind), act::tell_outbind},
    {esme, live & ~bit(state::open), bit(input::outbind), act::nothing},  // it has no response to refuse it with
    {smsc, live, bit(input::outbind), act::nothing},

    // -- message requests: 3.4, 2.3. Unlike the original, which closes the connection, requests before a bind are
    // answered as 3.4 asks. A deliver_sm from an ESME is taken as a submit_sm, as the original does.
    {smsc, any_of(state::bound_tx, state::bound_trx), any_of(input::from_esme, input::from_smsc, input::either_way),
     act::give},
    {smsc, live & ~any_of(state::bound_tx, state::bound_trx),
     any_of(input::from_esme, input::from_smsc, input::either_way), act::refuse_state},
    {smsc, live, bit(input::alert), act::nothing},
    {esme, any_of(state::bound_rx, state::bound_trx), any_of(input::from_smsc, input::either_way), act::give},
    {esme, live & ~any_of(state::bound_rx, state::bound_trx), any_of(input::from_smsc, input::either_way),
     act::refuse_state},
    {esme, live, bit(input::from_esme), act::refuse_state},
    {esme, any_of(state::bound_rx, state::bound_trx), bit(input::alert), act::tell},
    {esme, live & ~any_of(state::bound_rx, state::bound_trx), bit(input::alert), act::nothing},

    // -- responses. One that answers nothing of ours is dropped: a response is never answered.
    {both, bound | bit(state::unbinding), bit(input::message_resp), act::settle},
    {both, unbound, bit(input::message_resp), act::nothing},
    {both, live, bit(input::generic_nack), act::settle_nack},

    // -- the link: 3.4, 4.11 (either side, at any time) and 4.2
    {both, live, bit(input::enquire_link), act::answer_enquiry},
    {both, bound, bit(input::enquire_link_resp), act::hear_enquiry},
    {both, live & ~bound, bit(input::enquire_link_resp), act::nothing},
    {both, bound | bit(state::unbinding), bit(input::unbind), act::answer_unbind},
    {both, unbound, bit(input::unbind), act::refuse_state},
    {both, bit(state::unbinding), bit(input::unbind_resp), act::finish_unbind},
    {both, live & ~bit(state::unbinding), bit(input::unbind_resp), act::nothing},

    // -- what cannot be read: 3.4, 4.3
    {both, live, bit(input::unknown_command), act::nack_command},
    {both, live, bit(input::bad_body), act::refuse_body},
    {both, live, bit(input::bad_frame), act::nack_frame},

    // -- time and the connection: 3.4, 7.2
    {both, live, bit(input::out_of_patience), act::give_up},
    {both, bound, bit(input::silence), act::enquire},
    {both, live & ~bound, bit(input::silence), act::nothing},
    {both, bound, bit(input::idle), act::give_up},
    {both, live & ~bound, bit(input::idle), act::nothing},
    {both, live, bit(input::lost), act::lose},
};

// Every live state of both sides answers every input, and in one way only.
constexpr bool total() {
  for (auto side : {role::esme, role::smsc})
    for (unsigned s = 0; s < states; ++s)
      for (unsigned i = 0; i < inputs; ++i) {
        int rows = 0;
        for (auto const& r : rules)
          if ((r.sides & bit(side)) != 0 && (r.from & 1u << s) != 0 && (r.on & 1u << i) != 0) ++rows;
        if (rows != (static_cast<state>(s) == state::closed ? 0 : 1)) return false;
      }
  return true;
}
static_assert(total());

// The same rules, looked up at once.
constexpr auto plan = [] {
  std::array<std::array<std::array<act, inputs>, states>, 2> all{};
  for (unsigned side = 0; side < 2; ++side)
    for (unsigned s = 0; s < states; ++s)
      for (unsigned i = 0; i < inputs; ++i) {
        all[side][s][i] = act::nothing;
        for (auto const& r : rules)
          if ((r.sides & 1u << side) != 0 && (r.from & 1u << s) != 0 && (r.on & 1u << i) != 0) all[side][s][i] = r.does;
      }
  return all;
}();

input input_of(command_id id) {
  switch (id) {
    case command_id::bind_receiver:
    case command_id::bind_transmitter:
    case command_id::bind_transceiver:      return input::bind;
    case command_id::bind_receiver_resp:
    case command_id::bind_transmitter_resp:
    case command_id::bind_transceiver_resp: return input::bind_resp;
    case command_id::outbind:               return input::outbind;
    case command_id::submit_sm:
    case command_id::submit_multi:
    case command_id::query_sm:
    case command_id::cancel_sm:
    case command_id::replace_sm:
    case command_id::broadcast_sm:
    case command_id::query_broadcast_sm:
    case command_id::cancel_broadcast_sm:   return input::from_esme;
    case command_id::deliver_sm:            return input::from_smsc;
    case command_id::data_sm:               return input::either_way;
    case command_id::alert_notification:    return input::alert;
    case command_id::enquire_link:          return input::enquire_link;
    case command_id::enquire_link_resp:     return input::enquire_link_resp;
    case command_id::unbind:                return input::unbind;
    case command_id::unbind_resp:           return input::unbind_resp;
    case command_id::generic_nack:          return input::generic_nack;
    default:                                return input::message_resp;  // what is left of the known ones
  }
}

// The status that tells a peer which part of its request could not be read (3.4, 5.1.3).
std::uint32_t status_for(fault const& f) {
  struct row {
    std::string_view field;
    std::uint32_t status;
  };
  constexpr row table[] = {
      {"system_id", ESME_RINVSYSID},
      {"password", ESME_RINVPASWD},
      {"system_type", ESME_RINVSYSTYP},
      {"service_type", ESME_RINVSERTYP},
      {"source_addr", ESME_RINVSRCADR},
      {"destination_addr", ESME_RINVDSTADR},
      {"schedule_delivery_time", ESME_RINVSCHED},
      {"validity_period", ESME_RINVEXPIRY},
      {"short_message", ESME_RINVMSGLEN},
      {"message_id", ESME_RINVMSGID},
      {"dest_flag", ESME_RINVDESTFLAG},
      {"dl_name", ESME_RINVDLNAME},
      {"dest_address", ESME_RINVNUMDESTS},
      {"number_of_dests", ESME_RINVNUMDESTS},
  };
  if (f.code == errc::trailing_octets) return ESME_RINVCMDLEN;
  if (f.field == "tlvs" || f.field.starts_with("tag_0x") || find_tlv_row(f.field) != nullptr)
    return ESME_RINVOPTPARSTREAM;
  if (f.code == errc::truncated && f.field != "short_message") return ESME_RINVCMDLEN;
  for (auto const& r : table)
    if (r.field == f.field) return r.status;
  return ESME_RINVCMDLEN;
}

// What both sides speak: we know 5.0, and below 3.4 there are no optional parameters.
std::uint8_t spoken(std::uint8_t version) {
  return version < version_3_4 ? std::uint8_t{0x33} : std::min(version, version_5_0);
}

template <std::size_t Index = 0>
body make_body(command_id id) {
  if constexpr (Index == std::variant_size_v<body>) {
    return generic_nack{};
  } else {
    using value = std::variant_alternative_t<Index, body>;
    if (layout<value>::id == id) return value{};
    return make_body<Index + 1>(id);
  }
}

constexpr std::size_t most_held = 1 << 20;  // octets behind a bind that its owner has not answered

constexpr std::uint32_t last_sequence = 0x7FFFFFFF;  // 3.4, 3.2: 1 to 0x7FFFFFFF, then 1 again
constexpr std::uint32_t after(std::uint32_t sequence) { return sequence == last_sequence ? 1 : sequence + 1; }

}  // namespace

struct machine {
  session& s;
  instant now;
  octets& out;
  std::vector<happening>& events;
  fault const* trouble = nullptr;  // while input::bad_body is taken

  // -- inputs

  void take(input what, pdu* p) {
    switch (plan[static_cast<std::size_t>(s.settings_.side)][static_cast<std::size_t>(s.state_)]
                [static_cast<std::size_t>(what)]) {
      case act::ask_owner:         return ask_owner(*p);
      case act::refuse_bind_again: return respond(*p, ESME_RALYBND);
      case act::finish_bind:       return finish_bind(*p);
      case act::tell_outbind:      events.push_back(event::outbind_received{std::get<outbind>(p->body)}); return;
      case act::give:              return give(*p);
      case act::tell:              events.push_back(event::arrived{std::move(*p)}); return;
      case act::refuse_state:      return respond(*p, ESME_RINVBNDSTS);
      case act::settle:            return settle(*p, id_of(p->body));
      case act::settle_nack:       return settle_nack(*p);
      case act::answer_enquiry:    return respond(*p, ESME_ROK);
      case act::hear_enquiry:
        if (p->sequence_number != s.own_sequence_) return settle(*p, command_id::enquire_link_resp);  // the owner's own
        heard_own();
        return;
      case act::answer_unbind: return answer_unbind(p->sequence_number);
      case act::finish_unbind:
        if (p->sequence_number == s.own_sequence_) end("unbound");
        return;
      case act::nack_command: send(ESME_RINVCMDID, p->sequence_number, generic_nack{}); return;
      case act::give_up:      return end(what == input::idle ? "inactive" : overdue());
      case act::enquire:
        s.own_sequence_ = next_sequence();
        s.patience_ = now + s.settings_.enquire_link_timeout;
        send(ESME_ROK, s.own_sequence_, enquire_link{});
        return;
      case act::lose:        return end("connection closed");
      case act::refuse_body: return refuse_body(*p);
      case act::nack_frame:  send(ESME_RINVCMDLEN, p->sequence_number, generic_nack{}); return end("bad command_length");
      case act::nothing:     return;
    }
  }

  void take_octets(octet_view whole) {
    auto decoded = decode(whole);
    if (decoded) return take(input_of(id_of(decoded->body)), &*decoded);
    auto const head = *decode_header(whole);
    auto const id = static_cast<command_id>(head.command_id);
    pdu as_sent{head.command_status, head.sequence_number, make_body(id)};
    trouble = &decoded.error();
    if (trouble->code != errc::unknown_command)
      take(input::bad_body, &as_sent);
    else if (!is_response(id))  // a response is never answered, known or not
      take(input::unknown_command, &as_sent);
    events.push_back(event::malformed{std::move(decoded.error())});
    trouble = nullptr;
  }

  void refuse_body(pdu const& p) {
    auto const id = id_of(p.body);
    if (is_response(id))
      expire(p.sequence_number, id);  // an unreadable response is as good as none
    else
      respond(p, status_for(*trouble));
  }

  // -- binding

  void ask_owner(pdu& p) {
    auto const kind = id_of(p.body);
    if (s.state_ == state::outbound && kind == command_id::bind_transmitter) return respond(p, ESME_RINVBNDSTS);
    event::bind_requested ask{kind, {}, p.sequence_number};
    std::visit(
        [&](auto& b) {
          if constexpr (requires { b.address_range; })
            ask.fields = {std::move(b.system_id),
                          std::move(b.password),
                          std::move(b.system_type),
                          b.interface_version,
                          b.addr_ton,
                          b.addr_npi,
                          std::move(b.address_range)};
        },
        p.body);
    s.state_ = state::binding;
    s.bind_kind_ = kind;
    s.version_ = spoken(ask.fields.interface_version);
    events.push_back(std::move(ask));
  }

  void finish_bind(pdu& p) {
    if (p.sequence_number != s.own_sequence_ || id_of(p.body) != response_to(s.bind_kind_)) return;
    if (p.command_status != ESME_ROK) {
      auto const name = find_name(statuses, p.command_status);
      return end("bind refused: " + (name.empty() ? std::to_string(p.command_status) : std::string(name)));
    }
    become_bound();
    event::bound told;
    std::visit(
        [&](auto& b) {
          if constexpr (requires {
                          b.system_id;
                          b.tlvs;
                        })
            told.system_id = std::move(b.system_id);
        },
        p.body);
    events.push_back(std::move(told));
  }

  void become_bound() {
    s.state_ = s.bind_kind_ == command_id::bind_transmitter ? state::bound_tx
               : s.bind_kind_ == command_id::bind_receiver  ? state::bound_rx
                                                            : state::bound_trx;
    s.active_ = now;
    heard_own();
  }

  // -- requests of the peer

  void give(pdu& p) {
    s.active_ = now;
    if (s.unanswered_ >= 2 * s.settings_.request_window) return respond(p, ESME_RTHROTTLED);
    ++s.unanswered_;
    events.push_back(event::arrived{std::move(p)});
  }

  // -- responses

  session::pending* find(std::uint32_t sequence) {
    auto const distance = sequence >= s.first_ ? sequence - s.first_ : sequence + last_sequence - s.first_;
    if (sequence == 0 || distance >= s.window_.size() || !s.window_[distance].open) return nullptr;
    return &s.window_[distance];
  }

  void settle(pdu& p, command_id id) {
    auto* entry = find(p.sequence_number);
    if (entry == nullptr || entry->expected != id) return;
    auto const as = entry->as;
    close(*entry);
    events.push_back(event::answered{as, std::move(p)});
    go_on_unbinding();
  }

  void settle_nack(pdu& p) {
    if (p.sequence_number == s.own_sequence_ && s.own_sequence_ != 0) {
      if (s.state_ == state::binding) return end("bind refused: generic_nack");
      if (s.state_ == state::unbinding) return end("unbound");
      return heard_own();  // a peer that does not know enquire_link is still there
    }
    auto* entry = find(p.sequence_number);
    if (entry == nullptr) return;
    entry->expected = command_id::generic_nack;
    settle(p, command_id::generic_nack);
  }

  void expire(std::uint32_t sequence, command_id id) {
    auto* entry = find(sequence);
    if (entry == nullptr || entry->expected != id) return;
    events.push_back(event::expired{entry->as});
    close(*entry);
    go_on_unbinding();
  }

  void close(session::pending& entry) {
    entry.open = false;
    --s.outstanding_;
    trim();
  }

  void trim() {
    while (!s.window_.empty() && !s.window_.front().open) {
      s.window_.pop_front();
      s.first_ = after(s.first_);
    }
  }

  // -- our own

  std::uint32_t next_sequence(session::pending entry = {}) {
    auto const sequence = s.next_sequence_;
    s.next_sequence_ = after(sequence);
    if (s.window_.empty()) s.first_ = sequence;
    s.window_.push_back(entry);
    trim();
    return sequence;
  }

  void send(std::uint32_t status, std::uint32_t sequence, body const& what) {
    auto const sent = encode({status, sequence, what}, out);
    (void)sent;  // PDUs without variable parts always encode
  }

  void respond(pdu const& to, std::uint32_t status) {
    auto const id = response_to(id_of(to.body));
    if (id_of(to.body) == command_id::alert_notification || id_of(to.body) == command_id::outbind) return;
    send(status, to.sequence_number, make_body(id));
  }

  void heard_own() {
    s.own_sequence_ = 0;
    s.patience_.reset();
  }

  // The peer's unbind: its requests before it are answered first, or it would take them for lost.
  void answer_unbind(std::uint32_t sequence) {
    if (s.unanswered_ == 0) {
      send(ESME_ROK, sequence, unbind_resp{});
      return end("unbind received");
    }
    s.unbind_owed_ = sequence;
    s.unbind_wanted_ = false;
    if (s.state_ == state::unbinding) return;  // we had sent one ourselves
    s.state_ = state::unbinding;
    s.own_sequence_ = 0;
    s.patience_ = now + s.settings_.response_timeout;
  }

  void go_on_unbinding() {
    if (s.unbind_owed_ != 0 && s.unanswered_ == 0 && s.state_ == state::unbinding)
      return answer_unbind(std::exchange(s.unbind_owed_, 0));
    if (!s.unbind_wanted_ || s.outstanding_ > 0 || s.unanswered_ > 0 || !s.bound()) return;
    s.unbind_wanted_ = false;
    s.state_ = state::unbinding;
    s.own_sequence_ = next_sequence();
    s.patience_ = now + s.settings_.response_timeout;
    send(ESME_ROK, s.own_sequence_, unbind{});
  }

  std::string overdue() const {
    switch (s.state_) {
      case state::open:
      case state::outbound:  return "no bind in time";
      case state::binding:   return "bind not answered in time";
      case state::unbinding: return "unbind not answered in time";
      default:               return "enquire_link not answered in time";
    }
  }

  void end(std::string why) {
    if (s.state_ == state::closed) return;
    s.state_ = state::closed;
    s.patience_.reset();
    s.unanswered_ = 0;
    for (auto const& entry : s.window_)
      if (entry.open) events.push_back(event::expired{entry.as});
    s.window_.clear();
    s.outstanding_ = 0;
    events.push_back(event::ended{std::move(why)});
  }
};

session::session(session_settings settings, instant opened)
    : settings_(settings),
      frames_(settings.max_pdu_octets),
      next_sequence_(settings.first_sequence),
      heard_(opened),
      active_(opened) {
  patience_ = opened + settings_.bind_timeout;
}

void session::on_bytes(octet_view data, instant now, octets& out, std::vector<happening>& events) {
  heard_ = now;
  frames_.feed(data);
  take_frames(now, out, events);
}

void session::go_on(instant now, octets& out, std::vector<happening>& events) {
  if (state_ == state::closed) return;
  if (frames_.held() > 0) {
    frames_.feed({});
    take_frames(now, out, events);
  }
  machine{*this, now, out, events}.go_on_unbinding();
}

void session::take_frames(instant now, octets& out, std::vector<happening>& events) {
  machine m{*this, now, out, events};
  auto const waits = [&] { return settings_.side == role::smsc && state_ == state::binding; };
  while (state_ != state::closed && !waits()) {
    auto const whole = frames_.next();
    if (!whole) break;
    m.take_octets(*whole);
  }
  if (state_ == state::closed) return;
  if (waits()) {
    frames_.hold();
    if (frames_.held() > most_held) m.end("too much sent before the bind was answered");
    return;
  }
  if (auto const* bad = frames_.broken()) {
    events.push_back(event::malformed{bad->why});
    pdu head{bad->head.command_status, bad->head.sequence_number, generic_nack{}};
    m.take(input::bad_frame, &head);
  }
}

void session::on_time(instant now, octets& out, std::vector<happening>& events) {
  machine m{*this, now, out, events};
  if (state_ == state::closed) return;
  if (patience_ && *patience_ <= now) return m.take(input::out_of_patience, nullptr);
  while (!window_.empty() && window_.front().due <= now) {
    events.push_back(event::expired{window_.front().as});
    m.close(window_.front());
  }
  m.go_on_unbinding();
  if (enquires() && heard_ + settings_.enquire_link_after <= now) m.take(input::silence, nullptr);
  if (settings_.inactivity_timeout > 0s && active_ + settings_.inactivity_timeout <= now) m.take(input::idle, nullptr);
}

void session::on_closed(instant now, std::vector<happening>& events) {
  octets nowhere;
  if (state_ != state::closed) machine{*this, now, nowhere, events}.take(input::lost, nullptr);
}

std::optional<instant> session::deadline() const {
  if (state_ == state::closed) return std::nullopt;
  auto due = patience_;
  auto const sooner = [&due](instant other) { due = due ? std::min(*due, other) : other; };
  if (!window_.empty()) sooner(window_.front().due);
  if (bound()) {
    if (enquires()) sooner(heard_ + settings_.enquire_link_after);
    if (settings_.inactivity_timeout > 0s) sooner(active_ + settings_.inactivity_timeout);
  }
  return due;
}

void session::bind(command_id kind, bind_fields const& fields, instant now, octets& out) {
  if (state_ != state::open) return;
  std::vector<happening> none;
  machine m{*this, now, out, none};
  bind_kind_ = kind;
  version_ = spoken(fields.interface_version);
  state_ = state::binding;
  own_sequence_ = m.next_sequence();
  patience_ = now + settings_.bind_timeout;
  auto what = make_body(kind);
  std::visit(
      [&](auto& b) {
        if constexpr (requires { b.address_range; }) static_cast<bind_fields&>(b) = fields;
      },
      what);
  m.send(ESME_ROK, own_sequence_, what);
}

void session::outbind_peer(outbind const& fields, instant now, octets& out) {
  if (state_ != state::open) return;
  std::vector<happening> none;
  machine m{*this, now, out, none};
  state_ = state::outbound;
  patience_ = now + settings_.bind_timeout;
  m.send(ESME_ROK, m.next_sequence(), fields);
}

void session::accept_bind(std::uint32_t sequence_number, std::string_view system_id, std::uint32_t window, instant now,
                          octets& out) {
  if (state_ != state::binding) return;
  settings_.window = window;
  std::vector<happening> none;
  machine m{*this, now, out, none};
  m.become_bound();
  auto what = make_body(response_to(bind_kind_));
  std::visit(
      [&](auto& b) {
        if constexpr (requires {
                        b.system_id;
                        b.tlvs;
                      }) {
          b.system_id = system_id;
          // 3.4, 5.3.2.25: tells the ESME which version is spoken; a 3.3 peer must not see optional parameters
          if (version_ >= version_3_4) b.tlvs.push_back(make_u8(tag::sc_interface_version, version_));
        }
      },
      what);
  m.send(ESME_ROK, sequence_number, what);
}

void session::refuse_bind(std::uint32_t sequence_number, std::uint32_t status, instant now, octets& out,
                          std::vector<happening>& events) {
  if (state_ != state::binding) return;
  machine m{*this, now, out, events};
  m.send(status, sequence_number, make_body(response_to(bind_kind_)));
  m.end("bind refused");
}

result<bool> session::request(body const& what, token as, instant now, octets& out) {
  if (!may_deliver() || room() == 0) return false;
  std::vector<happening> none;
  machine m{*this, now, out, none};
  auto const id = id_of(what);
  auto const has_response = id != command_id::alert_notification;
  if (auto const sent = encode({ESME_ROK, next_sequence_, what}, out); !sent) return std::unexpected(sent.error());
  if (has_response) ++outstanding_;
  m.next_sequence({now + settings_.response_timeout, as, response_to(id), has_response});
  active_ = now;
  return true;
}

result<void> session::answer(std::uint32_t sequence_number, std::uint32_t status, body const& what, octets& out) {
  if (state_ == state::closed) return {};
  if (unanswered_ > 0) --unanswered_;
  return encode({status, sequence_number, what}, out);
}

void session::unbind(instant now, octets& out, std::vector<happening>& events) {
  machine m{*this, now, out, events};
  if (state_ == state::unbinding) return;
  if (!bound()) return m.end("ended before it was bound");
  unbind_wanted_ = true;
  m.go_on_unbinding();
}

void session::end(std::string why, instant now, std::vector<happening>& events) {
  octets nowhere;
  machine{*this, now, nowhere, events}.end(std::move(why));
}

bool session::may_deliver() const {
  if (unbind_wanted_) return false;
  if (state_ == state::bound_trx) return true;
  return settings_.side == role::smsc ? state_ == state::bound_rx : state_ == state::bound_tx;
}

// A peer that we stopped reading from, because we owe it answers, is not silent.
bool session::enquires() const {
  return settings_.enquire_link_after > 0s && own_sequence_ == 0 && unanswered_ < settings_.request_window;
}

std::uint32_t session::room() const {
  // A request that stays unanswered keeps its place: beyond 1,024 windows of younger ones we wait for it to expire.
  if (!may_deliver() || window_.size() >= std::size_t{settings_.window} * 1024 + 1024) return 0;
  return outstanding_ >= settings_.window ? 0 : settings_.window - outstanding_;
}

std::string_view name_of(state s) {
  switch (s) {
    case state::open:      return "open";
    case state::outbound:  return "outbound";
    case state::binding:   return "binding";
    case state::bound_tx:  return "bound_tx";
    case state::bound_rx:  return "bound_rx";
    case state::bound_trx: return "bound_trx";
    case state::unbinding: return "unbinding";
    case state::closed:    return "closed";
  }
  return "?";
}

}  // namespace signalbox::smpp
