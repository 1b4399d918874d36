#include <CLI/CLI.hpp>
#include <memory>

#include "engine/server/cli.hpp"
#include "engine/server/load.hpp"

namespace signalbox::server {

void add_load(CLI::App& program, int& status) {
  auto* const verb = program.add_subcommand("load", "Run a load scenario: traffic at a rate, latencies, thresholds.");
  auto const options = std::make_shared<load_options>();
  verb->add_option("FILE", options->file, "load scenario (scenarios/load/*.load)")->required();
  verb->add_option("--target", options->target,
                   "HOST:PORT of the system under load; without one an engine is started in a process of its own");
  verb->add_option_function<std::vector<std::string>>(
          "--set",
          [options](std::vector<std::string> const& all) {
            for (auto const& one : all) {
              auto const equals = one.find('=');
              if (equals == one.npos) throw CLI::ValidationError("--set", one + ": write it as NAME=VALUE");
              options->variables[one.substr(0, equals)] = one.substr(equals + 1);
            }
          },
          "NAME=VALUE: a variable that the file sets, may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--scale", options->scale, "counts and durations times this, such as 0.01; rates stay [1]")
      ->check(CLI::Range(1e-6, 1e6));
  add_duration(
      *verb, "--duration", "30s",
      "the file's durations, starts and warm-up longer or shorter by one factor, so that the whole lasts this",
      [options](duration span) { options->lasts = span; }, 1us);
  verb->add_flag("--tls", options->tls, "speak TLS; the certificate is not checked");
  verb->add_option("--seed", options->seed, "in place of the file's own");
  add_duration(*verb, "--lag-limit", "5ms",
               "p99 of the generator's start lag beyond which the verdict is withheld, in place of the file's [5ms]",
               [options](duration span) { options->lag_limit = span; });
  verb->add_option("--junit", options->junit, "write a JUnit report: a test case for each threshold");
  verb->add_option("--html", options->html, "write a report for people: one file, no network");
  verb->add_option("--hlog", options->hlog, "write the latencies as an HdrHistogram log, an interval a second");
  verb->add_flag("--json", options->json, "the report as JSON, which signalbox report compares");
  verb->add_flag("--quiet", options->quiet, "no progress on the standard error");
  verb->footer(
      "Latency counts from the intended send time where the traffic has a rate (open model), and from the sending\n"
      "where it goes as fast as the window allows (closed model). The first SIGINT stops sending and reports; the\n"
      "second one waits for nothing.\n"
      "Exit status: 0 every threshold held; 2 usage, or a file that is no load scenario; 3 the target cannot be\n"
      "reached or refused a bind, or a report cannot be written; 4 a threshold is breached; 5 verdict withheld: the\n"
      "generator was the limit, or the run was stopped.");
  verb->callback([=, &status] { status = run_load(*options); });
}

}  // namespace signalbox::server
