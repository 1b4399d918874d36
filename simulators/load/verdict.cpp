#include "simulators/load/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/setting_rows.hpp"

namespace signalbox::load {

namespace {

struct plain_metric {
  std::string_view name;
  metric_kind kind = metric_kind::number;
  std::optional<double> (*read)(measures const&);
};

std::optional<double> number(std::uint64_t n) { return static_cast<double>(n); }

std::optional<double> known(usage const& u, double value) { return u.known ? std::optional(value) : std::nullopt; }

constexpr double mib = 1024 * 1024;

constexpr plain_metric plain[] = {
    {"throughput", metric_kind::number,
     [](measures const& m) -> std::optional<double> { return per_second(m.sent - m.throttled, m.elapsed); }},
    {"delivered_per_s", metric_kind::number,
     [](measures const& m) -> std::optional<double> { return per_second(m.delivered, m.delivering); }},
    {"errors", metric_kind::number,
     [](measures const& m) { return number(m.refused + m.unanswered + m.unsent + m.sessions_lost); }},
    {"throttled", metric_kind::number, [](measures const& m) { return number(m.throttled); }},
    {"undelivered", metric_kind::number, [](measures const& m) { return number(m.undelivered); }},
    {"unreceipted", metric_kind::number, [](measures const& m) { return number(m.unreceipted); }},
    {"duplicates", metric_kind::number, [](measures const& m) { return number(m.duplicates); }},
    {"unexpected", metric_kind::number, [](measures const& m) { return number(m.unexpected); }},
    {"sessions_lost", metric_kind::number, [](measures const& m) { return number(m.sessions_lost); }},
    {"engine_cpu", metric_kind::number, [](measures const& m) { return known(m.engine, m.engine.cpu_percent); }},
    {"generator_cpu", metric_kind::number,
     [](measures const& m) { return known(m.generator, m.generator.cpu_percent); }},
    {"engine_cpu_us", metric_kind::number,
     [](measures const& m) -> std::optional<double> {
       if (!m.engine.known || m.accepted == 0) return std::nullopt;
       return m.engine_cpu_s * 1e6 / static_cast<double>(m.accepted);
     }},
    {"engine_memory", metric_kind::memory,
     [](measures const& m) { return known(m.engine, m.engine.memory_mib * mib); }},
    {"engine_memory_per_session", metric_kind::memory,
     [](measures const& m) -> std::optional<double> {
       if (!m.engine.known || !m.engine_before.known || m.sessions == 0) return std::nullopt;
       return (m.engine.memory_mib - m.engine_before.memory_mib) * mib / static_cast<double>(m.sessions);
     }},
};

std::optional<double> of(histogram const& h, std::string_view what) {
  if (h.empty()) return std::nullopt;
  if (what == "max") return static_cast<double>(h.max().count());
  if (what == "mean") return h.mean_us();
  auto const percent = core::parse_decimal(what.substr(1));
  return static_cast<double>(h.percentile(*percent).count());
}

bool is_statistic(std::string_view what) {
  if (what == "max" || what == "mean") return true;
  if (what.size() < 2 || what[0] != 'p') return false;
  auto const percent = core::parse_decimal(what.substr(1));
  return percent && *percent > 0 && *percent <= 100;
}

std::optional<stage> stage_named(std::string_view name) {
  for (std::size_t n = 0; n < stages; ++n)
    if (name_of(static_cast<stage>(n)) == name) return static_cast<stage>(n);
  return std::nullopt;
}

// "line.stage.p99.9" into its parts; `line` is empty when none is written.
struct latency_name {
  std::string_view line, stage, statistic;
};
latency_name parts_of(std::string_view metric) {
  auto const first = metric.find('.');
  if (first == metric.npos) return {};
  auto const head = metric.substr(0, first), rest = metric.substr(first + 1);
  auto const second = rest.find('.');
  if (!stage_named(head) && head != "lag" && second != rest.npos)
    return {head, rest.substr(0, second), rest.substr(second + 1)};
  return {{}, head, rest};
}

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

}  // namespace

metric_kind kind_of(std::string_view metric, std::span<traffic const> lines) {
  for (auto const& row : plain)
    if (row.name == metric) return row.kind;
  auto const p = parts_of(metric);
  bool const line = p.line.empty() || std::ranges::any_of(lines, [&](auto const& t) { return t.name == p.line; });
  bool const place = stage_named(p.stage) || (p.stage == "lag" && p.line.empty());
  return line && place && is_statistic(p.statistic) ? metric_kind::time : metric_kind::none;
}

std::optional<double> value_of(std::string_view metric, measures const& m) {
  for (auto const& row : plain)
    if (row.name == metric) return row.read(m);
  auto const p = parts_of(metric);
  if (!is_statistic(p.statistic)) return std::nullopt;
  if (p.stage == "lag") return of(m.lag, p.statistic);
  auto const s = stage_named(p.stage);
  if (!s) return std::nullopt;
  auto const n = static_cast<std::size_t>(*s);
  if (p.line.empty()) return of(m.latency[n], p.statistic);
  for (auto const& line : m.lines)
    if (line.name == p.line) return of(line.latency[n], p.statistic);
  return std::nullopt;
}

std::string value_text(metric_kind kind, double value) {
  if (kind == metric_kind::time) return time_text(value);
  if (kind == metric_kind::memory) return octets_text(value);
  return fmt::format("{:.10g}", value);
}

std::string_view name_of(verdict v) {
  constexpr std::string_view names[] = {"passed", "breached", "withheld"};
  return names[static_cast<std::size_t>(v)];
}

judged judge(plan const& p, measures const& m, bool stopped) {
  judged all;
  bool breached = false;
  for (auto const& t : p.thresholds) {
    auto const value = value_of(t.metric, m);
    all.thresholds.push_back({t, value, value && holds(*value, t.how, t.limit)});
    breached = breached || !all.thresholds.back().held;
  }
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
