#include "engine/storage/serving.hpp"

#include <gtest/gtest.h>

#include "engine/storage/memory_store.hpp"

namespace signalbox::storage {
namespace {

// A store on a full disk: a commit that puts anything fails.
class full_store final : public message_store {
 public:
  result<void> commit(std::span<operation const> operations) override {
    ++commits;
    if (full)
      for (auto const& o : operations)
        if (o.what == operation::verb::put) return failed(errc::io, 0, "disk", "no space left");
    return inner.commit(operations);
  }
  result<void> keys(std::function<void(key)> const& visit) override { return inner.keys(visit); }
  void read(std::span<key const> wanted, std::function<void(key, result<octet_view>)> const& visit) override {
    inner.read(wanted, visit);
  }

  memory_store inner;
  bool full = false;
  int commits = 0;
};

TEST(serving, one_commit_serves_all_and_reads_follow_it) {
  full_store store;
  std::vector<request> all{{7, {operation::put({1, 1}, {1})}, {{1, 2}, {1, 3}}},
                           {8, {operation::put({1, 2}, {2})}, {}}};
  auto const answers = serve(store, all);
  EXPECT_EQ(store.commits, 1);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].first, 7u);
  ASSERT_EQ(answers[0].second.values.size(), 2u);
  EXPECT_EQ(answers[0].second.values[0].second, octets{2}) << "stored by the same commit";
  EXPECT_EQ(answers[0].second.values[1].second.error().code, errc::not_found);
}

TEST(serving, on_a_full_disk_what_only_erases_succeeds_alone) {
  full_store store;
  ASSERT_TRUE(store.commit(std::vector{operation::put({1, 1}, {1}), operation::put({1, 2}, {2})}));
  store.full = true;
  std::vector<request> all{{1, {operation::erase({1, 1})}, {}},
                           {2, {operation::put({1, 3}, {3})}, {{1, 2}}},
                           {3, {operation::erase({1, 2}), operation::put({1, 4}, {4})}, {}},
                           {4, {}, {{1, 1}}}};
  auto const answers = serve(store, all);
  EXPECT_TRUE(answers[0].second.outcome);
  EXPECT_FALSE(answers[1].second.outcome);
  EXPECT_FALSE(answers[2].second.outcome);
  EXPECT_TRUE(answers[3].second.outcome);
  EXPECT_EQ(store.inner.records().size(), 1u);
  EXPECT_EQ(answers[1].second.values[0].second, octets{2}) << "the third one failed whole";
  EXPECT_EQ(answers[3].second.values[0].second.error().code, errc::not_found);
}

TEST(serving, what_reads_only_commits_nothing) {
  full_store store;
  std::vector<request> all{{1, {}, {{1, 1}}}};
  EXPECT_EQ(serve(store, all).size(), 1u);
  EXPECT_EQ(store.commits, 0);
}

}  // namespace
}  // namespace signalbox::storage
