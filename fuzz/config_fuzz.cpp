// Any octets as a configuration file. What is taken must print to a file that is taken too and means the same.
// Reproduce: build/fuzz/fuzz/config_fuzz FILE
#include <cstdlib>

#include "engine/server/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace signalbox;
  auto const all = server::parse(text_of({data, size}), "fuzz.toml");
  if (!all) {
    if (!all.error().detail.starts_with("fuzz.toml:")) std::abort();
    return 0;
  }
  (void)server::check(*all);
  auto const again = server::parse(server::print(*all), "printed.toml");
  if (!again || *again != *all) std::abort();
  return 0;
}
