// One SMPP session, either side: SMPP 3.4 section 2.2, with the OUTBOUND and UNBOUND states of 5.0 section 2.2.
// Pure: octets, time and our own wishes go in; octets and events come out. The table of rules is in session.cpp.
//
//   accepted (smsc):   open --bind--> binding --accept_bind--> bound_tx | bound_rx | bound_trx --unbind--> closed
//   connected (esme):  open --bind()--> binding --bind_resp--> bound_...
//   outbind (smsc):    open --outbind()--> outbound --bind_receiver--> binding ...
//
// Left to the owner: who may bind (arrived bind -> accept_bind or refuse_bind), what a message request is answered
// with (arrived -> answer), flow control (waiting() says how many requests of the peer are unanswered).
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/smpp/codec.hpp"
#include "engine/smpp/framing.hpp"
#include "engine/smpp/messages.hpp"

namespace signalbox::smpp {

enum class role : std::uint8_t { esme, smsc };
enum class state : std::uint8_t { open, outbound, binding, bound_tx, bound_rx, bound_trx, unbinding, closed };
std::string_view name_of(state s);

struct session_settings {
  role side = role::smsc;
  std::uint32_t window = 100;             // our unanswered requests
  std::uint32_t request_window = 10'000;  // the peer's; twice this many and the rest is answered ESME_RTHROTTLED
  duration bind_timeout = 5s;             // smsc: until a bind arrives; esme: until it is answered
  duration response_timeout = 30s;
  duration enquire_link_after = 30s;  // 0 = never
  duration enquire_link_timeout = 10s;
  duration inactivity_timeout = 0s;  // 0 = never
  std::size_t max_pdu_octets = smpp::max_pdu_octets;
  std::uint32_t first_sequence = 1;  // of our requests
};

using token = std::uint64_t;  // the owner's name for a request it sent

namespace event {
struct bind_requested {  // answer with accept_bind or refuse_bind
  command_id kind{};     // bind_receiver, bind_transmitter, bind_transceiver
  bind_fields fields;
  std::uint32_t sequence_number = 0;
  bool operator==(bind_requested const&) const = default;
};
struct bound {  // esme: the peer accepted; the session may send now
  std::string system_id;
  bool operator==(bound const&) const = default;
};
struct outbind_received {  // esme: the peer asks us to bind as receiver
  outbind fields;
  bool operator==(outbind_received const&) const = default;
};
struct arrived {  // a request of the peer; answer() it unless it is an alert_notification
  pdu request;
  bool operator==(arrived const&) const = default;
};
struct answered {  // a request of ours; a generic_nack comes here too
  token request = 0;
  pdu response;
  bool operator==(answered const&) const = default;
};
struct expired {  // a request of ours that got no answer, or an unreadable one, or whose session ended
  token request = 0;
  bool operator==(expired const&) const = default;
};
struct malformed {  // for the log; the session has answered what must be answered
  fault why;
  bool operator==(malformed const&) const = default;
};
struct ended {  // last event of a session; close the connection after its octets are written
  std::string why;
  bool operator==(ended const&) const = default;
};
}  // namespace event

using happening = std::variant<event::bind_requested, event::bound, event::outbind_received, event::arrived,
                               event::answered, event::expired, event::malformed, event::ended>;

class session {
 public:
  session(session_settings settings, instant opened);

  // -- inputs. Octets for the peer are appended to `out`, events to `events`, in the order in which they happened.
  void on_bytes(octet_view data, instant now, octets& out, std::vector<happening>& events);
  void on_time(instant now, octets& out, std::vector<happening>& events);
  // After events were acted on: goes on with what had to wait for the owner. While a bind waits for its answer nothing
  // behind it is read, and an unbind, ours or the peer's, waits until every request has its response.
  void go_on(instant now, octets& out, std::vector<happening>& events);
  void on_closed(instant now, std::vector<happening>& events);  // the connection is gone

  // -- our wishes
  void bind(command_id kind, bind_fields const& fields, instant now, octets& out);
  void outbind_peer(outbind const& fields, instant now, octets& out);
  // `window`: how many of our requests this peer may leave unanswered.
  void accept_bind(std::uint32_t sequence_number, std::string_view system_id, std::uint32_t window, instant now,
                   octets& out);
  void refuse_bind(std::uint32_t sequence_number, std::uint32_t status, instant now, octets& out,
                   std::vector<happening>& events);
  // A request of ours. False when the state does not allow it or the window is full (nothing was sent), a fault when
  // the value cannot be encoded.
  result<bool> request(body const& what, token as, instant now, octets& out);
  // The response to an arrived request. Ignored when the session ended meanwhile.
  result<void> answer(std::uint32_t sequence_number, std::uint32_t status, body const& what, octets& out);
  void unbind(instant now, octets& out, std::vector<happening>& events);   // waits for the requests of both sides
  void end(std::string why, instant now, std::vector<happening>& events);  // without unbind

  // -- what it is
  std::optional<instant> deadline() const;
  smpp::state state() const { return state_; }
  bool bound() const { return state_ == state::bound_tx || state_ == state::bound_rx || state_ == state::bound_trx; }
  command_id bind_kind() const { return bind_kind_; }
  bool may_deliver() const;    // a request towards the peer is allowed by the bind (smsc: rx, trx; esme: tx, trx)
  std::uint32_t room() const;  // how many more requests the window takes
  std::uint32_t waiting() const { return unanswered_; }
  std::uint8_t interface_version() const { return version_; }  // of the bind: 0x33, 0x34, 0x50

 private:
  struct pending {
    instant due;
    token as = 0;
    command_id expected{};
    bool open = false;  // still unanswered
  };
  bool enquires() const;
  void take_frames(instant now, octets& out, std::vector<happening>& events);
  friend struct machine;  // the rules and what they do, in session.cpp

  session_settings settings_;
  smpp::state state_ = state::open;
  command_id bind_kind_ = command_id::bind_transceiver;
  std::uint8_t version_ = version_3_4;
  framer frames_;

  std::deque<pending> window_;  // our sequence numbers, consecutive from first_; all have the same patience
  std::uint32_t first_ = 1;
  std::uint32_t next_sequence_ = 1;
  std::uint32_t outstanding_ = 0;  // of window_, still unanswered
  std::uint32_t unanswered_ = 0;   // the peer's requests that we owe a response

  std::uint32_t own_sequence_ = 0;   // our bind, unbind or enquire_link in flight; 0: none
  std::optional<instant> patience_;  // its answer, or the peer's bind, is overdue then
  bool unbind_wanted_ = false;       // as soon as nothing is in flight either way
  std::uint32_t unbind_owed_ = 0;    // the peer's unbind, answered when nothing is owed before it
  instant heard_;                    // last octets of the peer
  instant active_;                   // last message request, either way
};

}  // namespace signalbox::smpp
