// The message as the engine knows it, whichever protocol brought it: SMPP, later SIP, HTTP and MAP meet only here.
// Octets stay as they came (user data header and text), so a receiver of the same protocol gets them unchanged.
#pragma once

#include <string>
#include <vector>

#include "engine/base/bytes.hpp"
#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"

namespace signalbox::sms {

struct address {
  std::uint8_t ton = 0;  // type of number: 0 unknown, 1 international, 2 national, 5 alphanumeric (SMPP 3.4, 5.2.5)
  std::uint8_t npi = 0;  // numbering plan: 0 unknown, 1 ISDN (SMPP 3.4, 5.2.6)
  std::string digits;
  auto operator<=>(address const&) const = default;
};

// One number per submit request, shared by all destinations of a submit_multi; what the originator sees as message_id.
using message_number = strong_id<struct message_number_tag>;
inline constexpr std::uint64_t last_message_number = 10'000'000'000;  // then 1 again, as the original

// One record per destination: the number and the index of the destination within its request (0 to 254).
using record_id = strong_id<struct record_tag>;
constexpr record_id record_of(message_number number, std::size_t index) { return {number.value << 8 | index}; }
constexpr message_number number_of(record_id id) { return {id.value >> 8}; }

// Bits 1-0 of esm_class (SMPP 3.4, 5.2.12).
enum class mode : std::uint8_t {
  datagram = 1,           // never stored, one attempt, answered on acceptance
  transactional = 2,      // never stored, one attempt, answered with its outcome
  store_and_forward = 3,  // stored before it is answered, tried until its validity ends; 0 means this
};
constexpr mode mode_of(std::uint8_t esm_class) {
  auto const bits = esm_class & 0x03;
  return bits == 1 ? mode::datagram : bits == 2 ? mode::transactional : mode::store_and_forward;
}
inline constexpr std::uint8_t udhi = 0x40;              // a user data header stands before the text
inline constexpr std::uint8_t delivery_receipt = 0x04;  // esm_class bits 5-2 = 0001

struct parameter {  // kept for the receiver and handed on untouched; an SMPP TLV
  std::uint16_t tag = 0;
  octets value;
  bool operator==(parameter const&) const = default;
};

struct message {
  record_id id;
  std::string origin;      // name of the ESME that sent it; empty: made here
  std::string returns_to;  // receipts: the ESME whose message they tell of, preferred among those that could take them
  network_id origin_network, network;
  address source, destination;
  std::string service_type;
  std::uint8_t esm_class = 0;
  std::uint8_t protocol_id = 0;
  std::uint8_t priority = 0;
  std::uint8_t registered_delivery = 0;
  std::uint8_t replace_if_present = 0;
  std::uint8_t data_coding = 0;
  std::uint8_t default_message_id = 0;
  octets body;  // user data header if esm_class has `udhi`, then the text
  std::vector<parameter> parameters;
  wall submitted;
  wall scheduled;  // not before this; equals `submitted` when nothing was asked
  wall expires;
  bool operator==(message const&) const = default;
};

// Octets of text and parameters, which is what settings limit.
inline std::uint64_t size_of(message const& m) {
  std::uint64_t all = m.body.size();
  for (auto const& p : m.parameters) all += 4 + p.value.size();
  return all;
}

// Where a message stands with its retries; kept beside its record, because it changes more often.
struct progress {
  wall due;
  duration delay{};  // the last retry delay; 0 before the first failure
  std::uint32_t attempts = 0;
  bool operator==(progress const&) const = default;
};

// Internal error codes, as they stand in receipts (err:NNN). The rest arrives with the protocols that produce them.
enum class error_code : std::uint8_t {
  none = 0,
  sending_failed = 10,  // the receiver refused for good
  validity_expired = 127,
  sc_system_error = 194,  // no bound receiver, no answer, or a temporary refusal
};

// States of a message (SMPP 3.4, 5.2.28; SCHEDULED is 5.0).
enum class message_state : std::uint8_t {
  scheduled = 0,
  enroute = 1,
  delivered = 2,
  expired = 3,
  deleted = 4,
  undeliverable = 5,
};

}  // namespace signalbox::sms
