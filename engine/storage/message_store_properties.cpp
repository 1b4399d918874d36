// The two stores are each other's oracle: the same random batches leave the same records, and a SQLite file opened
// again after any of them holds what was committed.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "engine/storage/memory_store.hpp"
#include "engine/storage/power_vfs.hpp"
#include "engine/storage/sqlite_store.hpp"
#include "engine/storage/test_support.hpp"

namespace signalbox::storage {
namespace {

RC_GTEST_PROP(message_store, same_batches_same_records, (std::uint64_t seed)) {
  seeded_entropy chance{seed};
  memory_store model;
  auto const store = std::move(sqlite_store::open(":memory:").value());
  for (auto batches = chance.below(12); batches > 0; --batches) {
    auto const batch = any_batch(chance);
    RC_ASSERT(model.commit(batch).has_value());
    RC_ASSERT(store->commit(batch).has_value());
    RC_ASSERT(contents_of(*store).value() == model.records());
    auto const wanted = any_keys(chance);
    RC_ASSERT(values_of(*store, wanted) == values_of(model, wanted));
  }
}

RC_GTEST_PROP(sqlite_store, holds_the_same_when_opened_again, (std::uint64_t seed)) {
  seeded_entropy chance{seed};
  temporary_directory const where;
  power_vfs const without_syncs{chance};  // a hundred runs of them take long on a slow disk
  memory_store model;
  auto store = std::move(sqlite_store::open(where.file("m.db")).value());
  for (auto batches = chance.below(8); batches > 0; --batches) {
    auto const batch = any_batch(chance);
    RC_ASSERT(model.commit(batch).has_value());
    RC_ASSERT(store->commit(batch).has_value());
    if (chance.one_in(2)) continue;
    store.reset();
    store = std::move(sqlite_store::open(where.file("m.db")).value());
    RC_ASSERT(contents_of(*store).value() == model.records());
  }
}

}  // namespace
}  // namespace signalbox::storage
