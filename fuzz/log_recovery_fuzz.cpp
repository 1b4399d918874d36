// Fuzzes the recovery of the message log: the input is what is found in a segment's file. Opening never crashes, loads
// no record whose check does not hold, and what it has loaded is still there after a commit and another start.
// Input: the first octet chooses. Even: the rest is the whole file. Odd: the rest are edits of three octets (place,
// place, new octet) to a log that the store wrote itself; after an octet that is a multiple of four the check of a batch
// header at that place is made to hold, after another even one that of a record, so that damage gets behind the CRC.
// Run it with `ci/fuzz log_recovery`; repeat a finding with `ci/fuzz log_recovery FILE`.
#include <cstdlib>

#include "engine/storage/log/crc32c.hpp"
#include "engine/storage/log/log_store.hpp"
#include "engine/storage/simulated_files.hpp"
#include "engine/storage/test_support.hpp"

namespace {

using namespace signalbox;
using namespace signalbox::storage;
using log::log_store;

void must(bool law) {
  if (!law) std::abort();
}

constexpr char const* name = "00000001.log";
constexpr log::log_options small{8192};

octets written() {
  seeded_entropy chance{7};
  simulated_disk disk{chance};
  auto const store = std::move(log_store::open(disk.mount(), small).value());
  for (std::uint64_t n = 0; n < 6; ++n)
    must(store
             ->commit(std::vector{operation::put({1, n}, octets(40 * n, static_cast<std::uint8_t>(n))),
                                  operation::put({2, n}, octets(9, 1)), operation::erase({1, n - n % 2})})
             .has_value());
  return disk.contents().at(name);
}

// The check at `at`, taken over the octets behind it up to `octets`, seeded with the place (format.md).
void seal(std::span<std::uint8_t> data, std::size_t at, std::size_t octets) {
  std::uint8_t place[16] = {0, 0, 0, 0, 0, 0, 0, 1};  // epoch 1
  for (std::size_t i = 0; i < 8; ++i) place[8 + i] = static_cast<std::uint8_t>(std::uint64_t{at} >> (56 - 8 * i));
  auto const check = log::crc32c(data.subspan(at + 4, octets - 4), log::crc32c(place));
  for (std::size_t i = 0; i < 4; ++i) data[at + i] = static_cast<std::uint8_t>(check >> (24 - 8 * i));
}

octets edited(reader& in) {
  static octets const sound = written();
  auto data = sound;
  while (in.left() >= 3) {
    auto const at = std::size_t{log::first_batch_at} + in.u16() % (data.size() - log::first_batch_at - 512);
    auto const octet = in.u8();
    data[at] = octet;
    auto const place = at / log::alignment * log::alignment;
    if (octet % 4 == 0)
      seal(data, place, log::batch_header_octets);
    else if (octet % 2 == 0)
      seal(data, place, log::record_octets(reader{octet_view{data}.subspan(place + 4)}.u32() % 256));
  }
  return data;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 1 || size > 16'384) return 0;
  seeded_entropy chance{1};
  simulated_disk disk{chance};
  reader in{octet_view{data, size}};
  auto const rest = in.u8() % 2 != 0 ? edited(in) : octets(data + 1, data + size);
  disk.set(name, rest);
  contents before;
  {
    auto const store = log_store::open(disk.mount(), small);
    if (!store) {
      must(disk.contents().at(name) == rest);  // refused: not touched
      return 0;
    }
    auto const loaded = contents_of(**store);
    must(loaded.has_value());
    before = *loaded;
    // Nothing is invented: a record that is loaded lies in the file, but for a bit.
    for (auto const& [where, value] : before) {
      must(value.size() <= rest.size());
      if (value.size() < 16) continue;
      auto const half = value.size() / 2;
      auto const first = octet_view{value}.first(half), second = octet_view{value}.subspan(half);
      must(!std::ranges::search(rest, first).empty() || !std::ranges::search(rest, second).empty());
    }
    before[{9, 9}] = octets{9};
    must((*store)->commit(std::vector{operation::put({9, 9}, {9})}).has_value());
  }
  auto const again = log_store::open(disk.mount(), small);
  must(again.has_value());
  auto const found = contents_of(**again);
  must(found.has_value() && *found == before);
  return 0;
}
