// Many messages in a row: what they look like and how fast they go. The ESME submits them, the SMSC delivers them.
#pragma once

#include <string>

#include "engine/base/entropy.hpp"
#include "engine/base/time.hpp"
#include "engine/smpp/messages.hpp"

namespace signalbox::simulators {

struct burst {
  std::uint64_t count = 0;
  double rate_per_s = 0;  // 0: as fast as the window lets
  std::string source = "6666";
  std::uint8_t source_ton = 1, source_npi = 1;
  std::string destination = "5555";  // the first one
  std::uint64_t destinations = 1;    // so many numbers counting up from it, drawn by chance
  std::uint8_t destination_ton = 1, destination_npi = 1;
  std::string text = "Hello!";  // {n} is replaced by the message's number, from 1
  std::uint8_t esm_class = 3;
  std::uint8_t registered_delivery = 0;
  std::uint8_t data_coding = 0;  // the text's octets are sent as they are (0: one septet per octet)
  bool operator==(burst const&) const = default;

  // The fields of message `number` (from 1); submit_sm and deliver_sm have the same ones.
  template <class Message>
  Message message(std::uint64_t number, entropy& chance) const;
};

// When the n-th message (from 0) of a burst may go.
instant pace(burst const& b, instant start, std::uint64_t n);

}  // namespace signalbox::simulators
