#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/base/entropy.hpp"
#include "engine/smpp/dates.hpp"

namespace signalbox::smpp {
namespace {

wall any_wall_of_this_century() {
  auto const first = *wall_of({.year = 2000}), last = *wall_of({.year = 2100});
  return first + std::chrono::seconds{*rc::gen::inRange<std::int64_t>(0, (last - first) / 1s)};
}

RC_GTEST_PROP(smpp_dates_properties, absolute_times_round_trip, ()) {
  auto const date = any_wall_of_this_century() + *rc::gen::inRange(0, 10) * 100ms;
  auto const text = format_absolute(date);
  RC_ASSERT(text.size() == 16u);
  RC_ASSERT(due(text, wall{}).value() == date);
}

RC_GTEST_PROP(smpp_dates_properties, the_offset_moves_the_clock_not_the_moment, ()) {
  auto const utc = any_wall_of_this_century();
  auto const quarters = *rc::gen::inRange(0, 49);
  auto const sign = *rc::gen::element('+', '-');
  auto text = format_absolute(utc);
  text[13] = static_cast<char>('0' + quarters / 10);
  text[14] = static_cast<char>('0' + quarters % 10);
  text[15] = sign;
  auto const shift = std::chrono::minutes{15 * quarters};
  RC_ASSERT(due(text, wall{}).value() == (sign == '+' ? utc - shift : utc + shift));
}

RC_GTEST_PROP(smpp_dates_properties, relative_spans_are_exact, ()) {
  auto const now = any_wall_of_this_century();
  auto const span = std::chrono::seconds{*rc::gen::inRange(0, 99 * 86'400)};
  RC_ASSERT(due(format_relative(span), now).value() == now + span);
}

RC_GTEST_PROP(smpp_dates_properties, later_never_becomes_earlier, ()) {
  auto const now = any_wall_of_this_century();
  relative_time const months{.months = *rc::gen::inRange(0, 100)};
  auto const one_more = relative_time{.months = months.months + 1};
  RC_ASSERT(add(now, months) < add(now, one_more));
  RC_ASSERT(add(now, one_more) - add(now, months) <= 31 * 24h);
}

RC_GTEST_PROP(smpp_dates_properties, any_text_is_read_or_refused, (std::string const& text)) {
  auto const read = due(text, wall{});
  RC_ASSERT(read.has_value() || read.error().offset < 16u);
}

}  // namespace
}  // namespace signalbox::smpp
