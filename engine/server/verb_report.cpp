#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "engine/core/setting_rows.hpp"
#include "engine/server/cli.hpp"
#include "engine/server/data_directory.hpp"
#include "simulators/load/compare.hpp"

namespace signalbox::server {

namespace {

constexpr std::size_t most_octets = 256 << 20;

struct report_options {
  std::string before, after, tolerance = "5%";
  std::vector<std::string> only;
  bool json = false;
};

int run(report_options const& options) {
  std::string_view share = options.tolerance;
  bool const percent = share.ends_with('%');
  if (percent) share.remove_suffix(1);
  auto const number = core::parse_decimal(share);
  if (!number) return complain("report", "--tolerance: wants a share such as 5% or 0.05", status_usage);
  auto const a = read_whole(options.before, most_octets);
  if (!a) return complain("report", options.before + ": " + describe(a.error()), status_usage);
  auto const b = read_whole(options.after, most_octets);
  if (!b) return complain("report", options.after + ": " + describe(b.error()), status_usage);
  auto const c = load::compare(*a, *b, percent ? *number / 100 : *number, options.only);
  if (!c) {
    if (c.error().field == "only") return complain("report", "--only: " + c.error().detail, status_usage);
    auto const& path = c.error().field == "A" ? options.before : options.after;
    return complain("report", path + ": " + c.error().detail, status_usage);
  }
  std::fputs((options.json ? load::json(*c) : load::text(*c)).c_str(), stdout);
  std::fflush(stdout);
  if (c->withheld) return status_withheld;
  return c->regression() ? status_threshold : status_passed;
}

}  // namespace

void add_report(CLI::App& program, int& status) {
  auto* const verb = program.add_subcommand("report", "Compare two load runs, written by load --json.");
  auto const options = std::make_shared<report_options>();
  verb->add_option("BEFORE", options->before, "the run that is the baseline")->required();
  verb->add_option("AFTER", options->after, "the run that is judged")->required();
  verb->add_option("--tolerance", options->tolerance, "how much worse is still no regression [5%]");
  verb->add_option("--only", options->only,
                   "these metrics alone, as the comparison names them: throughput,deliver.p99_us")
      ->delimiter(',');
  verb->add_flag("--json", options->json, "the comparison as JSON");
  verb->footer(
      "Throughput counts as worse when lower; latencies, errors, missing and duplicate messages and the engine's CPU\n"
      "per message when higher. Latencies within 0.2 ms of each other are equal.\n"
      "Exit status: 0 no regression; 2 usage, or a file that is no such report; 4 a regression beyond the tolerance;\n"
      "5 one of the runs has no verdict, because its generator was the limit.");
  verb->callback([=, &status] { status = run(*options); });
}

}  // namespace signalbox::server
