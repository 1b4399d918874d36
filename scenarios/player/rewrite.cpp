// See rewrite.hpp.
#include "scenarios/player/rewrite.hpp"

#include <algorithm>

namespace signalbox::player {

namespace {

struct edit {
  std::size_t offset = 0, length = 0;
  std::string text;
};

std::vector<argument> const* fields_of(step const& s) {
  auto const* e = std::get_if<act::expect>(&s.what);
  return e == nullptr ? nullptr : &e->fields;
}

// From the message's word to the end of the statement.
std::optional<edit> other_message(step const& s, std::string const& message) {
  auto const end = s.at.offset + s.text.size();
  if (auto const* e = std::get_if<act::expect>(&s.what))
    return edit{e->message_at.offset, end - e->message_at.offset, message};
  if (std::holds_alternative<act::expect_nothing>(s.what)) {
    auto const word = s.at.offset + s.text.rfind("nothing");
    return edit{word, end - word, message};
  }
  return std::nullopt;
}

std::optional<std::vector<edit>> edits_for(step const& s, player::correction const& fix) {
  std::vector<edit> edits;
  if (fix.message) {
    auto const e = other_message(s, *fix.message);
    if (!e) return std::nullopt;
    edits.push_back(*e);
  }
  if (fix.after) {
    if (s.when.from == timing::origin::none) return std::nullopt;
    auto const sign = s.when.from == timing::origin::start ? "@" : "+";
    edits.push_back({s.when.at.offset, s.when.length, sign + signalbox::to_text(*fix.after)});
  }
  for (auto const& d : fix.differences) {
    auto const* fields = fields_of(s);
    if (fields == nullptr || d.index >= fields->size() || d.rewritten.empty()) return std::nullopt;
    auto const& f = (*fields)[d.index];
    edits.push_back({f.at.offset, f.what.at.offset + f.what.length - f.at.offset, f.name + "=" + d.rewritten});
  }
  return edits;
}

}  // namespace

std::optional<std::string> rewrite(scenario const& what, outcome const& seen) {
  if (!seen.why || !seen.why->fix) return std::nullopt;
  auto const& s = what.steps[seen.why->fix->step];
  if (s.at.file != 0) return std::nullopt;
  auto edits = edits_for(s, *seen.why->fix);
  if (!edits || edits->empty()) return std::nullopt;
  std::ranges::sort(*edits, std::ranges::greater{}, &edit::offset);
  auto text = what.source;
  for (auto const& e : *edits) text.replace(e.offset, e.length, e.text);
  return text;
}

}  // namespace signalbox::player
