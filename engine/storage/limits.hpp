// What every message store refuses before it tries anything, so that all of them refuse the same.
#pragma once

#include <limits>
#include <string>

#include "engine/storage/message_store.hpp"

namespace signalbox::storage {

inline constexpr std::uint64_t max_id = std::numeric_limits<std::int64_t>::max();

inline std::string to_text(key where) {
  return "record " + std::to_string(where.kind) + "/" + std::to_string(where.id);
}

// Faults: too_long for a value above max_record_octets, bad_value for an id above max_id; the field names the record.
inline result<void> check_limits(std::span<operation const> operations) {
  for (auto const& each : operations) {
    if (each.value.size() > max_record_octets)
      return failed(errc::too_long, max_record_octets, to_text(each.where),
                    std::to_string(each.value.size()) + " octets, at most " + std::to_string(max_record_octets));
    if (each.where.id > max_id) return failed(errc::bad_value, 0, to_text(each.where), "id above 2^63 - 1");
  }
  return {};
}

}  // namespace signalbox::storage
