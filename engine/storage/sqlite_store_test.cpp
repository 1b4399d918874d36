// What belongs to the file: who may open it, what is refused and left as it was, damage.
#include "engine/storage/sqlite_store.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <fstream>

#include "engine/storage/power_vfs.hpp"
#include "engine/storage/test_support.hpp"

namespace signalbox::storage {
namespace {

using testing::HasSubstr;

std::string slurp(std::string const& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
void spill(std::string const& path, std::string const& data) { std::ofstream{path, std::ios::binary} << data; }

void sql(std::string const& path, char const* statements) {  // as any other program would
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, statements, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}

std::unique_ptr<sqlite_store> opened(std::string const& path) {
  auto store = sqlite_store::open(path);
  EXPECT_TRUE(store.has_value()) << (store ? "" : describe(store.error()));
  return store ? std::move(*store) : nullptr;
}

fault refusal(std::string const& path) {
  auto const store = sqlite_store::open(path);
  EXPECT_FALSE(store.has_value());
  if (store) return {};
  EXPECT_EQ(store.error().field, path);
  return store.error();
}

contents fill(sqlite_store& store, std::uint64_t records) {
  contents expected;
  std::vector<operation> batch;
  for (std::uint64_t id = 0; id < records; ++id) {
    octets value(100 + id % 300, static_cast<std::uint8_t>(id));
    expected[{1, id}] = value;
    batch.push_back(operation::put({1, id}, std::move(value)));
  }
  EXPECT_TRUE(store.commit(batch).has_value());
  return expected;
}

TEST(sqlite_store, one_file_when_closed) {
  temporary_directory const where;
  auto store = opened(where.file("m.db"));
  auto const expected = fill(*store, 50);
  EXPECT_TRUE(std::filesystem::exists(where.file("m.db-wal")));
  EXPECT_FALSE(std::filesystem::exists(where.file("m.db-shm")));
  store.reset();
  std::vector<std::string> files;
  for (auto const& entry : std::filesystem::directory_iterator{where.file("")})
    files.push_back(entry.path().filename());
  EXPECT_THAT(files, testing::ElementsAre("m.db"));
  EXPECT_EQ(contents_of(*opened(where.file("m.db"))).value(), expected);
}

TEST(sqlite_store, an_empty_file_becomes_a_store) {
  temporary_directory const where;
  spill(where.file("m.db"), "");
  auto const store = opened(where.file("m.db"));
  EXPECT_TRUE(store->commit(std::vector{operation::put({1, 1}, {1})}).has_value());
}

TEST(sqlite_store, one_program_at_a_time) {
  temporary_directory const where;
  auto first = opened(where.file("m.db"));
  auto const locked = refusal(where.file("m.db"));
  EXPECT_EQ(locked.code, errc::io);
  EXPECT_THAT(locked.detail, HasSubstr("another process has it open"));
  auto const expected = fill(*first, 3);  // the refusal took nothing from the first
  EXPECT_EQ(refusal(where.file("m.db")), locked);
  first.reset();
  EXPECT_EQ(contents_of(*opened(where.file("m.db"))).value(), expected);
}

TEST(sqlite_store, locked_by_another_connection) {
  temporary_directory const where;
  opened(where.file("m.db"));
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(where.file("m.db").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(refusal(where.file("m.db")).code, errc::io);
  sqlite3_close(other);
  opened(where.file("m.db"));
}

TEST(sqlite_store, places_where_no_file_can_be) {
  temporary_directory const where;
  EXPECT_EQ(refusal(where.file("absent/m.db")).code, errc::io);
  EXPECT_EQ(refusal(where.file("")).code, errc::io);  // a directory
  EXPECT_THAT(refusal(where.file("absent/m.db")).detail, HasSubstr("No such file or directory"));
  auto const empty = sqlite_store::open("");
  ASSERT_FALSE(empty.has_value());
  EXPECT_EQ(empty.error().code, errc::bad_value);
}

TEST(sqlite_store, refuses_what_is_not_its_own_and_leaves_it_as_it_was) {
  struct {
    char const* name;
    void (*make)(std::string const& path);
    errc code;
    char const* words;
  } const cases[] = {
      {"text", [](std::string const& path) { spill(path, "dear diary, " + std::string(300, 'x')); },
       errc::not_supported, "no SQLite file"},
      {"two octets", [](std::string const& path) { spill(path, "SQ"); }, errc::not_supported, "no SQLite file"},
      {"zeros", [](std::string const& path) { spill(path, std::string(8192, '\0')); }, errc::not_supported,
       "no SQLite file"},
      {"header cut short", [](std::string const& path) { spill(path, std::string("SQLite format 3\0abc", 19)); },
       errc::corrupt, "cut short"},
      {"another program's database", [](std::string const& path) { sql(path, "CREATE TABLE t(x)"); },
       errc::not_supported, "another program's"},
      {"another program's database in WAL mode",
       [](std::string const& path) {
         sql(path, "PRAGMA journal_mode=WAL; PRAGMA application_id=7; CREATE TABLE t(x)");
       },
       errc::not_supported, "another program's"},
      {"a newer version",
       [](std::string const& path) {
         opened(path);
         sql(path, "PRAGMA user_version=2");
       },
       errc::not_supported, "version 2; this program knows version 1"},
      {"no version",
       [](std::string const& path) {
         opened(path);
         sql(path, "PRAGMA user_version=0");
       },
       errc::not_supported, "version 0"},
      {"its table is gone",
       [](std::string const& path) {
         opened(path);
         sql(path, "DROP TABLE records");
       },
       errc::corrupt, "no such table"},
  };
  for (auto const& each : cases) {
    SCOPED_TRACE(each.name);
    temporary_directory const where;
    each.make(where.file("m.db"));
    auto const before = slurp(where.file("m.db"));
    auto const refused = refusal(where.file("m.db"));
    EXPECT_EQ(refused.code, each.code);
    EXPECT_THAT(refused.detail, HasSubstr(each.words));
    EXPECT_TRUE(slurp(where.file("m.db")) == before);
    EXPECT_FALSE(std::filesystem::exists(where.file("m.db-wal")));
    EXPECT_FALSE(std::filesystem::exists(where.file("m.db-journal")));
  }
}

// A newer program may have been killed before its version reached the file itself.
TEST(sqlite_store, a_newer_version_in_the_wal_is_refused_and_the_wal_kept) {
  temporary_directory const where;
  opened(where.file("m.db"));
  temporary_directory const killed;  // a copy of the files as they were while the other had them open
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(where.file("m.db").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "PRAGMA user_version=2", nullptr, nullptr, nullptr), SQLITE_OK);
  for (auto const* name : {"m.db", "m.db-wal"}) spill(killed.file(name), slurp(where.file(name)));
  sqlite3_close(other);

  auto const file = slurp(killed.file("m.db")), wal = slurp(killed.file("m.db-wal"));
  EXPECT_THAT(refusal(killed.file("m.db")).detail, HasSubstr("version 2"));
  EXPECT_TRUE(slurp(killed.file("m.db")) == file);
  EXPECT_TRUE(slurp(killed.file("m.db-wal")) == wal);
}

// Damage: either the fault says so, or the records are read as they were or as what the octets now say; never a crash.
void survive(std::string const& path, unsigned& faults) {
  auto const store = sqlite_store::open(path);
  auto const found = store ? contents_of(**store) : std::unexpected(store.error());
  if (found) return;
  ++faults;
  EXPECT_EQ(found.error().field, path);
  EXPECT_THAT(found.error().code, testing::AnyOf(errc::corrupt, errc::not_supported, errc::io));
}

TEST(sqlite_store, a_file_cut_short_is_corrupt) {
  temporary_directory const where;
  {
    auto const store = opened(where.file("whole.db"));
    fill(*store, 500);
  }
  auto const whole = slurp(where.file("whole.db"));
  ASSERT_GT(whole.size(), 40'000u);
  // From two: SQLite takes a file of one octet for an empty one (it has file systems where an empty file is no file).
  for (std::size_t size = 2; size < whole.size(); size += 1237) {
    spill(where.file("m.db"), whole.substr(0, size));
    auto const store = sqlite_store::open(where.file("m.db"));
    auto const found = store ? contents_of(**store) : std::unexpected(store.error());
    ASSERT_FALSE(found.has_value()) << "cut at " << size;
    EXPECT_THAT(found.error().code, testing::AnyOf(errc::corrupt, errc::not_supported)) << describe(found.error());
  }
}

TEST(sqlite_store, a_commit_that_meets_damage_leaves_nothing_and_the_next_succeeds) {
  temporary_directory const where;
  {
    auto const store = opened(where.file("m.db"));
    fill(*store, 300);
  }
  auto damaged = slurp(where.file("m.db"));
  auto const middle = damaged.size() / 4096 / 2 * 4096;
  damaged.replace(middle, 4096, std::string(4096, '\xFF'));
  spill(where.file("m.db"), damaged);

  auto const store = opened(where.file("m.db"));
  std::vector<operation> across{operation::put({0, 1}, {1})};
  for (std::uint64_t id = 0; id < 300; ++id) across.push_back(operation::erase({1, id}));
  auto const done = store->commit(across);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, errc::corrupt);
  EXPECT_EQ(done.error().field, where.file("m.db"));
  ASSERT_TRUE(store->commit(std::vector{operation::put({0, 2}, {2})}).has_value());

  std::vector<key> visited;
  auto const loaded = load(*store, [&](key found, octet_view) { visited.push_back(found); });
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, errc::corrupt);
  ASSERT_GE(visited.size(), 2u);
  EXPECT_EQ(visited[0], (key{0, 2}));  // not {0, 1}, which went with the failed commit
  EXPECT_EQ(visited[1], (key{1, 0}));
}

TEST(sqlite_store, flipped_octets_never_crash) {
  temporary_directory const where;
  {
    auto const store = opened(where.file("whole.db"));
    fill(*store, 300);
  }
  auto const whole = slurp(where.file("whole.db"));
  seeded_entropy chance{11};
  power_vfs const without_syncs{chance};
  unsigned faults = 0;
  for (int run = 0; run < 300; ++run) {
    SCOPED_TRACE(run);
    auto damaged = whole;
    // Page starts hold the structure; elsewhere mostly values, whose octets SQLite does not check.
    auto const base = chance.one_in(2) ? chance.below(whole.size() / 4096) * 4096 : chance.below(whole.size());
    for (auto flips = chance.between(1, 8); flips > 0; --flips)
      damaged[std::min(base + chance.below(120), whole.size() - 1)] ^= static_cast<char>(1u << chance.below(8));
    spill(where.file("m.db"), damaged);
    survive(where.file("m.db"), faults);
  }
  EXPECT_GT(faults, 50u);
}

TEST(sqlite_store, a_damaged_wal_loses_its_end_and_no_more) {
  temporary_directory const where;
  {
    auto const store = opened(where.file("whole.db"));
    for (std::uint64_t id = 0; id < 20; ++id)
      ASSERT_TRUE(store->commit(std::vector{operation::put({1, id}, octets(50, 7))}).has_value());
    for (auto const* end : {"", "-wal"})
      spill(where.file(std::string("copy.db") + end), slurp(where.file(std::string("whole.db") + end)));
  }
  auto const file = slurp(where.file("copy.db")), wal = slurp(where.file("copy.db-wal"));
  seeded_entropy chance{5};
  power_vfs const without_syncs{chance};
  for (int run = 0; run < 60; ++run) {
    auto damaged = wal;
    damaged[chance.below(wal.size())] ^= static_cast<char>(1u << chance.below(8));
    spill(where.file("m.db"), file);
    spill(where.file("m.db-wal"), damaged);
    auto const store = opened(where.file("m.db"));
    ASSERT_NE(store, nullptr);
    contents expected;
    auto const found = contents_of(*store).value();
    for (std::uint64_t id = 0; id < found.size(); ++id) expected[{1, id}] = octets(50, 7);
    EXPECT_EQ(found, expected);  // the first commits, whole
  }
}

TEST(sqlite_store, a_record_that_no_store_writes_is_corrupt) {
  for (auto const* row : {"300, 1, x'00'", "-1, 1, x'00'", "1, -1, x'00'", "1, 1, zeroblob(1048577)"}) {
    SCOPED_TRACE(row);
    temporary_directory const where;
    opened(where.file("m.db"));
    sql(where.file("m.db"), ("INSERT INTO records VALUES(" + std::string(row) + ")").c_str());
    auto const found = contents_of(*opened(where.file("m.db")));
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().code, errc::corrupt);
    EXPECT_EQ(found.error().field, where.file("m.db"));
  }
}

}  // namespace
}  // namespace signalbox::storage
