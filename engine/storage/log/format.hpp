// The octets of the message log, version 1, as format.md lays them out: headers of segments and batches, records.
// Pure functions over memory; places are offsets from the start of the segment's file.
#pragma once

#include <bit>
#include <optional>

#include "engine/storage/message_store.hpp"

namespace signalbox::storage::log {

inline constexpr std::uint32_t format_version = 1;
inline constexpr std::size_t page = 4096;
inline constexpr std::size_t segment_header_octets = 64, second_copy_at = 2048, first_batch_at = page;
inline constexpr std::size_t batch_header_octets = 40, record_header_octets = 20, alignment = 8;

struct segment_header {
  std::uint64_t epoch = 0, previous = 0, previous_end = 0, oldest = 0, octets = 0;
  bool operator==(segment_header const&) const = default;
};

struct batch_header {
  std::uint64_t epoch = 0, oldest = 0, sum = 0;
  std::uint32_t octets = 0, count = 0;
  bool operator==(batch_header const&) const = default;
};

struct record {
  operation::verb what = operation::verb::put;
  key where;
  octet_view value;
};

// Whether what was read is as it had been written, or has one bit flipped back.
enum class condition : std::uint8_t { sound, repaired };

constexpr std::size_t padded(std::size_t octets) { return (octets + alignment - 1) / alignment * alignment; }
constexpr std::size_t record_octets(std::size_t value) { return padded(record_header_octets + value); }

// The first page of a segment, both copies.
octets encode_first_page(segment_header const& of);
// From that page (or what there is of it). Faults: not_supported for an unknown version; corrupt if neither copy can be
// read. `damaged` gets the offset of a copy that is not sound, if any is.
result<segment_header> decode_first_page(octet_view first_page, std::optional<std::size_t>& damaged);

// Writes a record to `out`, record_octets(value) octets, and adds its words to `sum`.
void encode_record(record const& from, std::uint64_t epoch, std::uint64_t place, std::uint8_t* out, std::uint64_t& sum);
void encode_batch_header(batch_header const& from, std::uint64_t place, std::uint8_t* out);

// The header at the start of `data`, which may be longer; `epoch` is the segment's. Flips a bit back in `data`.
std::optional<std::pair<batch_header, condition>> decode_batch_header(std::span<std::uint8_t> data, std::uint64_t epoch,
                                                                      std::uint64_t place);
// Without knowing the epoch, and without repair: for a segment that has lost its header.
std::optional<batch_header> decode_batch_header(octet_view data, std::uint64_t place);

struct decoded_record {
  record what;
  std::size_t octets = 0;  // with padding
  condition state = condition::sound;
};
// The record at the start of `data`, which may be longer. With `repair` a bit is flipped back in `data` if need be.
std::optional<decoded_record> decode_record(std::span<std::uint8_t> data, std::uint64_t epoch, std::uint64_t place,
                                            bool repair);

std::uint64_t sum_of_words(octet_view data);  // a multiple of 8 octets

}  // namespace signalbox::storage::log
