// One page that needs no network: tables, and charts as inline SVG.
#include <fmt/format.h>

#include <algorithm>

#include "simulators/load/markup.hpp"
#include "simulators/load/report.hpp"

namespace signalbox::load {

namespace {

constexpr double width = 860, height = 220, left = 70, bottom = 24, top = 10;

struct series {
  std::string name, colour;
  std::vector<double> values;  // one a second; below 0: none
};

// Lines over the seconds of the run; the axis begins at 0 and ends at the largest value.
std::string chart(std::string_view title, std::string_view unit, std::vector<series> const& all) {
  double most = 0;
  std::size_t seconds = 0;
  for (auto const& s : all) {
    for (auto const v : s.values) most = std::max(most, v);
    seconds = std::max(seconds, s.values.size());
  }
  if (most <= 0) return {};
  auto const x = [&](std::size_t n) {
    return left + (width - left - 10) * (seconds < 2 ? 0.5 : static_cast<double>(n) / static_cast<double>(seconds - 1));
  };
  auto const y = [&](double v) { return top + (height - top - bottom) * (1 - v / most); };
  auto out = fmt::format("<h2>{}</h2>\n<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                         escape_markup(title), width, height, escape_markup(title));
  for (int part = 0; part <= 4; ++part) {
    auto const value = most * part / 4;
    out += fmt::format(
        "<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" class=\"grid\"/><text x=\"{3}\" y=\"{4:.1f}\" "
        "class=\"y\">{5:.4g}</text>\n",
        left, width - 10, y(value), left - 6, y(value) + 4, value);
  }
  out += fmt::format("<text x=\"{}\" y=\"{}\">0 s</text><text x=\"{}\" y=\"{}\" class=\"y\">{} s</text>\n", left,
                     height - 6, width - 10, height - 6, seconds);
  for (auto const& s : all) {
    std::string points;
    for (std::size_t n = 0; n < s.values.size(); ++n)
      if (s.values[n] >= 0) points += fmt::format("{:.1f},{:.1f} ", x(n), y(s.values[n]));
    out += fmt::format("<polyline points=\"{}\" style=\"stroke:{}\"/>\n", points, s.colour);
  }
  out += "</svg>\n<p class=\"key\">";
  for (auto const& s : all)
    out += fmt::format("<span style=\"color:{}\">&#9632;</span> {} &nbsp; ", s.colour, escape_markup(s.name));
  return out + fmt::format("({})</p>\n", escape_markup(unit));
}

template <class Read>
series line(std::string name, std::string colour, measures const& m, Read const& read) {
  series s{std::move(name), std::move(colour), {}};
  for (auto const& second : m.seconds) s.values.push_back(read(second));
  return s;
}

// Percentiles over a logarithmic axis of "one in so many": how HdrHistogram's plots look.
std::string percentile_chart(measures const& m) {
  constexpr std::string_view colours[] = {"#06c", "#c60", "#080", "#c00"};
  constexpr double steps[] = {0, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999};
  constexpr auto last = std::size(steps) - 1;
  double most = 0;
  for (auto const& h : m.latency) most = std::max(most, static_cast<double>(h.percentile(99.999).count()) / 1000);
  if (most <= 0) return {};
  auto const x = [](std::size_t n) {
    return left + (width - left - 10) * static_cast<double>(n) / static_cast<double>(last);
  };
  auto const y = [&](double v) { return top + (height - top - bottom) * (1 - v / most); };
  auto out = fmt::format("<h2>Latency by percentile</h2>\n<svg viewBox=\"0 0 {} {}\" role=\"img\">\n", width, height);
  for (int part = 0; part <= 4; ++part)
    out += fmt::format(
        "<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" class=\"grid\"/><text x=\"{3}\" y=\"{4:.1f}\" "
        "class=\"y\">{5:.4g}</text>\n",
        left, width - 10, y(most * part / 4), left - 6, y(most * part / 4) + 4, most * part / 4);
  for (std::size_t n = 1; n <= last; ++n)
    out += fmt::format("<text x=\"{:.1f}\" y=\"{}\" class=\"m\">{:g}</text>\n", x(n), height - 6, steps[n]);
  for (std::size_t s = 0; s < stages; ++s) {
    if (m.latency[s].empty()) continue;
    std::string points;
    for (std::size_t n = 0; n <= last; ++n)
      points +=
          fmt::format("{:.1f},{:.1f} ", x(n), y(static_cast<double>(m.latency[s].percentile(steps[n]).count()) / 1000));
    out += fmt::format("<polyline points=\"{}\" style=\"stroke:{}\"/>\n", points, colours[s]);
  }
  out += "</svg>\n<p class=\"key\">";
  for (std::size_t s = 0; s < stages; ++s)
    if (!m.latency[s].empty())
      out +=
          fmt::format("<span style=\"color:{}\">&#9632;</span> {} &nbsp; ", colours[s], name_of(static_cast<stage>(s)));
  return out + "(ms)</p>\n";
}

}  // namespace

std::string html(report const& r) {
  auto const& m = r.got;
  auto const rate = [](std::uint64_t second_measures::* member) {
    return [member](second_measures const& s) { return per_second(s.*member, s.length); };
  };
  auto const latency = [](stage of, std::array<duration, stages> second_measures::* member) {
    auto const n = static_cast<std::size_t>(of);
    return [n, member](second_measures const& s) {
      return s.latency[n].empty() ? -1.0 : static_cast<double>((s.*member)[n].count()) / 1000;
    };
  };
  auto const backlog = [](second_measures const& s) { return static_cast<double>(s.backlog); };
  auto const used = [](usage second_measures::* who, double usage::* what) {
    return [who, what](second_measures const& s) { return (s.*who).known ? (s.*who).*what : -1.0; };
  };
  std::string body = fmt::format("<h1>{}</h1>\n<p class=\"{}\">verdict: {}</p>\n", escape_markup(r.what.title),
                                 name_of(r.verdict.result), name_of(r.verdict.result));
  body += fmt::format("<pre>{}</pre>\n", escape_markup(text(r)));
  body += chart("Throughput over time", "per second",
                {line("accepted", "#06c", m, rate(&second_measures::accepted)),
                 line("delivered", "#c60", m, rate(&second_measures::delivered)),
                 line("receipts", "#080", m, rate(&second_measures::receipts)),
                 line("throttled", "#c00", m, rate(&second_measures::throttled))});
  body += percentile_chart(m);
  body += chart("Latency over time", "ms",
                {line("submit_resp p50", "#6af", m, latency(stage::submit_resp, &second_measures::p50)),
                 line("submit_resp p99", "#06c", m, latency(stage::submit_resp, &second_measures::p99)),
                 line("deliver p50", "#fa6", m, latency(stage::deliver, &second_measures::p50)),
                 line("deliver p99", "#c60", m, latency(stage::deliver, &second_measures::p99)),
                 line("receipt p99", "#080", m, latency(stage::receipt, &second_measures::p99)),
                 line("refusal p99", "#c00", m, latency(stage::refusal, &second_measures::p99))});
  body += chart("Backlog", "messages accepted and not delivered", {line("backlog", "#06c", m, backlog)});
  body += chart("CPU", "percent of one core",
                {line("engine", "#06c", m, used(&second_measures::engine, &usage::cpu_percent)),
                 line("generator", "#888", m, used(&second_measures::generator, &usage::cpu_percent))});
  body += chart("Memory", "MiB resident",
                {line("engine", "#06c", m, used(&second_measures::engine, &usage::memory_mib)),
                 line("generator", "#888", m, used(&second_measures::generator, &usage::memory_mib))});
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{}</title>\n<style>\n"
      "body{{font:15px system-ui,sans-serif;max-width:900px;margin:2em auto;padding:0 1em;color:#222}}\n"
      "h2{{font-size:1.05em;margin:1.5em 0 .2em}} pre{{background:#f5f5f5;padding:1em;overflow-x:auto;font-size:12px}}\n"
      "svg{{width:100%}} svg text{{font-size:11px;fill:#555}} .y{{text-anchor:end}} .m{{text-anchor:middle}}\n"
      ".grid{{stroke:#ddd}} polyline{{fill:none;stroke-width:1.6}} .key{{margin:0;font-size:13px}}\n"
      ".passed{{color:#070}} .breached{{color:#b00}} .withheld{{color:#a60}}\n</style>\n{}</html>\n",
      escape_markup(r.what.title), body);
}

}  // namespace signalbox::load
