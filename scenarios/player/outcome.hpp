// What playing one scenario file came to: everything the reports need, as a value.
#pragma once

#include "scenarios/player/complaint.hpp"
#include "scenarios/player/match.hpp"
#include "scenarios/player/scenario.hpp"
#include "simulators/world/trace.hpp"

namespace signalbox::player {

enum class verdict : std::uint8_t { passed, failed, skipped, error };
std::string_view name_of(verdict v);

// For --rewrite: what the step would have to say. Only of expectations of the file itself.
struct correction {
  std::size_t step = 0;                // index
  std::vector<mismatch> differences;   // fields
  std::optional<duration> after;       // the arrival came so long after the previous step (or the start, for @)
  std::optional<std::string> message;  // another message came, or "nothing"
};

struct failure {
  std::string path;
  std::size_t line = 1, column = 1;
  std::string step;  // the line as it stands; empty: the trouble is with no step
  std::string expected;
  std::string actual;
  struct conversation {
    std::string actor;
    std::vector<std::string> lines;  // the last messages, oldest first
  };
  std::vector<conversation> last;

  std::optional<correction> fix;
};

struct outcome {
  std::string path, title, from;
  bool must = true;
  std::string source;  // the file's text
  verdict result = verdict::passed;
  std::string note;  // why it was skipped
  std::uint64_t seed = 1;
  bool wire = false;
  std::size_t steps_played = 0, steps = 0;
  std::size_t unchecked = 0;  // `then` checks that this stage could not answer
  duration covered{};         // of scenario time
  duration spent{};           // of wall time, measured by the caller
  std::optional<failure> why;
  bool unreachable = false;           // on the wire: nobody answers where the system under test should be
  std::vector<complaint> complaints;  // of a file that is no scenario
  std::string repeat;                 // the command that plays it again
  std::vector<simulators::trace_entry> trace;
  instant started{};
};

// "+2.001s   alpha  <- deliver_sm seq=4 ...", a line each. The same run gives the same text.
std::string trace_text(outcome const& o);

}  // namespace signalbox::player
