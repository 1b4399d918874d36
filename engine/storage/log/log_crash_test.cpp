// The message log on a disk that loses power at every call of a run, and that fails at every call of a run.
#include <gmock/gmock.h>

#include "engine/storage/log/log_store.hpp"
#include "engine/storage/memory_store.hpp"
#include "engine/storage/simulated_files.hpp"
#include "engine/storage/test_support.hpp"

namespace signalbox::storage::log {
namespace {

constexpr log_options small{8192};

// The n-th commit of a run, the same wherever it is made. Most records leave after two commits; one in nine stays for
// long, so that stragglers have to be moved; some are replaced. Now and then a commit is larger than a segment.
std::vector<operation> batch_number(std::uint64_t n) {
  seeded_entropy chance{n};
  std::vector<operation> batch;
  auto const octet = static_cast<std::uint8_t>(n + 1);
  for (std::uint64_t i = 0; i < 4; ++i)
    batch.push_back(operation::put({1, n * 4 + i}, octets(chance.below(n % 37 == 30 ? 4000 : 250), octet)));
  for (std::uint64_t i = 0; n >= 2 && i < 4; ++i)
    if (auto const id = (n - 2) * 4 + i; id % 9 != 0) batch.push_back(operation::erase({1, id}));
  if (n > 60 && n % 3 == 0) batch.push_back(operation::erase({1, (n - 60) * 4 / 9 * 9}));
  batch.push_back(operation::put({2, n % 5}, octets(20, octet)));
  return batch;
}

std::vector<contents> states_after(std::uint64_t commits) {  // [n]: after the first n commits
  std::vector<contents> all;
  memory_store model;
  for (std::uint64_t n = 0; n < commits; ++n) {
    all.push_back(model.records());
    EXPECT_TRUE(model.commit(batch_number(n)).has_value());
  }
  all.push_back(model.records());
  return all;
}

// No damage but a batch that was being written.
void expect_undamaged(log_store const& store) {
  for (auto const& each : store.damage()) EXPECT_EQ(each.code, errc::truncated) << describe(each);
}

TEST(log_crash, a_power_cut_at_any_call_loses_nothing_acknowledged) {
  constexpr std::uint64_t commits = 110;
  auto const states = states_after(commits);
  unsigned in_flight_survived = 0, unfinished = 0;
  bool was_cut = true;
  for (std::uint64_t call = 0; was_cut; ++call) {
    SCOPED_TRACE(call);
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      seeded_entropy chance{call * 3 + seed};
      simulated_disk disk{chance};
      disk.plan(disk_event::power_cut, call);
      std::uint64_t acknowledged = 0;
      // Cut, opened again and cut again: what a recovery does can be cut off as well.
      for (int cuts = 0;; ++cuts) {
        if (auto opened = log_store::open(disk.mount(), small)) {
          auto const found = contents_of(**opened);
          if (found) {
            expect_undamaged(**opened);
            unfinished += !(*opened)->damage().empty();
            bool const more = acknowledged < commits && *found == states[acknowledged + 1];
            ASSERT_TRUE(more || *found == states[acknowledged]) << acknowledged << " acknowledged";
            acknowledged += more;
            in_flight_survived += more;
            while (acknowledged < commits && (*opened)->commit(batch_number(acknowledged))) ++acknowledged;
          }
        } else {
          ASSERT_EQ(opened.error().detail, "simulated failure");
        }
        if (cuts == 0) was_cut = disk.happened() > 0;
        if (disk.happened() == 0 || acknowledged == commits) break;
        disk.power_returns();
        if (cuts < 3) disk.plan(disk_event::power_cut, chance.below(60));
      }
      ASSERT_EQ(acknowledged, commits);
    }
  }
  EXPECT_GT(in_flight_survived, 0u);
  EXPECT_GT(unfinished, 0u);
}

struct failure {
  char const* name;
  disk_event what;
  std::uint64_t times;
};

class log_on_a_failing_disk : public testing::TestWithParam<failure> {};

INSTANTIATE_TEST_SUITE_P(, log_on_a_failing_disk,
                         testing::Values(failure{"io_error", disk_event::io_error, 1},
                                         failure{"io_errors", disk_event::io_error, 25},
                                         failure{"full", disk_event::full, 25},
                                         failure{"short_write", disk_event::short_write, 1},
                                         failure{"short_writes", disk_event::short_write, 25},
                                         failure{"sync_error", disk_event::sync_error, 1},
                                         failure{"sync_errors", disk_event::sync_error, 25}),
                         [](auto const& row) { return row.param.name; });

TEST_P(log_on_a_failing_disk, a_fault_leaves_nothing_and_passes) {
  constexpr std::uint64_t commits = 100;
  bool happened = true;
  for (std::uint64_t call = 0; happened; ++call) {
    SCOPED_TRACE(call);
    seeded_entropy chance{call};
    simulated_disk disk{chance};
    memory_store model;
    {
      auto opened = log_store::open(disk.mount(), small);
      ASSERT_TRUE(opened.has_value()) << describe(opened.error());
      auto& store = **opened;
      disk.plan(GetParam().what, call, GetParam().times);
      for (std::uint64_t n = 0; n < commits; ++n) {
        auto const before = disk.happened();
        auto const done = store.commit(batch_number(n));
        if (done) {
          ASSERT_TRUE(model.commit(batch_number(n)).has_value());
        } else {
          ASSERT_EQ(done.error().code, errc::io);
          ASSERT_GT(disk.happened(), before) << "a fault without a cause: " << describe(done.error());
        }
      }
      happened = disk.happened() > 0;
      disk.heal();
      ASSERT_EQ(contents_of(store).value(), model.records());
      ASSERT_TRUE(store.commit(batch_number(commits)).has_value());
      ASSERT_TRUE(model.commit(batch_number(commits)).has_value());
      expect_undamaged(store);
      EXPECT_LT(store.count().used_octets + store.count().free_octets, 60 * small.segment_octets);
    }
    if (chance.one_in(2)) disk.power_returns();
    auto const again = log_store::open(disk.mount(), small);
    ASSERT_TRUE(again.has_value()) << describe(again.error());
    ASSERT_EQ(contents_of(**again).value(), model.records());
    expect_undamaged(**again);
  }
}

TEST(log_crash, a_failed_commit_is_gone_once_another_has_succeeded) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    seeded_entropy chance{seed};
    simulated_disk disk{chance};
    auto store = std::move(log_store::open(disk.mount(), small).value());
    ASSERT_TRUE(store->commit(std::vector{operation::put({1, 1}, octets(900, 1))}).has_value());
    disk.plan(disk_event::sync_error, 0);
    ASSERT_FALSE(store->commit(std::vector{operation::put({1, 2}, octets(900, 2))}).has_value());
    // Nothing to write, and yet no success before the failed commit has been cut off.
    ASSERT_TRUE(store->commit(std::vector{operation::erase({1, 2})}).has_value());
    store.reset();
    disk.power_returns();
    auto const again = std::move(log_store::open(disk.mount(), small).value());
    EXPECT_EQ(contents_of(*again).value(), (contents{{{1, 1}, octets(900, 1)}}));
    expect_undamaged(*again);
  }
}

