// Where a scenario plays: the virtual world, or real sockets. The player knows only this. Actors are nodes; the system
// under test listens at host():port(), whoever it is.
#pragma once

#include <functional>
#include <string>

#include "engine/core/engine.hpp"
#include "engine/core/node.hpp"

namespace signalbox::simulators {

class stage {
 public:
  virtual ~stage() = default;

  virtual bool is_virtual() const = 0;  // time jumps, faults can be injected, the engine can be looked into
  virtual moment now() const = 0;

  // Actors join under their name before anything runs; the stage runs them like every node and does not own them.
  virtual void join(std::string const& name, core::node& actor) = 0;
  // Gives an actor a wish of the player and acts on the effects.
  virtual void act(core::node& actor, std::function<void(moment, core::effects&)> const& wish) = 0;
  // Lets things happen until `until` or until `stop` holds (asked after every input of any node). True: it held.
  virtual bool run(instant until, std::function<bool()> const& stop) = 0;

  // Where actors connect to the system under test.
  virtual std::string host() const = 0;
  virtual std::uint16_t port() const = 0;

  // The engine, when it runs here and may be looked into between runs; null for a foreign system.
  virtual core::engine const* engine() const = 0;

  // Faults by name, as `fault` lines give them ("cut", "alpha"). not_supported where this stage cannot do it.
  virtual result<void> inject(std::string_view fault_name, std::vector<std::string> const& arguments) = 0;
};

}  // namespace signalbox::simulators
