// Scenario text -> scenario value, or everything that is wrong with it. Pure: included files come through `load`.
#pragma once

#include <expected>
#include <functional>
#include <map>

#include "scenarios/player/complaint.hpp"
#include "scenarios/player/scenario.hpp"

namespace signalbox::player {

// The text of a file, or a fault (errc::io, errc::not_found, errc::too_long).
using file_loader = std::function<result<std::string>(std::string const& path)>;

// `overrides`: values of variables that are stronger than the file's own `set` lines; one that the file does not set is
// a complaint.
std::expected<scenario, std::vector<complaint>> parse(std::string path, std::string text, file_loader const& load,
                                                      std::map<std::string, std::string> const& overrides = {});

}  // namespace signalbox::player
