#include "engine/server/group_committer.hpp"

#include <utility>

#include "engine/storage/serving.hpp"

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
  for (;;) {
    {
      std::unique_lock lock(guard_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      taken.swap(waiting_);
    }
    answers out = storage::serve(store_, taken);
    taken.clear();
    answer_(std::move(out));
  }
}

}  // namespace signalbox::server
