// The verbs of the program: each registers its options and sets `status` when it has run. One file per verb.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "engine/base/time.hpp"

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
void add_load(CLI::App& program, int& status);
void add_report(CLI::App& program, int& status);

// The whole program: what main() returns.
int run_program(int count, char** arguments);

// "signalbox VERB: words" on the standard error; returns `status`.
int complain(std::string_view verb, std::string_view words, int status);

// On the standard output, at once. False: it was not taken; the words about it are on the standard error, and the verb
// ends with status_environment.
bool say(std::string_view verb, std::string_view text);

// --seed; CLI11's own reading of numbers takes -1 for a large one.
void add_seed(CLI::App& verb, std::optional<std::uint64_t>& seed, std::string const& help);

// An option whose value is a time span of at least `least`; `example` is quoted where it is none.
void add_duration(CLI::App& verb, std::string const& flag, std::string const& example, std::string const& help,
                  std::function<void(duration)> const& set, duration least = 0s);

// What `decode` and `text` share: every line of `file` ("" or "-": the standard input) is answered by one line, at
// once. `answer` gives an empty string for a line to be passed over, and an object that begins with {"NAME": for one with a
// fault, NAME being `fault_name`. Lines over 1 MiB are answered with such an object of ours and not kept. It ends at the
// first answer that cannot be written.
int answer_lines(std::string_view verb, std::string const& file, std::string_view fault_name,
                 std::function<std::string(std::string_view line)> const& answer);
inline constexpr std::size_t longest_line = 1 << 20;

}  // namespace signalbox::server
