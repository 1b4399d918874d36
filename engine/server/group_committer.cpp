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

void group_committer::add(std::uint64_t number, std::vector<storage::operation> operations) {
  bool first = false;
  {
    std::lock_guard const lock(guard_);
    first = waiting_.empty();
    waiting_.push_back({number, std::move(operations)});
  }
  if (first) wake_.notify_one();
}

void group_committer::work() {
  std::vector<request> taken;
  std::vector<storage::operation> joined;
  for (;;) {
    {
      std::unique_lock lock(guard_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      taken.swap(waiting_);
    }
    answers out;
    out.requests.reserve(taken.size());
    for (auto& r : taken) {
      out.requests.push_back(r.number);
      if (taken.size() > 1)
        joined.insert(joined.end(), std::make_move_iterator(r.operations.begin()),
                      std::make_move_iterator(r.operations.end()));
    }
    out.outcome = store_.commit(taken.size() == 1 ? taken.front().operations : joined);
    taken.clear();
    joined.clear();
    answer_(std::move(out));
  }
}

}  // namespace signalbox::server
