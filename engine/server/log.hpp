// Log lines on a file descriptor: plain (`2026-02-05T12:00:00.000Z info text`) or one JSON object a line. One write
// call per line, so lines of several threads and processes do not mix. Control characters are escaped: what a peer
// sends cannot forge a line.
//
// The log never holds up the service, and nobody fills a disk through it:
// - A reader that does not read: lines that a pipe, a terminal or a socket cannot take now are dropped and counted;
//   the first one that can be written again follows "N lines dropped".
// - A flood: of each severity at most max_lines_per_s are written in a second (so errors are limited by errors alone);
//   the first line of any severity in a later second follows "N lines suppressed", told in the severity that was cut.
// What is left of both when the log ends is told then.
#pragma once

#include <fmt/format.h>
#include <limits.h>

#include <array>

#include "engine/core/node.hpp"

namespace signalbox::server {

enum class log_format : std::uint8_t { plain, json };

inline constexpr std::uint64_t max_lines_per_s = 200;
inline constexpr std::size_t max_line_octets = PIPE_BUF;  // longer texts are cut: a pipe with room takes it as a whole

class log {
 public:
  explicit log(core::severity least = core::severity::info, log_format format = log_format::plain, int descriptor = 2)
      : least_(least), format_(format), descriptor_(descriptor) {}
  ~log();
  log(log const&) = delete;
  log& operator=(log const&) = delete;

  void write(core::severity level, std::string_view text);
  void write(core::severity level, std::string_view text, moment at);

  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) {
    if (wants(core::severity::debug)) write(core::severity::debug, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) {
    if (wants(core::severity::info)) write(core::severity::info, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) {
    write(core::severity::warning, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) {
    write(core::severity::error, fmt::format(format, std::forward<Args>(args)...));
  }

  bool wants(core::severity level) const { return level >= least_; }
  void set(core::severity least, log_format format) {
    least_ = least;
    format_ = format;
  }

 private:
  struct second {  // what one severity wrote in its current second
    instant began{};
    std::uint64_t lines = 0, suppressed = 0;
  };

  bool admit(core::severity level, instant at);
  void tell_suppressed(moment at, bool all);
  bool put(core::severity level, std::string_view text, wall date);
  bool try_put(core::severity level, std::string_view text, wall date);

  core::severity least_;
  log_format format_;
  int descriptor_;
  std::array<second, 4> seconds_;  // by severity
  std::uint64_t dropped_ = 0;
};

// The line without its end, as write() makes it. A text that would make it longer than `limit` is cut and ends
// in "...".
std::string log_line(wall date, core::severity level, log_format format, std::string_view text,
                     std::size_t limit = max_line_octets - 1);

}  // namespace signalbox::server
