// What a world must know of a durable node to run it, cut its power and start it again. The engine is the one meant;
// tests of the world use a smaller one.
#pragma once

#include <memory>

#include "engine/core/engine.hpp"

namespace signalbox::simulators {

class system_under_test {
 public:
  virtual ~system_under_test() = default;
  virtual core::node& power_on() = 0;             // a new node that knows nothing
  virtual void power_off() = 0;                   // it is gone, without a chance to say anything
  virtual bool announce(storage::key where) = 0;  // true: wants its value before it starts
  virtual result<void> restore(storage::key where, octet_view value) = 0;
  virtual void start(moment now, core::effects& out) = 0;
  virtual void drain(moment now, core::effects& out) = 0;
  virtual core::engine const* engine() const { return nullptr; }
};

// The engine, built from the same settings every time.
std::unique_ptr<system_under_test> engine_of(core::settings configuration, entropy& chance);

}  // namespace signalbox::simulators
