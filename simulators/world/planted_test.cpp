// The auditor is worth something only if it finds bugs: each of those in engine/base/planted.hpp is switched on in
// turn, in storms like those of faults_test.cpp, and the rule that must tell has to tell. The same storms without a
// bug break nothing. The message log stands on a simulated disk that loses its power with the engine.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "engine/base/planted.hpp"
#include "engine/storage/log/log_store.hpp"
#include "engine/storage/simulated_files.hpp"
#include "simulators/world/stormy_run.hpp"

namespace signalbox::simulators {
namespace {

constexpr std::uint64_t seeds = 100;
constexpr std::uint64_t seeds_of_a_search = 1000;  // only a bug that is not found plays them all

// Loses its power when the world does, also in the middle of a commit; opens its log anew at the next start.
class log_on_a_disk final : public storage::message_store {
 public:
  explicit log_on_a_disk(std::uint64_t seed) : luck_(seed), disk_(luck_) { open(); }

  result<void> commit(std::span<storage::operation const> operations) override {
    if (!log_) return failed(errc::io, 0, "log", "cannot be opened");
    // The world's last word before the end: mostly written and not synced, else nothing of it, or all.
    if (powerless_) disk_.plan(storage::disk_event::power_cut, luck_.one_in(4) ? luck_.below(3) : 1);
    return log_->commit(operations);
  }
  result<void> keys(std::function<void(storage::key)> const& visit) override {
    if (powerless_) open();
    if (!log_) return failed(errc::io, 0, "log", "cannot be opened");
    return log_->keys(visit);
  }
  void read(std::span<storage::key const> wanted,
            std::function<void(storage::key, result<octet_view>)> const& visit) override {
    log_->read(wanted, visit);
  }

  void lose_power() { powerless_ = true; }

 private:
  void open() {
    log_.reset();
    if (std::exchange(powerless_, false)) disk_.power_returns();
    constexpr std::uint64_t smallest_segment = 8192;  // so that they are recycled soon
    if (auto opened = storage::log::log_store::open(disk_.mount(), {.segment_octets = smallest_segment}))
      log_ = std::move(*opened);
  }

  seeded_entropy luck_;
  storage::simulated_disk disk_;
  std::unique_ptr<storage::log::log_store> log_;
  bool powerless_ = false;
};

// Tells the disk, too, when the power is cut.
class observer_of_both final : public observer {
 public:
  observer_of_both(auditor& audit, log_on_a_disk* disk) : audit_(audit), disk_(disk) {}
  void on_sent(std::uint64_t link, place at, octet_view data, moment now) override {
    audit_.on_sent(link, at, data, now);
  }
  void on_arrived(std::uint64_t link, place at, octet_view data, moment now) override {
    audit_.on_arrived(link, at, data, now);
  }
  void on_power_cut(moment now) override {
    if (disk_ != nullptr) disk_->lose_power();
    audit_.on_power_cut(now);
  }
  void on_commit_begun(moment now) override { audit_.on_commit_begun(now); }
  void on_commit(bool succeeded, moment now) override { audit_.on_commit(succeeded, now); }

