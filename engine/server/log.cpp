#include "engine/server/log.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "engine/base/print.hpp"
#include "engine/server/clock.hpp"

namespace signalbox::server {

namespace {

std::string whole_line(wall date, core::severity level, log_format format, std::string_view text) {
  if (format == log_format::json)
    return fmt::format(R"({{"time":"{}","level":"{}","text":{}}})", to_text(date), core::name_of(level),
                       json_quote(text));
  auto line = fmt::format("{} {} ", to_text(date), core::name_of(level));
  for (char const c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
      line += c;
    else
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return line;
}

// Asked before every write. O_NONBLOCK would do without, but it belongs to the description, which a terminal or a pipe
// shares with other processes. A terminal that has room for a part of a line only may still hold up that one write.
bool takes_a_line(int descriptor) {
  pollfd one{descriptor, POLLOUT, 0};
  int ready = 0;
  do ready = poll(&one, 1, 0);
  while (ready < 0 && errno == EINTR);
  return ready == 1 && (one.revents & POLLOUT) != 0;
}

}  // namespace

log::~log() {
  auto const at = now();
  tell_suppressed(at, true);
  if (dropped_ > 0) try_put(core::severity::warning, fmt::format("{} lines dropped", dropped_), at.date);
}

void log::write(core::severity level, std::string_view text) { write(level, text, now()); }

void log::write(core::severity level, std::string_view text, moment at) {
  if (!wants(level)) return;
  tell_suppressed(at, false);
  if (admit(level, at.at)) put(level, text, at.date);
}

bool log::admit(core::severity level, instant at) {
  auto& s = seconds_[static_cast<std::size_t>(level)];
  if (s.lines == 0 || at - s.began >= 1s) s = {at, 0, s.suppressed};
  if (s.lines == max_lines_per_s) return ++s.suppressed, false;
  ++s.lines;
  return true;
}

void log::tell_suppressed(moment at, bool all) {
  for (std::size_t n = 0; n < seconds_.size(); ++n) {
    auto& s = seconds_[n];
    if (s.suppressed == 0 || (!all && at.at - s.began < 1s)) continue;
    auto const lines = std::exchange(s.suppressed, 0);
    if (!put(core::severity(n), fmt::format("{} lines suppressed", lines), at.date)) dropped_ += lines - 1;
  }
}

bool log::put(core::severity level, std::string_view text, wall date) {
  if (dropped_ > 0 && try_put(core::severity::warning, fmt::format("{} lines dropped", dropped_), date)) dropped_ = 0;
  bool const done = dropped_ == 0 && try_put(level, text, date);
  if (!done) ++dropped_;
  return done;
}

bool log::try_put(core::severity level, std::string_view text, wall date) {
  if (!takes_a_line(descriptor_)) return false;
  auto line = log_line(date, level, format_, text);
  line += '\n';
  std::string_view left = line;
  while (!left.empty()) {
    auto const written = ::write(descriptor_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return left.size() < line.size();  // a line that was begun is not written twice
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string log_line(wall date, core::severity level, log_format format, std::string_view text, std::size_t limit) {
  auto line = whole_line(date, level, format, text);
  for (auto left = text; line.size() > limit && !left.empty();) {
    // As much as would do if all of the text were escaped alike; the next turn corrects it.
    auto keep = left.size() - 1 - left.size() * (line.size() - limit) / (line.size() + 1);
    while (keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xC0) == 0x80) --keep;  // not amid a character
    left = left.substr(0, keep);
    line = whole_line(date, level, format, std::string(left) + "...");
  }
  return line;
}

}  // namespace signalbox::server
