#include "simulators/load/arrivals.hpp"

#include <fmt/format.h>

#include <cmath>

#include "engine/core/setting_rows.hpp"

namespace signalbox::load {

namespace {
double seconds_of(duration d) { return std::chrono::duration<double>(d).count(); }
}  // namespace

std::string_view name_of(law l) {
  constexpr std::string_view names[] = {"constant", "poisson", "ramp", "step", "window", "recorded"};
  return names[static_cast<std::size_t>(l)];
}

std::optional<double> schedule::expected() const {
  std::optional<double> n;
  if (count) n = static_cast<double>(*count);
  if (!open() || !lasts) return n;
  double mean = 0;
  for (auto const r : rates_per_s) mean += r / static_cast<double>(rates_per_s.size());
  auto const timed = mean * seconds_of(*lasts);
  return n ? std::min(*n, timed) : timed;
}

result<schedule> parse_law(std::string_view text) {
  auto const wrong = [] {
    return failed(errc::bad_value, 0, "arrivals",
                  "one of constant, poisson, window, ramp(FROM..TO), step(RATE,RATE,...)");
  };
  for (auto const plain : {law::constant, law::poisson, law::window})
    if (text == name_of(plain)) return schedule{.how = plain, .rates_per_s = {}, .lasts = {}, .count = {}};
  schedule s;
  if (!text.ends_with(')')) return wrong();
  text.remove_suffix(1);
  std::vector<std::string_view> parts;
  if (text.starts_with("ramp(")) {
    s.how = law::ramp;
    text.remove_prefix(5);
    auto const dots = text.find("..");
    if (dots == text.npos) return wrong();
    parts = {text.substr(0, dots), text.substr(dots + 2)};
  } else if (text.starts_with("step(")) {
    s.how = law::step;
    text.remove_prefix(5);
    parts = core::split_list(text);
  }
  for (auto const part : parts) {
    auto const rate = core::parse_decimal(part);
    if (!rate || *rate > 1e9) return wrong();
    s.rates_per_s.push_back(*rate);
  }
  double sum = 0;
  for (auto const r : s.rates_per_s) sum += r;
  if (!(sum > 0)) return wrong();
  return s;
}

std::string to_text(schedule const& s) {
  std::string text(name_of(s.how));
  if (s.how == law::window) text = "as fast as the window allows";
  if (s.how == law::recorded) text = "as recorded";
  for (std::size_t i = 0; i < s.rates_per_s.size(); ++i)
    text += (i == 0 ? ", " : s.how == law::ramp ? " to " : ", ") + core::decimal_text(s.rates_per_s[i]);
  if (s.open()) text += " per second";
  if (s.count) text += fmt::format(", {} messages", *s.count);
  if (s.lasts) text += ", for " + signalbox::to_text(*s.lasts);
  if (s.start > 0us) text += ", from " + signalbox::to_text(s.start) + " on";
  return text;
}

std::optional<duration> arrivals::next(entropy& chance) {
  if (plan_.count && made_ >= *plan_.count) return std::nullopt;
  auto const at = seconds(chance);
  if (!at || (plan_.open() && plan_.lasts && *at >= seconds_of(*plan_.lasts))) return std::nullopt;
  ++made_;
  return duration(std::llround(*at * 1e6));
}

std::optional<double> arrivals::seconds(entropy& chance) {
  auto const n = static_cast<double>(made_);
  auto const& rates = plan_.rates_per_s;
  switch (plan_.how) {
    case law::window:   return 0;
    case law::recorded: {
      // A mean gap after the last one, the recording begins again.
      auto const& all = *plan_.times;
      auto const round = seconds_of(all.back()) + 1 / rates[0];
      return static_cast<double>(made_ / all.size()) * round + seconds_of(all[made_ % all.size()]);
    }
    case law::constant: return n / rates[0];
    case law::poisson:  at_s_ += -std::log1p(-chance.unit()) / rates[0]; return at_s_;
    case law::ramp:     {
      // Arrivals until t: from * t + slope * t^2 / 2. The root below is stable for slopes near zero, too.
      auto const slope = (rates[1] - rates[0]) / seconds_of(*plan_.lasts);
      auto const inside = rates[0] * rates[0] + 2 * slope * n;
      if (inside < 0) return std::nullopt;  // a falling rate that has reached its end
      if (n == 0) return 0;
      return 2 * n / (rates[0] + std::sqrt(inside));
    }
    case law::step: {
      auto const part = seconds_of(*plan_.lasts) / static_cast<double>(rates.size());
      for (; step_ < rates.size(); ++step_, in_step_ = 0) {
        if (rates[step_] <= 0) continue;
        auto const within = static_cast<double>(in_step_) / rates[step_];
        if (within >= part) continue;
        ++in_step_;
        return static_cast<double>(step_) * part + within;
      }
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace signalbox::load
