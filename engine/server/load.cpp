#include "engine/server/load.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "engine/server/child_engine.hpp"
#include "engine/server/cli.hpp"
#include "engine/server/clock.hpp"
#include "engine/server/data_directory.hpp"
#include "engine/server/host.hpp"
#include "engine/server/process_usage.hpp"
#include "scenarios/player/files.hpp"
#include "scenarios/player/parser.hpp"
#include "simulators/load/capture.hpp"
#include "simulators/load/generator.hpp"
#include "simulators/load/report.hpp"

namespace signalbox::server {

namespace {

using load::generator;

constexpr duration far = std::chrono::hours{24 * 365};

// The CPU and memory of one process, between looks.
class meter {
 public:
  explicit meter(int pid) : pid_(pid) {}

  void begin(instant at) {
    from_ = last_ = at;
    if (auto const u = usage_of(pid_)) first_ = seen_ = u->cpu;
  }
  load::usage since_last(instant at) {
    auto const used = read(seen_, at - last_);
    last_ = at;
    if (used.known) seen_ = now_;
    return used;
  }
  load::usage look() const {  // the memory alone
    auto const u = pid_ > 0 ? usage_of(pid_) : std::nullopt;
    return u ? load::usage{.cpu_percent = 0, .memory_mib = u->memory_mib, .known = true} : load::usage{};
  }
  load::usage since_begin(instant at) { return read(first_, at - from_); }
  double cpu_s() const { return std::chrono::duration<double>(now_ - first_).count(); }

 private:
  load::usage read(duration before, duration span) {
    auto const u = pid_ > 0 ? usage_of(pid_) : std::nullopt;
    if (!u || span <= 0us) return {};
    now_ = u->cpu;
    return {.cpu_percent = 100.0 * static_cast<double>((u->cpu - before).count()) / static_cast<double>(span.count()),
            .memory_mib = u->memory_mib,
            .known = true};
  }
  int pid_;
  instant from_{}, last_{};
  duration first_{}, seen_{}, now_{};
};

class load_run {
 public:
  load_run(load_options const& options, load::plan const& what, endpoint const& where, int engine_pid)
      : options_(options),
        chance_(what.seed),
        node_(what, where.address, where.port, chance_),
        engine_(engine_pid),
        own_(getpid()) {}

  // The measures, or why there are none.
  result<load::measures> run() {
    host_options how;
    if (node_.what().tls) how.connect_tls = make_tls_client();
    host runs(loop_, node_, nullptr, words_, std::move(how));
    loop_.on_signals({SIGTERM, SIGINT, SIGHUP},
                     [&](int) { runs.act([&](moment at, core::effects& out) { node_.stop(at, out); }); });
    auto const before = engine_.look();
    runs.act([&](moment at, core::effects& out) { node_.start(at, out); });
    auto const reached = [&](generator::phase p) { return [this, p] { return node_.state() >= p; }; };
    loop_.run_until(now().at + far, reached(generator::phase::running));
    date_ = now().date;
    engine_.begin(node_.began());
    own_.begin(node_.began());
    loop_.after(1s, [&] { every_second(runs); });
    loop_.run_until(now().at + far, reached(generator::phase::settling));
    auto& m = node_.so_far();
    m.engine_before = before;
    m.engine = engine_.since_begin(now().at);
    m.generator = own_.since_begin(now().at);
    loop_.run_until(now().at + far, reached(generator::phase::parting));
    engine_.since_begin(now().at);
    own_.since_begin(now().at);
    m.engine_cpu_s = engine_.cpu_s();
    m.generator_cpu_s = own_.cpu_s();
    sample();
    loop_.run_until(now().at + far, [&] { return node_.over(); });
    if (shown_) std::fputs("\n", stderr);
    if (node_.state() == generator::phase::failed) return failed(errc::io, 0, {}, node_.why());
    return node_.result();
  }

  bool stopped() const { return node_.stopped(); }
  wall began() const { return date_; }

 private:
  void every_second(host& runs) {
    if (node_.state() >= generator::phase::parting) return;
    loop_.after(1s, [this, &runs] { every_second(runs); });
    runs.act([&](moment at, core::effects& out) { node_.look(at, out); });
    sample();
    if (options_.quiet) return;
    auto const line = load::progress(node_.what(), node_.so_far());
    bool const terminal = isatty(STDERR_FILENO) == 1;
    std::fprintf(stderr, terminal ? "\r%s\x1b[K" : "%s\n", line.c_str());
    shown_ = terminal;
  }

