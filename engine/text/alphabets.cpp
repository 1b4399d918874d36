// Languages by number and name, and the two alphabets of each.
#include "engine/text/alphabets.hpp"

#include "engine/text/alphabet_tables.hpp"

namespace signalbox::text {

namespace {

struct row {
  std::string_view name;
  alphabet const* locking;
  alphabet const* single;
};

constexpr row rows[] = {
    {"none", &default_locking, &default_single},
    {"turkish", &turkish_locking, &turkish_single},
    {"spanish", &default_locking, &spanish_single},
    {"portuguese", &portuguese_locking, &portuguese_single},
    {"bengali", &bengali_locking, &bengali_single},
    {"gujarati", &gujarati_locking, &gujarati_single},
    {"hindi", &hindi_locking, &hindi_single},
    {"kannada", &kannada_locking, &kannada_single},
    {"malayalam", &malayalam_locking, &malayalam_single},
    {"oriya", &oriya_locking, &oriya_single},
    {"punjabi", &punjabi_locking, &punjabi_single},
    {"tamil", &tamil_locking, &tamil_single},
    {"telugu", &telugu_locking, &telugu_single},
    {"urdu", &urdu_locking, &urdu_single},
};
static_assert(std::size(rows) == last_language + 1);

row const& row_of(language id) {
  auto const number = static_cast<std::size_t>(id);
  return rows[number < std::size(rows) ? number : 0];
}

}  // namespace

std::string_view name_of(language id) { return row_of(id).name; }

std::optional<language> language_of(std::uint64_t number) {
  if (number > last_language) return std::nullopt;
  return static_cast<language>(number);
}

alphabet const& locking_alphabet(language id) { return *row_of(id).locking; }
alphabet const& single_alphabet(language id) { return *row_of(id).single; }

}  // namespace signalbox::text
