// A load scenario as values: who takes part, what goes when, and what must hold. scenarios/load/README.md has the
// language, scenarios/player reads it, generator.hpp runs it.
#pragma once

#include <string>
#include <vector>

#include "simulators/esme/options.hpp"
#include "simulators/load/arrivals.hpp"
#include "simulators/load/traffic.hpp"

namespace signalbox::load {

struct actor_plan {
  std::string name;
  std::uint32_t sessions = 1;        // connections that bind
  simulators::esme_options options;  // credentials, window, patience, answers to what is delivered, resubmit
};

// One arrival law and the lines that share its messages by weight; all of one actor.
struct stream {
  std::size_t actor = 0;
  bool mixed = false;  // by weight
  schedule when;
  std::vector<std::size_t> lines;  // indexes into plan::lines
};

enum class bound : std::uint8_t { at_most, less, at_least, more, equal };
std::string_view sign_of(bound b);

struct threshold {
  std::string
      metric;  // "submit_resp.p99", "healthy.deliver.p50", "throughput"; metrics.hpp lists them; of `always`: of one second
  bound how = bound::at_most;
  double limit = 0;  // durations in microseconds
  std::string text;  // as it is written
};

struct plan {
  std::string title, path;
  std::uint64_t seed = 1;
  std::vector<actor_plan> actors;
  std::vector<traffic> lines;
  std::vector<stream> streams;
  std::vector<threshold> thresholds;
  std::vector<threshold> always;  // must hold in every second
  duration lag_limit = 5ms;       // p99 of the start lag beyond which the verdict is withheld
  duration settle = 5s;           // silence after the last answer before missing deliveries and receipts are given up
  duration bind_patience = 7s;    // all sessions must be bound by then; an actor without any for so long gives up
  duration warm_up = 0s;          // left out of memory growth
  bool resend = false;            // what got no answer goes again: twice, if it had been taken
  bool tls = false;               // every connection
  bool open() const {             // any stream with a rate of its own
    for (auto const& s : streams)
      if (s.when.open()) return true;
    return false;
  }
};

// Counts and durations times `factor`, at least 1 and 100 ms; rates stay.
void scale(plan& p, double factor);
// Durations alone, so that the last stream with one ends after `whole`.
void stretch(plan& p, duration whole);

}  // namespace signalbox::load
