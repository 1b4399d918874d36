// What went over the links of a world, in order: PDUs, connections, faults. Kept as octets and turned into words when
// somebody reads; bounded, oldest entries go first. The digest covers all entries, also those that went.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/base/bytes.hpp"
#include "engine/base/time.hpp"

namespace signalbox::simulators {

struct trace_entry {
  enum class kind : std::uint8_t {
    sent,     // -> the actor sent a PDU towards the system under test
    reached,  // <- a PDU reached the actor
    opened,
    refused,
    closed,  // `words`: who closed
    cut,
    fault,   // an injected fault, in the words of the scenario
    notice,  // of the system under test, if the world was asked to record them
  } what = kind::sent;
  moment when{};
  std::string actor{};
  octets data{};  // sent, reached: one whole PDU, or octets that are none (then `readable` is false)
  bool readable = true;
  std::string words{};
  std::uint64_t link = 0;    // which connection of the world, from 1; 0: none
  std::uint16_t port = 0;    // the port that was connected to
  bool actor_called = true;  // the actor connected; false: the system under test did
};

// "+2.001s   alpha  <- deliver_sm seq=4 ..."
std::string to_text(trace_entry const& e, instant start = instant{});

class trace {
 public:
  explicit trace(std::size_t limit) : limit_(limit) {}
  void add(trace_entry e);

  std::deque<trace_entry> const& entries() const { return kept_; }
  std::uint64_t total() const { return total_; }                                          // entries ever added
  std::uint64_t digest() const { return digest_; }                                        // FNV-1a over all of them
  std::vector<trace_entry const*> last(std::string_view actor, std::size_t count) const;  // oldest first
  std::string text() const;  // a line each; says first how many went

 private:
  std::size_t limit_;
  std::deque<trace_entry> kept_;
  std::uint64_t total_ = 0;
  std::uint64_t digest_ = 0xcbf29ce484222325u;
};

}  // namespace signalbox::simulators
