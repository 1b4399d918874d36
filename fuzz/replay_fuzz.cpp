// What a damaged or hostile store can do to an engine that starts from it: records of any octets are restored (good or
// refused with a fault), then the engine starts, lives for a virtual month, and lets go of every message it kept.
// Input: records one after another, each u8 kind, u64 id, u16 length, value. Reproduce: build/fuzz/fuzz/replay_fuzz FILE.
#include <cstdlib>
#include <map>

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
  std::map<storage::key, octets> kept;
  reader in{octet_view{data, size}};
  for (int records = 0; records < 64 && in.left() > 0; ++records) {
    storage::key const where{in.u8(), in.u64()};
    auto const value = in.take(in.u16());
    if (!in) break;
    kept[where].assign(value.begin(), value.end());
  }
  for (auto const& [where, value] : kept) {
    if (!e.announce(where)) continue;
    if (auto const done = e.restore(where, value); !done && done.error().field.empty()) std::abort();
  }
  core::effects out;
  auto const act = [&] {
    while (out.store) {
      auto const request = *out.store;
      storage::answer what;
      for (auto const& o : request.operations)
        if (o.what == storage::operation::verb::put)
          kept[o.where] = o.value;
        else
          kept.erase(o.where);
      for (auto const where : request.reads)
        what.values.emplace_back(where, kept.contains(where) ? result<octets>(kept.at(where))
                                                             : failed(errc::not_found, 0, "record", "none"));
      out.clear();
      e.on_stored(request.number, what, now, out);
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
