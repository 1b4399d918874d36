// The checker of runs with faults. It watches both ends of every link and the commits, and knows nothing of the engine's
// insides. Texts identify messages, so senders must never use one twice for two messages. The rules, for each text:
//
//   1. Acknowledged means kept: a submission whose submit_sm_resp with ESME_ROK reached the sender is delivered.
//   2. Refused means gone: if the engine answered every submission of it with an error, it is never delivered.
//   3. Nothing is delivered without cause. The causes a sender gives are its submissions that reached the engine and
//      were not answered with an error (a sender that got no answer submits again and thereby asks for a second
//      delivery). The causes a receiver gives are deliveries that the engine has no reason to count as done:
//        - the deliver_sm_resp was no ESME_ROK, or never reached the engine, or reached it after response_timeout;
//        - it reached the engine, but the first commit that began after that failed or was ended by a power cut.
//      So: deliveries <= submissions taken + deliveries not done.
//   4. If a receipt was asked for, every acknowledged message has one, and receipts of one id are not more than
//      deliveries of its text + receipts not done (as in 3).
//
// Rules 1 and 4 need a run that ends in calm, with every receiver bound and time for the retries.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/smpp/framing.hpp"
#include "simulators/world/observer.hpp"

namespace signalbox::simulators {

class auditor final : public observer {
 public:
  // `response_timeout`: the engine's, for a deliver_sm.
  explicit auditor(duration response_timeout = 30s) : response_timeout_(response_timeout) {}

  std::vector<std::string> broken_rules() const;  // in words, with the text concerned; empty: all hold
  bool settled() const;                           // every acknowledged text is delivered and has its receipts

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

 private:
  enum class stage : std::uint8_t { open, answered, committing, done };
  struct delivery {
    std::string text;
    std::string receipt_of;  // the id, if it is a receipt
    instant sent{};          // by the engine
    bool arrived = false;    // at the receiver
    stage at = stage::open;  // what the engine has of the positive answer
  };
  struct story {
    std::uint64_t submissions = 0, reached = 0, acknowledged = 0, refused = 0;
    bool wants_receipt = false;
    std::vector<std::string> ids;  // of acknowledged submissions
  };
  using request = std::pair<std::uint64_t, std::uint32_t>;  // link and sequence_number
  struct sums {
    std::uint64_t arrived = 0, not_done = 0;
  };

  void take(std::uint64_t link, place at, bool arrived, octet_view whole, moment now);
  void feed(std::uint64_t link, place at, bool arrived, octet_view data, moment now);
  void move(stage from, stage to);
  std::map<std::string, sums> sums_by(std::string delivery::* name) const;

  duration response_timeout_;
  std::map<std::pair<std::uint64_t, int>, smpp::framer> streams_;
  std::map<std::string, story> stories_;
  std::map<request, std::string> submissions_;  // their texts
  std::map<request, delivery> deliveries_;
  std::uint64_t power_cuts_ = 0, failed_commits_ = 0;
};

}  // namespace signalbox::simulators
