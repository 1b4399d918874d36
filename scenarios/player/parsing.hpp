// What the parts of the parser share: the scenario so far, the complaints, and a cursor over the tokens of a line.
#pragma once

#include <map>
#include <set>

#include "scenarios/player/lexer.hpp"

namespace signalbox::player {

struct parsing {
  scenario out;
  std::vector<complaint> wrong;
  variables set;                                  // `set name = value`
  variables overrides;                            // stronger than those
  std::set<std::string, std::less<>> overridden;  // of them, met so far
  std::map<std::string, network_id, std::less<>> accounts;
  std::set<std::string, std::less<>> bound;   // by `$name` so far
  std::set<std::string, std::less<>> labels;  // by `as=` so far

  void complain(place at, std::string expected, std::string found) {
    wrong.push_back({out.files[at.file], at.line, at.column, std::move(expected), std::move(found)});
  }
  bool has_actor(std::string_view name) const;
};

class cursor {
 public:
  cursor(parsing& state, std::vector<token> const& tokens, place end) : state_(state), tokens_(tokens), end_(end) {}

  bool done() const { return at_ == tokens_.size(); }
  token const* peek() const { return done() ? nullptr : &tokens_[at_]; }
  token const& next() { return tokens_[at_++]; }
  bool accept(std::string_view word) {
    if (done() || !tokens_[at_].is(word)) return false;
    ++at_;
    return true;
  }
  bool accept(std::initializer_list<std::string_view> words) {  // all of them, in a row
    std::size_t n = 0;
    for (auto const word : words)
      if (at_ + n >= tokens_.size() || !tokens_[at_ + n++].is(word)) return false;
    at_ += n;
    return true;
  }
  // A plain word without variables; nullptr, and a complaint, when something else stands here.
  token const* word(std::string expected);
  // A name that is in none of the language's own words.
  token const* name(std::string expected);
  // The complaint about what stands here (or about the end of the line).
  void complain(std::string expected);
  void complain_at(token const& t, std::string expected);
  bool finish();  // nothing more may stand here

 private:
  parsing& state_;
  std::vector<token> const& tokens_;
  place end_;
  std::size_t at_ = 0;
};

std::string source_of(token const& t);  // as it stands, about

void parse_given(parsing& state, cursor& line);
void parse_step(parsing& state, cursor& line, step s);
void parse_traffic(parsing& state, cursor& line);
void parse_threshold(parsing& state, cursor& line);
void parse_always(parsing& state, cursor& line);
void given_target(parsing& state, cursor& line);
void given_generator(parsing& state, cursor& line);
void finish_load(parsing& state);  // what no line of a load scenario can see alone

// Whether the virtual world knows such a fault of such actors; a complaint if not. `places`: of the name, then of each
// word.
bool fault_can_be_had(parsing& state, std::string const& name, std::vector<std::string> const& words,
                      std::vector<place> const& places);

// A setting that a file counts in seconds or milliseconds (second_due_delay_s) may be written as a duration without
// that ending (second_due_delay=5m). nullopt: it is no duration, or not a whole number of them.
std::optional<std::string> counted_in(std::string_view ending, std::string_view text);

// Sets `key` of `owner` to what the token says. False: no such key. A bad value becomes a complaint.
template <class Owner>
bool set_row(parsing& state, std::span<core::setting_row<Owner> const> all, Owner& owner, std::string_view key,
             token const& from) {
  auto text = from.is_argument() ? from.what.literal() : std::string("true");
  auto const* row = core::find_row(all, key);
  for (std::string_view const ending : {"_s", "_ms"}) {
    if (row != nullptr) break;
    row = core::find_row(all, std::string(key) + std::string(ending));
    if (row == nullptr) continue;
    if (auto const number = counted_in(ending, text))
      text = *number;
    else
      return state.complain(from.what.at, "a duration such as 5m", shown(text)), true;
  }
  if (row == nullptr) return false;
  if (auto const done = row->set(owner, text); !done) {
    auto detail = done.error().detail.empty() ? describe(done.error()) : done.error().detail;
    state.complain(from.what.at, std::string(key) + ": " + detail, shown(text));
  }
  return true;
}

}  // namespace signalbox::player
