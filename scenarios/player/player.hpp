// Plays a scenario: on a fresh virtual world, or on a stage of real sockets that somebody makes. Reads no clock.
#pragma once

#include <functional>
#include <memory>

#include "scenarios/player/outcome.hpp"
#include "simulators/world/stage.hpp"

namespace signalbox::player {

// A stage with the system under test listening, set up as the scenario's `given` lines want; a fault when it cannot be
// had (errc::io: the environment). Actors must be able to join it.
using stage_factory = std::function<result<std::unique_ptr<simulators::stage>>(core::settings const& configuration)>;

struct play_options {
  std::optional<std::uint64_t> seed;  // stronger than the file's
  stage_factory wire;                 // empty: the virtual world
};

outcome play(scenario const& what, play_options const& options);

}  // namespace signalbox::player
