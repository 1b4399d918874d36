// Chance as the core knows it: handed in. The shell gives a generator fed by the system's CSPRNG, the virtual
// world and the tests a seeded one, so that one seed gives one run, the same on every compiler.
#pragma once

#include <cstdint>
#include <span>

namespace signalbox::inline base {

class entropy {
 public:
  virtual ~entropy() = default;
  virtual std::uint64_t next() = 0;

  std::uint64_t below(std::uint64_t limit) {
    return limit == 0 ? 0 : next() % limit;
  }  // bias below 2^-32 for limits < 2^32
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  bool percent(unsigned share) { return below(100) < share; }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // [0, 1)
};

// SplitMix64: 64 bits of state, every seed usable, passes BigCrush. Not for secrets.
class seeded_entropy final : public entropy {
 public:
  explicit seeded_entropy(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override {
    state_ += 0x9E3779B97F4A7C15u;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

}  // namespace signalbox::inline base
