#include "engine/server/process_usage.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace signalbox::server {

// proc(5): the name of the program stands in parentheses and may hold anything; behind the last one come the fields.
std::optional<process_usage> usage_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line) || line.rfind(')') == line.npos) return std::nullopt;
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  constexpr int user = 14, system = 15, resident = 24, first = 3;  // as proc(5) counts them
  double ticks = 0, pages = 0;
  std::string word;
  for (int n = first; n <= resident; ++n) {
    if (!(fields >> word)) return std::nullopt;
    if (n == user || n == system) ticks += std::stod(word);
    if (n == resident) pages = std::stod(word);
  }
  static auto const per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  static auto const page = static_cast<double>(sysconf(_SC_PAGESIZE));
  return process_usage{duration(static_cast<duration::rep>(ticks * 1e6 / per_second)), pages * page / (1024 * 1024)};
}

}  // namespace signalbox::server
