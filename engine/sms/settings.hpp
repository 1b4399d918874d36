// The SMS centre's configuration, as values: the ESMEs it serves and the properties of the whole. Names and defaults
// follow the original's (CLI keys with '-' written '_'), deviations are explained at the member.
#pragma once

#include <string>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/text/encoding.hpp"

namespace signalbox::sms {

// How an ESME may bind (bits).
enum bind_kind : std::uint8_t { binds_transmitter = 1, binds_receiver = 2, binds_transceiver = 4, binds_any = 7 };

struct esme {
  std::string name{};                           // unique
  std::string system_id{};                      // compared with the bind's; empty = name
  std::string password{};                       // empty: any password is accepted
  std::uint8_t bind = binds_any;                // the original has one bind type per entry; we allow a set
  std::uint32_t sessions = 1;                   // how many connections may be bound at once
  network_id network{};                         // given to its messages and required for routing to it
  std::string cluster{};                        // empty = name; members share load
  std::string host{};                           // peer address that may bind; empty = any
  int ton = -1, npi = -1;                       // must equal the bind's; -1 = not checked
  std::string address_range{};                  // must equal the bind's when both are given; empty accepts any
  int source_ton = -1, source_npi = -1;         // of submitted messages; -1 = not checked
  std::string source_range = "^[0-9a-zA-Z]*";   // whole source address must match
  int routing_ton = -1, routing_npi = -1;       // -1 = any
  std::string routing_range = "^[0-9a-zA-Z]*";  // whole destination must match for a message to come here
  std::uint32_t window = 100;                   // outstanding deliveries per session (original: 1)
  std::string outbind_host{};                   // where to connect and send outbind when messages wait; empty = never
  std::uint16_t outbind_port = 0;
  duration outbind_retry = 30s;

  std::string const& login() const { return system_id.empty() ? name : system_id; }
  std::string const& group() const { return cluster.empty() ? name : cluster; }
  bool operator==(esme const&) const = default;
};

struct centre_settings {
  // retry schedule (SMSC guide: due delays)
  duration first_due_delay =
      0s;  // before the first attempt of a stored message; the original waits 20 s in "normal" mode
  duration second_due_delay = 300s;          // after the first failure
  std::uint32_t due_delay_multiplier = 200;  // percent, applied from the second failure on
  duration max_due_delay = 86'400s;
  bool deliver_on_bind = true;  // a bind makes waiting messages of its cluster due at once (the original waits)
  // validity
  duration default_validity = std::chrono::hours{72};
  duration max_validity = std::chrono::hours{240};
  // text
  text::wire_encoding smpp_encoding_gsm7 = text::wire_encoding::utf8;
  text::wire_encoding smpp_encoding_ucs2 = text::wire_encoding::unicode;  // the original's default is utf8
  // receipts
  bool receipts_disabled = false;
  bool receipt_to_origin_network =
      false;                  // orignetworkidforreceipts: true = the originator's, false = the network at delivery
  bool receipt_tlvs = false;  // add receipted_message_id and message_state
  // limits
  std::uint32_t outstanding_per_destination = 100;
  std::uint32_t max_stored = 10'000'000;  // messages held at once; beyond it submits are answered with ESME_RMSGQFUL
  std::uint64_t max_stored_octets = 4'000'000'000;  // of their text and parameters
  std::uint64_t max_octets_in_memory = 16 << 20;    // of texts; what waits beyond it stays in the store until its turn
  std::uint32_t throttle_backlog =
      100'000;                   // messages ready for bound receivers of one cluster; ESME_RTHROTTLED beyond
  std::uint32_t crowd = 10'000;  // ready or being stored for receivers that keep pace: who sends is read more slowly
  std::uint32_t outcomes_kept = 100'000;  // of the last so many message numbers query_sm knows the outcome
  bool operator==(centre_settings const&) const = default;
};

}  // namespace signalbox::sms
