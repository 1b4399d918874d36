// Captures of any octets: the reader ends, never goes beyond the file, and names a place inside it when it complains.
// Input: the file. Reproduce: build/fuzz/fuzz/capture_fuzz FILE.
#include <cstdlib>

#include "simulators/load/capture.hpp"

using namespace signalbox;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const all = load::read_capture({data, size});
  if (!all && all.error().offset > size) std::abort();
  if (!all) return 0;
  duration last{};
  for (auto const& c : *all) {
    if (c.at < last) std::abort();
    last = c.at;
  }
  return 0;
}
