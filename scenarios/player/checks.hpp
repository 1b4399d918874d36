// `then` checks against a stage as it is now.
#pragma once

#include "scenarios/player/actor.hpp"
#include "scenarios/player/match.hpp"

namespace signalbox::player {

struct check_scene {
  simulators::stage const& stage;
  std::vector<std::unique_ptr<actor>> const& actors;
  names const& known;
  std::function<std::string()> trace;
};

struct check_result {
  enum class answer : std::uint8_t { yes, no, unknown } holds = answer::yes;  // unknown: the stage cannot look inside
  std::string words;                                                          // what is the case, when it fails
};

check_result check(check_scene const& scene, act::check const& what);

}  // namespace signalbox::player
