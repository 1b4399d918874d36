// `--rewrite`: the text of a scenario with its failing expectation changed to what actually came. One step at a time:
// the caller plays the new text and asks again until it passes; the diff is for people to review.
#pragma once

#include "scenarios/player/outcome.hpp"

namespace signalbox::player {

// nullopt: the failure is none that a rewritten line would cure (or it stands in an included file).
std::optional<std::string> rewrite(scenario const& what, outcome const& seen);

}  // namespace signalbox::player
