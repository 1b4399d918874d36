// Where each record lies: an open hash table from key to place, 24 octets a slot, between 53 and 80 % full while it
// grows, so about 36 octets a record; below 20 % it shrinks. It is split in 64 shards that grow and shrink one at a time,
// so that no commit has to wait for a million entries to be moved, and so that a walk over all of them can be done a part
// at a time.
#pragma once

#include <array>
#include <optional>
#include <utility>

#include "engine/storage/message_store.hpp"

namespace signalbox::storage::log {

struct place {
  std::uint32_t segment = 0;  // the store's number for it, below 2^24
  std::uint64_t at = 0;       // offset in its file, a multiple of 8 below 2^35
  std::uint32_t size = 0;     // octets of the value
  bool operator==(place const&) const = default;
};

class record_index {
 public:
  static constexpr std::size_t shards = 64;

  std::optional<place> find(key where) const {
    auto const& in = shard_of(where);
    if (in.slots.empty()) return std::nullopt;
    auto const at = in.seek(where);
    if (!in.slots[at].used()) return std::nullopt;
    return in.slots[at].what();
  }

  // Answers the place that was there before.
  std::optional<place> put(key where, place what) {
    auto& in = shard_of(where);
    if ((in.count + 1) * 5 > in.slots.size() * 4) in.resize(in.slots.size() * 3 / 2);
    auto& found = in.slots[in.seek(where)];
    std::optional<place> before;
    if (found.used())
      before = found.what();
    else
      ++in.count;
    found = slot(where, what);
    return before;
  }

  std::optional<place> erase(key where) {
    auto& in = shard_of(where);
    if (in.slots.empty()) return std::nullopt;
    auto const at = in.seek(where);
    if (!in.slots[at].used()) return std::nullopt;
    auto const before = in.slots[at].what();
    in.close_gap(at);
    --in.count;
    if (in.slots.size() > fewest_slots && in.count * 5 < in.slots.size()) in.resize(in.count * 2);
    return before;
  }

  std::size_t size() const {
    std::size_t all = 0;
    for (auto const& each : shards_) all += each.count;
    return all;
  }
  std::size_t octets() const {
    std::size_t all = 0;
    for (auto const& each : shards_) all += each.slots.capacity() * sizeof(slot);
    return all;
  }

  // The entries of slots [from, from + count) of a shard; false when the shard ends there. `visit(key, place)`.
  template <class Visit>
  bool walk(std::size_t shard, std::size_t from, std::size_t count, Visit const& visit) const {
    auto const& slots = shards_[shard].slots;
    auto const end = std::min(slots.size(), from + count);
    for (auto at = from; at < end; ++at)
      if (slots[at].used()) visit(slots[at].where(), slots[at].what());
    return end < slots.size();
  }

 private:
  static constexpr std::uint32_t unused = 0xFFFFFFFF;
  static constexpr std::size_t fewest_slots = 16;

  struct slot {
    slot() = default;
    slot(key k, place p)
        : id(k.id),
          at(static_cast<std::uint32_t>(p.at / 8)),
          size(p.size),
          kind_and_segment(std::uint32_t{k.kind} << 24 | p.segment) {}
    bool used() const { return size != unused; }
    key where() const { return {static_cast<std::uint8_t>(kind_and_segment >> 24), id}; }
    place what() const { return {kind_and_segment & 0xFFFFFF, std::uint64_t{at} * 8, size}; }

    std::uint64_t id = 0;
    std::uint32_t at = 0, size = unused, kind_and_segment = 0;
  };

  static std::uint64_t mix(key where) {  // the finisher of SplitMix64
    auto z = where.id ^ std::uint64_t{where.kind} << 56;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  struct table {
    std::vector<slot> slots;
    std::size_t count = 0;

    std::size_t home(key where) const {  // the low 32 bits, scaled to the number of slots
      return static_cast<std::size_t>((mix(where) & 0xFFFFFFFF) * slots.size() >> 32);
    }
    std::size_t after(std::size_t at) const { return at + 1 == slots.size() ? 0 : at + 1; }

    std::size_t seek(key where) const {  // where it is or would go; there is always an unused slot
      auto at = home(where);
      while (slots[at].used() && slots[at].where() != where) at = after(at);
      return at;
    }
    void resize(std::size_t to) {
      auto const before = std::exchange(slots, std::vector<slot>(std::max(fewest_slots, to)));
      for (auto const& each : before)
        if (each.used()) slots[seek(each.where())] = each;
    }
    // Moves back what would no longer be found past an unused slot.
    void close_gap(std::size_t gap) {
      for (auto at = after(gap); slots[at].used(); at = after(at)) {
        auto const from_home = (at + slots.size() - home(slots[at].where())) % slots.size();
        auto const from_gap = (at + slots.size() - gap) % slots.size();
        if (from_home < from_gap) continue;
        slots[gap] = slots[at];
        gap = at;
      }
      slots[gap] = slot{};
    }
  };

  table& shard_of(key where) { return shards_[mix(where) >> 58]; }
  table const& shard_of(key where) const { return shards_[mix(where) >> 58]; }

  std::array<table, shards> shards_;
};

}  // namespace signalbox::storage::log
