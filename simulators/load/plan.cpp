#include "simulators/load/plan.hpp"

#include <algorithm>
#include <cmath>

namespace signalbox::load {

std::string_view sign_of(bound b) {
  constexpr std::string_view signs[] = {"<=", "<", ">=", ">", "="};
  return signs[static_cast<std::size_t>(b)];
}

namespace {

void multiply(duration& d, double factor, duration least) {
  d = std::max(least, duration(std::llround(static_cast<double>(d.count()) * factor)));
}

void multiply_durations(plan& p, double factor) {
  for (auto& s : p.streams) {
    multiply(s.when.start, factor, 0us);
    if (s.when.lasts) multiply(*s.when.lasts, factor, 100ms);
  }
  multiply(p.warm_up, factor, 0us);
}

}  // namespace

void scale(plan& p, double factor) {
  for (auto& s : p.streams)
    if (s.when.count)
      s.when.count = std::max<std::uint64_t>(
          1, static_cast<std::uint64_t>(std::llround(static_cast<double>(*s.when.count) * factor)));
  multiply_durations(p, factor);
}

void stretch(plan& p, duration whole) {
  duration longest{};
  for (auto const& s : p.streams)
    if (s.when.lasts) longest = std::max(longest, s.when.start + *s.when.lasts);
  if (longest > 0us) multiply_durations(p, static_cast<double>(whole.count()) / static_cast<double>(longest.count()));
}

}  // namespace signalbox::load
