// A line of a scenario becomes tokens: plain words (`+2s`, `alpha`, `->`) and arguments (`dest=+447700900001`,
// `text~"^id:"`). Variables made by `set` are put in here; other `${names}` and `$names` stay pieces of the value.
#pragma once

#include <map>

#include "scenarios/player/complaint.hpp"
#include "scenarios/player/scenario.hpp"

namespace signalbox::player {

struct token {
  place at;
  std::size_t length = 0;  // octets
  std::string name;        // of an argument; empty: a word
  comparison how = comparison::equal;
  value what;  // an argument's value, or the word

  bool is_argument() const { return !name.empty(); }
  bool is(std::string_view word) const { return name.empty() && !what.quoted && what.literal() == word; }
};

using variables = std::map<std::string, std::string, std::less<>>;

struct lexed {
  std::vector<token> tokens;
  std::optional<complaint> wrong;  // without path; the tokens before it are there
  std::size_t end = 0;             // octets of the line before its comment, blanks at the end left out
  std::size_t put_in = 0;          // octets that came from variables
};

// Variables made of variables grow fast, so there are limits: to a value, and to what they all put into a scenario.
inline constexpr std::size_t max_value_octets = 64 << 10;
inline constexpr std::size_t max_put_in_octets = 16 << 20;

// `room`: how many octets variables may put into this line.
lexed lex(std::string_view line, place start, variables const& set, std::size_t room = max_put_in_octets);

bool is_name(std::string_view text);  // letters, digits, underscores; not a digit first
// "nothing" or the words as they stand, shortened, in quotes: for complaints
std::string shown(std::string_view text);

}  // namespace signalbox::player
