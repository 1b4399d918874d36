#include "engine/server/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <utility>

#include "engine/server/cli.hpp"
#include "engine/server/clock.hpp"
#include "engine/server/host.hpp"
#include "engine/server/ready_file.hpp"
#include "engine/smpp/types.hpp"
#include "simulators/esme/esme.hpp"
#include "simulators/smsc/smsc.hpp"

namespace signalbox::server {

namespace {

constexpr duration parting = 2s;  // for unbind and its answer

// What both kinds have in common: a loop that ends by signal, by time, or when it is told to.
class run {
 public:
  explicit run(simulate_options const& options)
      : options_(options), seed_(options.seed.value_or(system_entropy{}.next())) {
    on.on_signals({SIGTERM, SIGINT}, [this](int) { end(); });
    if (options_.limit) on.after(*options_.limit, [this] { end(); });
  }

  std::unique_ptr<entropy> chance(std::uint64_t number) const {
    return std::make_unique<seeded_entropy>(seed_ + number * 0x9E3779B97F4A7C15u);
  }
  void end() { ended_ = true; }
  bool ended() const { return ended_; }

  // Until `done`, plus `stay`, or the end.
  void until(std::function<bool()> const& done) {
    if (!on.run_until(far(), [&] { return ended_ || done(); }) || ended_) return;
    on.run_until(now().at + options_.stay, [&] { return ended_; });
  }

  static instant far() { return now().at + std::chrono::hours{24 * 365}; }

  loop on;
  log words{core::severity::warning};

