// The faults that only the store in memory can produce on request.
#include "engine/storage/memory_store.hpp"

#include <gtest/gtest.h>

#include "engine/storage/test_support.hpp"

namespace signalbox::storage {
namespace {

octets const a{1, 2, 3};

std::vector<operation> batch(std::uint64_t id) {  // two records, so that half of it would show
  return {operation::put({1, id}, a), operation::put({2, id}, a)};
}

TEST(memory_store, a_failed_commit_leaves_nothing) {
  seeded_entropy chance{1};
  memory_store store{{.fail_percent = 100}, chance};
  auto const refused = store.commit(batch(1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, errc::io);
  EXPECT_TRUE(store.records().empty());
  store.set_plan({});
  EXPECT_TRUE(store.commit(batch(1)).has_value());
  EXPECT_EQ(store.records().size(), 2u);
  EXPECT_EQ(store.count().faults, 1u);
  EXPECT_EQ(store.count().commits, 1u);
  EXPECT_EQ(store.count().operations, 2u);
}

TEST(memory_store, fails_as_often_as_planned_and_the_same_for_one_seed) {
  auto const outcomes = [](std::uint64_t seed) {
    seeded_entropy chance{seed};
    memory_store store{{.fail_percent = 30}, chance};
    std::vector<bool> done;
    for (std::uint64_t i = 0; i < 1000; ++i) done.push_back(store.commit(batch(i)).has_value());
    EXPECT_NEAR(static_cast<double>(store.count().faults), 300, 60);
    EXPECT_EQ(store.records().size(), 2 * store.count().commits);
    return done;
  };
  EXPECT_EQ(outcomes(7), outcomes(7));
  EXPECT_NE(outcomes(7), outcomes(8));
}

TEST(memory_store, what_has_only_begun_is_not_there) {
  memory_store store;
  store.begin(batch(1));
  store.begin(batch(2));
  EXPECT_TRUE(store.records().empty());
  EXPECT_TRUE(store.finish().has_value());
  EXPECT_TRUE(store.records().contains({1, 1}));
  EXPECT_FALSE(store.records().contains({1, 2}));
  EXPECT_EQ(store.in_flight(), 1u);
  EXPECT_TRUE(store.finish().has_value());
  EXPECT_EQ(store.records().size(), 4u);
  auto const none = store.finish();
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, errc::not_found);
}

TEST(memory_store, power_cut_without_survivors) {
  memory_store store;
  ASSERT_TRUE(store.commit(batch(1)).has_value());
  store.begin(batch(2));
  store.crash();
  EXPECT_EQ(store.records(), (contents{{{1, 1}, a}, {{2, 1}, a}}));
  EXPECT_EQ(store.in_flight(), 0u);
  EXPECT_EQ(store.count().lost, 1u);
}

// Of five commits in flight every number may survive, always the first ones, each whole.
TEST(memory_store, power_cut_keeps_a_prefix_of_whole_commits) {
  seeded_entropy chance{3};
  std::vector<int> seen(6);
  for (int run = 0; run < 500; ++run) {
    memory_store store{{.survive_percent = 60}, chance};
    ASSERT_TRUE(store.commit(batch(0)).has_value());
    for (std::uint64_t id = 1; id <= 5; ++id) store.begin(batch(id));
    store.crash();
    auto const survived = store.count().survived;
    contents expected;
    for (std::uint64_t id = 0; id <= survived; ++id) expected.insert({{{1, id}, a}, {{2, id}, a}});
    ASSERT_EQ(store.records(), expected);
    ASSERT_EQ(survived + store.count().lost, 5u);
    ++seen[survived];
  }
  for (auto const times : seen) EXPECT_GT(times, 0);
}

TEST(memory_store, power_cut_never_applies_what_would_have_been_refused) {
  seeded_entropy chance{3};
  memory_store store{{.survive_percent = 100}, chance};
  store.begin({operation::put({1, 1}, a), operation::put({1, 2}, octets(max_record_octets + 1))});
  store.begin(batch(5));
  store.crash();
  EXPECT_EQ(store.records(), (contents{{{1, 5}, a}, {{2, 5}, a}}));
}

}  // namespace
}  // namespace signalbox::storage
