#include "simulators/load/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace signalbox::load {

namespace {

using value = nlohmann::ordered_json;

result<value> parse_report(std::string_view text, std::string_view which) {
  auto v = value::parse(text, nullptr, false);
  if (v.is_discarded() || !v.is_object()) return failed(errc::bad_syntax, 0, which, "not JSON");
  if (v.value("format", value()) != "signalbox load 1")
    return failed(errc::missing, 0, which, "not a report of signalbox load --json");
  return v;
}

value at(value const& v, std::initializer_list<char const*> path) {
  auto const* here = &v;
  for (auto const* key : path) {
    if (!here->is_object() || !here->contains(key)) return nullptr;
    here = &(*here)[key];
  }
  return *here;
}

std::string word(value const& v, char const* key) {
  auto const w = at(v, {key});
  return w.is_string() ? w.get<std::string>() : std::string();
}

}  // namespace

bool compared::regression() const {
  return std::ranges::any_of(rows, [](comparison const& r) { return r.regression; });
}

result<compared> compare(std::string_view a_text, std::string_view b_text, double tolerance,
                         std::vector<std::string> const& only) {
  auto const a = parse_report(a_text, "A");
  if (!a) return std::unexpected(a.error());
  auto const b = parse_report(b_text, "B");
  if (!b) return std::unexpected(b.error());
  compared all{.before = word(*a, "title"), .after = word(*b, "title"), .rows = {}, .notes = {}};
  auto const row = [&](std::string name, std::initializer_list<char const*> path, bool higher, double floor) {
    auto const before = at(*a, path), after = at(*b, path);
    if (!before.is_number() || !after.is_number()) return;
    comparison c{.metric = std::move(name),
                 .before = before.get<double>(),
                 .after = after.get<double>(),
                 .higher_is_better = higher};
    auto const worse = higher ? c.before - c.after : c.after - c.before;
    auto const allowed = std::max(std::abs(c.before) * tolerance, floor);
    c.regression = worse > allowed;
    c.improvement = -worse > allowed;
    all.rows.push_back(std::move(c));
  };
  row("throughput", {"metrics", "throughput"}, true, 0);
  row("delivered_per_s", {"metrics", "delivered_per_s"}, true, 0);
  for (char const* stage : {"submit_resp", "deliver", "receipt", "refusal"})
    for (char const* statistic : {"p50_us", "p99_us", "p99.9_us"})
      row(fmt::format("{}.{}", stage, statistic), {"latency", stage, statistic}, false,
          static_cast<double>(noise.count()));
  row("engine_cpu_us", {"metrics", "engine_cpu_us"}, false, 0);
  row("errors", {"metrics", "errors"}, false, 0);
  for (char const* count : {"undelivered", "unreceipted", "duplicates"}) row(count, {"summary", count}, false, 0);
  if (!only.empty()) {
    for (auto const& name : only)
      if (std::ranges::find(all.rows, name, &comparison::metric) == all.rows.end())
        return failed(errc::bad_value, 0, "only", name + ": not a metric of both runs");
    std::erase_if(all.rows, [&](comparison const& r) { return std::ranges::find(only, r.metric) == only.end(); });
  }
  if (word(*a, "model") != word(*b, "model"))
    all.notes.push_back("one run is open, the other closed: latencies differ in meaning");
  if (all.before != all.after) all.notes.push_back("the runs have different titles");
  for (auto const& [which, v] : {std::pair{"A", &*a}, {"B", &*b}})
    if (word(*v, "verdict") == "withheld") {
      all.withheld = true;
      all.notes.push_back(fmt::format("the verdict of {} was withheld: its generator was the limit", which));
    }
  return all;
}

std::string text(compared const& c) {
  auto out =
      fmt::format("A  {}\nB  {}\n{:<22}{:>14}{:>14}{:>10}{:>10}\n", c.before, c.after, "", "A", "B", "B/A", "change");
  for (auto const& r : c.rows) {
    auto const change = r.before == 0 ? std::string(r.after == 0 ? "0" : "new")
                                      : fmt::format("{:+.1f} %", (r.after / r.before - 1) * 100);
    auto const ratio = r.before == 0 ? std::string() : fmt::format("{:.3f}", r.after / r.before);
    out += fmt::format("{:<22}{:>14.6g}{:>14.6g}{:>10}{:>10}{}\n", r.metric, r.before, r.after, ratio, change,
                       r.regression    ? "  REGRESSION"
                       : r.improvement ? "  better"
                                       : "");
  }
  for (auto const& note : c.notes) out += "note: " + note + "\n";
  return out;
}

std::string json(compared const& c) {
  value all{{"before", c.before},
            {"after", c.after},
            {"regression", c.regression()},
            {"withheld", c.withheld},
            {"notes", c.notes}};
  all["metrics"] = value::array();
  for (auto const& r : c.rows)
    all["metrics"].push_back({{"metric", r.metric},
                              {"before", r.before},
                              {"after", r.after},
                              {"regression", r.regression},
                              {"improvement", r.improvement}});
  return all.dump(1, ' ', false, value::error_handler_t::replace) + "\n";
}

}  // namespace signalbox::load
