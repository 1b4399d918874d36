// The message log: what it refuses, how it takes space back, and what becomes of every flipped bit.
#include "engine/storage/log/log_store.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "engine/storage/log/crc32c.hpp"
#include "engine/storage/memory_store.hpp"
#include "engine/storage/posix_files.hpp"
#include "engine/storage/simulated_files.hpp"
#include "engine/storage/test_support.hpp"

namespace signalbox::storage::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr log_options small{8192};
constexpr auto put = operation::put;
constexpr auto erase = operation::erase;

class message_log : public testing::Test {
 protected:
  std::unique_ptr<log_store> opened() {
    auto store = log_store::open(disk_.mount(), small);
    if (store) return std::move(*store);
    ADD_FAILURE() << describe(store.error());
    return nullptr;
  }
  fault refused() {
    auto const store = log_store::open(disk_.mount(), small);
    EXPECT_FALSE(store.has_value());
    return store ? fault{} : store.error();
  }
  static void commit(log_store& store, std::vector<operation> const& operations) {
    auto const done = store.commit(operations);
    ASSERT_TRUE(done.has_value()) << describe(done.error());
  }

  seeded_entropy chance_{1};
  simulated_disk disk_{chance_};
};

TEST_F(message_log, an_octet_flipped_back_in_a_check_is_found_by_its_difference) {
  octets data(300, 0x5A);
  auto const before = crc32c(data);
  EXPECT_EQ(crc32c(octets_of("123456789")), 0xE3069283u);  // RFC 3720 uses the same check
  EXPECT_EQ(crc32c_by_table(octets_of("123456789")), 0xE3069283u);
  EXPECT_EQ(crc32c_by_table(data), before);
  for (std::size_t bit = 0; bit < data.size() * 8; ++bit) {
    data[bit / 8] = static_cast<std::uint8_t>(data[bit / 8] ^ 1u << bit % 8);
    EXPECT_EQ(flipped_bit(crc32c(data) ^ before, data.size()), bit);
    data[bit / 8] = static_cast<std::uint8_t>(data[bit / 8] ^ 1u << bit % 8);
  }
}

TEST_F(message_log, recycles_a_few_segments_for_many_generations) {
  auto store = opened();
  memory_store model;
  for (std::uint64_t n = 0; n < 3000; ++n) {
    std::vector<operation> batch{put({1, n}, octets(n % 400, static_cast<std::uint8_t>(n)))};
    if (n >= 10) batch.push_back(erase({1, n - 10}));
    commit(*store, batch);
    ASSERT_TRUE(model.commit(batch).has_value());
    if (n % 500 != 499) continue;
    EXPECT_EQ(contents_of(*store).value(), model.records());
    store.reset();
    store = opened();
    EXPECT_EQ(contents_of(*store).value(), model.records());
    EXPECT_THAT(store->damage(), IsEmpty());
  }
  EXPECT_LE(disk_.contents().size(), 8u);
}

TEST_F(message_log, a_record_that_stays_is_moved_forward_and_pins_nothing) {
  auto const store = opened();
  octets const body(200, 7);
  commit(*store, {put({1, 1'000'000}, body), put({1, 1'000'001}, body)});
  for (std::uint64_t n = 0; n < 2000; ++n) {
    std::vector<operation> batch{put({1, n}, body)};
    if (n > 0) batch.push_back(erase({1, n - 1}));
    commit(*store, batch);
    ASSERT_LE(store->count().used_octets, 6 * small.segment_octets);
  }
  EXPECT_GT(store->count().moved_octets, 0u);
  EXPECT_EQ(store->count().records, 3u);
  EXPECT_EQ(contents_of(*store).value(), (contents{{{1, 1999}, body}, {{1, 1'000'000}, body}, {{1, 1'000'001}, body}}));
}

TEST_F(message_log, gives_the_space_of_a_backlog_back) {
  auto const store = opened();
  for (std::uint64_t n = 0; n < 1000; ++n) commit(*store, {put({1, n}, octets(300, 1))});
  EXPECT_GT(store->count().used_octets, 30 * small.segment_octets);
  for (std::uint64_t n = 0; n < 1000; ++n) commit(*store, {erase({1, n})});
  for (std::uint64_t n = 0; n < 500; ++n) commit(*store, {put({1, 1}, octets(300, 1))});
  EXPECT_LE(disk_.contents().size(), 9u);
  EXPECT_EQ(store->count().live_octets, 320u);
}

