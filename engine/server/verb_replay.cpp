#include <CLI/CLI.hpp>
#include <memory>

#include "engine/server/cli.hpp"
#include "engine/server/clock.hpp"
#include "engine/server/wire_stage.hpp"
#include "scenarios/player/replay.hpp"

namespace signalbox::server {

namespace {

int run(player::replay_options options, std::string const& target) {
  player::environment around;
  around.stopwatch = [] { return now().at.time_since_epoch(); };
  bool written = true;
  around.print = [&](std::string_view text) { written = written && say("replay", text); };
  around.complain = [](std::string_view text) { complain("replay", text, status_usage); };
  around.wire = wire_stage::with_engine;
  if (!target.empty()) {
    auto const peer = parse_peer(target);
    if (!peer) return complain("replay", "--target: " + peer.error().detail, status_usage);
    options.wire = true;
    options.wire_words = "--target " + target;
    around.wire = [peer](core::settings const&) -> result<std::unique_ptr<simulators::stage>> {
      return wire_stage::towards(*peer);
    };
  }
  auto const status = player::replay(options, around);
  return written ? status : status_environment;
}

}  // namespace

void add_replay(CLI::App& program, int& status) {
  auto* const verb = program.add_subcommand("replay", "Play scenario files, in virtual time or over real sockets.");
  auto const options = std::make_shared<player::replay_options>();
  auto const target = std::make_shared<std::string>();
  verb->add_option("PATH", options->paths, "scenario files (.scn), or folders with some below them")->required();
  verb->add_flag("--wire", options->wire, "over real sockets and in real time, against an engine in this process");
  verb->add_option("--target", *target, "HOST:PORT: over real sockets against this system (implies --wire)");
  add_seed(*verb, options->seed, "in place of the files' own");
  verb->add_option("--junit", options->junit, "write a JUnit report");
  verb->add_option("--html", options->html, "write a report for people");
  verb->add_option("--pcap", options->pcap, "write the octets of all links as pcapng, from virtual runs too");
  verb->add_flag("--json", options->json, "the result as JSON");
  verb->add_option("--trace", options->trace, "write what went over the links, as text; - prints it");
  verb->add_flag("--rewrite", options->rewrite, "change failing expectations to what came, in the files");
  verb->footer(
      "Exit status: 0 all passed (skipped ones do not count); 1 a check failed; 2 a file that is no scenario, or a\n"
      "path that is not there; 3 the system under test cannot be had (nobody answers at\n"
      "--target), or a report or the standard output not be written.");
  verb->callback([=, &status] { status = run(*options, *target); });
}

}  // namespace signalbox::server
