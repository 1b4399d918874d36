// kill -9, power cuts and a full or failing disk: what commit answered with success is there afterwards, what it
// answered with a fault is not, and a commit that got no answer is there whole or not at all.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "engine/storage/memory_store.hpp"
#include "engine/storage/power_vfs.hpp"
#include "engine/storage/sqlite_store.hpp"
#include "engine/storage/test_support.hpp"

namespace signalbox::storage {
namespace {

// The n-th commit of a run, the same wherever it is made: some puts, and the records of two commits ago leave.
std::vector<operation> batch_number(std::uint64_t n) {
  seeded_entropy chance{n};
  std::vector<operation> batch;
  for (std::uint64_t i = 0; i < 8; ++i)
    batch.push_back(operation::put({1, n * 8 + i}, octets(chance.below(900), static_cast<std::uint8_t>(n))));
  for (std::uint64_t i = 0; n >= 2 && i < 7; ++i) batch.push_back(operation::erase({1, (n - 2) * 8 + i}));
  return batch;
}

contents after(std::uint64_t commits) {
  memory_store model;
  for (std::uint64_t n = 0; n < commits; ++n) EXPECT_TRUE(model.commit(batch_number(n)).has_value());
  return model.records();
}

[[noreturn]] void commit_until_killed(std::string const& path, int acknowledgements) {
  auto const store = sqlite_store::open(path);
  if (!store) ::_exit(1);
  for (std::uint64_t n = 0;; ++n) {
    if (!(*store)->commit(batch_number(n))) ::_exit(2);
    if (::write(acknowledgements, "+", 1) != 1) ::_exit(3);
  }
}

TEST(sqlite_crash, nothing_acknowledged_is_lost_by_kill_9) {
  seeded_entropy chance{9};
  for (int run = 0; run < 20; ++run) {
    SCOPED_TRACE(run);
    temporary_directory const where;
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    auto const child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) commit_until_killed(where.file("m.db"), ends[1]);
    ::close(ends[1]);

    // Killed after a number of acknowledgements, that is, somewhere in the commit that follows them.
    std::uint64_t acknowledged = 0;
    char mark = 0;
    for (auto const until = chance.below(60); acknowledged < until && ::read(ends[0], &mark, 1) == 1;) ++acknowledged;
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    while (::read(ends[0], &mark, 1) == 1) ++acknowledged;
    ::close(ends[0]);

    auto const store = sqlite_store::open(where.file("m.db"));
    ASSERT_TRUE(store.has_value()) << describe(store.error());
    auto const loaded = contents_of(**store);
    ASSERT_TRUE(loaded.has_value()) << describe(loaded.error());
    auto const& found = *loaded;
    EXPECT_TRUE(found == after(acknowledged) || found == after(acknowledged + 1)) << acknowledged << " acknowledged";
  }
}

TEST(sqlite_crash, nothing_acknowledged_is_lost_by_a_power_cut) {
  unsigned in_flight_survived = 0, before_the_first = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    seeded_entropy chance{seed};
    temporary_directory const where;
    temporary_directory const then;
    std::uint64_t acknowledged = 0;
    {
      power_vfs disk{chance};
      disk.cut_after(chance.below(400));
      for (std::unique_ptr<sqlite_store> store; !disk.is_cut();) {
        if (acknowledged % 8 == 0) {  // closing folds the -wal into the file: the power may go there too
          store.reset();
          auto opened = sqlite_store::open(where.file("m.db"));
          ASSERT_TRUE(opened.has_value()) << describe(opened.error());
          store = std::move(*opened);
        }
        ASSERT_TRUE(store->commit(batch_number(acknowledged)).has_value());
        if (!disk.is_cut()) ++acknowledged;
      }
      for (auto const& [name, data] : disk.image()) std::ofstream{then.file(name), std::ios::binary} << text_of(data);
    }
    power_vfs const without_syncs{chance};
    auto const store = sqlite_store::open(then.file("m.db"));
    ASSERT_TRUE(store.has_value()) << describe(store.error());
    auto const loaded = contents_of(**store);
    ASSERT_TRUE(loaded.has_value()) << describe(loaded.error());
    auto const& found = *loaded;
    EXPECT_TRUE(found == after(acknowledged) || found == after(acknowledged + 1)) << acknowledged << " acknowledged";
    in_flight_survived += found == after(acknowledged + 1);
    before_the_first += acknowledged == 0;
  }
  EXPECT_GT(in_flight_survived, 0u);
  EXPECT_GT(before_the_first, 0u);
}

TEST(sqlite_crash, a_full_or_failing_disk_is_a_fault_and_passes) {
  struct {
    char const* name;
    disk_fault what;
    char const* words;
  } const cases[] = {
      {"full", disk_fault::full, "database or disk is full"},
      {"write error", disk_fault::write_error, "disk I/O error"},
      {"sync error", disk_fault::sync_error, "disk I/O error"},
  };
  for (auto const& each : cases) {
    SCOPED_TRACE(each.name);
    for (std::uint64_t calls = 0; calls < 12; ++calls) {  // the fault begins at each of the first calls of a commit
      SCOPED_TRACE(calls);
      seeded_entropy chance{calls};
      temporary_directory const where;
      contents expected;
      {
        power_vfs disk{chance};
        auto const store = std::move(sqlite_store::open(where.file("m.db")).value());
        memory_store model;
        std::uint64_t refused = 0;
        for (std::uint64_t n = 0; n < 30; ++n) {
          if (n == 10) disk.fail_from(each.what, calls);
          if (n == 20) disk.heal();
          auto const done = store->commit(batch_number(n));
          if (done) {
            ASSERT_TRUE(model.commit(batch_number(n)).has_value());
          } else {
            ++refused;
            EXPECT_EQ(done.error().code, errc::io);
            EXPECT_EQ(done.error().field, where.file("m.db"));
            EXPECT_THAT(done.error().detail, testing::HasSubstr(each.words));
          }
          ASSERT_EQ(contents_of(*store).value(), model.records());
          ASSERT_TRUE(n < 20 || done.has_value()) << describe(done.error());
        }
        EXPECT_GT(refused, 0u);
        expected = model.records();
      }
      EXPECT_EQ(contents_of(**sqlite_store::open(where.file("m.db"))).value(), expected);
    }
  }
}

}  // namespace
}  // namespace signalbox::storage
