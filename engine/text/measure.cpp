// Counting and cutting text.
#include "engine/text/measure.hpp"

#include <cassert>
#include <tuple>

namespace signalbox::text {

namespace {

// Calls visit(begin, end, units) for every character.
template <class Visit>
void walk(std::string_view text, coding const& how, Visit visit) {
  auto const each = [&](auto units_of) {
    for (std::size_t at = 0; at < text.size();) {
      auto const begin = at;
      auto const c = next_code_point(text, at);
      visit(begin, at, units_of(c));
    }
  };
  if (how.set == charset::gsm7) {
    auto const& locking = locking_alphabet(how.tables.locking);
    auto const& single = single_alphabet(how.tables.single);
    each([&](char32_t c) -> std::size_t {
      return locking.septet_of(c) == alphabet::absent && single.septet_of(c) != alphabet::absent ? 2 : 1;
    });
  } else if (how.set == charset::ucs2) {
    each([](char32_t c) -> std::size_t { return c > 0xFFFF ? 2 : 1; });
  } else {
    each([](char32_t) -> std::size_t { return 1; });
  }
}

// Octets of a header with these elements; 0 if there are none.
std::size_t header_octets(charset set, shifts tables, std::size_t concatenation_element) {
  auto const shift = set == charset::gsm7 ? shift_element_octets * tables.count() : 0;
  auto const elements = concatenation_element + shift;
  return elements == 0 ? 0 : 1 + elements;
}

struct cost {
  std::size_t parts, octets;
  auto operator<=>(cost const&) const = default;
};

cost cost_of(std::string_view text, coding const& how, split_options const& options) {
  auto const slices = cut(text, how, rooms_for(how, options));
  auto const element = slices.size() == 1 ? 0u : options.wide_reference() ? 6u : 5u;
  auto const header = header_octets(how.set, how.tables, element);
  std::size_t total = 0;
  for (auto const& s : slices)
    total += header + (how.set == charset::gsm7   ? packed_octets(s.units, header)
                       : how.set == charset::ucs2 ? 2 * s.units
                                                  : s.units);
  return {slices.size(), total};
}

std::optional<coding> best_national(std::string_view text, split_options const& options) {
  std::optional<std::pair<cost, coding>> best;
  auto const consider = [&](shifts tables) {
    if (!count_septets_exactly(text, tables)) return;
    coding const how{charset::gsm7, tables};
    auto const price = cost_of(text, how, options);
    if (!best || price < best->first) best = {price, how};
  };
  auto const each_language = [&](auto tables_of) {
    for (unsigned number = 1; number <= last_language; ++number) consider(tables_of(static_cast<language>(number)));
  };
  each_language([](language id) { return shifts{.single = id}; });
  each_language([](language id) { return shifts{.locking = id}; });
  each_language([](language id) { return shifts{id, id}; });
  if (best && best->first < cost_of(text, {charset::ucs2, {}}, options)) return best->second;
  return std::nullopt;
}

}  // namespace

coding choose(std::string_view text, split_options const& options) {
  switch (options.encoding) {
    case wanted::gsm7:    return {charset::gsm7, options.tables};
    case wanted::ucs2:    return {charset::ucs2, {}};
    case wanted::octets8: return {charset::octets8, {}};
    case wanted::best:    break;
  }
  if (count_septets_exactly(text, options.tables)) return {charset::gsm7, options.tables};
  if (options.national && !options.tables.any())
    if (auto const how = best_national(text, options)) return *how;
  return {charset::ucs2, {}};
}

std::size_t exact_room(charset set, std::size_t header) {
  if (header >= user_data_octets) return 0;
  auto const left = user_data_octets - header;
  return set == charset::gsm7 ? left * 8 / 7 : set == charset::ucs2 ? left / 2 : left;
}

rooms rooms_for(coding const& how, split_options const& options) {
  rooms const exact{exact_room(how.set, header_octets(how.set, how.tables, 0)),
                    exact_room(how.set, header_octets(how.set, how.tables, options.wide_reference() ? 6 : 5))};
  if (options.room == part_room::exact) return exact;
  auto const shift = how.set == charset::gsm7 ? shift_element_octets * how.tables.count() : 0;
  rooms const documented = how.set == charset::gsm7   ? rooms{160 - shift, 152 - shift}
                           : how.set == charset::ucs2 ? rooms{70, 66}
                                                      : rooms{140, 132};
  return {std::min(documented.single, exact.single), std::min(documented.part, exact.part)};
}

std::vector<slice> cut(std::string_view text, coding const& how, std::size_t room) {
  assert(room >= 2);
  std::vector<slice> slices(1);
  walk(text, how, [&](std::size_t begin, std::size_t end, std::size_t units) {
    if (slices.back().units + units > room) slices.push_back({begin, begin, 0});
    slices.back().end = end;
    slices.back().units += units;
  });
  return slices;
}

std::vector<slice> cut(std::string_view text, coding const& how, rooms const& room) {
  auto slices = cut(text, how, room.single);
  return slices.size() == 1 ? slices : cut(text, how, room.part);
}

measure count(std::string_view text, split_options const& options) {
  measure out{.how = choose(text, options)};
  out.room = rooms_for(out.how, options);
  auto const slices = cut(text, out.how, out.room);
  for (auto const& s : slices) out.units += s.units;
  out.parts = slices.size();
  out.replaced = encode_body(text, on_the_air(out.how.set), out.how.tables).replaced;
  return out;
}

}  // namespace signalbox::text
