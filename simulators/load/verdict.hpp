// What a run is worth: every metric by name, thresholds against them, and whether the generator itself was the limit.
//
//   throughput              requests answered, per second, by the original tool's arithmetic (throttled ones not counted)
//   delivered_per_s         arrivals at receiving actors, per second
//   errors                  refused, unanswered and unsent requests, and sessions lost
//   throttled undelivered unreceipted duplicates unexpected sessions_lost
//   engine_cpu generator_cpu          percent of one core, mean of the run
//   engine_cpu_us           processor time of the engine for each accepted request, microseconds
//   engine_memory           resident when the last answer has come, octets
//   engine_memory_per_session         what it has grown by since before the first connection, a bound session
//   lag.p99 ...             the generator's start lag
//   STAGE.p50 p90 p95 p99 p99.9 p99.99 max mean      submit_resp, deliver, receipt; LINE.STAGE.p99 of one traffic line
#pragma once

#include <optional>
#include <span>

#include "simulators/load/measures.hpp"
#include "simulators/load/plan.hpp"

namespace signalbox::load {

inline constexpr double busy_generator = 95;  // percent of one core, from which on the generator may be the limit

// Is there such a metric in a plan with these lines? Its values are durations (microseconds), memory (octets) or numbers.
enum class metric_kind : std::uint8_t { none, number, time, memory };
metric_kind kind_of(std::string_view metric, std::span<traffic const> lines);
// nullopt: nothing was measured (no message came that far, no process to look at).
std::optional<double> value_of(std::string_view metric, measures const& m);

struct judgement {
  threshold what;
  std::optional<double> value;
  bool held = false;  // a metric without a value holds nothing
};

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
judged judge(plan const& p, measures const& m, bool stopped);

std::string value_text(metric_kind kind, double value);  // 1.20 ms, 2.90 KiB, 1012.891

}  // namespace signalbox::load
