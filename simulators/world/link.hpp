// One connection of the world: two streams in opposite directions, each a queue of items that arrive in order. Whatever
// the weather does (delay, stall, cutting into octets, joining), a stream stays a stream.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/base/bytes.hpp"
#include "engine/base/entropy.hpp"
#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/smpp/framing.hpp"

namespace signalbox::simulators {

// The weather of one actor's connections.
struct weather {
  std::optional<duration> delay;  // one way; absent: the world's
  duration jitter = 0s;
  enum class cutting : std::uint8_t { none, octets, random } cut_up = cutting::none;
  duration merge = 0s;      // what is sent within this time arrives as one
  instant stalled_until{};  // nothing arrives before
  instant refused_until{};  // connections fail before
};

struct stream_item {
  enum class kind : std::uint8_t { accepted, opened, octets, end } what = kind::octets;
  instant due;
  octets data{};
  std::size_t taken = 0;  // octets of data that have arrived already
};

// One direction.
struct stream {
  std::deque<stream_item> items;
  bool armed = false;       // an arrival is in the world's queue
  bool reading = true;      // the receiver has not paused
  smpp::framer traced;      // cuts what goes by into PDUs for the trace
  bool unreadable = false;  // it could not be cut: from then on octets are traced as they go

  // Appends, never before what is already on its way. With merge, octets join the departure of those before them.
  void push(stream_item item, duration merge);
  // The octets of the next arrival, taken from the front items that are octets and due.
  octets take(weather const& sky, instant now, entropy& chance);
  // What a cut leaves of what is on its way: this many octets.
  void keep_octets(std::size_t count);
  std::size_t octets_waiting() const;
};

}  // namespace signalbox::simulators
