// The engine's counters by name, for `then engine delivered=3`.
#pragma once

#include <string>

#include "engine/core/engine.hpp"

namespace signalbox::player {

struct counter_row {
  std::string_view name;
  std::uint64_t core::engine::counters::* member;
};
inline constexpr counter_row counter_rows[] = {
    {"connections", &core::engine::counters::connections},
    {"bound", &core::engine::counters::bound},
    {"stored", &core::engine::counters::stored},
    {"waiting", &core::engine::counters::waiting},
    {"in_flight", &core::engine::counters::in_flight},
    {"asleep", &core::engine::counters::asleep},
    {"accepted", &core::engine::counters::accepted},
    {"rejected", &core::engine::counters::rejected},
    {"throttled", &core::engine::counters::throttled},
    {"delivered", &core::engine::counters::delivered},
    {"failed", &core::engine::counters::failed},
    {"expired", &core::engine::counters::expired},
    {"cancelled", &core::engine::counters::cancelled},
    {"attempts", &core::engine::counters::attempts},
    {"temporary_failures", &core::engine::counters::temporary_failures},
    {"receipts", &core::engine::counters::receipts},
    {"receipts_unroutable", &core::engine::counters::receipts_unroutable},
};

constexpr counter_row const* find_counter(std::string_view name) {
  for (auto const& row : counter_rows)
    if (row.name == name) return &row;
  return nullptr;
}

inline std::string counter_names() {
  std::string all;
  for (auto const& row : counter_rows) (all += all.empty() ? "" : ", ") += row.name;
  return all;
}

}  // namespace signalbox::player
