// Cuts a byte stream into PDUs (SMPP 3.4, 3.2). Whole PDUs inside the fed chunk are handed out where they lie; only
// an incomplete tail is copied, so at most one PDU (max_pdu octets) is held, whatever the peer announces.
//
//   framer.feed(chunk);
//   while (auto const pdu = framer.next()) ...;          // all of them, before the chunk goes away
//   if (auto const* bad = framer.broken()) ...;          // answer generic_nack, close
//
// A stream with a wrong command_length cannot be read any further: there is no way to find the next PDU.
#pragma once

#include <optional>

#include "engine/smpp/codec.hpp"

namespace signalbox::smpp {

struct bad_frame {
  fault why;    // bad_length, field command_length, offset from the start of this PDU
  header head;  // as it came: the generic_nack carries its sequence_number (3.4, 4.3.1)
};

class framer {
 public:
  // `max_pdu`: the longest command_length taken; at least header_octets.
  explicit framer(std::size_t max_pdu = max_pdu_octets) : max_pdu_(max_pdu) {}

  // The next octets of the stream. They must stay where they are until next() has answered nullopt.
  void feed(octet_view chunk);

  // The next whole PDU, valid until the next call of next() or feed(); nullopt: feed more, or the stream is broken.
  // A wrong command_length is found as soon as the 16 header octets are there, after the PDUs before it.
  std::optional<octet_view> next();

  // Keeps a copy of what is unread, for a caller that cannot go on yet; the next feed() continues with it.
  void hold();
  std::size_t held() const { return held_.size(); }

  bad_frame const* broken() const { return broken_ ? &*broken_ : nullptr; }
  std::size_t reserved() const { return tail_.capacity() + held_.capacity(); }  // octets, for what may come

  // Octets of an incomplete PDU waiting for the rest.
  std::size_t pending() const { return handed_out_ ? 0 : tail_.size(); }

 private:
  std::optional<std::size_t> length_of(octet_view start);  // nullopt: broken
  void take_from_chunk(std::size_t wanted_tail_octets);
  std::optional<octet_view> all_read();

  std::size_t max_pdu_;
  octets tail_;              // the start of a PDU whose rest has not come
  octet_view chunk_;         // what of the fed chunk is still unread
  octets held_;              // what hold() kept; chunk_ may lie in it
  bool handed_out_ = false;  // tail_ is a PDU the caller looks at
  std::optional<bad_frame> broken_;
};

}  // namespace signalbox::smpp
