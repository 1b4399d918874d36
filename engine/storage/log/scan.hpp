// Reads the batches of one segment, whole or damaged (format.md, "Reading it back" and "Damage"). A pure function over
// the octets of the file: what is damaged beyond repair is told and stepped over, never invented.
#pragma once

#include <functional>

#include "engine/storage/log/format.hpp"

namespace signalbox::storage::log {

struct segment_facts {
  std::uint64_t epoch = 0;
  std::optional<std::uint64_t> end;  // where its successor says that it ends; none in the newest
};

struct scan_result {
  std::uint64_t end = first_batch_at;  // where the last batch that counts ends
  std::uint64_t last_batch_at = 0;     // 0 if there is none
  std::uint64_t oldest = 0;            // the largest "oldest epoch still needed" of its batches
  std::uint64_t batches = 0;
};

struct scan_listener {
  std::function<void(std::uint64_t place, record const&)> on_record;            // the value lies in the scanned octets
  std::function<void(errc, std::uint64_t place, std::string words)> on_damage;  // corrupt; truncated: unfinished
};

// `data` is the whole file; single flipped bits are flipped back in it.
scan_result scan(std::span<std::uint8_t> data, segment_facts const& facts, scan_listener const& listener);

// The newest epoch of which a batch header checks; 0 if there is none. For a segment that has lost its own header.
std::uint64_t newest_epoch_in(octet_view data);

}  // namespace signalbox::storage::log
