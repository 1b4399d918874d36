#include "simulators/load/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/core/setting_rows.hpp"

namespace signalbox::load {

namespace {

using enum metric_kind;
using optional_value = std::optional<double>;

constexpr double mib = 1024 * 1024;
constexpr std::size_t fewest_points = 5;  // seconds, for a slope

template <class Source>
struct row {
  std::string_view name;
  metric_kind kind;
  optional_value (*read)(Source const&);
  bool rate = false;
};

template <class Source>
row<Source> const* find(std::span<row<Source> const> all, std::string_view name) {
  auto const at = std::ranges::find(all, name, &row<Source>::name);
  return at == all.end() ? nullptr : &*at;
}

optional_value count(std::uint64_t n) { return static_cast<double>(n); }
optional_value known(usage const& u, double value) { return u.known ? optional_value(value) : std::nullopt; }

optional_value growth(measures const& m) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (auto const& s : m.seconds) {
    if (s.start < m.warm_up || s.start >= m.elapsed || !s.engine.known) continue;
    auto const minutes = std::chrono::duration<double>(s.start + s.length).count() / 60;
    n += 1;
    x += minutes;
    y += s.engine.memory_mib;
    xx += minutes * minutes;
    xy += minutes * s.engine.memory_mib;
  }
  if (n < static_cast<double>(fewest_points)) return std::nullopt;
  return (n * xy - x * y) / (n * xx - x * x) * mib;
}

constexpr row<measures> of_the_run[] = {
    {"throughput", number,
     [](measures const& m) { return optional_value(per_second(m.sent - m.throttled, m.elapsed)); }},
    {"accepted_per_s", number, [](measures const& m) { return optional_value(per_second(m.accepted, m.elapsed)); }},
    {"delivered_per_s", number,
     [](measures const& m) { return optional_value(per_second(m.delivered, m.delivering)); }},
    {"errors", number, [](measures const& m) { return count(m.refused + m.unanswered + m.unsent + m.sessions_lost); }},
    {"refused", number, [](measures const& m) { return count(m.refused); }},
    {"throttled", number, [](measures const& m) { return count(m.throttled); }},
    {"unanswered", number, [](measures const& m) { return count(m.unanswered); }},
    {"undelivered", number, [](measures const& m) { return count(m.undelivered); }},
    {"unreceipted", number, [](measures const& m) { return count(m.unreceipted); }},
    {"duplicates", number, [](measures const& m) { return count(m.duplicates); }},
    {"unexpected", number, [](measures const& m) { return count(m.unexpected); }},
    {"sessions_lost", number, [](measures const& m) { return count(m.sessions_lost); }},
    {"rebinds", number, [](measures const& m) { return count(m.rebinds); }},
    {"sent_again", number, [](measures const& m) { return count(m.sent_again); }},
    {"engine_cpu", number, [](measures const& m) { return known(m.engine, m.engine.cpu_percent); }},
    {"generator_cpu", number, [](measures const& m) { return known(m.generator, m.generator.cpu_percent); }},
    {"engine_cpu_us", number,
     [](measures const& m) {
       if (m.accepted == 0) return optional_value();
       return known(m.engine, m.engine_cpu_s * 1e6 / static_cast<double>(m.accepted));
     }},
    {"engine_memory", memory, [](measures const& m) { return known(m.engine, m.engine.memory_mib * mib); }},
    {"engine_memory_per_session", memory,
     [](measures const& m) {
       if (!m.engine_before.known || m.sessions == 0) return optional_value();
       auto const grown = m.engine.memory_mib - m.engine_before.memory_mib;
       return known(m.engine, grown * mib / static_cast<double>(m.sessions));
     }},
    {"engine_memory_growth", memory, growth},
};

optional_value rate(std::uint64_t n, line_measures const& l, duration last) {
  if (!l.first_sent || last <= *l.first_sent) return std::nullopt;
  return per_second(n, last - *l.first_sent);
}

constexpr row<line_measures> of_a_line[] = {
    {"accepted_per_s", number, [](line_measures const& l) { return rate(l.accepted, l, l.last_answer); }},
    {"delivered_per_s", number, [](line_measures const& l) { return rate(l.delivered, l, l.last_delivery); }},
    {"errors", number, [](line_measures const& l) { return count(l.refused + l.unanswered + l.unsent); }},
    {"refused", number, [](line_measures const& l) { return count(l.refused); }},
    {"throttled", number, [](line_measures const& l) { return count(l.throttled); }},
    {"unanswered", number, [](line_measures const& l) { return count(l.unanswered); }},
};
constexpr std::string_view recovery = "recovery";

template <stage Stage, std::array<duration, stages> second_measures::* Percentile>
optional_value latency(second_measures const& s) {
  constexpr auto n = static_cast<std::size_t>(Stage);
  if (s.latency[n].empty()) return std::nullopt;
  return static_cast<double>((s.*Percentile)[n].count());
}

constexpr row<second_measures> of_a_second[] = {
    {"errors", number, [](second_measures const& s) { return count(s.refused + s.unanswered + s.sessions_lost); }},
    {"throttled", number, [](second_measures const& s) { return count(s.throttled); }},
    {"backlog", number, [](second_measures const& s) { return count(s.backlog); }},
    {"accepted_per_s", number,
     [](second_measures const& s) { return optional_value(per_second(s.accepted, s.length)); }, true},
    {"delivered_per_s", number,
     [](second_measures const& s) { return optional_value(per_second(s.delivered, s.length)); }, true},
    {"submit_resp.p50", time, latency<stage::submit_resp, &second_measures::p50>},
    {"submit_resp.p99", time, latency<stage::submit_resp, &second_measures::p99>},
    {"deliver.p50", time, latency<stage::deliver, &second_measures::p50>},
    {"deliver.p99", time, latency<stage::deliver, &second_measures::p99>},
    {"receipt.p50", time, latency<stage::receipt, &second_measures::p50>},
    {"receipt.p99", time, latency<stage::receipt, &second_measures::p99>},
    {"refusal.p50", time, latency<stage::refusal, &second_measures::p50>},
    {"refusal.p99", time, latency<stage::refusal, &second_measures::p99>},
    {"engine_memory", memory, [](second_measures const& s) { return known(s.engine, s.engine.memory_mib * mib); }},
    {"generator_memory", memory,
     [](second_measures const& s) { return known(s.generator, s.generator.memory_mib * mib); }},
    {"engine_cpu", number, [](second_measures const& s) { return known(s.engine, s.engine.cpu_percent); }, true},
    {"generator_cpu", number, [](second_measures const& s) { return known(s.generator, s.generator.cpu_percent); },
     true},
};

optional_value of(histogram const& h, std::string_view what) {
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

// "line.stage.p99.9" or "line.errors" into its parts; `line` is empty when none is written.
struct dotted_name {
  std::string_view line, stage, statistic;
};
dotted_name parts_of(std::string_view metric) {
  auto const first = metric.find('.');
  if (first == metric.npos) return {{}, metric, {}};
  auto const head = metric.substr(0, first), rest = metric.substr(first + 1);
  if (stage_named(head) || head == "lag") return {{}, head, rest};
  auto const second = rest.find('.');
  if (second == rest.npos) return {head, rest, {}};
  return {head, rest.substr(0, second), rest.substr(second + 1)};
}

optional_value value_of_line(dotted_name const& p, line_measures const& l, measures const& m) {
  if (auto const s = stage_named(p.stage); s && is_statistic(p.statistic))
    return of(l.latency[static_cast<std::size_t>(*s)], p.statistic);
  if (!p.statistic.empty()) return std::nullopt;
  if (p.stage == recovery) {
    if (!l.first_sent) return std::nullopt;
    auto const over = std::max(l.last_delivery, m.last_refusal) - l.last_intended;
    return static_cast<double>(std::max(over, duration{}).count());
  }
  auto const* const found = find<line_measures>(of_a_line, p.stage);
  return found == nullptr ? std::nullopt : found->read(l);
}

}  // namespace

std::string value_text(metric_kind kind, double value) {
  if (kind == time) return time_text(value);
  if (kind == memory) return octets_text(value);
  return fmt::format("{:.10g}", value);
}

metric_kind kind_of(std::string_view metric, std::span<traffic const> lines) {
  if (auto const slash = metric.find('/'); slash != metric.npos) {
    auto const above = kind_of(metric.substr(0, slash), lines), below = kind_of(metric.substr(slash + 1), lines);
    return above == below && above != none ? number : none;
  }
  if (auto const* const found = find<measures>(of_the_run, metric)) return found->kind;
  auto const p = parts_of(metric);
  if (!p.line.empty() && std::ranges::find(lines, p.line, &traffic::name) == lines.end()) return none;
  if (!p.statistic.empty()) {
    bool const place = stage_named(p.stage) || (p.stage == "lag" && p.line.empty());
    return place && is_statistic(p.statistic) ? time : none;
  }
  if (p.line.empty()) return none;
  if (p.stage == recovery) return time;
  auto const* const found = find<line_measures>(of_a_line, p.stage);
  return found == nullptr ? none : found->kind;
}

std::optional<double> value_of(std::string_view metric, measures const& m) {
  if (auto const slash = metric.find('/'); slash != metric.npos) {
    auto const above = value_of(metric.substr(0, slash), m), below = value_of(metric.substr(slash + 1), m);
    return above && below && *below != 0 ? optional_value(*above / *below) : std::nullopt;
  }
  if (auto const* const found = find<measures>(of_the_run, metric)) return found->read(m);
  auto const p = parts_of(metric);
  if (!p.line.empty()) {
    auto const line = std::ranges::find(m.lines, p.line, &line_measures::name);
    return line == m.lines.end() ? std::nullopt : value_of_line(p, *line, m);
  }
  if (!is_statistic(p.statistic)) return std::nullopt;
  if (p.stage == "lag") return of(m.lag, p.statistic);
  auto const s = stage_named(p.stage);
  return s ? of(m.latency[static_cast<std::size_t>(*s)], p.statistic) : std::nullopt;
}

second_metric second_metric_of(std::string_view metric) {
  auto const* const found = find<second_measures>(of_a_second, metric);
  return found == nullptr ? second_metric{} : second_metric{found->kind, found->rate};
}

std::optional<double> value_of(std::string_view metric, second_measures const& s) {
  auto const* const found = find<second_measures>(of_a_second, metric);
  return found == nullptr ? std::nullopt : found->read(s);
}

}  // namespace signalbox::load