TEST(log_crash, nothing_is_written_behind_an_end_that_a_header_may_name) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    seeded_entropy chance{seed};
    simulated_disk disk{chance};
    auto store = std::move(log_store::open(disk.mount(), small).value());
    // Three segments' worth, so that there is one to recycle, and room for a small commit in the newest.
    for (std::uint64_t n = 0; n < 12; ++n)
      ASSERT_TRUE(store->commit(std::vector{operation::put({1, 1}, octets(1000 + seed * 5, 1))}).has_value());
    disk.plan(disk_event::sync_error, 0);
    ASSERT_FALSE(store->commit(std::vector{operation::put({1, 2}, octets(3900, 2))}).has_value());
    disk.heal();
    ASSERT_TRUE(store->commit(std::vector{operation::put({1, 3}, octets(10, 3))}).has_value());
    store.reset();
    if (seed % 2 == 0) disk.power_returns();
    auto const again = std::move(log_store::open(disk.mount(), small).value());
    EXPECT_TRUE(contents_of(*again).value().contains({1, 3}));
  }
}

TEST(log_crash, what_a_killed_process_left_unsynced_is_made_durable_by_the_next_start) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    seeded_entropy chance{seed};
    simulated_disk disk{chance};
    auto store = std::move(log_store::open(disk.mount(), small).value());
    ASSERT_TRUE(store->commit(std::vector{operation::put({1, 1}, octets(900, 1))}).has_value());
    disk.plan(disk_event::sync_error, 0);
    ASSERT_FALSE(store->commit(std::vector{operation::put({1, 2}, octets(900, 2))}).has_value());
    store.reset();
    // The process ends; the system still shows what it had written, so the next start finds it and relies on it.
    auto const found = contents_of(*log_store::open(disk.mount(), small).value()).value();
    disk.power_returns();
    EXPECT_EQ(contents_of(*log_store::open(disk.mount(), small).value()).value(), found);
  }
}

}  // namespace
}  // namespace signalbox::storage::log
