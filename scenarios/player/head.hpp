// The head of a scenario file: the comment lines before the first statement. The first one is the title; lines that
// begin with `from:`, `level:`, `seed:`, `wire:` or `limit:` hold facts about the file, several to a line if wanted.
// Everything else there is prose.
#pragma once

#include "scenarios/player/complaint.hpp"
#include "scenarios/player/scenario.hpp"

namespace signalbox::player {

// `line` is one comment line without its `#`; `start` is the place of the first character behind the `#`.
void read_head_line(std::string_view line, place start, scenario& into, std::vector<complaint>& wrong);

}  // namespace signalbox::player
