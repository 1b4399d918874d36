// A message store in memory, for tests and for the virtual world: a disk that fails and loses power by seed.
// A commit that takes time is two calls, begin and finish, with the world's latency between them; what has begun and
// not finished is in flight, and a power cut decides its fate. Latency itself is not modelled here.
#pragma once

#include <deque>
#include <map>

#include "engine/base/entropy.hpp"
#include "engine/storage/message_store.hpp"

namespace signalbox::storage {

struct fault_plan {
  unsigned fail_percent = 0;  // commits answered with errc::io, nothing of them applied

  // Power cuts. A commit in flight was either not yet on the disk or already there without anybody having been told:
  // both are right, so a caller must be ready for both. Commits reach the disk in order; the first that did not, and
  // all after it, are lost. Never half a commit: that is what the real stores promise with their checksums.
  unsigned survive_percent = 0;
};

class memory_store final : public message_store {
 public:
  struct counters {
    std::uint64_t commits = 0;     // that succeeded
    std::uint64_t operations = 0;  // in them
    std::uint64_t faults = 0;      // commits that the plan let fail
    std::uint64_t power_cuts = 0;
    std::uint64_t lost = 0;      // commits in flight that a power cut dropped
    std::uint64_t survived = 0;  // commits in flight that a power cut left applied
  };

  memory_store() = default;                                                          // never fails
  memory_store(fault_plan plan, entropy& chance) : plan_(plan), chance_(&chance) {}  // `chance` outlives the store

  void set_plan(fault_plan plan) { plan_ = plan; }  // needs the constructor with entropy

  // A commit needs that nothing is in flight; what is in flight is not there yet.
  result<void> commit(std::span<operation const> operations) override;
  result<void> keys(std::function<void(key)> const& visit) override;
  void read(std::span<key const> wanted, std::function<void(key, result<octet_view>)> const& visit) override;

  // A commit in two steps; finish answers the oldest one in flight.
  void begin(std::vector<operation> operations) { in_flight_.push_back(std::move(operations)); }
  result<void> finish();
  std::size_t in_flight() const { return in_flight_.size(); }

  // Power cut: what finished with success stays, what is in flight goes the way the plan says. No finish follows.
  void crash();

  std::map<key, octets> const& records() const { return records_; }
  counters const& count() const { return count_; }

 private:
  void apply(std::span<operation const> operations);

  std::map<key, octets> records_;
  std::deque<std::vector<operation>> in_flight_;
  fault_plan plan_;
  entropy* chance_ = nullptr;
  counters count_;
};

}  // namespace signalbox::storage
