// Messages as the store keeps them. Three kinds of records:
//
//   kind       id          value (all integers big-endian)
//   counter    0           u64: no message number from here on was ever given out
//   message    record_id   u8 format version (1), then the fields of `message` in the order of its table
//   progress   record_id   u8 format version (1), due, delay, attempts; absent before the first failure
//
// An unknown version is refused, so that an older program never misreads a newer store.
#pragma once

#include "engine/base/entropy.hpp"
#include "engine/sms/message.hpp"
#include "engine/storage/message_store.hpp"

namespace signalbox::sms {

enum class record_kind : std::uint8_t { counter = 1, message = 2, progress = 3 };
constexpr storage::key key_of(record_kind kind, std::uint64_t id) { return {static_cast<std::uint8_t>(kind), id}; }

octets encode_counter(message_number next);
octets encode_record(message const& m);
octets encode_record(progress const& p);
result<message_number> decode_counter(octet_view value);
result<message> decode_message(record_id id, octet_view value);
result<progress> decode_progress(octet_view value);

message any_message(entropy& chance);  // random, encodable: for property tests

}  // namespace signalbox::sms
