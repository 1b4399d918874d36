// The whole engine under random faults: links that are late, cut up, stalled, refused and lost, disks that fail, power
// cuts. Whatever happens, the rules of auditor.hpp hold. One seed is one run; a failing one prints its number.
#include <gtest/gtest.h>

#include "engine/storage/memory_store.hpp"
#include "simulators/world/stormy_run.hpp"

namespace signalbox::simulators {
namespace {

TEST(faults, no_acknowledged_message_is_lost_and_none_comes_twice_without_cause) {
  auditor::tally all;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(seed);
    stormy_run r(seed);
    r.storm();
    r.calm();
    auto const broken = r.audit.broken_rules();
    EXPECT_TRUE(broken.empty()) << broken.size() << " broken, first: " << broken.front();
    EXPECT_TRUE(r.alpha.done());
    ASSERT_NE(r.w.engine(), nullptr);
    EXPECT_EQ(r.w.engine()->count().stored, 0u);
    if (::testing::Test::HasFailure()) {
      auto const text = r.w.record().text();
      ADD_FAILURE() << "the end of its trace:\n"
                    << text.substr(text.size() - std::min<std::size_t>(text.size(), 20'000));
      break;
    }
    auto const t = r.audit.count();
    all.submissions += t.submissions;
    all.acknowledged += t.acknowledged;
    all.refused += t.refused;
    all.deliveries += t.deliveries;
    all.not_done += t.not_done;
    all.receipts += t.receipts;
    all.power_cuts += t.power_cuts;
    all.failed_commits += t.failed_commits;
  }
  // The storms must have been storms: every kind of trouble was met.
  EXPECT_GT(all.acknowledged, 10'000u);
  EXPECT_GT(all.submissions, all.acknowledged);
  EXPECT_GT(all.refused, 100u);
  EXPECT_GT(all.deliveries, all.acknowledged);
  EXPECT_GT(all.not_done, 100u);
  EXPECT_GT(all.power_cuts, 100u);
  EXPECT_GT(all.failed_commits, 100u);
}

// The checker is worth something only if it finds what it looks for: the same runs on disks that lie.
struct lying_disk : storage::message_store {
  enum class lie { loses_commits, keeps_erased, fails_and_keeps };
  lying_disk(lie how, std::uint64_t seed) : how_(how), luck_(seed) {}
  result<void> commit(std::span<storage::operation const> operations) override {
    auto const lies = luck_.one_in(10);
    if (lies && how_ == lie::loses_commits) return {};
    std::vector<storage::operation> all(operations.begin(), operations.end());
    if (lies && how_ == lie::keeps_erased)
      std::erase_if(all, [](auto const& each) { return each.what == storage::operation::verb::erase; });
    auto const done = disk_.commit(all);
    if (lies && how_ == lie::fails_and_keeps) return failed(errc::io, 0, "disk", "a lie");
    return done;
  }
  result<void> keys(std::function<void(storage::key)> const& visit) override { return disk_.keys(visit); }
  void read(std::span<storage::key const> wanted,
            std::function<void(storage::key, result<octet_view>)> const& visit) override {
    disk_.read(wanted, visit);
  }

 private:
  lie how_;
  seeded_entropy luck_;
  storage::memory_store disk_;
};

TEST(faults, the_checker_finds_a_disk_that_lies) {
  struct {
    lying_disk::lie how;
    char const* rule;
  } const cases[] = {
      {lying_disk::lie::loses_commits, "rule 1"},
      {lying_disk::lie::keeps_erased, "rule 3"},
      {lying_disk::lie::fails_and_keeps, "rule 2"},
  };
  for (auto const& c : cases) {
    std::string found;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      stormy_run r(seed, std::make_unique<lying_disk>(c.how, seed));
      r.storm();
      r.inject("crash", {});
      r.calm();
      for (auto const& each : r.audit.broken_rules()) found += each + "\n";
    }
    EXPECT_NE(found.find(c.rule), found.npos) << c.rule << " is not among\n" << found;
  }
}

TEST(faults, one_seed_is_one_trace) {
  for (auto const seed : {std::uint64_t{3}, std::uint64_t{77}}) {
    auto const play = [&] {
      stormy_run r(seed);
      r.storm();
      r.calm();
      return r.w.record().text();
    };
    EXPECT_EQ(play(), play());
  }
}

}  // namespace
}  // namespace signalbox::simulators
