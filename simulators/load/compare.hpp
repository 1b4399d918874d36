// Two reports of `signalbox load --json`, side by side: what became worse by more than the tolerance is a regression.
//   higher is better: throughput, delivered_per_s
//   lower is better:  p50, p99 and p99.9 of each stage, CPU of the engine a message, errors, missing deliveries and
//                     receipts, duplicates. Latencies within `noise` of each other are equal, whatever the ratio.
#pragma once

#include <string>
#include <vector>

#include "engine/base/time.hpp"

namespace signalbox::load {

inline constexpr duration noise = 200us;

struct comparison {
  std::string metric;
  double before = 0, after = 0;
  bool higher_is_better = false;
  bool regression = false, improvement = false;
};

struct compared {
  std::string before, after;  // the runs' titles
  std::vector<comparison> rows;
  std::vector<std::string> notes;  // runs that can hardly be compared
  bool withheld = false;           // one of the runs has no verdict
  bool regression() const;
};

// `tolerance` is a share: 0.05. `only`: these metrics; empty: all. Faults: bad_syntax or missing, when a text is no such
// report, the field is "A" or "B"; bad_value, field "only", when both runs have no such metric.
result<compared> compare(std::string_view a, std::string_view b, double tolerance,
                         std::vector<std::string> const& only = {});
std::string text(compared const& c);
std::string json(compared const& c);

}  // namespace signalbox::load
