// What a load run says, for people, CI and tools. All pure; the caller prints and writes.
#pragma once

#include <string>

#include "simulators/load/verdict.hpp"

namespace signalbox::load {

struct report {
  plan what;
  measures got;
  judged verdict;
  wall began{};        // when the first message could go
  std::string target;  // "127.0.0.1:2775", with a word on whose it is
};

// The lines of the original's smpp-load first (Sessions ... Throughput, submits of each session), then latencies,
// health and verdict.
std::string text(report const& r);
std::string json(report const& r);   // one object; compare.hpp reads it back
std::string junit(report const& r);  // a test case for each threshold, and one for the generator's health
std::string html(report const& r);   // one file that needs nothing else
std::string hlog(report const& r);   // HdrHistogram log: an interval for every second and stage

// While it runs: "12s  submitted 12000 (1000/s) ..., about 48s left".
std::string progress(plan const& p, measures const& m);

std::string status_name(std::uint32_t status);

}  // namespace signalbox::load
