// The message log against the store in memory and SQLite: the same random batches leave the same records, also when the
// log is opened again, loses its power or meets a failing disk in between.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "engine/storage/log/log_store.hpp"
#include "engine/storage/memory_store.hpp"
#include "engine/storage/simulated_files.hpp"
#include "engine/storage/sqlite_store.hpp"
#include "engine/storage/test_support.hpp"

namespace signalbox::storage::log {
namespace {

RC_GTEST_PROP(message_log_properties, holds_what_the_others_hold, (std::uint64_t seed)) {
  seeded_entropy chance{seed};
  simulated_disk disk{chance};
  memory_store model;
  auto const oracle = std::move(sqlite_store::open(":memory:").value());
  log_options const options{8192 + chance.below(4) * 4096};
  auto store = std::move(log_store::open(disk.mount(), options).value());
  for (auto batches = chance.below(60); batches > 0; --batches) {
    auto const batch = any_batch(chance);
    RC_ASSERT(model.commit(batch).has_value());
    RC_ASSERT(oracle->commit(batch).has_value());
    RC_ASSERT(store->commit(batch).has_value());
    if (chance.one_in(4)) {
      store.reset();
      if (chance.one_in(2)) disk.power_returns();
      store = std::move(log_store::open(disk.mount(), options).value());
      RC_ASSERT(store->damage().empty());
    }
    if (chance.one_in(3)) RC_ASSERT(contents_of(*store).value() == model.records());
    auto const wanted = any_keys(chance);
    RC_ASSERT(values_of(*store, wanted) == values_of(model, wanted));
    RC_ASSERT(values_of(*oracle, wanted) == values_of(model, wanted));
  }
  RC_ASSERT(contents_of(*store).value() == model.records());
  RC_ASSERT(contents_of(*store).value() == contents_of(*oracle).value());
}

// Faults and power cuts at random, over and over on one disk. When the log is opened again, a commit that was answered
// with a fault and that no success has followed is there or not.
RC_GTEST_PROP(message_log_properties, survives_what_disks_do, (std::uint64_t seed)) {
  seeded_entropy chance{seed};
  simulated_disk disk{chance};
  memory_store sure;
  std::vector<std::vector<operation>> unsure;  // answered with a fault since the last success
  auto store = std::move(log_store::open(disk.mount(), {8192}).value());
  for (auto batches = chance.below(120); batches > 0; --batches) {
    if (chance.one_in(6)) disk.plan(static_cast<disk_event>(chance.below(5)), chance.below(12), 1 + chance.below(4));
    auto const batch = any_batch(chance);
    if (store->commit(batch)) {
      RC_ASSERT(sure.commit(batch).has_value());
      unsure.clear();
      if (chance.one_in(2)) disk.heal();
    } else {
      unsure.push_back(batch);
    }
    if (!chance.one_in(4)) continue;
    store.reset();
    if (chance.one_in(2))
      disk.power_returns();
    else
      disk.heal();
    store = std::move(log_store::open(disk.mount(), {8192}).value());
    for (auto const& each : store->damage()) {
      RC_LOG() << describe(each);
      RC_ASSERT(each.code == errc::truncated);
    }
    auto const found = contents_of(*store).value();
    auto explained = found == sure.records();
    for (auto each = unsure.begin(); !explained && each != unsure.end(); ++each) {
      auto with = sure;
      RC_ASSERT(with.commit(*each).has_value());
      explained = found == with.records();
      if (explained) sure = with;
    }
    RC_ASSERT(explained);
    unsure.clear();
  }
}

RC_GTEST_PROP(record_index, is_a_map, (std::uint64_t seed)) {
  seeded_entropy chance{seed};
  record_index index;
  std::map<key, place> model;
  auto const range = 1 + chance.below(3000);
  for (auto steps = chance.below(6000); steps > 0; --steps) {
    key const where{static_cast<std::uint8_t>(chance.below(2)), chance.below(range)};
    auto const held = model.find(where);
    auto const expected = held == model.end() ? std::nullopt : std::optional{held->second};
    RC_ASSERT(index.find(where) == expected);
    if (chance.one_in(2)) {
      place const next{static_cast<std::uint32_t>(chance.below(1 << 24)), chance.below(1 << 30) * 8,
                       static_cast<std::uint32_t>(chance.below(1 << 20))};
      RC_ASSERT(index.put(where, next) == expected);
      model[where] = next;
    } else {
      RC_ASSERT(index.erase(where) == expected);
      model.erase(where);
    }
  }
  RC_ASSERT(index.size() == model.size());
  std::map<key, place> walked;
  for (std::size_t shard = 0; shard < record_index::shards; ++shard)
    for (std::size_t from = 0; index.walk(shard, from, 10, [&](key where, place what) { walked[where] = what; });)
      from += 10;
  RC_ASSERT(walked == model);
}

}  // namespace
}  // namespace signalbox::storage::log
