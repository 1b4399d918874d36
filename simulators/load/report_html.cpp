// One page that needs no network: tables, and charts as inline SVG.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/core/setting_rows.hpp"
#include "engine/text/markup.hpp"
#include "simulators/load/report.hpp"

namespace signalbox::load {

namespace {

constexpr double width = 860, height = 220, left = 70, right = 24, bottom = 24, top = 10;

// Class names of the style sheet, which has a colour for light and for dark pages.
constexpr std::string_view blue = "a", pale_blue = "a2", orange = "b", pale_orange = "b2", green = "c", red = "d",
                           grey = "e";

struct series {
  std::string name;
  std::string_view colour;
  std::vector<double> values;  // below 0: none
  bool shown() const {         // what never came to anything needs no line and no name
    return std::ranges::any_of(values, [](double v) { return v > 0; });
  }
};

// From 0 to a round number in round steps, or decades: latencies of one run lie far apart.
class axis {
 public:
  axis(std::vector<series> const& all, bool logarithmic) : logarithmic_(logarithmic) {
    double most = 0, least = 0;
    for (auto const& s : all)
      for (auto const v : s.values) {
        most = std::max(most, v);
        if (v > 0) least = least == 0 ? v : std::min(least, v);
      }
    if (logarithmic_) {
      low_ = std::floor(std::log10(least));
      high_ = std::max(low_ + 1, std::ceil(std::log10(most)));
      for (auto decade = low_; decade <= high_; ++decade) ticks_.push_back(std::pow(10, decade));
      return;
    }
    auto const rough = most / 4, power = std::pow(10, std::floor(std::log10(rough)));
    auto step = 10 * power;
    for (auto const factor : {5.0, 2.5, 2.0, 1.0})
      if (factor * power >= rough) step = factor * power;
    for (double n = 0; n == 0 || ticks_.back() < most; ++n) ticks_.push_back(n * step);
    high_ = ticks_.back();
  }
  double y(double value) const {
    auto const at = logarithmic_ ? std::max(low_, std::log10(std::max(value, 1e-9))) : value;
    return top + (height - top - bottom) * (1 - (at - low_) / (high_ - low_));
  }
  std::vector<double> const& ticks() const { return ticks_; }

