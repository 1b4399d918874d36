#include "engine/server/group_committer.hpp"

#include <iterator>
#include <utility>

namespace signalbox::server {

group_committer::group_committer(storage::message_store& store, std::function<void(answers)> answer)
    : store_(store), answer_(std::move(answer)), writer_([this] { work(); }) {}

group_committer::~group_committer() {
  {
    std::lock_guard const lock(guard_);
    stopping_ = true;
  }
  wake_.notify_one();
  writer_.join();
}

void group_committer::add(storage::request what) {
  bool first = false;
  {
    std::lock_guard const lock(guard_);
    first = waiting_.empty();
    waiting_.push_back(std::move(what));
  }
  if (first) wake_.notify_one();
}

void group_committer::work() {
  std::vector<storage::request> taken;
  std::vector<storage::operation> joined;
  for (;;) {
    {
      std::unique_lock lock(guard_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      taken.swap(waiting_);
    }
    result<void> outcome;
    if (taken.size() > 1)
      for (auto& r : taken)
        joined.insert(joined.end(), std::make_move_iterator(r.operations.begin()),
                      std::make_move_iterator(r.operations.end()));
    if (std::span const all = taken.size() == 1 ? taken.front().operations : joined; !all.empty())
      outcome = store_.commit(all);
    answers out;
    out.reserve(taken.size());
    for (auto const& r : taken) {
      auto& values = out.emplace_back(r.number, storage::answer{outcome, {}}).second.values;
      store_.read(r.reads, [&](storage::key where, result<octet_view> value) {
        values.emplace_back(
            where, value ? result<octets>(octets(value->begin(), value->end())) : std::unexpected(value.error()));
      });
    }
    taken.clear();
    joined.clear();
    answer_(std::move(out));
  }
}

}  // namespace signalbox::server
