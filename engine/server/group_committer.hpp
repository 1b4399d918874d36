// The writer thread of a message store. What was requested during one sync becomes the next commit (group commit), so
// the number of syncs does not grow with the number of messages.
//
// Answers come in the order of the requests, one call of `answer` per commit and the reads that follow it, on the writer
// thread; the host posts them to its own. A failing joined commit fails its requests: nothing of it was written, and
// whoever asked can ask again. How many requests wait is bounded by the engine, which stops reading from peers with too much in flight.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/storage/message_store.hpp"

namespace signalbox::server {

class group_committer {
 public:
  using answers = std::vector<std::pair<std::uint64_t, storage::answer>>;

  group_committer(storage::message_store& store, std::function<void(answers)> answer);
  // Ends the commit that is under way; what still waits is dropped, and nobody was told that it is durable.
  ~group_committer();
  group_committer(group_committer const&) = delete;
  group_committer& operator=(group_committer const&) = delete;

  void add(storage::request what);

 private:
  void work();

  storage::message_store& store_;
  std::function<void(answers)> answer_;
  std::mutex guard_;
  std::condition_variable wake_;
  std::vector<storage::request> waiting_;
  bool stopping_ = false;
  std::thread writer_;  // last: it starts when the rest is there
};

}  // namespace signalbox::server
