// The laws of time: when a message is tried again and when it is given up (SMSC guide: due delays, validity).
#pragma once

#include <algorithm>
#include <optional>

#include "engine/sms/message.hpp"
#include "engine/sms/settings.hpp"

namespace signalbox::sms {

// A schedule must leave this much of the validity period.
inline constexpr duration schedule_margin = 3h;
// After a failed storage request, what must not be lost is asked for again this much later.
inline constexpr duration storing_again = 1s;

// The delay after a failure whose predecessor waited `previous` (0: it was the first).
inline duration next_delay(centre_settings const& s, duration previous) {
  auto const next = previous == duration::zero() ? s.second_due_delay : previous * s.due_delay_multiplier / 100;
  return std::min(next, s.max_due_delay);
}

// When the message is given up. Nothing asked: the default. In the past or beyond the maximum: the maximum, as the
// original does (its guide speaks of a rejection, its code replaces).
inline wall validity(centre_settings const& s, std::optional<wall> asked, wall now) {
  auto const latest = now + s.max_validity;
  if (!asked) return std::min(now + s.default_validity, latest);
  return *asked <= now || *asked > latest ? latest : *asked;
}

}  // namespace signalbox::sms
