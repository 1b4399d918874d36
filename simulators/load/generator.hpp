// The load generator: every session of every actor of a plan, as one pure node, so that a rate is shared by all
// sessions and one clock stamps everything.
//
//   binding --all bound--> running --all answered--> settling --all come, or silence--> parting --> done
//      |                      |
//      +--refused, too late---+--stop()--> settling ...                        (failed: it never ran)
//
// Latency. In the open model it counts from the time at which the arrival law meant the message to go, whether or not
// the window, or this program, let it go then: nothing is omitted because the system was slow. In the closed model it
// counts from the sending. `lag` says how late this program was by its own fault: from the later of the intended time
// and the time at which the window had room, to the sending.
//
// Throttled requests (ESME_RTHROTTLED) go again if the actor resubmits: in an open model they take the next slot of the
// law, so the rate holds for all requests together. What gets no answer is not sent again, for it may have been taken,
// unless the plan says `resend`. A session that is lost binds again, if its actor says how long after that (`reconnect`),
// and waits twice as long after every attempt that failed.
// Left out: messages other than submit_sm.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>

#include "engine/base/deadlines.hpp"
#include "engine/core/node.hpp"
#include "engine/smpp/session.hpp"
#include "simulators/load/measures.hpp"
#include "simulators/load/plan.hpp"

namespace signalbox::load {

class generator final : public core::node {
 public:
  enum class phase : std::uint8_t { idle, binding, running, settling, parting, done, failed };

  generator(load::plan what, std::string host, std::uint16_t port, entropy& chance);
  ~generator() override;

  void start(moment now, core::effects& out);
  void stop(moment now, core::effects& out);  // sends nothing more, waits for answers; the second time ends at once
  void look(moment now, core::effects& out);  // closes the seconds that are over, for progress reports

  phase state() const { return phase_; }
  bool over() const { return phase_ == phase::done || phase_ == phase::failed; }
  std::string const& why() const { return why_; }  // failed: what happened
  bool stopped() const { return stopped_; }
  measures& so_far() { return m_; }
  // The whole, once it is over: what is missing is counted, and the last second closed.
  measures const& result() const { return m_; }
  load::plan const& what() const { return plan_; }
  instant began() const { return began_; }

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
  struct client;
  struct flow;
  struct record;
  struct answer_due {
    connection_id to{};
    std::uint32_t sequence_number = 0, status = 0;
    smpp::command_id request{};
  };

  // binding and the end
  void open_more(core::effects& out);
  void bound(client& c, moment now);
  void gone(client& c, std::string_view why, moment now);
  client& client_of(connection_id id);
  void connect(client& c, core::effects& out);
  void try_again_later(client& c, moment now);
  void begin(moment now);
  void fail(std::string why);
  void settle_if_answered();
  void part_if_settled(moment now);
  void finish_if_parted(moment now);
  void give_up(flow& f);

  // sending
  void pump(moment now);
  bool step(flow& f, moment now);
  std::optional<instant> slot(flow& f, moment now);
  std::optional<instant> window_slot(flow& f, moment now);
  client* ready(std::size_t actor);
  void make_ready(client& c, moment now);
  void draw(flow& f, instant intended);
  void send(client& c, std::uint64_t number, std::uint32_t segment, moment now);

  // what comes back
  void handle(client& c, moment now);
  void answered(client& c, smpp::token which, smpp::pdu const& response, moment now);
  void expired(smpp::token which, moment now);
  void segment_over(std::uint64_t number);
  void arrived(client& c, smpp::pdu const& request, moment now);
  void answer(answer_due const& what);
  void message_came(octet_view body, moment now);
  void expect_receipt(std::string const& message_id, std::uint64_t number);
  void receipt_came(octet_view body, smpp::tlv_list const& tlvs, moment now);
  void receipt_for(std::uint64_t number, instant at);
  record* find(std::uint64_t number);
  void forget_finished();

  // measuring
  void time(stage s, record const& r, instant from, instant until);
  void roll(moment now);
  void close_second(instant end);
  void leave(moment now, core::effects& out);  // the end of every input

  load::plan plan_;
  std::string host_;
  std::uint16_t port_;
  entropy& chance_;
  phase phase_ = phase::idle;
  std::string why_;
  bool stopped_ = false, ends_at_once_ = false;
  measures m_;

  std::vector<client> clients_;
  std::vector<std::size_t> client_of_;          // by connection id, from 1
  deadlines<instant, std::size_t> reconnects_;  // clients
  std::vector<smpp::happening> events_;
  std::vector<std::size_t> dirty_;                       // clients with octets to send
  std::vector<core::effects::transmission> last_words_;  // of sessions that ended
  std::vector<connection_id> close_;
  std::size_t opening_ = 0, next_to_open_ = 0, bound_ = 0, gone_ = 0;
  struct actor_state {
    std::deque<std::size_t> ready;  // clients that may have room
    instant room_since{};
    std::size_t alive = 0;
    instant alone_since{};  // none alive
    simulators::answer_profile answers;
  };
  std::vector<actor_state> actors_;
  std::vector<message_maker> makers_;
  std::vector<flow> flows_;
  std::vector<std::size_t> flow_of_;  // by line

  std::deque<record> records_;
  std::uint64_t first_number_ = 1;  // of records_
  std::uint64_t in_flight_ = 0;     // requests
  std::uint64_t missing_deliveries_ = 0, missing_receipts_ = 0;
  std::unordered_map<std::string, std::uint64_t> ids_;  // message_id to number, of receipts to come; never iterated
  std::unordered_map<std::string, instant> early_receipts_;  // came before their response; never iterated
  deadlines<instant, answer_due> late_;

  instant began_{}, second_{}, last_heard_{}, last_answer_{}, last_delivery_{};
  std::optional<instant> wake_, phase_limit_, sessions_due_;
  second_measures now_;
  std::array<histogram, stages> interval_;
};

}  // namespace signalbox::load
