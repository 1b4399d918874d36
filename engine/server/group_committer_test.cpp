#include "engine/server/group_committer.hpp"

#include <gtest/gtest.h>

#include <future>

namespace signalbox::server {
namespace {

using storage::key;
using storage::operation;

// A store whose commits wait for the test, one permit each.
class gated_store final : public storage::message_store {
 public:
  result<void> commit(std::span<operation const> operations) override {
    std::unique_lock lock(guard_);
    commits_.emplace_back();
    for (auto const& o : operations) commits_.back().push_back(o.where.id);
    changed_.notify_all();
    changed_.wait(lock, [this] { return permits_ > 0; });
    --permits_;
    if (failing_) return failed(errc::io, 0, {}, "disk full");
    return {};
  }
  result<void> keys(std::function<void(key)> const&) override { return {}; }
  void read(std::span<key const>, std::function<void(key, result<octet_view>)> const&) override {}

  void permit(int more, bool failing = false) {
    std::lock_guard const lock(guard_);
    permits_ += more;
    failing_ = failing;
    changed_.notify_all();
  }
  bool wait_for_commits(std::size_t count) {
    std::unique_lock lock(guard_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return commits_.size() >= count; });
  }
  std::vector<std::vector<std::uint64_t>> commits() {
    std::lock_guard const lock(guard_);
    return commits_;
  }

 private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::vector<std::vector<std::uint64_t>> commits_;
  int permits_ = 0;
  bool failing_ = false;
};

std::vector<std::uint64_t> numbers_of(group_committer::answers const& all) {
  std::vector<std::uint64_t> numbers;
  for (auto const& [number, what] : all) numbers.push_back(number);
  return numbers;
}

class answer_book {
 public:
  void add(group_committer::answers a) {
    std::lock_guard const lock(guard_);
    all_.push_back(std::move(a));
    changed_.notify_all();
  }
  std::vector<group_committer::answers> wait_for(std::size_t count) {
    std::unique_lock lock(guard_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return all_.size() >= count; });
    return all_;
  }

 private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::vector<group_committer::answers> all_;
};

std::vector<operation> putting(std::uint64_t id) { return {operation::put({1, id}, {0x01})}; }

TEST(group_committer, what_waits_during_a_commit_is_the_next_one) {
  gated_store store;
  answer_book book;
  group_committer committer(store, [&](auto a) { book.add(std::move(a)); });
  committer.add({1, putting(10), {}});
  ASSERT_TRUE(store.wait_for_commits(1));
  committer.add({2, putting(20), {}});
  committer.add({3, {operation::put({1, 30}, {}), operation::erase({1, 10})}, {}});
  committer.add({4, putting(40), {}});
  store.permit(2);
  auto const answers = book.wait_for(2);
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(numbers_of(answers[0]), (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(numbers_of(answers[1]), (std::vector<std::uint64_t>{2, 3, 4}));
  EXPECT_EQ(store.commits(), (std::vector<std::vector<std::uint64_t>>{{10}, {20, 30, 10, 40}}));
}

TEST(group_committer, a_failing_commit_fails_every_request_in_it_and_no_other) {
  gated_store store;
  answer_book book;
  group_committer committer(store, [&](auto a) { book.add(std::move(a)); });
  committer.add({1, putting(1), {}});
  ASSERT_TRUE(store.wait_for_commits(1));
  committer.add({2, putting(2), {}});
  committer.add({3, putting(3), {}});
  store.permit(1);
  ASSERT_TRUE(store.wait_for_commits(2));
  store.permit(1, true);
  ASSERT_EQ(book.wait_for(2).size(), 2u);
  committer.add({4, putting(4), {}});
  ASSERT_TRUE(store.wait_for_commits(3));
  store.permit(1);
  auto const answers = book.wait_for(3);
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_TRUE(answers[0].front().second.outcome);
  EXPECT_EQ(numbers_of(answers[1]), (std::vector<std::uint64_t>{2, 3}));
  ASSERT_FALSE(answers[1].front().second.outcome);
  EXPECT_EQ(answers[1].front().second.outcome.error().detail, "disk full");
  EXPECT_TRUE(answers[2].front().second.outcome);
}

TEST(group_committer, its_end_waits_for_the_commit_under_way_only) {
  gated_store store;
  answer_book book;
  auto committer = std::make_unique<group_committer>(store, [&](auto a) { book.add(std::move(a)); });
  committer->add({1, putting(1), {}});
  ASSERT_TRUE(store.wait_for_commits(1));
  committer->add({2, putting(2), {}});
  auto ended = std::async(std::launch::async, [&] { committer.reset(); });
  EXPECT_EQ(ended.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  store.permit(1);
  ended.get();
  EXPECT_EQ(store.commits().size(), 1u);
  EXPECT_EQ(book.wait_for(1).size(), 1u);
}

}  // namespace
}  // namespace signalbox::server
