// What a run is worth: its thresholds, what must hold in every second of it, and whether the generator itself was the
// limit. metrics.hpp has the figures.
#pragma once

#include "simulators/load/metrics.hpp"
#include "simulators/load/plan.hpp"

namespace signalbox::load {

inline constexpr double busy_generator = 95;  // percent of one core, from which on the generator may be the limit

struct judgement {
  threshold what;
  metric_kind kind = metric_kind::number;
  std::optional<double> value;   // of an `always` line the worst one
  bool held = false;             // a metric without a value holds nothing
  bool always = false;           // in every second
  std::optional<duration> at{};  // of an `always` line: the start of the second with the worst value
};
std::string sentence(judgement const& j);  // "always backlog <= 100  (worst 17 at 12 s)"

enum class verdict : std::uint8_t { passed, breached, withheld };
std::string_view name_of(verdict v);

struct judged {
  verdict result = verdict::passed;
  std::vector<judgement> thresholds;
  std::vector<std::string> notes;  // why it is withheld, and what a reader must know
};

// Withheld:
//   open model:   the lag's p99 is above the plan's limit, or the generator had a core to itself for less than it
//                 needed (busy_generator): the load was not the one that the plan states.
//   closed model: a threshold is breached while the generator was busy: a slow generator only makes figures worse, so
//                 what holds is still passed, with a note that rates are lower bounds.
// A run that was stopped is withheld, too.
// `always` lines look at the seconds from the start until the last answer, those about rates at the full ones of them.
judged judge(plan const& p, measures const& m, bool stopped);

}  // namespace signalbox::load
