// Every figure that a condition can be about, by name. Of the whole run (threshold):
//
//   throughput              requests answered, per second, by the original tool's arithmetic (throttled ones not counted)
//   accepted_per_s delivered_per_s    positive answers, arrivals; of a line from its first sending to its last one
//   errors                  refused, unanswered and unsent requests, and sessions lost (of a line: without those)
//   refused throttled unanswered undelivered unreceipted duplicates unexpected sessions_lost rebinds sent_again
//   engine_cpu generator_cpu          percent of one core, mean of the run
//   engine_cpu_us           processor time of the engine for each accepted request, microseconds
//   engine_memory           resident when the last answer has come
//   engine_memory_per_session         what it has grown by since before the first connection, a bound session
//   engine_memory_growth    a minute: slope of the least-squares line through the seconds after the warm-up
//   lag.p99 ...             the generator's start lag
//   STAGE.p50 p90 p95 p99 p99.9 p99.99 max mean      submit_resp, deliver, receipt, refusal
//   LINE.STAGE.p99, LINE.accepted_per_s delivered_per_s errors refused throttled unanswered
//   LINE.recovery           from the last intended sending of this line to the last delivery of its messages or the
//                           last refusal of any request, whichever came later: then nothing is left of its load
//   A/B                     the ratio of two of these, of the same kind
//
// Of one second (always): errors throttled backlog accepted_per_s delivered_per_s STAGE.p50 STAGE.p99 engine_memory
// generator_memory engine_cpu generator_cpu.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "simulators/load/measures.hpp"
#include "simulators/load/traffic.hpp"

namespace signalbox::load {

// Values are numbers, durations (microseconds) or memory (octets).
enum class metric_kind : std::uint8_t { none, number, time, memory };
std::string value_text(metric_kind kind, double value);  // 1012.891, 1.20 ms, 2.90 KiB

// none: there is no such metric in a plan with these lines.
metric_kind kind_of(std::string_view metric, std::span<traffic const> lines);
// nullopt: nothing was measured (no message came that far, no process to look at).
std::optional<double> value_of(std::string_view metric, measures const& m);

struct second_metric {
  metric_kind kind = metric_kind::none;
  bool rate = false;  // means something in full seconds only
};
second_metric second_metric_of(std::string_view metric);  // kind none: there is no such metric
std::optional<double> value_of(std::string_view metric, second_measures const& s);

}  // namespace signalbox::load
