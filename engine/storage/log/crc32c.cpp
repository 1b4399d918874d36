#include "engine/storage/log/crc32c.hpp"

#include <array>

namespace signalbox::storage::log {

namespace {

constexpr std::uint32_t polynomial = 0x82F63B78;  // reflected

constexpr auto table = [] {
  std::array<std::uint32_t, 256> rows{};
  for (std::uint32_t octet = 0; octet < 256; ++octet) {
    auto row = octet;
    for (int bit = 0; bit < 8; ++bit) row = row >> 1 ^ ((row & 1) != 0 ? polynomial : 0);
    rows[octet] = row;
  }
  return rows;
}();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(octet_view data, std::uint32_t before) {
  std::uint64_t check = ~before;
  auto const* at = data.data();
  auto left = data.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    check = __builtin_ia32_crc32di(check, word);
  }
  auto narrow = static_cast<std::uint32_t>(check);
  for (; left > 0; --left, ++at) narrow = __builtin_ia32_crc32qi(narrow, *at);
  return ~narrow;
}
bool const has_instruction = __builtin_cpu_supports("sse4.2") != 0;
#endif

}  // namespace

std::uint32_t crc32c(octet_view data, std::uint32_t before) {
#if defined(__x86_64__)
  if (has_instruction) return by_instruction(data, before);
#endif
  return crc32c_by_table(data, before);
}

std::uint32_t crc32c_by_table(octet_view data, std::uint32_t before) {
  auto check = ~before;
  for (auto const octet : data) check = check >> 8 ^ table[(check ^ octet) & 0xFF];
  return ~check;
}

// A flipped bit enters the register as a lone 1 and is then shifted once for itself and for every bit behind it.
// Shifting the difference back until the lone 1 appears counts them.
std::optional<std::size_t> flipped_bit(std::uint32_t difference, std::size_t octets) {
  auto const bits = octets * 8;
  for (std::size_t back = 1; back <= bits; ++back) {
    difference = (difference >> 31) != 0 ? (difference ^ polynomial) << 1 | 1 : difference << 1;
    if (difference == 1) return bits - back;
  }
  return std::nullopt;
}

}  // namespace signalbox::storage::log
