#include "engine/server/cli.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>

namespace signalbox::server {

int run_program(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is an error of one write
  int status = status_passed;
  CLI::App program{"Signalbox: a reference engine for a communications platform, with everything to prove and load it.",
                   "signalbox"};
  program.set_version_flag("--version", "signalbox " + std::string(program_version));
  program.require_subcommand(1);
  program.footer(std::string(exit_status_help) + "\n`signalbox VERB --help` tells more.");
  add_serve(program, status);
  add_replay(program, status);
  add_simulate(program, status);
  add_decode(program, status);
  add_text(program, status);
  try {
    program.parse(count, arguments);
  } catch (CLI::ParseError const& e) {
    return program.exit(e) == 0 ? status_passed : status_usage;
  }
  return status;
}

int complain(std::string_view verb, std::string_view words, int status) {
  std::fprintf(stderr, "signalbox %.*s: %.*s\n", static_cast<int>(verb.size()), verb.data(),
               static_cast<int>(words.size()), words.data());
  return status;
}

bool for_each_line(std::string const& file, std::function<void(std::string_view line)> const& visit) {
  std::ifstream opened;
  bool const standard = file.empty() || file == "-";
  if (!standard) opened.open(file, std::ios::binary);
  std::istream& in = standard ? std::cin : opened;
  if (!in) return false;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    visit(line);
  }
  return in.eof();
}

}  // namespace signalbox::server
