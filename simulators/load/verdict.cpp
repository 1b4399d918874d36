#include "simulators/load/verdict.hpp"

#include <fmt/format.h>

#include <cmath>

namespace signalbox::load {

namespace {

bool holds(double value, bound how, double limit) {
  switch (how) {
    case bound::at_most:  return value <= limit;
    case bound::less:     return value < limit;
    case bound::at_least: return value >= limit;
    case bound::more:     return value > limit;
    case bound::equal:    return value == limit;
  }
  return false;
}

// How far a value is from holding, or how safely it holds (below 0).
double badness(double value, bound how, double limit) {
  switch (how) {
    case bound::at_most:
    case bound::less:     return value - limit;
    case bound::at_least:
    case bound::more:     return limit - value;
    case bound::equal:    return std::abs(value - limit);
  }
  return 0;
}

judgement in_every_second(threshold const& t, measures const& m) {
  auto const metric = second_metric_of(t.metric);
  judgement j{.what = t, .kind = metric.kind, .value = {}, .always = true};
  for (auto const& s : m.seconds) {
    if (s.start >= m.elapsed || (metric.rate && (s.length < 1s || s.start + s.length > m.elapsed))) continue;
    auto const value = value_of(t.metric, s);
    if (!value || (j.value && badness(*value, t.how, t.limit) <= badness(*j.value, t.how, t.limit))) continue;
    j.value = value;
    j.at = s.start;
  }
  j.held = j.value && holds(*j.value, t.how, t.limit);
  return j;
}

}  // namespace

std::string_view name_of(verdict v) {
  constexpr std::string_view names[] = {"passed", "breached", "withheld"};
  return names[static_cast<std::size_t>(v)];
}

std::string sentence(judgement const& j) {
  auto const value = j.value ? value_text(j.kind, *j.value) : std::string("not measured");
  if (!j.always) return fmt::format("threshold {}  ({})", j.what.text, value);
  auto const where = j.at ? fmt::format(" at {:.0f} s", std::chrono::duration<double>(*j.at).count()) : std::string();
  return fmt::format("always {}  ({}{}{})", j.what.text, j.value ? "worst " : "", value, where);
}

judged judge(plan const& p, measures const& m, bool stopped) {
  judged all;
  bool breached = false;
  for (auto const& t : p.thresholds) {
    auto const value = value_of(t.metric, m);
    all.thresholds.push_back({.what = t,
                              .kind = kind_of(t.metric, p.lines),
                              .value = value,
                              .held = value && holds(*value, t.how, t.limit)});
  }
  for (auto const& t : p.always) all.thresholds.push_back(in_every_second(t, m));
  for (auto const& j : all.thresholds) breached = breached || !j.held;
  all.result = breached ? verdict::breached : verdict::passed;
  auto const withhold = [&all](std::string why) {
    all.result = verdict::withheld;
    all.notes.push_back(std::move(why));
  };
  bool const busy = m.generator.known && m.generator.cpu_percent >= busy_generator;
  if (auto const lag = m.lag.percentile(99); m.open && lag > p.lag_limit)
    withhold(fmt::format("the generator started 1 % of the requests more than {} late (limit {})",
                         time_text(static_cast<double>(lag.count())),
                         time_text(static_cast<double>(p.lag_limit.count()))));
  if (m.open && busy) withhold(fmt::format("the generator needed {:.0f} % of a core", m.generator.cpu_percent));
  if (!m.open && busy) {
    if (breached)
      withhold(fmt::format("a threshold is breached, but the generator needed {:.0f} % of a core and may be why",
                           m.generator.cpu_percent));
    else
      all.notes.push_back(
          fmt::format("the generator needed {:.0f} % of a core: the rates are lower bounds", m.generator.cpu_percent));
  }
  if (stopped) withhold("the run was stopped before its end");
  return all;
}

}  // namespace signalbox::load
