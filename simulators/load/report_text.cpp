#include <fmt/format.h>

#include "engine/smpp/types.hpp"
#include "simulators/load/hdr_log.hpp"
#include "simulators/load/report.hpp"

namespace signalbox::load {

std::string status_name(std::uint32_t status) {
  auto const name = find_name(smpp::statuses, status);
  return name.empty() ? fmt::format("0x{:08x}", status) : std::string(name);
}

namespace {

void row(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("{:<26}: {}\n", name, value);
}

void latency_row(std::string& out, std::string_view name, histogram const& h) {
  if (h.empty()) return;
  out += fmt::format("  {:<24}{:>10}", name, h.count());
  for (double const percent : {50.0, 90.0, 99.0, 99.9, 99.99, 100.0})
    out += fmt::format("{:>11}", time_text(static_cast<double>(h.percentile(percent).count())));
  out += '\n';
}

void usage_row(std::string& out, std::string_view name, usage const& u, double cpu_s, std::uint64_t messages) {
  if (!u.known) return;
  row(out, name,
      fmt::format("{:.0f} % of a core, {:.1f} MiB, {:.2f} us of CPU a message", u.cpu_percent, u.memory_mib,
                  messages == 0 ? 0 : cpu_s * 1e6 / static_cast<double>(messages)));
}

}  // namespace

std::string text(report const& r) {
  auto const& m = r.got;
  std::string out = r.what.title + "\n";
  auto const milliseconds = static_cast<std::uint64_t>(m.elapsed.count() / 1000);
  auto const submitted = m.sent - m.throttled;
  row(out, "Sessions", std::to_string(m.per_session.size()));
  row(out, "Window Size", std::to_string(m.window));
  row(out, "Sessions Failed", std::to_string(m.sessions_failed + m.sessions_lost));
  row(out, "Time (ms)", std::to_string(milliseconds));
  row(out, "Target Submit", std::to_string(m.target > 0 ? m.target : submitted));
  row(out, "Actual Submit", std::to_string(submitted));
  row(out, "Throttled Message count", std::to_string(m.throttled));
  row(out, "Throughput", throughput(submitted, milliseconds) + " per sec");
  constexpr std::size_t most_sessions = 20;
  for (std::size_t n = 0; n < m.per_session.size() && n < most_sessions; ++n)
    row(out, fmt::format("Session {} submit_sm", n + 1),
        fmt::format("{} ({})", m.per_session[n].submitted, m.per_session[n].actor));
  if (m.per_session.size() > most_sessions) {
    std::uint64_t rest = 0;
    for (auto n = most_sessions; n < m.per_session.size(); ++n) rest += m.per_session[n].submitted;
    row(out, fmt::format("Sessions {}..{} submit_sm", most_sessions + 1, m.per_session.size()), std::to_string(rest));
  }

  out += '\n';
  row(out, "Target", r.target);
  for (auto const& s : r.what.streams) {
    auto const which =
        r.what.streams.size() > 1 ? r.what.lines[s.lines.front()].name + (s.mixed ? " ...: " : ": ") : "";
    row(out, "Load of " + r.what.actors[s.actor].name, which + to_text(s.when));
  }
  row(out, "Latency counts from", m.open ? "the intended send time (open model)" : "the sending (closed model)");
  row(out, "Accepted",
      fmt::format("{}, refused {}, unanswered {}, unsent {}", m.accepted, m.refused, m.unanswered, m.unsent));
  if (m.sessions_lost > 0 || m.sent_again > 0)
    row(out, "Sessions lost",
        fmt::format("{}, bound again {}; sent again without an answer {}", m.sessions_lost, m.rebinds, m.sent_again));
  for (auto const& [status, count] : m.statuses) row(out, "  " + status_name(status), std::to_string(count));
  if (m.delivered + m.undelivered > 0)
    row(out, "Delivered",
        fmt::format("{} ({:.1f} per sec), missing {}, duplicates {}, unexpected {}", m.delivered,
                    per_second(m.delivered, m.delivering), m.undelivered, m.duplicates, m.unexpected));
  if (m.receipts + m.unreceipted > 0) {
    std::string states;
    for (auto const& [state, count] : m.receipt_states) states += fmt::format(", {} {}", state, count);
    row(out, "Receipts", fmt::format("{}, missing {}{}", m.receipts, m.unreceipted, states));
  }

  out += fmt::format("\n  {:<24}{:>10}{:>11}{:>11}{:>11}{:>11}{:>11}{:>11}\n", "latency", "count", "p50", "p90", "p99",
                     "p99.9", "p99.99", "max");
  for (std::size_t n = 0; n < stages; ++n) latency_row(out, name_of(static_cast<stage>(n)), m.latency[n]);
  if (m.lines.size() > 1)
    for (auto const& line : m.lines)
      for (std::size_t n = 0; n < stages; ++n)
        latency_row(out, "  " + line.name + " " + std::string(name_of(static_cast<stage>(n))), line.latency[n]);
  latency_row(out, "generator start lag", m.lag);
  out += '\n';
  if (m.engine_before.known)
    row(out, "Engine memory",
        fmt::format("{:.1f} MiB before the first connection, {:.1f} MiB at the last answer", m.engine_before.memory_mib,
                    m.engine.memory_mib));
  usage_row(out, "Engine", m.engine, m.engine_cpu_s, m.accepted);
  usage_row(out, "Generator", m.generator, m.generator_cpu_s, m.accepted);

  for (auto const& j : r.verdict.thresholds) {
    out += (j.held ? "held      " : "BREACHED  ") + sentence(j) + "\n";
  }
  for (auto const& note : r.verdict.notes) out += "note: " + note + "\n";
  out += fmt::format("verdict: {}\n", name_of(r.verdict.result));
  return out;
}

std::string progress(plan const& p, measures const& m) {
  if (m.seconds.empty()) return "0s";
  auto const& last = m.seconds.back();
  auto const at = std::chrono::duration_cast<std::chrono::seconds>(last.start + last.length).count();
  auto const n = static_cast<std::size_t>(stage::submit_resp);
  auto line = fmt::format("{:>4}s  {} accepted ({:.0f}/s)", at, m.accepted, per_second(last.accepted, last.length));
  if (m.delivered > 0)
    line += fmt::format(", {} delivered ({:.0f}/s)", m.delivered, per_second(last.delivered, last.length));
  if (m.throttled > 0) line += fmt::format(", {} throttled", m.throttled);
  if (m.refused + m.unanswered > 0) line += fmt::format(", {} failed", m.refused + m.unanswered);
  if (!last.latency[n].empty())
    line += fmt::format(", submit_resp p50 {} p99 {}", time_text(static_cast<double>(last.p50[n].count())),
                        time_text(static_cast<double>(last.p99[n].count())));
  // By time where every stream has one, else by the messages of the last seconds.
  bool timed = true;
  duration longest{};
  for (auto const& s : p.streams) {
    timed = timed && s.when.lasts.has_value();
    longest = std::max(longest, s.when.lasts.value_or(0us));
  }
  double left = 0;
  if (timed)
    left = std::chrono::duration<double>(longest).count() - static_cast<double>(at);
  else if (last.accepted > 0 && m.target > m.accepted)
    left = static_cast<double>(m.target - m.accepted) / per_second(last.accepted, last.length);
  if (left >= 1) line += fmt::format(", about {:.0f}s left", left);
  return line;
}

std::string hlog(report const& r) {
  std::vector<hdr_interval> all;
  for (auto const& second : r.got.seconds)
    for (std::size_t n = 0; n < stages; ++n)
      if (!second.latency[n].empty())
        all.push_back({std::string(name_of(static_cast<stage>(n))), second.start, second.length, second.latency[n]});
  return hdr_log(r.began, all);
}

}  // namespace signalbox::load
