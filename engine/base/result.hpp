// What a function answers when its input may be wrong: the value, or a fault that says what is wrong and where.
// Faults describe errors of a peer or of a file we read. Our own errors are assertions; errors of the world
// (sockets, disks) stop at the shell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace signalbox::inline base {

enum class errc : std::uint8_t {
  truncated,        // fewer octets than the field needs
  unterminated,     // a C-octet string whose NUL is not found within its limit
  too_long,         // longer than the field or the limit allows
  too_short,        // shorter than the field allows
  bad_length,       // a length field that no message can have
  bad_value,        // a value outside the field's code space
  trailing_octets,  // octets left over after the last field
  unknown_command,  // a command id that the specification does not list
  missing,          // a mandatory part that is not there
  duplicate,        // a part that may stand only once
  not_found,        // a name that refers to nothing
  bad_syntax,       // text that does not follow its grammar
  not_supported,    // understood, but this program does not do it
  corrupt,          // stored data whose check does not hold
  io,               // the world erred (storage); the detail says how
};

std::string_view name_of(errc code);

struct fault {
  errc code{};
  std::size_t offset = 0;  // octets from the start of the input
  std::string field;       // the specification's name of the field, or empty
  std::string detail;      // words for a person, or empty

  bool operator==(fault const&) const = default;
};

// "field: words (at offset N)"
std::string describe(fault const& f);

template <class T>
using result = std::expected<T, fault>;

inline std::unexpected<fault> failed(errc code, std::size_t offset, std::string_view field, std::string detail = {}) {
  return std::unexpected(fault{code, offset, std::string(field), std::move(detail)});
}

}  // namespace signalbox::inline base
