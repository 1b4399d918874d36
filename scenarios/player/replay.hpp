// The verb `replay` without its process: paths in, printed words and files out, an exit status as the root README
// lists them. Clocks and sockets are the caller's, handed in.
#pragma once

#include "scenarios/player/player.hpp"

namespace signalbox::player {

struct replay_options {
  std::vector<std::string> paths;       // files, and folders with *.scn below them
  bool wire = false;                    // over real sockets, through environment::wire
  std::string wire_words = "--wire";    // how the command line asked for it, for the command that repeats a failure
  std::optional<std::uint64_t> seed{};  // in place of the files' own
  std::string junit{}, html{}, pcap{};  // files to write; empty: none
  bool json = false;                    // the answer as JSON instead of the table
  std::string trace{};                  // file for what went over the links, scenario by scenario; "-" prints it
  bool rewrite = false;                 // change failing expectations to what came, in the files (virtual runs only)
};

struct environment {
  std::function<duration()> stopwatch;             // wall time since some fixed moment
  stage_factory wire;                              // used when options.wire
  std::function<void(std::string_view)> print;     // to the reader
  std::function<void(std::string_view)> complain;  // about the command itself, without a line end
};

// 0 all passed (skipped ones do not count); 1 a check failed; 2 a file that is no scenario, a path that is not there;
// 3 the stage could not be had or nobody answers there, which ends the run, or a file could not be written.
int replay(replay_options const& options, environment const& around);

}  // namespace signalbox::player
