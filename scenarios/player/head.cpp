// See head.hpp.
#include "scenarios/player/head.hpp"

#include "engine/core/setting_rows.hpp"
#include "engine/text/unicode.hpp"
#include "scenarios/player/dates.hpp"
#include "scenarios/player/lexer.hpp"
#include "scenarios/player/message_fields.hpp"

namespace signalbox::player {

namespace {

constexpr std::string_view keys[] = {"from", "level", "seed", "wire", "limit"};

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The key that begins at `at`, if one does.
std::string_view key_at(std::string_view line, std::size_t at) {
  for (auto const key : keys)
    if (line.substr(at).starts_with(key) && line.substr(at + key.size()).starts_with(":")) return key;
  return {};
}

// What `key` accepts; empty when `text` is that and was taken.
std::string_view take(std::string_view key, std::string_view text, scenario& into) {
  if (key == "from") {
    if (text.empty()) return "where this behaviour is documented";
    into.from = text;
  } else if (key == "level") {
    if (text != "must" && text != "should") return "must or should";
    into.level = text == "must" ? scenario::level_kind::must : scenario::level_kind::should;
  } else if (key == "seed") {
    auto const number = number_of(text, {});
    if (!number) return "a number";
    into.seed = *number;
  } else if (key == "limit") {
    auto const limit = core::parse_duration(text);
    if (!limit || *limit <= 0s || *limit > longest_duration) return "a duration such as 4d";
    into.limit = *limit;
  } else {
    constexpr std::string_view no = "no (";
    into.wire = text == "yes";
    if (into.wire) return {};
    if (!text.starts_with(no) || !text.ends_with(")") || text.size() <= no.size() + 1) return "yes, or no (reason)";
    into.wire_reason = text.substr(no.size(), text.size() - no.size() - 1);
  }
  return {};
}

}  // namespace

void read_head_line(std::string_view line, place start, scenario& into, std::vector<complaint>& wrong) {
  std::size_t at = 0;
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  if (key_at(line, at).empty()) {
    if (into.title.empty()) into.title = trim(line);
    return;
  }
  while (at < line.size()) {
    auto const key = key_at(line, at);
    auto const begin = at + key.size() + 1;
    auto end = begin;
    while (end < line.size() && !((line[end - 1] == ' ' || line[end - 1] == '\t') && !key_at(line, end).empty())) ++end;
    auto const text = trim(line.substr(begin, end - begin));
    if (auto const expected = take(key, text, into); !expected.empty()) {
      auto first = begin;
      while (first < end && (line[first] == ' ' || line[first] == '\t')) ++first;
      wrong.push_back({into.path, start.line, start.column + text::count_code_points(line.substr(0, first)),
                       std::string(expected), shown(text)});
    }
    at = end;
  }
}

}  // namespace signalbox::player
