// Everything a simulated SMSC can be told. The rows name each option once, for `signalbox simulate smsc --...`, for
// `given smsc NAME key=value` lines and for the help text.
#pragma once

#include "engine/core/setting_rows.hpp"
#include "simulators/behaviour/answers.hpp"
#include "simulators/behaviour/burst.hpp"
#include "simulators/smsc/receipts.hpp"

namespace signalbox::simulators {

struct smsc_options {
  std::string system_id = "smsc";  // in bind responses and outbind
  std::string expect_system_id{};  // empty: any
  std::string expect_password{};   // empty: any
  std::uint32_t window = 10;       // our unanswered deliver_sm per session
  duration enquire_link = 0s;      // of silence before we ask; 0 = never
  duration bind_timeout = 5s, response_timeout = 30s;

  // answers to submit_sm, data_sm, submit_multi
  answer_status status{};
  status_mix mix{};
  number_outcomes outcomes{};        // of the submission
  delay_law delay{};                 // 3s: the slow server
  std::uint32_t throttle_per_s = 0;  // submissions beyond are answered ESME_RTHROTTLED; 0 = no limit
  id_spelling response_id = id_spelling::decimal;
  std::uint64_t first_message_id = 1;

  // receipts, where registered_delivery asks for them
  bool receipts = true;
  delay_law receipt_delay{100ms, 100ms};  // from the submit_sm on
  bool receipt_first = false;             // the receipt leaves before the submit_sm_resp
  receipt_style style{};
  status_mix undelivered{};    // shares that fail: the status is the receipt's err:, "silence" = no receipt
  number_outcomes delivery{};  // by destination, stronger: ESME_ROK delivered, others failed with that err:

  // messages from mobiles, towards bound receivers (each session in turn)
  burst mobile{.source = "447700900001", .destination = "6666", .esm_class = 0};

  std::uint64_t unbind_after = 0;  // we unbind a session after so many requests of it; 0 = never
  std::uint64_t silent_after = 0;  // from then on the session's requests get no answer; 0 = never
  std::uint64_t close_after = 0;   // the connection is dropped without a word; 0 = never
  std::uint32_t journal_limit = 100'000;

  answer_profile answers() const { return {status, mix, outcomes, delay}; }
};

std::span<core::setting_row<smsc_options> const> smsc_rows();

}  // namespace signalbox::simulators
