// The only place where clocks and the system's random source are read. Everything else is handed a `moment` and an
// `entropy&`.
#pragma once

#include <array>

#include "engine/base/entropy.hpp"
#include "engine/base/time.hpp"

namespace signalbox::server {

// The steady clock and the calendar, read together. An `instant` is microseconds of std::chrono::steady_clock.
moment now();

// OpenSSL's generator, seeded by the kernel; drawn in blocks because the engine asks for eight octets at a time.
class system_entropy final : public entropy {
 public:
  std::uint64_t next() override;

 private:
  std::array<std::uint64_t, 64> block_{};
  std::size_t left_ = 0;
};

}  // namespace signalbox::server