TEST_F(message_log, a_batch_larger_than_a_segment_gets_one_of_its_own) {
  auto store = opened();
  std::vector<operation> batch;
  contents expected;
  for (std::uint64_t n = 0; n < 100; ++n) {
    batch.push_back(put({1, n}, octets(3000, static_cast<std::uint8_t>(n))));
    expected.emplace(key{1, n}, batch.back().value);
  }
  commit(*store, batch);
  EXPECT_EQ(contents_of(*store).value(), expected);
  store.reset();
  store = opened();
  EXPECT_EQ(contents_of(*store).value(), expected);
  for (auto& each : batch) each = erase(each.where);
  commit(*store, batch);
  for (std::uint64_t n = 0; n < 100; ++n) commit(*store, {put({2, 1}, octets(300, 1))});
  for (auto const& [name, data] : disk_.contents()) EXPECT_EQ(data.size(), small.segment_octets) << name;
}

TEST_F(message_log, a_full_disk_is_a_fault_until_there_is_space_again) {
  auto const store = opened();
  disk_.plan(disk_event::full, 0, 1000);
  auto const done = store->commit(std::vector{put({1, 1}, octets(10, 1))});
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, errc::io);
  EXPECT_EQ(done.error().detail, "no space left");
  disk_.heal();
  commit(*store, {put({1, 1}, octets(10, 1))});
  EXPECT_EQ(store->count().records, 1u);
}

// Whatever was put: all of it can be erased, in order, on a disk that has been full all the time since. (In segments of
// which the header is a small part, as it is of real ones.)
TEST_F(message_log, erases_succeed_on_a_full_disk_and_puts_again_when_there_is_space) {
  for (std::uint64_t count = 1; count < 2000; count += 79) {
    SCOPED_TRACE(count);
    disk_.clear();
    auto const opened = [this] { return std::move(log_store::open(disk_.mount(), {64 << 10}).value()); };
    auto store = opened();
    memory_store model;
    for (std::uint64_t n = 0; n < count; ++n) {
      std::vector<operation> const batch{put({1, n}, octets(250, static_cast<std::uint8_t>(n)))};
      commit(*store, batch);
      ASSERT_TRUE(model.commit(batch).has_value());
    }
    disk_.plan(disk_event::full, 0, 1'000'000);
    std::uint64_t more = count;
    while (store->commit(std::vector{put({1, more}, octets(250, 9))})) {
      ASSERT_TRUE(model.commit(std::vector{put({1, more}, octets(250, 9))}).has_value());
      ASSERT_LT(++more, count + 1000);
    }
    if (count % 2 == 0) {  // also by a process that starts on the full disk
      store.reset();
      store = opened();
    }
    for (std::uint64_t n = 0; n < more; ++n) {
      commit(*store, {erase({1, n})});
      ASSERT_TRUE(model.commit(std::vector{erase({1, n})}).has_value());
      if (n % 200 == 0) {
        ASSERT_EQ(contents_of(*store).value(), model.records());
      }
    }
    EXPECT_EQ(store->count().records, 0u);
    disk_.heal();
    commit(*store, {put({2, 1}, octets(250, 1))});
    store.reset();
    EXPECT_EQ(contents_of(*opened()).value(), (contents{{{2, 1}, octets(250, 1)}}));
  }
}

TEST_F(message_log, the_spare_is_kept_over_a_restart_and_written_ahead) {
  auto store = opened();
  commit(*store, {put({1, 1}, octets(250, 1))});
  EXPECT_EQ(store->count().free_octets, small.segment_octets);
  EXPECT_GT(store->count().used_octets, 0u);
  auto const files = disk_.contents().size();
  store.reset();
  store = opened();
  EXPECT_EQ(store->count().free_octets, small.segment_octets);
  EXPECT_EQ(disk_.contents().size(), files);
}

