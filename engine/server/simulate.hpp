// Simulators on real ports: any number of ESMEs towards one system, or one SMS centre that listens. They run until
// their burst is done, a time is over, or a signal comes; then they tell what they counted.
#pragma once

#include <optional>
#include <string>

#include "engine/server/endpoint.hpp"
#include "simulators/esme/options.hpp"
#include "simulators/smsc/options.hpp"

namespace signalbox::server {

struct simulate_options {
  endpoint where{"127.0.0.1", 2775};  // esme: connect to; smsc: listen on
  bool tls = false;                   // esme only; the certificate is not checked
  std::optional<std::uint64_t> seed;  // none: by chance
  std::string ready_file;             // esme: once all are bound; smsc: once it listens
  std::optional<duration> limit;      // ends by then
  duration stay = 0s;                 // after the burst, for receipts and deliveries that still come
  bool json = false;
};

// Each returns an exit_status and prints its summary. The options' count is shared out among the sessions.
int simulate_esmes(simulators::esme_options const& each, std::size_t sessions, simulate_options const& options);
int simulate_smsc(simulators::smsc_options const& one, simulate_options const& options);

}  // namespace signalbox::server
