// Collects parts of long messages from many senders until each is whole. A value without a clock: the caller hands in
// the time and drives expiry. Memory is bounded by the number of unfinished messages and of parts held; whoever comes
// too many pushes out the oldest unfinished message.
#pragma once

#include <map>

#include "engine/base/time.hpp"
#include "engine/text/join.hpp"

namespace signalbox::text {

struct reassembly_limits {
  std::size_t messages = 1000;  // unfinished ones
  std::size_t parts = 10000;    // held for all of them together, at least 1
  duration age = 10min;         // of an unfinished message, from its first part
};

class reassembler {
 public:
  explicit reassembler(reassembly_limits limits = {}) : limits_(limits) {}

  // The whole text once this part completes it (or at once, if the piece has no place). `sender` is whatever tells
  // conversations apart, usually originator and destination; with it go reference and total. A part that came before,
  // octet by octet the same, is a repetition by the network and is ignored. Faults: the same part with other contents
  // (`duplicate`), another representation than the parts before; both leave the collection as it was. A body that
  // cannot be decoded ends its message.
  result<std::optional<std::string>> add(std::string_view sender, piece arrived, instant now);

  std::optional<instant> deadline() const;  // when the oldest unfinished message expires
  std::size_t expire(instant now);          // drops what is due; how many messages
  std::size_t unfinished() const { return collections_.size(); }
  std::size_t pushed_out() const { return pushed_out_; }  // unfinished messages that gave way to newer ones

 private:
  struct key {
    std::string sender;
    std::uint16_t reference;
    bool wide;
    std::uint8_t parts;
    auto operator<=>(key const&) const = default;
  };
  struct collection {
    std::uint64_t serial;
    instant since;
    std::map<std::uint8_t, piece> parts;
  };
  using place = std::map<key, collection>::iterator;

  place open(key which, instant now);
  void drop(place which);
  void drop_oldest();

  reassembly_limits limits_;
  std::map<key, collection> collections_;
  std::map<std::uint64_t, key> by_age_;
  std::uint64_t next_serial_ = 0;
  std::size_t parts_held_ = 0;
  std::size_t pushed_out_ = 0;
};

}  // namespace signalbox::text
