#include "engine/server/demo.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "engine/server/data_directory.hpp"

namespace signalbox::server {

namespace {

// Eight characters, the most that SMPP carries (3.4, 4.1.1), without those that look alike.
std::string draw_password(entropy& chance) {
  constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";
  std::string word(8, ' ');
  for (auto& c : word) c = letters[chance.below(letters.size())];
  return word;
}

std::string demo_text(entropy& chance) {
  std::string text = "# Made at the first start without a configuration; used only as long as there is none.\n";
  for (std::string_view const name : {"demo", "phone"})
    text += fmt::format(
        "\n[[esme]]\nname = \"{}\"\npassword = \"{}\"\nsessions = 100\nsource_range = \".*\"\nrouting_range = \".*\"\n",
        name, draw_password(chance));
  return text;
}

}  // namespace

result<configuration> with_demo_esmes(configuration all, std::string const& path, entropy& chance) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    if (auto const made = write_atomically(path, demo_text(chance)); !made) return std::unexpected(made.error());
  auto const text = read_whole(path, max_config_octets);
  if (!text) return std::unexpected(text.error());
  return parse(*text, path, std::move(all));
}

}  // namespace signalbox::server
