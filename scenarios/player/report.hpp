// What a replay says: for people, for CI and for tools. Pure; the caller prints and writes.
#pragma once

#include <span>
#include <string>

#include "scenarios/player/outcome.hpp"

namespace signalbox::player {

struct tally {
  std::size_t passed = 0, failed = 0, skipped = 0, errors = 0;
};
tally count(std::span<outcome const> runs);

std::string table(std::span<outcome const> runs);  // a line each, and "12 passed, 0 failed, 1 skipped" at the end
std::string failure_text(outcome const& o);        // line, expected, actual, last messages, the command that repeats it
std::string junit(std::span<outcome const> runs);  // XML as Jenkins, GitLab and others read it
std::string json(std::span<outcome const> runs);   // one object
std::string html(std::span<outcome const> runs);   // one file that needs nothing else

}  // namespace signalbox::player
