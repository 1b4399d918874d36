// See files.hpp.
#include "scenarios/player/files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "scenarios/player/scenario.hpp"

namespace signalbox::player {

namespace fs = std::filesystem;

result<std::vector<std::string>> find_scenarios(std::vector<std::string> const& paths) {
  std::vector<std::string> all;
  for (auto const& path : paths) {
    std::error_code failed_to;
    if (!fs::is_directory(path, failed_to)) {
      if (!fs::exists(path, failed_to)) return failed(errc::not_found, 0, path, "no such file or folder");
      all.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    for (auto at = fs::recursive_directory_iterator(path, failed_to);
         !failed_to && at != fs::recursive_directory_iterator(); at.increment(failed_to))
      if (at->path().extension() == ".scn" && at->is_regular_file(failed_to))
        found.push_back(at->path().generic_string());
    if (failed_to) return failed(errc::io, 0, path, failed_to.message());
    std::ranges::sort(found);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

result<std::string> read_file(std::string const& path) {
  std::error_code failed_to;
  if (!fs::is_regular_file(path, failed_to)) return failed(errc::not_found, 0, path, "no such file");
  auto const size = fs::file_size(path, failed_to);
  if (failed_to) return failed(errc::io, 0, path, failed_to.message());
  if (size > max_file_octets) return failed(errc::too_long, 0, path, std::to_string(size) + " octets");
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.good() && !in.eof()) return failed(errc::io, 0, path, "cannot be read");
  return text;
}

result<void> write_file(std::string const& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) return failed(errc::io, 0, path, "cannot be written");
  return {};
}

}  // namespace signalbox::player
