// What the files of the generator share: its parts. generator.cpp has the life of sessions and of the run,
// generator_sending.cpp what goes when, generator_receiving.cpp what comes back.
#pragma once

#include "simulators/load/generator.hpp"

namespace signalbox::load {

inline constexpr unsigned segment_bits = 8;

inline smpp::token token_of(std::uint64_t number, std::uint32_t segment) { return number << segment_bits | segment; }

struct generator::client {
  std::size_t index = 0;  // in clients_
  std::size_t actor = 0;
  connection_id id{};  // of its latest connection
  std::unique_ptr<smpp::session> session;
  octets out;
  bool dirty = false, queued = false, bound = false, gone = false;
  std::size_t in_report = 0;  // index into per_session, for senders
  bool sends = false;
  bool again = false;  // was bound before
  duration backoff{};  // before its next attempt
};

struct generator::flow {  // a stream at work
  flow(std::size_t of, arrivals when) : actor(of), law(std::move(when)) {}
  std::size_t actor = 0;
  arrivals law;                     // without the count, which is of new messages only
  std::uint64_t left = UINT64_MAX;  // new messages still to be sent
  std::vector<std::size_t> lines;
  std::vector<double> shares;   // cumulated weights
  std::optional<instant> slot;  // the next arrival
  instant last_slot{};
  std::uint64_t replayed = 0;     // of what was recorded
  bool ended = false;             // no more arrivals
  std::deque<smpp::token> again;  // throttled
  std::uint64_t number = 0;       // the message whose segments are being sent
  std::uint32_t segment = 0, segments = 0;
};

struct generator::record {
  instant intended;
  instant sent{};  // its latest request
  std::uint64_t chance = 0;
  std::uint32_t line = 0;
  std::uint8_t left = 0;  // segments without a final answer
  bool counted = false, delivered = false, refused = false, unsure = false;
  std::uint16_t receipts_due = 0;
};

}  // namespace signalbox::load
