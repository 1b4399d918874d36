// Deadlines of many things: a binary heap whose entries can be moved and cancelled by handle. Adding a deadline later
// than the others and cancelling one that is far off are cheap, which is the life of almost every message.
// Equal times come out in the order in which they were set, so a run depends on nothing but its inputs.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace signalbox::inline base {

template <class Time, class Id>
class deadlines {
 public:
  using handle = std::uint32_t;
  static constexpr handle none = UINT32_MAX;

  handle add(Time when, Id id) {
    handle h = none;
    if (free_.empty()) {
      h = static_cast<handle>(places_.size());
      places_.push_back(0);
    } else {
      h = free_.back();
      free_.pop_back();
    }
    heap_.push_back({when, order_++, id, h});
    places_[h] = static_cast<std::uint32_t>(heap_.size() - 1);
    up(heap_.size() - 1);
    return h;
  }

  void cancel(handle h) {
    if (h == none) return;
    std::size_t const hole = places_[h];
    assert(hole < heap_.size() && heap_[hole].h == h);
    free_.push_back(h);
    auto last = std::move(heap_.back());
    heap_.pop_back();
    if (hole == heap_.size()) return;
    place(hole, std::move(last));
    up(hole);
    down(hole);
  }

  std::optional<Time> next() const { return heap_.empty() ? std::nullopt : std::optional<Time>(heap_.front().when); }

  // The earliest id due at `now`, taken out; its handle is free from then on.
  std::optional<Id> pop(Time now) {
    if (heap_.empty() || heap_.front().when > now) return std::nullopt;
    auto id = heap_.front().id;
    cancel(heap_.front().h);
    return id;
  }

  std::size_t size() const { return heap_.size(); }

 private:
  struct entry {
    Time when;
    std::uint64_t order;
    Id id;
    handle h;
    bool before(entry const& other) const { return std::pair(when, order) < std::pair(other.when, other.order); }
  };

  void place(std::size_t at, entry e) {
    places_[e.h] = static_cast<std::uint32_t>(at);
    heap_[at] = std::move(e);
  }
  void up(std::size_t at) {
    while (at > 0 && heap_[at].before(heap_[(at - 1) / 2])) {
      swap(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
  }
  void down(std::size_t at) {
    for (;;) {
      auto least = at;
      for (auto child : {2 * at + 1, 2 * at + 2})
        if (child < heap_.size() && heap_[child].before(heap_[least])) least = child;
      if (least == at) return;
      swap(at, least);
      at = least;
    }
  }
  void swap(std::size_t a, std::size_t b) {
    std::swap(heap_[a], heap_[b]);
    places_[heap_[a].h] = static_cast<std::uint32_t>(a);
    places_[heap_[b].h] = static_cast<std::uint32_t>(b);
  }

  std::vector<entry> heap_;
  std::vector<std::uint32_t> places_;  // handle -> index in heap_
  std::vector<handle> free_;
  std::uint64_t order_ = 0;
};

}  // namespace signalbox::inline base
