// The report as JSON, and as JUnit.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/text/markup.hpp"
#include "simulators/load/report.hpp"

namespace signalbox::load {

namespace {

using object = nlohmann::ordered_json;

object latency_of(histogram const& h) {
  object o{{"count", h.count()}, {"mean_us", h.mean_us()}, {"min_us", h.min().count()}};
  for (auto const& [name, percent] : {std::pair{"p50_us", 50.0},
                                      {"p90_us", 90.0},
                                      {"p95_us", 95.0},
                                      {"p99_us", 99.0},
                                      {"p99.9_us", 99.9},
                                      {"p99.99_us", 99.99},
                                      {"max_us", 100.0}})
    o[name] = h.percentile(percent).count();
  return o;
}

object latencies_of(std::array<histogram, stages> const& all) {
  object o = object::object();
  for (std::size_t n = 0; n < stages; ++n)
    if (!all[n].empty()) o[std::string(name_of(static_cast<stage>(n)))] = latency_of(all[n]);
  return o;
}

object usage_of(usage const& u) {
  if (!u.known) return nullptr;
  return {{"cpu_percent", u.cpu_percent}, {"memory_mib", u.memory_mib}};
}

object seconds_of(measures const& m) {
  object list = object::array();
  for (auto const& s : m.seconds) {
    object o{{"start_s", std::chrono::duration<double>(s.start).count()},
             {"length_s", std::chrono::duration<double>(s.length).count()},
             {"sent", s.sent},
             {"accepted", s.accepted},
             {"throttled", s.throttled},
             {"refused", s.refused},
             {"delivered", s.delivered},
             {"receipts", s.receipts},
             {"unanswered", s.unanswered},
             {"sessions_lost", s.sessions_lost},
             {"backlog", s.backlog}};
    for (std::size_t n = 0; n < stages; ++n)
      if (!s.latency[n].empty())
        o[std::string(name_of(static_cast<stage>(n)))] = {{"p50_us", s.p50[n].count()}, {"p99_us", s.p99[n].count()}};
    o["engine"] = usage_of(s.engine);
    o["generator"] = usage_of(s.generator);
    list.push_back(std::move(o));
  }
  return list;
}

}  // namespace

std::string json(report const& r) {
  auto const& m = r.got;
  auto const milliseconds = static_cast<std::uint64_t>(m.elapsed.count() / 1000);
  auto const submitted = m.sent - m.throttled;
  object all{{"format", "signalbox load 1"},
             {"title", r.what.title},
             {"file", r.what.path},
             {"seed", r.what.seed},
             {"target", r.target},
             {"began", to_text(r.began)},
             {"model", m.open ? "open" : "closed"},
             {"verdict", name_of(r.verdict.result)},
             {"notes", r.verdict.notes}};
  all["summary"] = {{"sessions", m.per_session.size()},
                    {"window_size", m.window},
                    {"sessions_failed", m.sessions_failed},
                    {"sessions_lost", m.sessions_lost},
                    {"rebinds", m.rebinds},
                    {"sent_again", m.sent_again},
                    {"time_ms", milliseconds},
                    {"target_submit", m.target > 0 ? m.target : submitted},
                    {"actual_submit", submitted},
                    {"throttled", m.throttled},
                    {"throughput", throughput(submitted, milliseconds)},
                    {"messages", m.messages},
                    {"accepted", m.accepted},
                    {"refused", m.refused},
                    {"unanswered", m.unanswered},
                    {"unsent", m.unsent},
                    {"delivered", m.delivered},
                    {"undelivered", m.undelivered},
                    {"duplicates", m.duplicates},
                    {"unexpected", m.unexpected},
                    {"receipts", m.receipts},
                    {"unreceipted", m.unreceipted}};
  object statuses = object::object(), states = object::object();
  for (auto const& [status, count] : m.statuses) statuses[status_name(status)] = count;
  for (auto const& [state, count] : m.receipt_states) states[state] = count;
  all["statuses"] = statuses;
  all["receipt_states"] = states;
  for (std::string_view const name : {"throughput", "delivered_per_s", "errors", "engine_cpu_us",
                                      "engine_memory_per_session", "engine_memory_growth"}) {
    auto const value = value_of(name, m);
    all["metrics"][std::string(name)] = value ? object(*value) : object(nullptr);
  }
  all["latency"] = latencies_of(m.latency);
  for (auto const& line : m.lines)
    all["lines"][line.name] = {{"messages", line.messages},     {"accepted", line.accepted},
                               {"refused", line.refused},       {"throttled", line.throttled},
                               {"unanswered", line.unanswered}, {"unsent", line.unsent},
                               {"delivered", line.delivered},   {"latency", latencies_of(line.latency)}};
  all["engine"] = usage_of(m.engine);
  all["generator"] = usage_of(m.generator);
  all["start_lag"] = m.open ? latency_of(m.lag) : object(nullptr);
  all["thresholds"] = object::array();
  for (auto const& j : r.verdict.thresholds)
    all["thresholds"].push_back(
        {{j.always ? "always" : "threshold", j.what.text},
         {"value", j.value ? object(*j.value) : object(nullptr)},
         {"at_s", j.at ? object(std::chrono::duration<double>(*j.at).count()) : object(nullptr)},
         {"held", j.held}});
  all["sessions"] = object::array();
  for (auto const& s : m.per_session) all["sessions"].push_back({{"actor", s.actor}, {"submitted", s.submitted}});
  all["seconds"] = seconds_of(m);
  return all.dump(1, ' ', false, object::error_handler_t::replace) + "\n";
}

std::string junit(report const& r) {
  std::size_t failures = 0;
  std::string cases;
  auto const one = [&](std::string_view name, bool good, std::string_view words) {
    cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", text::escape_markup(r.what.path),
                         text::escape_markup(name));
    if (good) {
      cases += "/>\n";
      return;
    }
    ++failures;
    cases += fmt::format(">\n      <failure message=\"{}\"/>\n    </testcase>\n", text::escape_markup(words));
  };
  for (auto const& j : r.verdict.thresholds)
    one((j.always ? "always " : "") + j.what.text, j.held,
        j.value ? "measured " + value_text(j.kind, *j.value) : "not measured");
  std::string why;
  for (auto const& note : r.verdict.notes) (why += why.empty() ? "" : "; ") += note;
  one("the generator was not the limit", r.verdict.result != verdict::withheld, why);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
      "  <testsuite name=\"signalbox load\" tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.3f}\">\n{}  </testsuite>\n"
      "</testsuites>\n",
      r.verdict.thresholds.size() + 1, failures, std::chrono::duration<double>(r.got.elapsed).count(), cases);
}

}  // namespace signalbox::load
