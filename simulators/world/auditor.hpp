// The checker of runs with faults. It watches the octets at the ends of links and, where it can, the commits, and
// knows nothing of the engine's insides. Texts identify messages, so senders must never use one twice for two
// messages, nor two whose first 20 characters (which is what a receipt quotes) are the same. The rules, for each
// text:
//
//   1. Acknowledged means kept: a submission whose submit_sm_resp with ESME_ROK reached the sender is delivered, and
//      its receiver answers one of the deliveries with ESME_ROK (or with an error that no retry can mend).
//   2. Refused means gone: if the engine answered every submission of it with an error, it is never delivered.
//   3. Nothing is delivered without cause. The causes a sender gives are its submissions that reached the engine and
//      were not answered with an error (a sender that got no answer submits again and thereby asks for a second
//      delivery). The causes a receiver gives are its answers that are not done, as below.
//      So: deliveries <= submissions taken + deliveries not done, without the last one, which caused nothing yet.
//   4. If a receipt was asked for (registered_delivery 1), every acknowledged id has one, and receipts of one id are
//      not more than 1 + receipts of it not done before the last. Ids that nobody was told are not more than
//      unanswered submissions.
//   5. A receipt tells the truth: it quotes the text that its id was given to, its state and error are what the
//      receiver answered, it has the addresses of the message the other way round and goes to whoever sent that.
//   6. A message arrives as it was sent (text, data_coding, addresses), at the ESME that the destination belongs to.
//   7. A failed message is not tried again before its time: not sooner after its n-th failure than the n-th delay.
//   8. An id is given to one submission only.
//
// What is *not done*, a reason to deliver again, depends on what is seen.
//   Both ends and the commits (the virtual world): a deliver_sm whose response was no ESME_ROK, never reached the
//     engine or reached it after response_timeout, or the first commit that began after it failed or was ended by a
//     power cut.
//   The actors' ends only (real processes): a deliver_sm is done once a submit_sm that went over the same connection
//     after its positive response is acknowledged. The engine reads a connection in order and makes requests durable
//     in order, so that acknowledgement is later than the end of the delivered message is durable. Whatever the
//     engine sent counts from its arrival, a submission from when it was sent. Right only while commits do not fail.
//
// Rules 1 and 4 need a run that ends in calm, with every receiver bound and time for the retries.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/smpp/codec.hpp"
#include "engine/smpp/framing.hpp"
#include "simulators/world/observer.hpp"

namespace signalbox::simulators {

class auditor final : public observer {
 public:
  struct knowledge {
    bool actors_only = false;         // on_sent and on_arrived come for observer::place::actor only, and no commits
    duration response_timeout = 30s;  // the engine's, for a deliver_sm
    struct owner {
      std::string digits;     // with which a destination begins
      std::string system_id;  // whose it is
    };
    std::vector<owner> owners{};  // rule 6; empty: any ESME may get anything
    // Rule 7, for messages that are alone with their destination; the last one repeats. Empty: not checked, as it must
    // be where a bind makes waiting messages due.
    std::vector<duration> retry_delays{};
  };

  auditor() = default;
  explicit auditor(knowledge known) : known_(std::move(known)) {}

  // In words, with the text concerned, by number of rule; empty: all hold. At most 1,000 of what is found on the way.
  std::vector<std::string> broken_rules() const;
  bool settled() const;  // every acknowledged text is delivered and has its receipts

  struct tally {
    std::uint64_t submissions = 0, acknowledged = 0, refused = 0;
    std::uint64_t deliveries = 0, not_done = 0, receipts = 0;
    std::uint64_t power_cuts = 0, failed_commits = 0;
  };
  tally count() const;

  void on_sent(std::uint64_t link, place at, octet_view data, moment now) override;
  void on_arrived(std::uint64_t link, place at, octet_view data, moment now) override;
  void on_power_cut(moment now) override;
  void on_commit_begun(moment now) override;
  void on_commit(bool succeeded, moment now) override;
  void end_of_link(std::uint64_t link);  // with `actors_only`: gives back what was kept for it

 private:
  // How often one thing was delivered. Causes come before their effects, so the last one sent is no cause.
  struct tries {
    std::uint32_t arrived = 0, not_done = 0;
    instant last{};
    bool last_not_done = false;
    void arrives(instant sent);
    void done(instant sent);
    std::uint32_t causes() const { return not_done - (last_not_done ? 1 : 0); }
  };
  struct told_id {
    std::string id;
    tries receipts{};
    bool acknowledged = false;
  };
  struct story {
    std::string text, sender, source, destination;
    std::uint8_t data_coding = 0;
    bool wants_receipt = false;
    std::uint32_t submissions = 0, reached = 0, acknowledged = 0, refused = 0;
    tries deliveries{};
    std::uint32_t accepted = 0, given_up = 0;  // by the receiver
    std::uint32_t failures = 0;                // that the engine will remember
    instant last_failure{};
    std::vector<told_id> ids;
  };
  struct delivery {
    story* of = nullptr;          // known from its arrival
    std::size_t receipt = no_id;  // which of of->ids
    instant sent{};               // by the engine, as far as that is seen
  };
  struct answered_delivery {
    delivery what;
    bool good = true;  // else a temporary failure
    instant at{};
  };
  struct submission {
    story* of = nullptr;
    std::uint64_t behind = 0;  // how many deliveries were answered on this link before it was sent
  };
  struct wire {
    std::string system_id;  // of the bind
    std::array<smpp::framer, 4> streams;
    std::unordered_map<std::uint32_t, submission> submissions;  // unanswered, by sequence_number
    std::unordered_map<std::uint32_t, delivery> deliveries;
    std::deque<delivery> answered;  // actors_only: positively, and not known to be done
    std::uint64_t answered_ever = 0;
  };
  struct receiver {  // who has a destination to itself (rule 7)
    story* first = nullptr;
    bool shared = false;
  };
  static constexpr std::size_t no_id = static_cast<std::size_t>(-1);

  void feed(std::uint64_t number, place at, bool arrived, octet_view data, moment now);
  void submitted(wire& on, place at, std::uint32_t sequence, smpp::submit_sm const& what);
  void submission_answered(wire& on, place at, smpp::pdu const& response);
  void delivered(wire& on, place at, std::uint32_t sequence, smpp::deliver_sm const& what, moment now);
  void message_arrived(wire const& on, smpp::deliver_sm const& what, delivery& d);
  void receipt_arrived(wire const& on, smpp::deliver_sm const& what, delivery& d);
  void delivery_answered(wire& on, place at, smpp::pdu const& response, moment now);
  void check_time(smpp::deliver_sm const& what, moment now);
  static void done(delivery const& what);
  void say(int rule, std::string const& text, std::string const& what);

  knowledge known_{};
  std::unordered_map<std::uint64_t, wire> links_;
  std::unordered_map<std::string, story> stories_;  // by the first characters of their texts
  std::unordered_map<std::string, story*> owners_of_ids_;
  std::unordered_map<std::string, receiver> receivers_;
  std::vector<answered_delivery> answered_, committing_;
  std::vector<std::string> found_;
  std::uint64_t power_cuts_ = 0, failed_commits_ = 0;
};

}  // namespace signalbox::simulators
