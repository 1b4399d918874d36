#include "simulators/load/measures.hpp"

#include <fmt/format.h>

#include <cmath>

namespace signalbox::load {

std::string_view name_of(stage s) {
  constexpr std::string_view names[] = {"submit_resp", "deliver", "receipt", "refusal"};
  return names[static_cast<std::size_t>(s)];
}

std::string throughput(std::uint64_t messages, std::uint64_t milliseconds) {
  if (milliseconds == 0) return "0.000";
  return fmt::format("{:.3f}", static_cast<double>(messages) / (static_cast<double>(milliseconds) / 1000));
}

double per_second(std::uint64_t count, duration span) {
  return span <= 0us ? 0 : static_cast<double>(count) / std::chrono::duration<double>(span).count();
}

std::string time_text(double us) {
  if (us < 10'000) return fmt::format("{:.2f} ms", us / 1e3);
  if (us < 1'000'000) return fmt::format("{:.1f} ms", us / 1e3);
  return fmt::format("{:.2f} s", us / 1e6);
}

std::string octets_text(double octets) {
  auto const size = std::abs(octets);
  if (size < 1024) return fmt::format("{:.0f} B", octets);
  if (size < 1024 * 1024) return fmt::format("{:.2f} KiB", octets / 1024);
  return fmt::format("{:.1f} MiB", octets / (1024 * 1024));
}

}  // namespace signalbox::load
