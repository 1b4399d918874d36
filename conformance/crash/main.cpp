// The program behind ci/kill: its options, a directory to work in, and the report.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "conformance/crash/kill_loop.hpp"
#include "engine/server/cli.hpp"
#include "engine/server/clock.hpp"

namespace {

using namespace signalbox;

constexpr std::size_t told = 20;  // of the broken rules

void print(crash::kill_report const& r, std::string_view store, double seconds) {
  auto const& s = r.seen;
  fmt::print("kill: store {}: {} kills, {} of them while it started, {} rounds, {:.0f} s\n", store, r.kills,
             r.while_starting, r.rounds, seconds);
  fmt::print("kill: {} submissions, {} acknowledged, {} refused; {} deliveries and {} receipts, {} of them not done\n",
             s.submissions, s.acknowledged, s.refused, s.deliveries, s.receipts, s.not_done);
  for (std::size_t i = 0; i < std::min(told, r.broken.size()); ++i) fmt::print("kill: broken: {}\n", r.broken[i]);
  if (r.broken.size() > told) fmt::print("kill: and {} more\n", r.broken.size() - told);
}

}  // namespace

int main(int argc, char** argv) {
  crash::kill_options options;
  std::string store = "log", within;
  CLI::App program("Kills an engine under load again and again and looks whether anything acknowledged was lost.");
  program.add_option("--program", options.program, "the engine's program")->required()->check(CLI::ExistingFile);
  program.add_option("--kills", options.kills, "how many")->check(CLI::Range(1, 1'000'000))->capture_default_str();
  program.add_option("--seed", options.seed, "decides when to kill")->capture_default_str();
  program.add_option("--store", store, "log or sqlite")->check(CLI::IsMember({"log", "sqlite"}))->capture_default_str();
  program.add_option("--rate", options.rate_per_s, "submissions a second")
      ->check(CLI::Range(1.0, 1e6))
      ->capture_default_str();
  program.add_option("--within", within, "where to make the data directory; a temporary one else")
      ->check(CLI::ExistingDirectory);
  try {
    program.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return program.exit(error) == 0 ? server::status_passed : server::status_usage;
  }
  options.store = store == "log" ? server::store_kind::log : server::store_kind::sqlite;
  auto pattern = (within.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(within)) /
                 "signalbox-kill-XXXXXX";
  auto directory = pattern.string();
  if (mkdtemp(directory.data()) == nullptr)
    return server::complain("kill", "no directory to work in", server::status_environment);
  options.directory = directory;

  auto const began = server::now().at;
  auto const report = crash::run_kill_loop(options);
  if (!report) return server::complain("kill", describe(report.error()), server::status_environment);
  print(*report, store, std::chrono::duration<double>(server::now().at - began).count());
  if (report->broken.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  } else {
    fmt::print("kill: data and the engine's log are kept in {}; again: ci/kill --seed {} --kills {} --store {}\n",
               directory, options.seed, options.kills, store);
  }
  fmt::print("{} passed, {} failed\n", report->broken.empty() ? report->kills : 0, report->broken.size());
  return report->broken.empty() ? server::status_passed : server::status_check_failed;
}
