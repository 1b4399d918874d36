// Parts back into text.
#include "engine/text/join.hpp"

namespace signalbox::text {

namespace {

// Pieces by part number; every one present exactly once.
result<std::vector<piece const*>> in_order(std::span<piece const> pieces) {
  auto const& first = pieces.front();
  if (pieces.size() == 1 && !first.place) return std::vector{&first};
  auto const total = first.place ? first.place->parts : 0u;
  std::vector<piece const*> sorted(total);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    auto const& place = pieces[i].place;
    if (!place) return failed(errc::missing, i, "concatenation", "one of several pieces has no place");
    if (place->reference != first.place->reference || place->wide != first.place->wide)
      return failed(errc::bad_value, i, "reference", "not the first piece's");
    if (place->parts != total) return failed(errc::bad_value, i, "parts", "not the first piece's total");
    if (pieces[i].as != first.as) return failed(errc::bad_value, i, "data_coding", "not the first piece's");
    if (place->part < 1 || place->part > total) return failed(errc::bad_value, i, "part", "outside 1..total");
    auto& seat = sorted[place->part - 1u];
    if (seat != nullptr)
      return failed(errc::duplicate, i, "part", "part " + std::to_string(place->part) + " stands twice");
    seat = &pieces[i];
  }
  for (std::size_t part = 0; part < total; ++part)
    if (sorted[part] == nullptr)
      return failed(errc::missing, pieces.size(), "part",
                    "part " + std::to_string(part + 1) + " of " + std::to_string(total) + " is not there");
  return sorted;
}

}  // namespace

result<piece> piece_of(user_data const& from) {
  auto opened = open(from);
  if (!opened) return std::unexpected(opened.error());
  return piece{on_the_air(from.set), opened->tables, find_concatenation(opened->header), std::move(opened->body)};
}

result<std::string> join(std::span<piece const> pieces) {
  if (pieces.empty()) return failed(errc::missing, 0, "parts", "nothing to join");
  auto const sorted = in_order(pieces);
  if (!sorted) return std::unexpected(sorted.error());
  std::string text;
  octets body;
  std::size_t decoded = 0;  // octets in front of `body`
  for (std::size_t i = 0; i < sorted->size(); ++i) {
    auto const& p = *(*sorted)[i];
    body.insert(body.end(), p.body.begin(), p.body.end());
    if (i + 1 < sorted->size() && (*sorted)[i + 1]->tables == p.tables) continue;
    auto piece_text = decode_body(body, p.as, p.tables);
    if (!piece_text) {
      auto why = piece_text.error();
      why.offset += decoded;
      return std::unexpected(std::move(why));
    }
    text += *piece_text;
    decoded += body.size();
    body.clear();
  }
  return text;
}

}  // namespace signalbox::text