 private:
  auditor& audit_;
  log_on_a_disk* disk_;
};

enum class ground : std::uint8_t {
  memory,    // the store of the world
  disk,      // the message log
  schedule,  // the store of the world; messages keep to their times whoever binds, and mostly have numbers of their own
};

struct row {
  bug which;
  char const* name;
  ground on;
  char const* tells;  // the rule
};

constexpr row rows[] = {
    {bug::batch_tail_not_written, "batch_tail_not_written", ground::disk, "rule 1"},
    {bug::sync_skipped, "sync_skipped", ground::disk, "rule 1"},
    {bug::last_batch_dropped, "last_batch_dropped", ground::disk, "rule 1"},
    {bug::torn_batch_taken, "torn_batch_taken", ground::disk, "rule 4"},
    {bug::dead_segment_read, "dead_segment_read", ground::disk, "rule 3"},
    {bug::answered_before_stored, "answered_before_stored", ground::memory, "rule 1"},
    {bug::answered_though_not_stored, "answered_though_not_stored", ground::memory, "rule 1"},
    {bug::kept_though_refused, "kept_though_refused", ground::memory, "rule 2"},
    {bug::delivered_before_stored, "delivered_before_stored", ground::memory, "rule 2"},
    {bug::erased_before_answered, "erased_before_answered", ground::memory, "rule 1"},
    {bug::lost_link_taken_for_success, "lost_link_taken_for_success", ground::memory, "rule 1"},
    {bug::failure_taken_for_success, "failure_taken_for_success", ground::memory, "rule 1"},
    {bug::forgotten_after_failure, "forgotten_after_failure", ground::memory, "rule 1"},
    {bug::schedule_restarts, "schedule_restarts", ground::schedule, "rule 7"},
    {bug::receipt_of_another_message, "receipt_of_another_message", ground::memory, "rule 5"},
    {bug::receipt_forgotten, "receipt_forgotten", ground::memory, "rule 4"},
    {bug::receipt_sent_twice, "receipt_sent_twice", ground::memory, "rule 4"},
    {bug::receipt_always_good, "receipt_always_good", ground::memory, "rule 5"},
    {bug::wrong_esme, "wrong_esme", ground::memory, "rule 6"},
    {bug::text_cut_at_restart, "text_cut_at_restart", ground::memory, "rule 3"},
    {bug::new_id_after_restart, "new_id_after_restart", ground::memory, "rule 4"},
    {bug::ids_given_again, "ids_given_again", ground::memory, "rule 8"},
};

std::vector<std::string> play(bug which, ground on, std::uint64_t seed) {
  planted_bug = which;
  auto configuration = three_esmes();
  auditor::knowledge known{.owners = {{"1", "alpha"}, {"2", "beta"}, {"3", "gamma"}}};
  if (on == ground::schedule) {
    configuration.sms.deliver_on_bind = false;
    known.retry_delays = {2s, 4s, 8s, 10s};
  }
  auto store = on == ground::disk ? std::make_unique<log_on_a_disk>(seed) : nullptr;
  auto* const disk = store.get();
  stormy_run r(seed, std::move(store), std::move(configuration), std::move(known));
  observer_of_both both(r.audit, disk);
  r.w.observe(both);
  r.gamma.options().mix = *status_mix::parse("20%ESME_RINVDSTADR");
  auto sends = r.alpha.options().send;
  if (on == ground::schedule) {
    r.beta.options().mix = *status_mix::parse("60%ESME_RX_T_APPN");
    sends.destination = "2000";
    sends.destinations = 2000;
  }
  if (on == ground::disk) {
    sends.rate_per_s = 10;
    sends.count = 500;
    r.inject("storage", {"delay", "200ms"});  // commits of many sectors, which can be torn
  }
  r.w.act(r.alpha, [&](moment now, core::effects& out) { r.alpha.start_burst(sends, now, out); });
  r.storm();
  for (int i = 0; i < 20 && on == ground::disk; ++i) {
    r.inject("crash", {"500ms"});
    r.w.run_for(1500ms);
  }
  r.gamma.options().mix = {};
  r.inject("crash", {});
  r.calm();
  r.inject("crash", {});
  r.w.run_for(1min);  // what comes back now has no cause
  planted_bug = bug::none;
  return r.audit.broken_rules();
}

class planted_bugs : public ::testing::TestWithParam<row> {};

TEST_P(planted_bugs, are_found) {
  auto const& [which, name, on, tells] = GetParam();
  planted_bug_met = 0;
  std::string found;
  for (std::uint64_t seed = 1; seed <= seeds_of_a_search; ++seed)
    for (auto const& each : play(which, on, seed)) {
      if (each.starts_with(std::string(tells) + ":")) {
        RecordProperty("seed", std::to_string(seed));
        RecordProperty("found", each);
        return;
      }
      if (found.size() < 2000) found += each + "\n";
    }
  ADD_FAILURE() << tells << " was not broken; the point was met " << planted_bug_met << " times; broken were\n"
                << found;
}

INSTANTIATE_TEST_SUITE_P(auditor, planted_bugs, ::testing::ValuesIn(rows),
                         [](auto const& each) { return each.param.name; });

TEST(planted, without_a_bug_nothing_is_found) {
  for (auto const on : {ground::memory, ground::disk, ground::schedule})
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      auto const broken = play(bug::none, on, seed);
      EXPECT_TRUE(broken.empty()) << "ground " << static_cast<int>(on) << ", seed " << seed << ": " << broken.front();
    }
}

TEST(planted, every_bug_is_tried) {
  std::vector<bug> tried;
  for (auto const& each : rows) tried.push_back(each.which);
  std::ranges::sort(tried);
  EXPECT_TRUE(std::ranges::adjacent_find(tried) == tried.end());
  EXPECT_EQ(tried.size() + 1, static_cast<std::size_t>(bug::end));
}

// By the name of the switch in the table of symbols, which this program has.
TEST(planted, the_product_has_no_trace_of_it) {
  std::string const name = "planted_bug";
  auto const symbol = std::to_string(name.size()) + name;  // put together here, or this file would have it anyway
  auto const mentions = [&](char const* program) {
    std::ifstream in(program, std::ios::binary);
    std::string const all(std::istreambuf_iterator<char>(in), {});
    EXPECT_FALSE(all.empty()) << program;
    return all.find(symbol) != all.npos;
  };
  EXPECT_TRUE(mentions("/proc/self/exe"));
  EXPECT_FALSE(mentions(SIGNALBOX_PROGRAM));
}

}  // namespace
}  // namespace signalbox::simulators
