// Time as the core knows it: handed in, never read. An `instant` orders events within one run (monotonic, its
// zero is arbitrary); a `wall` is a calendar time, microseconds since 1970-01-01 00:00 UTC without leap seconds.
// Every input of the engine carries both, as a `moment`.
#pragma once

#include <chrono>

#include "engine/base/result.hpp"

namespace signalbox::inline base {

using duration = std::chrono::microseconds;
using namespace std::chrono_literals;

struct monotonic_time;  // tags only: neither has a now()
struct calendar_time;
using instant = std::chrono::time_point<monotonic_time, duration>;
using wall = std::chrono::time_point<calendar_time, duration>;

struct moment {
  instant at;
  wall date;

  moment operator+(duration d) const { return {at + d, date + d}; }
  bool operator==(moment const&) const = default;
  // The instant at which the calendar will show `due`, if nobody sets the clock.
  instant when(wall due) const { return at + (due - date); }
};

struct civil {  // UTC
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, microsecond = 0;
  bool operator==(civil const&) const = default;
};
civil civil_of(wall date);
result<wall> wall_of(civil const& c);  // refuses what no calendar has (month 13, 30 February)

std::string to_text(wall date);         // 2016-02-05T12:00:00.000Z
std::string to_text(duration elapsed);  // 1.250s, 300s, 2h, 3d1h: the largest units that lose nothing

}  // namespace signalbox::inline base
