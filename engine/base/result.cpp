#include "engine/base/result.hpp"

#include <array>
#include <utility>

namespace signalbox::inline base {

namespace {

constexpr std::array names{
    std::pair{errc::truncated, std::string_view{"truncated"}},
    std::pair{errc::unterminated, std::string_view{"unterminated"}},
    std::pair{errc::too_long, std::string_view{"too long"}},
    std::pair{errc::too_short, std::string_view{"too short"}},
    std::pair{errc::bad_length, std::string_view{"bad length"}},
    std::pair{errc::bad_value, std::string_view{"bad value"}},
    std::pair{errc::trailing_octets, std::string_view{"trailing octets"}},
    std::pair{errc::unknown_command, std::string_view{"unknown command"}},
    std::pair{errc::missing, std::string_view{"missing"}},
    std::pair{errc::duplicate, std::string_view{"duplicate"}},
    std::pair{errc::not_found, std::string_view{"not found"}},
    std::pair{errc::bad_syntax, std::string_view{"bad syntax"}},
    std::pair{errc::not_supported, std::string_view{"not supported"}},
    std::pair{errc::corrupt, std::string_view{"corrupt"}},
    std::pair{errc::io, std::string_view{"i/o error"}},
};

}  // namespace

std::string_view name_of(errc code) {
  for (auto const& [known, name] : names)
    if (known == code) return name;
  return "unknown";
}

std::string describe(fault const& f) {
  std::string text;
  if (!f.field.empty()) text += f.field + ": ";
  text += name_of(f.code);
  if (!f.detail.empty()) text += ", " + f.detail;
  return text + " (at offset " + std::to_string(f.offset) + ")";
}

}  // namespace signalbox::inline base
