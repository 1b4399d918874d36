// See transcript.hpp.
#include "scenarios/player/transcript.hpp"

#include <algorithm>

#include "scenarios/player/outcome.hpp"

namespace signalbox::player {

namespace {

constexpr std::size_t last_count = 6;

std::optional<simulators::trace_entry::kind> kind_of(simulators::journal_entry::kind what) {
  using from = simulators::journal_entry::kind;
  using to = simulators::trace_entry::kind;
  switch (what) {
    case from::sent:     return to::sent;
    case from::received:
    case from::faulty:   return to::reached;
    case from::opened:   return to::opened;
    case from::closed:   return to::closed;
    case from::bound:    break;
  }
  return std::nullopt;
}

}  // namespace

std::vector<simulators::trace_entry> entries_of(simulators::trace const& record) {
  return {record.entries().begin(), record.entries().end()};
}

std::vector<simulators::trace_entry> entries_of(std::vector<std::unique_ptr<actor>> const& actors, std::uint16_t port) {
  std::vector<simulators::trace_entry> all;
  std::uint64_t owner = 0;
  for (auto const& a : actors) {
    ++owner;
    auto const& log = a->book();
    for (auto i = log.first(); i < log.size(); ++i) {
      auto const& e = log[i];
      auto const what = kind_of(e.what);
      if (!what) continue;
      auto const link = owner << 32 | (e.connection.value & 0xFFFF'FFFF);
      bool const readable = e.what != simulators::journal_entry::kind::faulty;
      all.push_back({*what, e.when, a->name(), e.raw, readable, e.words, link, port, true});
    }
  }
  std::vector<std::pair<instant, std::size_t>> order;
  for (std::size_t i = 0; i < all.size(); ++i) order.emplace_back(all[i].when.at, i);
  std::ranges::sort(order);
  std::vector<simulators::trace_entry> sorted;
  sorted.reserve(all.size());
  for (auto const& [at, i] : order) sorted.push_back(std::move(all[i]));
  return sorted;
}

std::string text_of_trace(std::vector<simulators::trace_entry> const& entries, instant start) {
  std::string text;
  for (auto const& e : entries) text += simulators::to_text(e, start) + "\n";
  return text;
}

std::vector<std::string> last_lines(std::vector<simulators::trace_entry> const& entries, std::string_view actor,
                                    instant start) {
  std::vector<std::string> lines;
  for (auto e = entries.rbegin(); e != entries.rend() && lines.size() < last_count; ++e)
    if (e->actor == actor) lines.push_back(simulators::to_text(*e, start));
  std::ranges::reverse(lines);
  return lines;
}

std::string trace_text(outcome const& o) { return text_of_trace(o.trace, o.started); }

std::string_view name_of(verdict v) {
  constexpr std::string_view names[] = {"passed", "failed", "skipped", "error"};
  return names[static_cast<std::size_t>(v)];
}

}  // namespace signalbox::player
