// Log lines on a file descriptor: plain (`2026-02-05T12:00:00.000Z info text`) or one JSON object a line. One write
// call per line, so lines of several threads and processes do not mix. Control characters are escaped: what a peer
// sends cannot forge a line.
#pragma once

#include <fmt/format.h>

#include "engine/core/node.hpp"

namespace signalbox::server {

enum class log_format : std::uint8_t { plain, json };

class log {
 public:
  explicit log(core::severity least = core::severity::info, log_format format = log_format::plain, int descriptor = 2)
      : least_(least), format_(format), descriptor_(descriptor) {}

  void write(core::severity level, std::string_view text);

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
  core::severity least_;
  log_format format_;
  int descriptor_;
};

// The line without its end, as write() makes it.
std::string log_line(wall date, core::severity level, log_format format, std::string_view text);

}  // namespace signalbox::server
