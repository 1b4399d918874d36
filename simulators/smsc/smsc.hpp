// A simulated message centre: listens, accepts binds, answers submissions by its profile, makes receipts and messages
// from mobiles. A pure node: the world and the shell run it alike. Left out: it stores nothing and routes nothing.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "engine/base/deadlines.hpp"
#include "engine/core/node.hpp"
#include "engine/smpp/session.hpp"
#include "simulators/behaviour/journal.hpp"
#include "simulators/smsc/options.hpp"

namespace signalbox::simulators {

class smsc final : public core::node {
 public:
  smsc(smsc_options options, entropy& chance);

  // -- wishes
  void outbind(std::string host, std::uint16_t port, std::string password, moment now, core::effects& out);
  void start_mobile(burst what, moment now, core::effects& out);  // in place of options().mobile; counts go on
  // A request to the first bound session that takes it. Its sequence_number, or not_supported: there is none.
  result<std::uint32_t> send(smpp::body const& request, moment now, core::effects& out);
  void unbind_all(moment now, core::effects& out);
  void disconnect_all(moment now, core::effects& out);

  std::size_t bound() const;  // sessions
  bool done() const;          // the mobile burst is sent and answered, no answer or receipt waits
  smsc_options& options() { return options_; }
  smsc_options const& options() const { return options_; }
  simulators::journal const& book() const { return book_; }

  struct counters {
    std::uint64_t connections = 0, binds = 0, binds_refused = 0;
    std::uint64_t submitted = 0;                // message requests that came
    std::uint64_t accepted = 0, throttled = 0;  // answered ESME_ROK; ESME_RTHROTTLED for the rate
    std::uint64_t refused = 0, unanswered = 0;
    std::uint64_t receipts = 0, mobile = 0;  // deliver_sm sent
    std::uint64_t deliveries_accepted = 0, deliveries_refused = 0, deliveries_unanswered = 0;
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
  struct client {
    client(smpp::session_settings const& settings, instant opened, journal& book, connection_id id)
        : session(settings, opened), tap(book, id) {}
    smpp::session session;
    journal_tap tap;
    std::uint64_t requests = 0;
    bool lost = false;  // the connection is gone, nothing is left to close
  };
  struct late_answer {
    connection_id on;
    std::uint32_t sequence_number = 0, status = 0;
    smpp::body response;
  };
  struct late_receipt {
    connection_id on;  // preferred; any other receiver takes it too
    smpp::deliver_sm receipt;
  };
  using late = std::variant<late_answer, late_receipt>;

  client& open_session(connection_id id, moment now);
  void handle(connection_id who, std::vector<smpp::happening> events, moment now, core::effects& out);
  void take(connection_id who, smpp::event::bind_requested const& e, std::vector<smpp::happening>& events, moment now,
            core::effects& out);
  void take(connection_id who, smpp::event::arrived const& e, std::vector<smpp::happening>& events, moment now,
            core::effects& out);
  void take(smpp::event::answered const& e);
  void take(smpp::event::expired const& e);
  // What a message request is answered with; nullopt: nothing. Plans its receipts.
  std::optional<late_answer> judge(connection_id who, smpp::pdu const& request, moment now, core::effects& out);
  void plan_receipt(connection_id who, smpp::submit_sm const& message, std::uint64_t id, moment now,
                    core::effects& out);
  void give_answer(late_answer const& what, moment now, core::effects& out);
  bool throttles(instant now);
  void attend(connection_id who, moment now, core::effects& out);
  void go_on(moment now, core::effects& out);  // waiting receipts and mobile messages, as windows allow
  bool deliver(std::optional<connection_id> preferred, smpp::deliver_sm const& what, smpp::token as, moment now,
               core::effects& out);
  void transmit(connection_id who, octets const& data, moment now, core::effects& out);
  void write(journal_entry::kind what, connection_id who, moment now, std::string words = {});

  smsc_options options_;
  entropy& chance_;
  simulators::journal book_;
  counters counters_;
  std::map<connection_id, client> clients_;
  std::map<connection_id, std::string> outbinds_;  // asked for, with the password
  deadlines<instant, late> late_;
  std::deque<late_receipt> receipts_;  // due, waiting for a session with room
  std::uint64_t next_id_;
  burst mobile_;
  std::uint64_t mobile_sent_ = 0, mobile_open_ = 0;
  std::optional<instant> mobile_began_, wait_until_;
  std::optional<smpp::deliver_sm> mobile_next_;  // drawn, waiting for room
  connection_id turn_{};
  instant throttle_from_{};
  std::uint64_t throttle_count_ = 0;
};

}  // namespace signalbox::simulators
