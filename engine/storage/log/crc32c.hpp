// CRC-32C (Castagnoli, polynomial 0x1EDC6F41 reflected, as in RFC 3720, appendix B.4): with the processor's instruction
// where there is one, with a table elsewhere. And its less known half: it says which single bit was flipped.
#pragma once

#include <optional>

#include "engine/base/bytes.hpp"

namespace signalbox::storage::log {

// Goes on from `before`, so crc32c(b, crc32c(a)) is the check of a followed by b.
std::uint32_t crc32c(octet_view data, std::uint32_t before = 0);
std::uint32_t crc32c_by_table(octet_view data, std::uint32_t before = 0);

// `difference` is the check that was stored xor the one that was computed over `octets` octets. The number of the one
// flipped bit (bit n is bit n % 8, from the least significant, of octet n / 8), if one bit explains the difference.
std::optional<std::size_t> flipped_bit(std::uint32_t difference, std::size_t octets);

}  // namespace signalbox::storage::log
