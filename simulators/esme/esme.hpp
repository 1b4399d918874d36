// A simulated ESME: an SMPP client for one connection at a time (SMPP 3.4, 2.2). A pure node: the world and the shell
// run it alike. It answers what arrives by its profile, sends a burst if it has one, and otherwise does what the player
// wishes. Everything it sent and received is in its journal.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <unordered_set>

#include "engine/base/deadlines.hpp"
#include "engine/core/node.hpp"
#include "engine/smpp/session.hpp"
#include "simulators/behaviour/journal.hpp"
#include "simulators/esme/options.hpp"

namespace signalbox::simulators {

class esme final : public core::node {
 public:
  esme(esme_options options, entropy& chance);

  // -- wishes; each takes the moment and effects last, as stage::act gives them
  void connect(std::string host, std::uint16_t port, moment now, core::effects& out);  // no bind
  void connect_and_bind(std::string host, std::uint16_t port, moment now,
                        core::effects& out);  // and again after a loss
  void bind(moment now, core::effects& out);  // by the options
  void bind(smpp::command_id kind, smpp::bind_fields const& fields, moment now, core::effects& out);
  // A request within the session's rules. Its sequence_number, or a fault: not_supported (not bound for it, window
  // full), or what encoding it says.
  result<std::uint32_t> send(smpp::body const& request, moment now, core::effects& out);
  // The answer to an arrived request (manual mode); the wrong sequence_number is sent as it is.
  result<void> answer(std::uint32_t sequence_number, std::uint32_t status, smpp::body const& response, moment now,
                      core::effects& out);
  result<void> send_pdu(smpp::pdu const& what, moment now,
                        core::effects& out);                          // past the session: any order, any number
  void send_octets(octet_view data, moment now, core::effects& out);  // anything at all
  void unbind(moment now, core::effects& out);
  void disconnect(moment now, core::effects& out);               // without unbind; no reconnect follows
  void start_burst(burst what, moment now, core::effects& out);  // in place of options().send; counts go on

  // -- what it is
  bool connected() const { return session_ != nullptr; }
  bool bound() const { return session_ && session_->bound(); }
  std::optional<smpp::state> state() const;  // nullopt: no connection
  bool done() const;                         // its burst is sent and answered (true when there is none)
  esme_options& options() {
    return options_;
  }  // answers and burst may change at any time, the rest counts from the next session
  esme_options const& options() const { return options_; }
  simulators::journal const& book() const { return book_; }

  struct counters {
    std::uint64_t connections = 0, binds = 0, closed = 0;
    std::uint64_t submitted = 0;                    // message requests sent, again or for the first time
    std::uint64_t accepted = 0, throttled = 0;      // of their answers: ESME_ROK, ESME_RTHROTTLED
    std::uint64_t refused = 0, unanswered = 0;      // any other status; no answer
    std::map<std::uint32_t, std::uint64_t> errors;  // answers by status, without ESME_ROK
    std::uint64_t delivered = 0, receipts = 0;      // requests that came: messages, receipts
    std::uint64_t duplicates = 0;                   // of them: same addresses and same content seen before
    duration burst_time = 0s;                       // from its first request to its last answer
    bool operator==(counters const&) const = default;
  };
  counters const& count() const { return counters_; }

  // -- node
  void on_accepted(connection_id id, core::service what, std::string_view peer, moment now,
                   core::effects& out) override;
  void on_opened(connection_id id, moment now, core::effects& out) override;
  void on_bytes(connection_id id, octet_view data, moment now, core::effects& out) override;
  void on_closed(connection_id id, moment now, core::effects& out) override;
  void on_time(moment now, core::effects& out) override;
  void on_stored(std::uint64_t request, storage::answer const& what, moment now, core::effects& out) override;
  std::optional<instant> deadline(moment now) const override;

 private:
  struct late_answer {
    connection_id on;
    std::uint32_t sequence_number = 0, status = 0;
    smpp::command_id request{};
  };

  void open_session(connection_id id, moment now);
  void connect_now(core::effects& out);
  void handle(std::vector<smpp::happening>& events, moment now, core::effects& out);
  void take(smpp::event::bound const& e, moment now);
  void take(smpp::event::arrived const& e, moment now, core::effects& out);
  void take(smpp::event::answered const& e, moment now);
  void take(smpp::event::expired const& e, moment now);
  void take(smpp::event::ended const& e, moment now, core::effects& out);
  void settle(smpp::token which, bool send_again, moment now);
  void answer_arrived(late_answer const& what, moment now, core::effects& out);
  void note_arrival(smpp::body const& request);
  void write(journal_entry::kind what, moment now, std::string words = {});
  void attend(moment now, core::effects& out);
  void go_on(moment now, core::effects& out);  // the burst: whatever may be sent now
  void finish_if_done(moment now, core::effects& out);
  void transmit(octets const& data, moment now, core::effects& out);

  esme_options options_;
  entropy& chance_;
  simulators::journal book_;
  counters counters_;

  std::string host_;
  std::uint16_t port_ = 0;
  bool keeps_bound_ = false;  // connect_and_bind: bind when open, come back when lost
  std::optional<instant> reconnect_at_;
  connection_id connection_{};  // asked for, or open if there is a session
  connection_id last_{};        // for the journal, which also tells of a lost one
  std::unique_ptr<smpp::session> session_;
  std::optional<journal_tap> tap_;
  deadlines<instant, late_answer> late_;

  burst burst_;
  std::uint64_t next_number_ = 1;  // of the burst's messages, the next one never sent yet
  smpp::token last_token_ = 0;
  std::map<smpp::token, smpp::submit_sm> in_flight_;  // the burst's, kept so that a resubmission is the same message
  std::deque<smpp::submit_sm> again_;                 // resubmissions waiting for their turn
  std::optional<instant> burst_began_, pace_from_, wait_until_;
  std::uint64_t paced_ = 0;                 // sends since pace_from_
  std::unordered_set<std::uint64_t> seen_;  // digests of what was delivered; never iterated
};

}  // namespace signalbox::simulators