 private:
  bool logarithmic_;
  double low_ = 0, high_ = 1;
  std::vector<double> ticks_;
};

// Lines through points that are equally far from each other; `below` are the words under the axis.
std::string chart(std::string_view title, std::string_view unit, std::vector<series> all, bool logarithmic,
                  std::vector<std::pair<double, std::string>> const& below) {
  std::erase_if(all, [](series const& s) { return !s.shown(); });
  if (all.empty()) return {};
  std::size_t points = 0;
  for (auto const& s : all) points = std::max(points, s.values.size());
  axis const scale(all, logarithmic);
  auto const x = [](double share) { return left + (width - left - right) * share; };
  auto out = fmt::format("<h2>{}</h2>\n<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                         text::escape_markup(title), width, height, text::escape_markup(title));
  for (auto const value : scale.ticks())
    out += fmt::format(
        "<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" class=\"grid\"/><text x=\"{3}\" y=\"{4:.1f}\" "
        "class=\"y\">{5}</text>\n",
        left, width - right, scale.y(value), left - 6, scale.y(value) + 4, core::decimal_text(value));
  for (auto const& [share, words] : below)
    out += fmt::format("<text x=\"{:.1f}\" y=\"{}\" class=\"m\">{}</text>\n", x(share), height - 6, words);
  for (auto const& s : all) {
    std::string line;
    for (std::size_t n = 0; n < s.values.size(); ++n) {
      auto const share = points < 2 ? 0.5 : static_cast<double>(n) / static_cast<double>(points - 1);
      if (s.values[n] >= 0) line += fmt::format("{:.1f},{:.1f} ", x(share), scale.y(s.values[n]));
    }
    // A single point is no line; the round end makes it a dot.
    if (std::ranges::count(line, ' ') == 1) line += line;
    out += fmt::format("<polyline points=\"{}\" class=\"{}\"/>\n", line, s.colour);
  }
  out += "</svg>\n<p class=\"key\">";
  for (auto const& s : all)
    out += fmt::format("<span class=\"{}\">&#9632;</span> {} &nbsp; ", s.colour, text::escape_markup(s.name));
  return out + fmt::format("({})</p>\n", text::escape_markup(unit));
}

std::string over_time(std::string_view title, std::string_view unit, std::vector<series> all, measures const& m,
                      bool logarithmic = false) {
  auto const end = m.seconds.empty() ? 0us : m.seconds.back().start + m.seconds.back().length;
  auto const words = [&](double share) {
    return fmt::format("{:.3g} s", std::chrono::duration<double>(end).count() * share);
  };
  return chart(title, unit, std::move(all), logarithmic, {{0, words(0)}, {0.5, words(0.5)}, {1, words(1)}});
}

template <class Read>
series line(std::string name, std::string_view colour, measures const& m, Read const& read) {
  series s{std::move(name), colour, {}};
  for (auto const& second : m.seconds) s.values.push_back(read(second));
  return s;
}

// Percentiles over "one in so many": how HdrHistogram's plots look.
std::string percentile_chart(measures const& m) {
  constexpr std::string_view colours[] = {blue, orange, green, red};
  constexpr double steps[] = {0, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 99.999};
  std::vector<series> all;
  for (std::size_t s = 0; s < stages; ++s) {
    auto& one = all.emplace_back(std::string(name_of(static_cast<stage>(s))), colours[s], std::vector<double>());
    if (m.latency[s].empty()) continue;
    for (auto const step : steps)
      one.values.push_back(static_cast<double>(m.latency[s].percentile(step).count()) / 1000);
  }
  std::vector<std::pair<double, std::string>> below;
  for (std::size_t n = 0; n < std::size(steps); ++n)
    below.emplace_back(static_cast<double>(n) / static_cast<double>(std::size(steps) - 1),
                       fmt::format("{:g}", steps[n]));
  return chart("Latency by percentile", "ms, logarithmic", std::move(all), true, below);
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
  std::string body = fmt::format("<h1>{}</h1>\n<p class=\"{}\">verdict: {}</p>\n", text::escape_markup(r.what.title),
                                 name_of(r.verdict.result), name_of(r.verdict.result));
  body += fmt::format("<pre>{}</pre>\n", text::escape_markup(text(r)));
  body += over_time("Throughput over time", "per second",
                    {line("accepted", blue, m, rate(&second_measures::accepted)),
                     line("delivered", orange, m, rate(&second_measures::delivered)),
                     line("receipts", green, m, rate(&second_measures::receipts)),
                     line("throttled", red, m, rate(&second_measures::throttled)),
                     line("refused", grey, m, rate(&second_measures::refused))},
                    m);
  body += percentile_chart(m);
  body += over_time("Latency over time", "ms, logarithmic",
                    {line("submit_resp p50", pale_blue, m, latency(stage::submit_resp, &second_measures::p50)),
                     line("submit_resp p99", blue, m, latency(stage::submit_resp, &second_measures::p99)),
                     line("deliver p50", pale_orange, m, latency(stage::deliver, &second_measures::p50)),
                     line("deliver p99", orange, m, latency(stage::deliver, &second_measures::p99)),
                     line("receipt p99", green, m, latency(stage::receipt, &second_measures::p99)),
                     line("refusal p99", red, m, latency(stage::refusal, &second_measures::p99))},
                    m, true);
  body += over_time("Backlog", "messages accepted and not delivered", {line("backlog", blue, m, backlog)}, m);
  body += over_time("CPU", "percent of one core",
                    {line("engine", blue, m, used(&second_measures::engine, &usage::cpu_percent)),
                     line("generator", grey, m, used(&second_measures::generator, &usage::cpu_percent))},
                    m);
  body += over_time("Memory", "MiB resident",
                    {line("engine", blue, m, used(&second_measures::engine, &usage::memory_mib)),
                     line("generator", grey, m, used(&second_measures::generator, &usage::memory_mib))},
                    m);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\n<style>\n"
      ":root{{color-scheme:light dark;--ink:#222;--soft:#555;--paper:#fff;--box:#f5f5f5;--grid:#ddd;"
      "--a:#06c;--a2:#6af;--b:#c60;--b2:#fa6;--c:#080;--d:#c00;--e:#888}}\n"
      "@media(prefers-color-scheme:dark){{:root{{--ink:#ddd;--soft:#aaa;--paper:#161616;--box:#222;--grid:#3a3a3a;"
      "--a:#5ad;--a2:#357;--b:#e92;--b2:#853;--c:#5b5;--d:#f66;--e:#999}}}}\n"
      "body{{font:15px system-ui,sans-serif;max-width:900px;margin:2em auto;padding:0 1em;color:var(--ink);"
      "background:var(--paper)}}\n"
      "h1{{font-size:1.4em}} h2{{font-size:1.05em;margin:1.5em 0 .2em}}\n"
      "pre{{background:var(--box);padding:1em;overflow-x:auto;font-size:12px}}\n"
      "svg{{width:100%}} svg text{{font-size:11px;fill:var(--soft)}} .y{{text-anchor:end}} .m{{text-anchor:middle}}\n"
      ".grid{{stroke:var(--grid)}} polyline{{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round}} "
      ".key{{margin:0;font-size:13px}}\n"
      ".a{{color:var(--a)}} .a2{{color:var(--a2)}} .b{{color:var(--b)}} .b2{{color:var(--b2)}} .c,.passed{{color:var(--c)}} "
      ".d,.breached{{color:var(--d)}} .e{{color:var(--e)}} .withheld{{color:var(--b)}}\n</style>\n{}</html>\n",
      text::escape_markup(r.what.title), body);
}

}  // namespace signalbox::load
