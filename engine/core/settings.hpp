// Everything that can be configured of the engine, as values. The rows at the end name every setting once: the
// configuration file, `given` lines of scenarios and the help text are all driven by them.
#pragma once

#include "engine/core/setting_rows.hpp"
#include "engine/sms/settings.hpp"

namespace signalbox::core {

struct smpp_settings {                    // the SMPP server as a whole
  std::string system_id = "Signalbox";    // in bind responses and outbind
  std::string outbind_password;           // sent in outbind
  duration bind_timeout = 5s;             // from the connection to a bind
  duration response_timeout = 30s;        // a request of ours without its response
  duration enquire_link_after = 30s;      // of silence; 0 = never
  duration enquire_link_timeout = 10s;    // then the session is closed
  duration inactivity_timeout = 0s;       // without a message request either way; 0 = never
  std::uint32_t request_window = 10'000;  // unanswered requests of one peer, beyond which we stop reading from it
  std::uint32_t max_connections = 20'000;
  std::uint32_t max_pdu_octets = 70'000;
  bool operator==(smpp_settings const&) const = default;
};

struct settings {
  smpp_settings smpp;
  sms::centre_settings sms;
  std::vector<sms::esme> esmes;  // in definition order, which is the order of route search
  bool operator==(settings const&) const = default;
};

std::span<setting_row<smpp_settings> const> smpp_rows();
std::span<setting_row<sms::centre_settings> const> sms_rows();
std::span<setting_row<sms::esme> const> esme_rows();

// What no row can see alone: names and system_ids, clusters with two networks, patterns that do not compile.
result<void> check(settings const& all);

}  // namespace signalbox::core
