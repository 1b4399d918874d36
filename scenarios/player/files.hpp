// Scenario files on disk: the only file of this folder that touches the file system.
#pragma once

#include <string>
#include <vector>

#include "engine/base/bytes.hpp"

namespace signalbox::player {

// Files as they are named, folders with every *.scn below them in order of names. Fault: not_found.
result<std::vector<std::string>> find_scenarios(std::vector<std::string> const& paths);

// Fault: not_found, io, or too_long beyond what a scenario may have.
result<std::string> read_file(std::string const& path);
// Fault: io.
result<void> write_file(std::string const& path, std::string_view text);

}  // namespace signalbox::player
