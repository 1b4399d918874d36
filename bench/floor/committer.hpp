// Group commit into the message log, as bare as it can be: one thread commits, and what is added meanwhile becomes the
// next commit. The engine's own is engine/server/group_committer.hpp.
#pragma once

#include <sys/eventfd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <mutex>
#include <thread>

#include "engine/storage/log/log_store.hpp"

namespace signalbox::floor {

struct accepted {  // a submit_sm whose answer is due
  std::uint64_t connection;
  std::uint32_t sequence_number, message;
};

// A thread that commits; what is added meanwhile becomes the next commit.
class committer {
 public:
  explicit committer(std::string const& path) {
    auto opened = storage::log::log_store::open(path);
    if (!opened) {
      std::fprintf(stderr, "floor_responder: %s: %s\n", path.c_str(), opened.error().detail.c_str());
      std::_Exit(1);
    }
    store_ = std::move(*opened);
    std::thread([this] { work(); }).detach();  // ends with the process
  }

  int done() const { return done_event_; }  // readable when there is something to take

  void add(std::vector<storage::operation>& operations, std::vector<accepted>& answers) {
    {
      std::lock_guard const lock(guard_);
      std::move(operations.begin(), operations.end(), std::back_inserter(operations_));
      waiting_.insert(waiting_.end(), answers.begin(), answers.end());
    }
    wake_.notify_one();
    operations.clear();
    answers.clear();
  }

  void take(std::vector<accepted>& into) {
    eventfd_t ignored = 0;
    eventfd_read(done_event_, &ignored);
    std::lock_guard const lock(guard_);
    into.swap(durable_);
  }

 private:
  void work() {
    std::vector<storage::operation> operations;
    std::vector<accepted> answers;
    for (;;) {
      {
        std::unique_lock lock(guard_);
        wake_.wait(lock, [this] { return !waiting_.empty(); });
        operations.swap(operations_);
        answers.swap(waiting_);
      }
      if (auto const done = store_->commit(operations); !done) {
        std::fprintf(stderr, "floor_responder: %s\n", done.error().detail.c_str());
        std::_Exit(1);
      }
      {
        std::lock_guard const lock(guard_);
        durable_.insert(durable_.end(), answers.begin(), answers.end());
      }
      eventfd_write(done_event_, 1);
      operations.clear();
      answers.clear();
    }
  }

  std::unique_ptr<storage::message_store> store_;
  int done_event_ = eventfd(0, EFD_NONBLOCK);
  std::mutex guard_;
  std::condition_variable wake_;
  std::vector<storage::operation> operations_;
  std::vector<accepted> waiting_, durable_;
};

}  // namespace signalbox::floor
