// Calendar dates as scenario files write them. Durations are engine/core/setting_rows.hpp's.
#pragma once

#include <optional>
#include <string_view>

#include "engine/base/time.hpp"

namespace signalbox::player {

inline constexpr duration longest_duration = std::chrono::hours{24 * 3660};  // ten years

// 2026-01-01T00:00:00Z, with or without a fraction of a second, or a date alone.
std::optional<wall> parse_date(std::string_view text);

}  // namespace signalbox::player
