// The life of a server process: configuration, data directory, store, engine, listeners; then signals until the end.
//   SIGTERM, SIGINT  drain: stop accepting, answer what is in flight, unbind everybody, commit, end with status 0; with
//                    status 1 when drain_timeout_s is over before that, or at once when a second one comes
//   SIGHUP           read the configuration again; a mistake in it changes nothing and is logged
#pragma once

#include <string>
#include <vector>

#include "engine/server/config.hpp"

namespace signalbox::server {

struct serve_options {
  std::string config_file;                                 // empty: none, the demo accounts then
  std::vector<std::string> settings;                       // TABLE.KEY=VALUE, as --set gives them
  std::vector<std::pair<std::string, std::string>> flags;  // setting name, value: the flags with names of their own
  std::vector<std::string> environment;                    // NAME=value
  std::string ready_file;
  bool json = false;  // the greeting as one JSON object
};

// All layers but the demo accounts, checked.
result<configuration> load_configuration(serve_options const& options);

// Returns an exit_status.
int serve(serve_options const& options);

}  // namespace signalbox::server
