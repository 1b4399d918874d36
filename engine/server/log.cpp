#include "engine/server/log.hpp"

#include <unistd.h>

#include "engine/base/print.hpp"
#include "engine/server/clock.hpp"

namespace signalbox::server {

void log::write(core::severity level, std::string_view text) {
  if (!wants(level)) return;
  auto line = log_line(now().date, level, format_, text);
  line += '\n';
  std::string_view left = line;
  while (!left.empty()) {
    auto const written = ::write(descriptor_, left.data(), left.size());
    if (written <= 0) return;  // nobody reads the log; that must not stop the service
    left.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string log_line(wall date, core::severity level, log_format format, std::string_view text) {
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

}  // namespace signalbox::server
