// What a damaged or hostile store can do to an engine that starts from it: records of any octets are restored (good or
// refused with a fault), then the engine starts, lives for a virtual month, and lets go of every message it kept.
// Input: records one after another, each u8 kind, u64 id, u16 length, value. Reproduce: build/fuzz/fuzz/replay_fuzz FILE.
#include <cstdlib>

#include "engine/core/engine.hpp"

using namespace signalbox;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  core::settings s;
  s.esmes.resize(2);
  s.esmes[0].name = "alpha";
  s.esmes[1].name = "beta";
  seeded_entropy chance{1};
  core::engine e(s, chance);
  moment now{instant{}, wall{std::chrono::seconds{1'767'225'600}}};
  reader in{octet_view{data, size}};
  for (int records = 0; records < 64 && in.left() > 0; ++records) {
    storage::key const where{in.u8(), in.u64()};
    auto const value = in.take(in.u16());
    if (!in) break;
    auto const kept = e.restore(where, value, now);
    if (!kept && kept.error().field.empty()) std::abort();
  }
  core::effects out;
  auto const act = [&] {
    while (out.store_request != 0 && !out.store.empty()) {
      auto const request = out.store_request;
      out.clear();
      e.on_stored(request, {}, now, out);
    }
    out.clear();
  };
  e.start(now, out);
  act();
  for (int steps = 0; steps < 2000; ++steps) {
    auto const due = e.deadline(now);
    if (!due || *due > instant{} + 24h * 31) break;
    now = now + std::max(*due - now.at, duration::zero());
    e.on_time(now, out);
    act();
  }
  return 0;
}