TEST_F(message_log, the_index_gives_its_memory_back) {
  auto const store = opened();
  std::vector<operation> batch;
  for (std::uint64_t n = 0; n < 20'000; ++n) batch.push_back(put({1, n}, {}));
  commit(*store, batch);
  auto const large = store->count().index_octets;
  EXPECT_GE(large, 20'000u * 24);
  EXPECT_LE(large, 20'000u * 48);
  for (auto& each : batch) each = erase(each.where);
  commit(*store, std::vector(batch.begin(), batch.begin() + 19'000));
  EXPECT_EQ(store->count().records, 1000u);
  EXPECT_LE(store->count().index_octets, large / 3);
  commit(*store, std::vector(batch.begin() + 19'000, batch.end()));
  EXPECT_LE(store->count().index_octets, 64u * 16 * 24);
}

TEST_F(message_log, a_failing_disk_does_not_fill_itself_with_segments) {
  auto const store = opened();
  commit(*store, {put({1, 1}, octets(10, 1))});
  disk_.plan(disk_event::short_write, 0, 10'000);
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(store->commit(std::vector{put({1, 2}, octets(10, 1))}).has_value());
  EXPECT_LE(disk_.contents().size(), 4u);
}

TEST_F(message_log, refuses_what_is_not_its_own_and_touches_nothing) {
  commit(*opened(), {put({1, 1}, octets(100, 1))});
  auto const ours = disk_.contents();
  auto const first = ours.begin()->first;
  auto other_version = ours.begin()->second;
  for (auto const copy : {0, 2048}) {
    other_version[static_cast<std::size_t>(copy) + 15] = 2;
    auto const check = crc32c(octet_view{other_version}.subspan(static_cast<std::size_t>(copy) + 4, 60));
    for (std::size_t i = 0; i < 4; ++i)
      other_version[static_cast<std::size_t>(copy) + i] = static_cast<std::uint8_t>(check >> (24 - 8 * i));
  }
  struct {
    char const* what;
    std::string name;
    octets data;
    errc code;
    char const* words;
  } const cases[] = {
      {"a file of another name", "notes.txt", octets_of("mine"), errc::not_supported, "not a file of a message log"},
      {"a name too short", "1.log", {}, errc::not_supported, "not a file of a message log"},
      {"another version", first, other_version, errc::not_supported, "format version 2, this program knows 1"},
      {"no readable header", first, octets(8192, 0xEE), errc::corrupt, "no segment has a header that can be read"},
      {"an empty file", first, {}, errc::corrupt, "no segment has a header that can be read"},
  };
  for (auto const& each : cases) {
    SCOPED_TRACE(each.what);
    disk_.clear();
    for (auto const& [name, data] : ours) disk_.set(name, data);
    disk_.set("00000009.new", octets_of("left over"));
    disk_.set(each.name, each.data);
    auto const before = disk_.contents();
    auto const why = refused();
    EXPECT_EQ(why.code, each.code);
    EXPECT_EQ(why.field, "disk/" + each.name);
    EXPECT_THAT(why.detail, HasSubstr(each.words));
    EXPECT_EQ(disk_.contents(), before);
  }
}

// A log of several segments with two batches or more in each, and some erased and replaced records.
class damaged_log : public message_log {
 protected:
  damaged_log() {
    auto const store = opened();
    memory_store model;
    for (std::uint64_t n = 0; n < 14; ++n) {
      std::vector<operation> batch;
      for (std::uint64_t i = 0; i < 3; ++i)
        batch.push_back(put({1, n * 3 + i}, octets(300, static_cast<std::uint8_t>(n * 16 + i))));
      if (n > 0) batch.push_back(erase({1, n * 3 - 1}));
      commit(*store, batch);
      EXPECT_TRUE(model.commit(batch).has_value());
    }
    held_ = model.records();
    files_ = disk_.contents();
    std::erase_if(files_, [](auto const& each) { return each.first.ends_with(".new"); });  // nothing is in the spare
  }

  void restore() {
    disk_.clear();
    for (auto const& [name, data] : files_) disk_.set(name, data);
  }

  contents held_;
  std::map<std::string, octets> files_;
};

TEST_F(damaged_log, one_flipped_bit_anywhere_is_told_and_nothing_is_lost) {
  ASSERT_GE(files_.size(), 3u);
  std::size_t told = 0, tried = 0;
  for (auto const& [name, data] : files_) {
    for (std::size_t at = 0; at < data.size(); at += at < 64 || (at >= 4096 && at < 4200) ? 1 : 7) {
      SCOPED_TRACE(name + " at " + std::to_string(at));
      restore();
      auto damaged = data;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ 1u << at % 8);
      disk_.set(name, damaged);
      auto const store = opened();
      ASSERT_EQ(contents_of(*store).value(), held_);
      ++tried;
      if (store->damage().empty()) continue;
      ++told;
      auto const& first = store->damage()[0];
      EXPECT_EQ(first.code, errc::corrupt);
      EXPECT_EQ(first.field, "disk/" + name);
      EXPECT_LE(first.offset, at);
      EXPECT_LT(at, first.offset + 400);
      // It is told again, or gone because the end of the log is written again at the start.
      auto const still = disk_.contents()[name] != data;
      EXPECT_EQ(opened()->damage().empty(), !still);
    }
  }
  // What is not told of lies where nothing is: between the headers, and behind the last batch of a segment.
  EXPECT_GT(told, tried / 2);
}

TEST_F(damaged_log, a_damaged_sector_costs_the_records_in_it_and_no_others) {
  auto const last = std::prev(files_.end())->first;
  for (auto const& [name, data] : files_) {
    for (std::size_t at = 4096; at < data.size(); at += 64) {
      SCOPED_TRACE(name + " at " + std::to_string(at));
      restore();
      auto damaged = data;
      for (std::size_t i = at; i < at + 64; ++i) damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ 0xA5);
      disk_.set(name, damaged);
      auto const store = opened();
      auto const found = contents_of(*store).value();
      if (name != last && store->damage().empty()) {
        EXPECT_EQ(found, held_);
      }
      std::size_t lost = 0;
      for (auto const& [where, value] : held_) lost += !found.contains(where);
      EXPECT_LE(lost, 4u);
      // Nothing is invented: a record that was erased may be there again, as it was.
      for (auto const& [where, value] : found)
        EXPECT_EQ(value, octets(300, static_cast<std::uint8_t>(where.id / 3 * 16 + where.id % 3)));
      // And the log goes on.
      commit(*store, {put({3, 1}, octets(5, 5))});
      EXPECT_TRUE(contents_of(*opened()).value().contains({3, 1}));
    }
  }
}

TEST_F(damaged_log, a_segment_that_has_lost_both_headers_is_known_by_its_batches) {
  for (auto const& [name, data] : files_) {
    SCOPED_TRACE(name);
    restore();
    auto damaged = data;
    std::fill_n(damaged.begin(), 4096, std::uint8_t{0xDD});
    disk_.set(name, damaged);
    auto const store = opened();
    EXPECT_EQ(contents_of(*store).value(), held_);
    ASSERT_THAT(store->damage(), testing::SizeIs(1));
    EXPECT_EQ(store->damage()[0].field, "disk/" + name);
    EXPECT_THAT(store->damage()[0].detail, HasSubstr("its header cannot be read"));
  }
}

TEST_F(damaged_log, a_segment_that_is_not_there_is_told) {
  restore();
  disk_.clear();
  auto const missing = std::next(files_.begin())->first;
  for (auto const& [name, data] : files_)
    if (name != missing) disk_.set(name, data);
  auto const store = opened();
  ASSERT_THAT(store->damage(), testing::SizeIs(1));
  EXPECT_EQ(store->damage()[0].detail, "the segment of epoch 2 is missing");
  EXPECT_GT(contents_of(*store).value().size(), held_.size() / 2);
}

TEST_F(damaged_log, a_record_damaged_while_the_store_is_open_is_told_by_reading_and_the_others_are_visited) {
  restore();
  auto const store = opened();
  auto const first = disk_.mount()->open(files_.begin()->first);
  ASSERT_TRUE((*first)->write(4096 + 40 + 40, octets(16, 0xEE)).has_value());
  std::size_t visited = 0;
  auto const done = load(*store, [&](key, octet_view) { ++visited; });
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error(),
            (fault{errc::corrupt, 4096 + 40, "disk/" + files_.begin()->first, "record 1/0 cannot be read"}));
  EXPECT_EQ(visited, held_.size() - 1);
  EXPECT_THAT(store->damage(), ElementsAre(done.error()));
}

// Records that lie together come with one read; if that fails, each is tried by itself.
TEST_F(damaged_log, a_failing_read_costs_no_more_than_the_records_it_is_for) {
  restore();
  auto const store = opened();
  std::vector<key> wanted;
  for (auto const& [where, value] : held_) wanted.push_back(where);
  disk_.plan(disk_event::io_error, 0, 3);  // the read of many and those of the first two
  std::vector<errc> faults;
  std::size_t right = 0;
  store->read(wanted, [&](key where, result<octet_view> value) {
    if (value)
      right += std::ranges::equal(*value, held_.at(where));
    else
      faults.push_back(value.error().code);
  });
  EXPECT_THAT(faults, ElementsAre(errc::io, errc::io));
  EXPECT_EQ(right, held_.size() - 2);
}

TEST(message_log_files, the_directory_is_locked_against_another_process) {
  temporary_directory const where;
  auto const store = log_store::open(where.file("messages"));
  ASSERT_TRUE(store.has_value()) << describe(store.error());
  auto const second = log_store::open(where.file("messages"));
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error(), (fault{errc::io, 0, where.file("messages"), "another process has it open"}));
}

TEST(message_log_files, faults_name_the_path) {
  temporary_directory const where;
  std::ofstream{where.file("a_file")} << "text";
  for (auto const& [path, words] : {std::pair{where.file("a/b"), "No such file or directory"},
                                    std::pair{where.file("a_file"), "Not a directory"}}) {
    auto const store = log_store::open(path);
    ASSERT_FALSE(store.has_value());
    EXPECT_EQ(store.error().code, errc::io);
    EXPECT_EQ(store.error().field, path);
    EXPECT_EQ(store.error().detail, words);
  }
}

TEST(message_log_files, nothing_acknowledged_is_lost_by_kill_9) {
  auto const batch_number = [](std::uint64_t n) {
    seeded_entropy chance{n};
    std::vector<operation> batch;
    for (std::uint64_t i = 0; i < 8; ++i)
      batch.push_back(put({1, n * 8 + i}, octets(chance.below(900), static_cast<std::uint8_t>(n))));
    for (std::uint64_t i = 0; n >= 2 && i < 7; ++i) batch.push_back(erase({1, (n - 2) * 8 + i}));
    return batch;
  };
  seeded_entropy chance{9};
  temporary_directory const where;  // one log for all runs: each goes on where the one before was killed
  memory_store model;
  std::uint64_t acknowledged = 0;
  for (int run = 0; run < 50; ++run) {
    SCOPED_TRACE(run);
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    auto const child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto const store = log_store::open(where.file("messages"), {65536});
      if (!store) ::_exit(1);
      for (auto n = acknowledged;; ++n) {
        if (!(*store)->commit(batch_number(n))) ::_exit(2);
        if (::write(ends[1], "+", 1) != 1) ::_exit(3);
      }
    }
    ::close(ends[1]);
    char mark = 0;
    auto const add = [&] { ASSERT_TRUE(model.commit(batch_number(acknowledged++)).has_value()); };
    for (auto left = chance.below(60); left > 0 && ::read(ends[0], &mark, 1) == 1; --left) add();
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    while (::read(ends[0], &mark, 1) == 1) add();
    ::close(ends[0]);

    auto const store = log_store::open(where.file("messages"), {65536});
    ASSERT_TRUE(store.has_value()) << describe(store.error());
    auto const found = contents_of(**store).value();
    if (found != model.records()) add();  // the commit that got no answer
    ASSERT_EQ(found, model.records());
    for (auto const& each : (*store)->damage()) EXPECT_EQ(each.code, errc::truncated) << describe(each);
  }
}

}  // namespace
}  // namespace signalbox::storage::log
