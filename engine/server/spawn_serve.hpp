// `signalbox serve` as a child process: of the load tool and of the kill loop.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "engine/base/result.hpp"

namespace signalbox::server {

struct serve_command {
  std::string program, config_file, ready_file;
  int dies_with_parent = 0;          // the signal it gets when its parent is gone
  std::function<void()> in_child{};  // just before the program runs; what may follow a fork
};

// Its process id, at once; what it prints on the standard output goes nowhere. Fault: errc::io.
result<pid_t> spawn_serve(serve_command const& what);

}  // namespace signalbox::server
