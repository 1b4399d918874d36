// Scenario text -> scenario value, or everything that is wrong with it. Pure: included files come through `load`.
#pragma once

#include <expected>
#include <functional>

#include "scenarios/player/complaint.hpp"
#include "scenarios/player/scenario.hpp"

namespace signalbox::player {

// The text of a file, or a fault (errc::io, errc::not_found, errc::too_long).
using file_loader = std::function<result<std::string>(std::string const& path)>;

std::expected<scenario, std::vector<complaint>> parse(std::string path, std::string text, file_loader const& load);

}  // namespace signalbox::player
