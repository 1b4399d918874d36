// Everything one simulated ESME can be told. The rows name each option once, for `signalbox simulate esme --...`, for
// `given esme NAME key=value` lines and for the help text.
#pragma once

#include "engine/core/setting_rows.hpp"
#include "engine/smpp/messages.hpp"
#include "simulators/behaviour/answers.hpp"
#include "simulators/behaviour/burst.hpp"

namespace signalbox::simulators {

struct esme_options {
  // bind
  std::string system_id = "test";
  std::string password = "test";
  std::string system_type{};
  smpp::command_id bind = smpp::command_id::bind_transceiver;
  std::uint8_t interface_version = smpp::version_3_4;
  std::uint8_t addr_ton = 0, addr_npi = 0;
  std::string address_range{};

  // session
  std::uint32_t window = 10;    // our unanswered requests
  duration enquire_link = 0s;   // of silence before we ask; 0 = never
  duration bind_timeout = 30s;  // from the connection to our bind, from our bind to its answer
  duration response_timeout = 30s;
  duration reconnect = 0s;  // after a loss or refusal; 0 = never. Only for connect_and_bind().

  // what the engine sends us
  answer_status status{};  // deliver_sm and data_sm
  status_mix mix{};
  number_outcomes outcomes{};
  delay_law delay{};
  bool manual = false;       // answers no message and no outbind by itself: answer() and bind() do
  std::string message_id{};  // in deliver_sm_resp ("unused, set to NULL", 3.4, 4.6.2; some send one)

  // what we send by ourselves once bound
  burst send{};
  bool resubmit = true;  // what got no answer (lost connection, timeout) or ESME_RTHROTTLED goes again
  bool unbind_when_done = false;

  bool count_duplicates = true;  // costs memory per message received
  std::uint32_t journal_limit = 100'000;

  answer_profile answers() const { return {status, mix, outcomes, delay}; }
  smpp::bind_fields fields() const;
};

std::span<core::setting_row<esme_options> const> esme_rows();

}  // namespace signalbox::simulators
