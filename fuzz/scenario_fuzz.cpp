// Any octets as a scenario file: the parser answers with a scenario or with complaints that have a place, never more of
// them than it may, and never crashes. Includes name the input itself once, so that nesting is reached too.
// To reproduce: build/fuzz/fuzz/scenario_fuzz FILE
#include <cstdlib>

#include "scenarios/player/parser.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace signalbox;
  std::string const text(reinterpret_cast<char const*>(data), size);
  auto const load = [&](std::string const& path) -> result<std::string> {
    if (path == "part.inc") return text;
    return failed(errc::not_found, 0, path, "no such file");
  };
  auto const parsed = player::parse("fuzz.scn", text, load);
  if (parsed) {
    if (parsed->steps.empty()) std::abort();
    return 0;
  }
  if (parsed.error().empty()) std::abort();
  for (auto const& c : parsed.error())
    if (c.line == 0 || c.column == 0 || c.expected.empty() || c.found.empty()) std::abort();
  return 0;
}
