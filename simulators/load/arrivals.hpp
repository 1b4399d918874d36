// When messages are meant to go: the arrival law of an open model, or the window of a closed one. Pure and exact: the
// n-th arrival of constant, ramp and step laws is computed from n, so that nothing drifts in long runs.
//
//   constant 1000        every 1 ms
//   poisson 1000         exponential gaps, the mean is 1 ms
//   ramp(100..1000)      the rate grows (or falls) evenly over the duration
//   step(100,200,400)    equal parts of the duration, each at its rate
//   window               closed: whenever the window has room; the load follows the system under test
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/entropy.hpp"
#include "engine/base/time.hpp"

namespace signalbox::load {

enum class law : std::uint8_t { constant, poisson, ramp, step, window, recorded };
std::string_view name_of(law l);

struct schedule {
  law how = law::window;
  std::vector<double> rates_per_s;     // constant, poisson: one; ramp: two; step: one or more; window: none;
                                       // recorded: the mean
  std::optional<duration> lasts;       // none: until the count is reached. Ramp and step need it
  std::optional<std::uint64_t> count;  // none: as long as it lasts
  duration start{};                    // after the run's own
  std::shared_ptr<std::vector<duration> const>
      times{};  // recorded: since the start; again and again, if more are wanted
  bool open() const { return how != law::window; }
  // How many arrivals are to be expected; none: the window decides.
  std::optional<double> expected() const;
  bool operator==(schedule const&) const = default;
};

// "constant", "poisson", "window", "ramp(100..1000)", "step(100,200)"; the first two take their rate from elsewhere.
// Faults say what is wanted.
result<schedule> parse_law(std::string_view text);
std::string to_text(schedule const& s);  // "poisson, 1000 per second, for 10s"

// The arrivals one after the other, as times since the schedule's start.
class arrivals {
 public:
  explicit arrivals(schedule plan) : plan_(std::move(plan)) {}

  // The next one; none: no more will come. In a closed model it is due at once, until count or time are over.
  std::optional<duration> next(entropy& chance);
  schedule const& plan() const { return plan_; }

 private:
  std::optional<double> seconds(entropy& chance);

  schedule plan_;
  std::uint64_t made_ = 0;
  double at_s_ = 0;       // poisson: of the last arrival
  std::size_t step_ = 0;  // step: which part
  std::uint64_t in_step_ = 0;
};

}  // namespace signalbox::load
