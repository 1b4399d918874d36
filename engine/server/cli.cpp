#include "engine/server/cli.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include "engine/core/setting_rows.hpp"

namespace signalbox::server {

namespace {

// CLI11 only says that a verb is missing. Empty: every verb that stands there is known.
std::string unknown_verb(CLI::App const& program, int count, char** arguments) {
  auto const* app = &program;
  for (int n = 1; n < count && app->get_require_subcommand_min() > 0; ++n) {
    std::string const word = arguments[n];
    if (word.starts_with('-')) break;  // --help, or something for the parser to complain about
    CLI::App const* next = nullptr;
    std::string known;
    for (auto const* verb : app->get_subcommands({})) {
      if (verb->check_name(word)) next = verb;
      (known += known.empty() ? "" : ", ") += verb->get_name();
    }
    if (next == nullptr) {
      auto const where = app == &program ? program.get_name() : program.get_name() + " " + app->get_name();
      return where + ": unknown verb \"" + word + "\"; known: " + known;
    }
    app = next;
  }
  return {};
}

}  // namespace

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
  add_load(program, status);
  add_report(program, status);
  if (auto const wrong = unknown_verb(program, count, arguments); !wrong.empty()) {
    std::fprintf(stderr, "%s\n", wrong.c_str());
    return status_usage;
  }
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

bool say(std::string_view verb, std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return true;
  complain(verb, std::string("cannot write to the standard output: ") + std::strerror(errno), status_environment);
  return false;
}

void add_seed(CLI::App& verb, std::optional<std::uint64_t>& seed, std::string const& help) {
  auto const read = [&seed](std::string const& text) {
    auto const number = core::parse_number<std::uint64_t>(text);
    if (!number) throw CLI::ValidationError("--seed", number.error().detail + ", not \"" + text + "\"");
    seed = *number;
  };
  verb.add_option_function<std::string>("--seed", read, help)->type_name("NUMBER");
}

void add_duration(CLI::App& verb, std::string const& flag, std::string const& example, std::string const& help,
                  std::function<void(duration)> const& set, duration least) {
  auto const read = [=](std::string const& text) {
    auto const span = core::parse_duration(text);
    if (!span || *span < least)
      throw CLI::ValidationError(flag, "\"" + text + "\" is no time span, such as " + example);
    set(*span);
  };
  verb.add_option_function<std::string>(flag, read, help)->type_name("TIME");
}

int answer_lines(std::string_view verb, std::string const& file, std::string_view fault_name,
                 std::function<std::string(std::string_view line)> const& answer) {
  std::ios::sync_with_stdio(false);  // only std::cin is used here, and read in chunks then
  std::ifstream opened;
  bool const standard = file.empty() || file == "-";
  if (!standard) opened.open(file, std::ios::binary);
  std::istream& in = standard ? std::cin : opened;
  if (!in) return complain(verb, "cannot read " + file, status_usage);
  auto const fault_start = "{\"" + std::string(fault_name) + "\":";
  bool faulty = false;
  bool written = true;
  auto const give = [&](std::string const& object) {
    if (object.empty()) return;
    faulty = faulty || object.starts_with(fault_start);
    written = written && say(verb, object + "\n");
  };
  std::string line;
  bool too_long = false;
  auto const end_of_line = [&] {
    if (line.ends_with('\r')) line.pop_back();
    give(too_long ? fault_start + "{\"code\":\"too long\",\"offset\":" + std::to_string(longest_line) +
                        ",\"field\":\"line\",\"detail\":\"a line has at most 1 MiB\"}}"
                  : answer(line));
    line.clear();
    too_long = false;
  };
  std::array<char, 65536> chunk;
  for (std::streamsize n = 0; written && ((n = in.readsome(chunk.data(), chunk.size())) > 0 || in.get(chunk[0]));
       n = 0) {
    for (char const c : std::string_view(chunk.data(), n > 0 ? static_cast<std::size_t>(n) : 1)) {
      if (c == '\n')
        end_of_line();
      else if (line.size() < longest_line)
        line += c;
      else
        too_long = true;
    }
  }
  if (!line.empty()) end_of_line();
  if (!written) return status_environment;
  if (!in.eof()) return complain(verb, "cannot read " + file, status_usage);
  return faulty ? status_check_failed : status_passed;
}

}  // namespace signalbox::server
