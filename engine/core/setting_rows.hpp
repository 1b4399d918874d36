// One row per setting: its name in files, what it means, how text becomes the value. Values arrive as text, already
// unquoted; a fault says what the setting accepts.
#pragma once

#include <functional>

#include "engine/base/bytes.hpp"
#include "engine/base/time.hpp"

namespace signalbox::core {

enum class setting_kind : std::uint8_t { text, number, seconds, milliseconds, flag, words };

template <class Owner>
struct setting_row {
  std::string_view name;  // "window", "bind_timeout_ms"
  setting_kind kind;      // a file that writes "5" where a number is meant is refused; `words` is a list of text
  std::string_view help;  // one sentence; the default is appended by whoever prints it
  std::function<result<void>(Owner&, std::string_view)> set;
  std::function<std::string(Owner const&)> get;
};

template <class Owner>
setting_row<Owner> const* find_row(std::span<setting_row<Owner> const> rows, std::string_view name) {
  for (auto const& row : rows)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace signalbox::core
