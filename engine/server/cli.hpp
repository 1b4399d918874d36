// The verbs of the program: each registers its options and sets `status` when it has run. One file per verb.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/base/result.hpp"

namespace CLI {
class App;
}

namespace signalbox::server {

inline constexpr std::string_view program_version = "0.1.0";

// The same for every verb.
enum exit_status : int {
  status_passed = 0,
  status_check_failed = 1,
  status_usage = 2,
  status_environment = 3,
  status_threshold = 4,
  status_withheld = 5,
};
inline constexpr std::string_view exit_status_help =
    "Exit status: 0 all passed; 1 a check failed; 2 usage, configuration or scenario error;\n"
    "3 environment (port taken, peer unreachable, data directory in use); 4 threshold or baseline\n"
    "breached; 5 verdict withheld (the generator was the limit).";

void add_serve(CLI::App& program, int& status);
void add_replay(CLI::App& program, int& status);
void add_simulate(CLI::App& program, int& status);
void add_decode(CLI::App& program, int& status);
void add_text(CLI::App& program, int& status);

// The whole program: what main() returns.
int run_program(int count, char** arguments);

// "signalbox VERB: words" on the standard error; returns `status`.
int complain(std::string_view verb, std::string_view words, int status);

// Every line of `file` ("" or "-": the standard input), without its end. False: it could not be read.
bool for_each_line(std::string const& file, std::function<void(std::string_view line)> const& visit);

}  // namespace signalbox::server
