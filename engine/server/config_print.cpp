#include <fmt/format.h>

#include "engine/server/config_tables.hpp"

namespace signalbox::server {

namespace {

using core::setting_kind;

std::string toml_text(std::string_view text) {
  std::string quoted = "\"";
  for (char const c : text) {
    auto const code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (quoted += '\\') += c;
    else if (code < 0x20 || code == 0x7F)
      quoted += fmt::format("\\u{:04X}", code);
    else
      quoted += c;
  }
  return quoted + '"';
}

std::string toml_value(setting_kind kind, std::string const& value) {
  switch (kind) {
    case setting_kind::text:  return toml_text(value);
    case setting_kind::flag:  return value == "true" || value == "yes" || value == "1" ? "true" : "false";
    case setting_kind::words: {
      std::string list;
      for (std::size_t at = 0; at < value.size();) {
        auto const comma = std::min(value.find_first_of(", ", at), value.size());
        if (comma > at) list += (list.empty() ? "" : ", ") + toml_text(std::string_view(value).substr(at, comma - at));
        at = comma + 1;
      }
      return '[' + list + ']';
    }
    default: return value;
  }
}

template <class Owner>
void print_rows(std::string& out, std::span<core::setting_row<Owner> const> rows, Owner const& owner) {
  Owner const plain{};
  for (auto const& row : rows) {
    auto const value = row.get(owner), standard = row.get(plain);
    bool const same = value == standard;
    out += fmt::format("# {}", row.help);
    if (!same) out += fmt::format(" (default: {})", toml_value(row.kind, standard));
    out += fmt::format("\n{}{} = {}\n", same ? "# " : "", row.name, toml_value(row.kind, value));
  }
}

}  // namespace

std::string print(configuration const& all) {
  std::string out = "# Every setting with its value; what has its default is commented out.\n";
  for_each_table(all, [&](std::string_view name, auto rows, auto const& owner) {
    out += fmt::format("\n[{}]\n", name);
    print_rows(out, rows, owner);
  });
  for (auto const& esme : all.engine.esmes) {
    out += "\n[[esme]]\n";
    print_rows(out, core::esme_rows(), esme);
  }
  if (all.engine.esmes.empty()) {
    std::string sample;
    print_rows(sample, core::esme_rows(), sms::esme{});
    out += "\n# One such table per ESME:\n# [[esme]]\n" + sample;
  }
  return out;
}

}  // namespace signalbox::server