  // What was used since the last look belongs to the seconds closed since then.
  void sample() {
    auto& seconds = node_.so_far().seconds;
    if (sampled_ == seconds.size()) return;
    auto const at = now().at;
    auto const engine = engine_.since_last(at), own = own_.since_last(at);
    for (; sampled_ < seconds.size(); ++sampled_) {
      seconds[sampled_].engine = engine;
      seconds[sampled_].generator = own;
    }
  }

  load_options const& options_;
  seeded_entropy chance_;
  loop loop_;
  log words_{core::severity::warning};
  generator node_;
  meter engine_, own_;
  wall date_{};
  std::size_t sampled_ = 0;
  bool shown_ = false;
};

int complain_about_load(std::string_view words, int status) { return complain("load", words, status); }

// One descriptor for each session, and some.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);  // too few show as sessions that cannot connect
}

bool write_report(std::string const& path, std::string const& text) {
  if (path.empty()) return true;
  auto const done = player::write_file(path, text);
  if (!done) complain_about_load(path + ": " + describe(done.error()), status_environment);
  return done.has_value();
}

}  // namespace

int run_load(load_options const& options) {
  auto const text = player::read_file(options.file);
  if (!text) return complain_about_load(options.file + ": " + text.error().detail, status_usage);
  auto const parsed = player::parse(options.file, *text, player::read_file, options.variables);
  if (!parsed) {
    std::fputs(player::to_text(parsed.error()).c_str(), stderr);
    return status_usage;
  }
  if (!parsed->load)
    return complain_about_load(options.file + " has steps and no traffic: it is for signalbox replay", status_usage);
  auto plan = parsed->load->plan;
  if (options.scale != 1) load::scale(plan, options.scale);
  if (options.lasts) load::stretch(plan, *options.lasts);
  plan.tls = plan.tls || options.tls;
  if (options.seed) plan.seed = *options.seed;
  if (options.lag_limit) plan.lag_limit = *options.lag_limit;

  for (std::size_t n = 0; n < plan.lines.size(); ++n) {
    auto const& path = plan.lines[n].pcap;
    if (path.empty()) continue;
    auto const file = read_whole(path, load::most_capture_octets);
    if (!file) return complain_about_load(path + ": " + describe(file.error()), status_usage);
    auto recorded = load::read_capture(view_of(*file));
    if (!recorded)
      return complain_about_load(
          fmt::format("{}: at octet {}: {}", path, recorded.error().offset, recorded.error().detail), status_usage);
    load::replay(plan, n, std::move(*recorded));
  }

  raise_descriptor_limit();
  auto const& target = options.target.empty() ? parsed->load->target : options.target;
  std::unique_ptr<child_engine> engine;
  endpoint where;
  if (target.empty()) {
    auto started = child_engine::start(parsed->engine, options.program, plan.tls);
    if (!started) return complain_about_load(describe(started.error()), status_environment);
    engine = std::move(*started);
    where = engine->where();
  } else {
    auto const peer = parse_peer(target);
    if (!peer) return complain_about_load("target " + target + ": " + peer.error().detail, status_usage);
    where = *peer;
  }

  load_run run(options, plan, where, engine ? engine->pid() : -1);
  auto got = run.run();
  if (!got) return complain_about_load(to_text(where) + ": " + got.error().detail, status_environment);
  load::report report{.what = plan,
                      .got = std::move(*got),
                      .verdict = {},
                      .began = run.began(),
                      .target = to_text(where) + (engine ? ", an engine started for this run" : "")};
  report.verdict = load::judge(plan, report.got, run.stopped());
  std::fputs((options.json ? load::json(report) : load::text(report)).c_str(), stdout);
  std::fflush(stdout);
  if (!write_report(options.junit, options.junit.empty() ? "" : load::junit(report)) ||
      !write_report(options.html, options.html.empty() ? "" : load::html(report)) ||
      !write_report(options.hlog, options.hlog.empty() ? "" : load::hlog(report)))
    return status_environment;
  switch (report.verdict.result) {
    case load::verdict::passed:   return status_passed;
    case load::verdict::breached: return status_threshold;
    case load::verdict::withheld: return status_withheld;
  }
  return status_passed;
}

}  // namespace signalbox::server
