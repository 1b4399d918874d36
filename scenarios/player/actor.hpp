// One actor of a scenario: a simulated ESME or SMSC, what it received and no step has asked for yet, and how a step's
// message leaves it. Arrivals wait in three queues: messages in their order; enquire_link and its response, which only
// a step that names them sees; and closed connections.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "scenarios/player/scenario.hpp"
#include "simulators/esme/esme.hpp"
#include "simulators/smsc/smsc.hpp"
#include "simulators/world/stage.hpp"

namespace signalbox::player {

struct arrival {
  instant at;
  std::optional<smpp::pdu> pdu;  // absent: octets that are no PDU
  octets raw;
};

bool is_housekeeping(smpp::command_id id);

class actor {
 public:
  actor(esme_plan const& plan, entropy& chance);
  actor(smsc_plan const& plan, entropy& chance);

  std::string const& name() const { return name_; }
  core::node& node();
  simulators::esme* esme() { return esme_.get(); }
  simulators::journal const& book() const { return esme_ ? esme_->book() : smsc_->book(); }
  std::string const& target() const { return target_; }  // the simulated SMSC it connects to
  bool binds_first() const { return binds_first_; }
  place const& given_at() const { return given_at_; }

  // -- what arrived
  void pull() { take_over(true); }  // takes over what the journal has since the last call
  void forget_messages() { messages_.clear(); }
  std::deque<arrival>& waiting(smpp::command_id kind) { return is_housekeeping(kind) ? housekeeping_ : messages_; }
  std::deque<arrival>& messages() { return messages_; }
  std::deque<instant>& closes() { return closes_; }
  std::uint64_t received(smpp::command_id kind) const;
  void consumed(smpp::pdu const& p);                                           // a step has seen it
  std::optional<std::uint32_t> last_request(smpp::command_id response) const;  // the last one seen, to be answered

  // -- what it does; a fault says why it cannot. Sends return the sequence_number used.
  smpp::pdu blank(smpp::command_id message) const;  // with its own credentials in a bind
  result<std::uint32_t> send(smpp::pdu const& what, bool as_it_is, simulators::stage& on);
  result<void> send_octets(octet_view data, simulators::stage& on);
  result<void> connect(std::string const& host, std::uint16_t port, bool and_bind, simulators::stage& on);
  void close(simulators::stage& on);

 private:
  void take_over(bool heed_faults);
  result<std::uint32_t> send_by_esme(smpp::pdu const& what, bool as_it_is, simulators::stage& on);
  result<std::uint32_t> send_by_smsc(smpp::pdu const& what, simulators::stage& on);
  std::optional<std::uint32_t> last_sent(std::size_t since, smpp::command_id kind) const;

  std::string name_;
  place given_at_;
  std::string target_;
  bool binds_first_ = false;
  std::unique_ptr<simulators::esme> esme_;
  std::unique_ptr<simulators::smsc> smsc_;

  std::size_t read_ = 0;  // journal entries taken over
  std::deque<arrival> messages_, housekeeping_;
  std::deque<instant> closes_;
  std::map<smpp::command_id, std::uint64_t> received_;
  std::map<smpp::command_id, std::uint32_t> last_requests_;  // by the response they want
  std::uint32_t next_own_sequence_ = 900'001;                // of requests that go past the session
};

}  // namespace signalbox::player
