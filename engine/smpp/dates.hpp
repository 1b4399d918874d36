// The times of SMPP (3.4, 7.1.1; 5.0, 4.7.23): 16 characters YYMMDDhhmmsstnnp. With p = '+' or '-' it is a calendar
// time whose local offset from UTC is nn quarter hours, ahead or behind; with p = 'R' it is a span that is added to
// now, by the calendar: a month is a month, whatever its length.
//
// Choices: years are 2000 to 2099 (messages have no past century). In the relative form t and nn must be digits and
// are not looked at; the specification wants 000. 31 January + 1 month is the last day of February.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "engine/base/time.hpp"

namespace signalbox::smpp {

struct relative_time {
  int years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0;
  bool operator==(relative_time const&) const = default;
};
using time_value = std::variant<std::monostate, wall, relative_time>;  // empty text is monostate; wall is UTC already

// Faults: bad_length (neither empty nor 16 characters), bad_syntax (no digit, no sign), bad_value (no such day or
// hour, offset beyond 48 quarters). Offsets count characters; the field is "time".
result<time_value> parse_time(std::string_view text);

// When the text says, seen from `now`; nullopt for empty text.
result<std::optional<wall>> due(std::string_view text, wall now);

// Calendar addition: years and months first, the day pulled back to the month's last, then the rest as a span.
wall add(wall start, relative_time const& span);

std::string format_absolute(wall date);  // 16 characters, UTC: offset 00, sign '+'
std::string format_relative(
    duration span);  // 16 characters, whole seconds as days (at most 99), hours, minutes, seconds

}  // namespace signalbox::smpp
