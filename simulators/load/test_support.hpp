// What a run without surprises measured, for tests of what is made of it.
#pragma once

#include "simulators/load/measures.hpp"
#include "simulators/load/traffic.hpp"

namespace signalbox::load {

inline measures good() {
  measures m;
  m.sent = 1100;
  m.throttled = 100;
  m.accepted = 990;
  m.refused = 10;
  m.elapsed = 2s;
  auto& line = m.lines.emplace_back();
  line.name = "hello";
  line.messages = 1000;
  line.accepted = 990;
  line.refused = 10;
  for (int n = 1; n <= 1000; ++n) {
    m.latency[0].record(duration(n));
    m.lines[0].latency[0].record(duration(2 * n));
  }
  return m;
}

inline traffic line(std::string name) {
  traffic t;
  t.name = std::move(name);
  return t;
}

}  // namespace signalbox::load
