// Kills an engine under load again and again, at moments drawn by a seed, and has the auditor look at what its ESMEs
// were told. A round is some fifty kills and then calm: everything acknowledged must be delivered, and told. Then one
// more kill and start must bring nothing back. Each round starts with an auditor that knows nothing, and goes on with
// the same data directory, so a run of any length takes the memory of one round.
// A seed decides when to kill and what the ESMEs do; what the system makes of it differs from run to run.
#pragma once

#include <string>
#include <vector>

#include "engine/server/store_choice.hpp"
#include "simulators/world/auditor.hpp"

namespace signalbox::crash {

struct kill_options {
  std::uint64_t kills = 50;
  std::uint64_t seed = 1;
  server::store_kind store = server::store_kind::log;
  double rate_per_s = 4000;  // submissions of all sessions together
  std::string program;       // what runs as the engine
  std::string directory;     // ours, empty
};

struct kill_report {
  std::uint64_t kills = 0, while_starting = 0, rounds = 0;
  simulators::auditor::tally seen{};
  std::vector<std::string> broken;  // rules, and whatever else went wrong
};

// Fault: errc::io, when it could not be tried.
result<kill_report> run_kill_loop(kill_options const& options);

}  // namespace signalbox::crash