 private:
  simulate_options const& options_;
  std::uint64_t seed_;
  bool ended_ = false;
};

double seconds(duration d) { return std::chrono::duration<double>(d).count(); }
double per_second(std::uint64_t count, duration d) { return d > 0s ? static_cast<double>(count) / seconds(d) : 0; }

struct figure {
  std::string_view name;
  double value;
};

// One figure a line, or all as one JSON object.
void print_summary(std::string_view kind, std::vector<figure> const& figures,
                   std::map<std::uint32_t, std::uint64_t> const& errors, bool json) {
  auto const status_name = [](std::uint32_t status) {
    auto const name = find_name(smpp::statuses, status);
    return name.empty() ? fmt::format("0x{:08x}", status) : std::string(name);
  };
  std::string text = json ? fmt::format(R"({{"kind":"{}")", kind) : fmt::format("{}\n", kind);
  for (auto const& f : figures)
    text += json ? fmt::format(R"(,"{}":{:.10g})", f.name, f.value) : fmt::format("  {:<24}{:.10g}\n", f.name, f.value);
  if (json) {
    text += ",\"errors\":{";
    for (bool first = true; auto const& [status, count] : errors)
      text += fmt::format(R"({}"{}":{})", std::exchange(first, false) ? "" : ",", status_name(status), count);
    text += "}}\n";
  } else {
    for (auto const& [status, count] : errors) text += fmt::format("  {:<24}{}\n", status_name(status), count);
  }
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

struct client {
  std::unique_ptr<entropy> chance;
  std::unique_ptr<simulators::esme> node;
  std::unique_ptr<host> runs;
  simulators::esme::counters const& count() const { return node->count(); }
  bool bound_once() const { return count().binds > 0; }
  // It will not bind: the connection or the bind was refused, and it does not try again.
  bool given_up() const { return !node->connected() && count().closed > 0 && node->options().reconnect == 0s; }
};

simulators::esme::counters sum(std::vector<client> const& all) {
  simulators::esme::counters total;
  for (auto const& c : all) {
    auto const& one = c.count();
    total.connections += one.connections;
    total.binds += one.binds;
    total.closed += one.closed;
    total.submitted += one.submitted;
    total.accepted += one.accepted;
    total.throttled += one.throttled;
    total.refused += one.refused;
    total.unanswered += one.unanswered;
    for (auto const& [status, count] : one.errors) total.errors[status] += count;
    total.delivered += one.delivered;
    total.receipts += one.receipts;
    total.duplicates += one.duplicates;
    total.burst_time = std::max(total.burst_time, one.burst_time);
  }
  return total;
}

}  // namespace

int simulate_esmes(simulators::esme_options const& each, std::size_t sessions, simulate_options const& options) {
  ready_file ready(options.ready_file);
  if (auto const gone = ready.remove_stale(); !gone)
    return complain("simulate esme", gone.error().detail, status_environment);
  run life(options);
  std::vector<client> all;
  auto const count = each.send.count;
  for (std::size_t i = 0; i < sessions; ++i) {
    auto own = each;
    own.send.count = count / sessions + (i < count % sessions ? 1 : 0);
    own.send.rate_per_s /= static_cast<double>(sessions);
    client c;
    c.chance = life.chance(i);
    c.node = std::make_unique<simulators::esme>(std::move(own), *c.chance);
    host_options how;
    if (options.tls) how.connect_tls = make_tls_client();
    c.runs = std::make_unique<host>(life.on, *c.node, nullptr, life.words, std::move(how));
    all.push_back(std::move(c));
  }
  auto const began = now().at;
  for (auto& c : all)
    c.runs->act([&](moment at, core::effects& out) {
      c.node->connect_and_bind(options.where.address, options.where.port, at, out);
    });

  auto const any = [&](auto const& holds) { return std::any_of(all.begin(), all.end(), holds); };
  life.on.run_until(run::far(), [&] {
    return life.ended() || !any([](client const& c) { return !c.bound_once() && !c.given_up(); });
  });
  if (any([](client const& c) { return !c.bound_once(); }) && !life.ended()) {
    auto const refusals = sum(all).binds;
    return complain("simulate esme",
                    fmt::format("{} of {} sessions could not bind at {} as {}", sessions - refusals, sessions,
                                to_text(options.where), each.system_id),
                    status_environment);
  }
  if (auto const written = ready.write({}); !written)
    return complain("simulate esme", written.error().detail, status_environment);
  auto const finished = [](client const& c) { return c.node->done(); };
  auto const all_finished = [&] { return count > 0 && std::all_of(all.begin(), all.end(), finished); };
  auto const all_gone = [&] { return std::all_of(all.begin(), all.end(), [](auto const& c) { return c.given_up(); }); };
  life.until([&] { return all_finished() || all_gone(); });
  bool const complete = count == 0 || all_finished();
  auto const lasted = now().at - began;

  for (auto& c : all)
    if (c.node->bound()) c.runs->act([&](moment at, core::effects& out) { c.node->unbind(at, out); });
  life.on.run_until(now().at + parting, [&] { return !any([](client const& c) { return c.node->connected(); }); });

  auto const total = sum(all);
  auto const number = [](std::uint64_t n) { return static_cast<double>(n); };
  print_summary("esme",
                {{"sessions", number(sessions)},
                 {"binds", number(total.binds)},
                 {"submitted", number(total.submitted)},
                 {"accepted", number(total.accepted)},
                 {"throttled", number(total.throttled)},
                 {"refused", number(total.refused)},
                 {"unanswered", number(total.unanswered)},
                 {"delivered", number(total.delivered)},
                 {"receipts", number(total.receipts)},
                 {"duplicates", number(total.duplicates)},
                 {"seconds", seconds(lasted)},
                 {"burst_seconds", seconds(total.burst_time)},
                 {"accepted_per_s", per_second(total.accepted, total.burst_time)},
                 {"delivered_per_s", per_second(total.delivered, lasted)}},
                total.errors, options.json);
  return complete ? status_passed : status_check_failed;
}

int simulate_smsc(simulators::smsc_options const& one, simulate_options const& options) {
  ready_file ready(options.ready_file);
  if (auto const gone = ready.remove_stale(); !gone)
    return complain("simulate smsc", gone.error().detail, status_environment);
  run life(options);
  auto const chance = life.chance(0);
  simulators::smsc node(one, *chance);
  host runs(life.on, node, nullptr, life.words);
  auto const taken = runs.listen(core::service::smpp, options.where);
  if (!taken) return complain("simulate smsc", taken.error().detail, status_environment);
  if (auto const written = ready.write({{"smpp", *taken}}); !written)
    return complain("simulate smsc", written.error().detail, status_environment);
  if (!options.json) {
    fmt::print("smsc listens on {}\n", to_text(*taken));
    std::fflush(stdout);
  }
  auto const began = now().at;
  life.until([&] { return one.mobile.count > 0 && node.count().binds > 0 && node.done(); });
  bool const complete = one.mobile.count == 0 || node.done();
  auto const lasted = now().at - began;
  runs.stop_accepting();
  runs.act([&](moment at, core::effects& out) { node.unbind_all(at, out); });
  life.on.run_until(now().at + parting, [&] { return runs.connections() == 0; });

  auto const& c = node.count();
  auto const number = [](std::uint64_t n) { return static_cast<double>(n); };
  print_summary("smsc",
                {{"connections", number(c.connections)},
                 {"binds", number(c.binds)},
                 {"binds_refused", number(c.binds_refused)},
                 {"submitted", number(c.submitted)},
                 {"accepted", number(c.accepted)},
                 {"throttled", number(c.throttled)},
                 {"refused", number(c.refused)},
                 {"unanswered", number(c.unanswered)},
                 {"receipts", number(c.receipts)},
                 {"mobile", number(c.mobile)},
                 {"deliveries_accepted", number(c.deliveries_accepted)},
                 {"deliveries_refused", number(c.deliveries_refused)},
                 {"deliveries_unanswered", number(c.deliveries_unanswered)},
                 {"seconds", seconds(lasted)},
                 {"submitted_per_s", per_second(c.submitted, lasted)}},
                {}, options.json);
  return complete ? status_passed : status_check_failed;
}

}  // namespace signalbox::server
