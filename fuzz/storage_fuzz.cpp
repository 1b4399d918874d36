// Fuzzes the stores against each other: the input is a sequence of commits, applied to the store in memory and to a
// SQLite one, which must hold the same records after each of them.
// Input: operations of three octets. The first: bits 0-1 put, erase, put a long value, end of the commit; bits 2-3 the
// kind. The second: the id. The third: length and octets of the value. What the records mean is not looked at here.
// Run it with `ci/fuzz storage`; repeat a finding with `ci/fuzz storage FILE`.
#include <algorithm>
#include <cstdlib>

#include "engine/storage/memory_store.hpp"
#include "engine/storage/sqlite_store.hpp"

namespace {

using namespace signalbox;
using storage::operation;

void must(bool law) {
  if (!law) std::abort();
}

void commit(std::vector<operation>& batch, storage::memory_store& model, storage::sqlite_store& store) {
  must(model.commit(batch).has_value());
  must(store.commit(batch).has_value());
  batch.clear();
  auto expected = model.records().begin();
  auto const loaded = storage::load(store, [&](storage::key where, octet_view value) {
    must(expected != model.records().end() && expected->first == where);
    must(std::ranges::equal(expected->second, value));
    ++expected;
  });
  must(loaded.has_value() && expected == model.records().end());
}

// An id of one octet, spread over the whole range so that SQLite stores it in all its widths.
std::uint64_t wide(std::uint8_t id) { return (static_cast<std::uint64_t>(id & 0x0F) << ((id >> 4) * 4)) >> 1; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size > 1200) return 0;  // 400 operations; more of the same only take time
  storage::memory_store model;
  auto const store = std::move(storage::sqlite_store::open(":memory:").value());
  std::vector<operation> batch;
  reader in{octet_view{data, size}};
  while (in.left() >= 3) {
    auto const control = in.u8(), id = in.u8(), shape = in.u8();
    storage::key const where{static_cast<std::uint8_t>(control >> 2 & 3), wide(id)};
    switch (control & 3) {
      case 0:  batch.push_back(operation::put(where, octets(shape, shape))); break;
      case 1:  batch.push_back(operation::erase(where)); break;
      case 2:  batch.push_back(operation::put(where, octets(shape * 40u, shape))); break;  // over several pages
      default: commit(batch, model, *store); break;
    }
  }
  commit(batch, model, *store);
  return 0;
}
