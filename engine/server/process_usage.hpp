// What a process of this machine has used, out of /proc: for the figures beside a load run.
#pragma once

#include <optional>

#include "engine/base/time.hpp"

namespace signalbox::server {

struct process_usage {
  duration cpu{};         // user and system, since the process began; in steps of one clock tick
  double memory_mib = 0;  // resident
};
std::optional<process_usage> usage_of(int pid);  // nullopt: no such process

}  // namespace signalbox::server
