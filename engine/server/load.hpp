// `signalbox load`: a load scenario on real sockets, against an engine in a child process or somebody else's system.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/base/time.hpp"

namespace signalbox::server {

struct load_options {
  std::string file;
  std::string target;                            // HOST:PORT; empty: the file's, or an engine of our own
  std::map<std::string, std::string> variables;  // stronger than the file's `set` lines
  double scale = 1;                              // counts and durations times this
  std::optional<duration> lasts;                 // durations so that the whole takes this
  bool tls = false;                              // as the file's `tls`
  std::optional<std::uint64_t> seed;
  std::optional<duration> lag_limit;  // in place of the file's
  std::string junit, html, hlog;      // files to write; empty: none
  bool json = false;                  // the report as JSON, in place of text
  bool quiet = false;                 // no progress
  std::string program;                // what runs as the engine; empty: this program
};

// Returns an exit_status, having printed and written its reports.
int run_load(load_options const& options);

}  // namespace signalbox::server
