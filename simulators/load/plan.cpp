#include "simulators/load/plan.hpp"

#include <algorithm>
#include <cmath>

namespace signalbox::load {

std::string_view sign_of(bound b) {
  constexpr std::string_view signs[] = {"<=", "<", ">=", ">", "="};
  return signs[static_cast<std::size_t>(b)];
}

void scale(plan& p, double factor) {
  for (auto& s : p.streams) {
    if (s.when.count)
      s.when.count = std::max<std::uint64_t>(
          1, static_cast<std::uint64_t>(std::llround(static_cast<double>(*s.when.count) * factor)));
    if (s.when.lasts)
      s.when.lasts =
          std::max<duration>(100ms, duration(std::llround(static_cast<double>(s.when.lasts->count()) * factor)));
  }
}

}  // namespace signalbox::load
