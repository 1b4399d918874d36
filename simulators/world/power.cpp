// The system under test: its store, and what a power cut leaves of it.
#include <algorithm>

#include "engine/storage/memory_store.hpp"
#include "engine/storage/serving.hpp"
#include "simulators/world/world.hpp"

namespace signalbox::simulators {

void world::install(std::unique_ptr<system_under_test> system, std::unique_ptr<storage::message_store> store) {
  system_ = std::move(system);
  store_ = store ? std::move(store) : std::make_unique<storage::memory_store>();
  listeners_.insert_or_assign({settings_.host, settings_.port}, listener{system_place, core::service::smpp});
  power_on();
}

core::engine const* world::engine() const { return powered() ? system_->engine() : nullptr; }

void world::power_on() {
  residents_[system_place].node = &system_->power_on();
  ++life_;
  auto const loaded = storage::load_if(
      *store_, [this](storage::key where) { return system_->announce(where); },
      [this](storage::key where, octet_view value) {
        if (auto const restored = system_->restore(where, value); !restored)
          note(trace_entry::kind::notice, "a record cannot be restored: " + describe(restored.error()));
      });
  if (!loaded) note(trace_entry::kind::notice, "the store cannot be read: " + describe(loaded.error()));
  give(system_place, [this](core::node&, moment now, core::effects& out) { system_->start(now, out); });
}

void world::drain() {
  give(system_place, [this](core::node&, moment now, core::effects& out) { system_->drain(now, out); });
}

void world::crash(duration downtime) {
  if (!powered()) return;
  note(trace_entry::kind::fault, "power cut");
  if (observer_ != nullptr) observer_->on_power_cut(now_);
  std::vector<std::uint64_t> touched;
  for (auto const& [which, l] : links_)
    if (l.ends[0].who == system_place || l.ends[1].who == system_place) touched.push_back(which);
  for (auto const which : touched) {
    auto& l = links_.at(which);
    auto const side = l.ends[0].who == system_place ? 0 : 1;
    auto const was_asked = side == 1 && !l.ends[1].open && !l.cut;  // a connection not accepted yet
    if (l.ends[side].open || was_asked) {
      // What has left the machine arrives; then the peer notices.
      l.cut = true;
      lose_end(l, side);
      push(which, side, {.what = stream_item::kind::end, .due = now_.at + travel_time(sky_of(l))});
    }
    forget_if_over(which);
  }
  auto& r = residents_[system_place];
  r.node = nullptr;
  set_alarm(system_place);
  system_->power_off();
  ++life_;
  if (!committing_.empty() && chance_.one_in(2)) {  // the commit was on the disk, only nobody was told
    std::vector<storage::operation> all;
    for (auto& request : committing_)
      all.insert(all.end(), std::make_move_iterator(request.operations.begin()),
                 std::make_move_iterator(request.operations.end()));
    (void)store_->commit(all);  // if it fails, it was not on the disk
  }
  committing_.clear();
  waiting_.clear();
  calendar_.add(now_.at + downtime, power_returns{});
}

void world::happen(power_returns const&) { power_on(); }

// -- group commit: what arrived during one commit is the next ---------------------------------------------------------

duration world::commit_time() {
  auto const jitter = commit_delay_ ? duration(0) : settings_.commit_jitter;
  return commit_delay_.value_or(settings_.commit_delay) +
         duration(static_cast<duration::rep>(chance_.below(static_cast<std::uint64_t>(jitter.count()) + 1)));
}

void world::begin_commit() {
  committing_ = std::move(waiting_);
  waiting_.clear();
  if (observer_ != nullptr) observer_->on_commit_begun(now_);
  calendar_.add(now_.at + commit_time(), committed{life_});
}

void world::happen(committed const& what) {
  if (what.life != life_) return;
  if (storage_stalled_until_ > now_.at) {
    calendar_.add(storage_stalled_until_, what);
    return;
  }
  std::vector<std::pair<std::uint64_t, storage::answer>> answers;
  if (commits_to_fail_ > 0) {
    --commits_to_fail_;
    for (auto const& request : committing_)
      answers.emplace_back(request.number,
                           storage::answer{failed(errc::io, 0, "storage", "the disk fails, says the scenario"),
                                           storage::read_all(*store_, request.reads)});
  } else {
    answers = storage::serve(*store_, committing_);
  }
  auto const done = std::ranges::all_of(answers, [](auto const& each) { return each.second.outcome.has_value(); });
  if (!done) note(trace_entry::kind::fault, "commit failed");
  if (observer_ != nullptr) observer_->on_commit(done, now_);
  for (auto& [number, told] : answers) calendar_.add(now_.at, stored{life_, number, std::move(told)});
  committing_.clear();
  if (!waiting_.empty()) begin_commit();
}

void world::happen(stored const& what) {
  if (what.life != life_) return;
  give(system_place,
       [&](core::node& n, moment now, core::effects& out) { n.on_stored(what.request, what.what, now, out); });
}

}  // namespace signalbox::simulators
