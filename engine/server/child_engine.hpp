// `signalbox serve` as a child process, so that an engine and what loads it have a core each. Its configuration and its
// data lie in a temporary directory; both go away with the object, and the child with its parent whatever happens.
#pragma once

#include <memory>
#include <string>

#include "engine/core/settings.hpp"
#include "engine/server/endpoint.hpp"

namespace signalbox::server {

class child_engine {
 public:
  // Returns when it listens, on a free port of 127.0.0.1, with `tls` on one that speaks TLS. `program`: what to run;
  // empty: this program. Fault: io.
  static result<std::unique_ptr<child_engine>> start(core::settings const& configuration, std::string program = {},
                                                     bool tls = false);

  ~child_engine();
  child_engine(child_engine const&) = delete;
  child_engine& operator=(child_engine const&) = delete;

  endpoint const& where() const { return where_; }
  int pid() const { return pid_; }
  bool running();  // still

 private:
  child_engine() = default;
  std::string directory_;
  endpoint where_;
  int pid_ = -1;
};

}  // namespace signalbox::server
