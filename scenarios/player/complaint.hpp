// What is wrong with a scenario file: where, what was expected, what stands there.
#pragma once

#include <string>
#include <vector>

namespace signalbox::player {

struct complaint {
  std::string path;
  std::size_t line = 1, column = 1;
  std::string expected;
  std::string found;
  bool operator==(complaint const&) const = default;
};

// "smpp/bind.scn:12:7: expected an actor, found "->""
std::string to_text(complaint const& c);
std::string to_text(std::vector<complaint> const& all);  // one a line

inline constexpr std::size_t max_complaints = 50;  // a file with more is not a scenario

}  // namespace signalbox::player
