#include "engine/storage/log/format.hpp"

#include <algorithm>
#include <array>
#include <ranges>

#include "engine/storage/limits.hpp"
#include "engine/storage/log/crc32c.hpp"

namespace signalbox::storage::log {

namespace {

constexpr std::uint64_t segment_magic = 0x53424D5347'4C4F47;  // "SBMSGLOG"
constexpr std::uint32_t batch_magic = 0x42544348;             // "BTCH"
constexpr std::uint8_t verb_put = 1, verb_erase = 2;

template <class T>
T swapped(T value) {
  if constexpr (std::endian::native == std::endian::big) return value;
  if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
}
template <class T>
void put(std::uint8_t* at, T value) {
  value = swapped(value);
  std::memcpy(at, &value, sizeof value);
}
template <class T>
T get(std::uint8_t const* at) {
  T value{};
  std::memcpy(&value, at, sizeof value);
  return swapped(value);
}

std::uint32_t seed(std::uint64_t epoch, std::uint64_t place) {
  std::uint8_t text[16];
  put(text, epoch);
  put(text + 8, place);
  return crc32c(text);
}

std::uint32_t difference(octet_view checked, std::uint32_t from) {
  return get<std::uint32_t>(checked.data()) ^ crc32c(checked.subspan(4), from);
}

// `checked` begins with its CRC. Flips one bit back if that makes it check, in the CRC itself or behind it.
bool flip_back(std::span<std::uint8_t> checked, std::uint32_t from) {
  auto const wrong = difference(checked, from);
  if (std::has_single_bit(wrong)) {
    put(checked.data(), get<std::uint32_t>(checked.data()) ^ wrong);
    return true;
  }
  auto const bit = flipped_bit(wrong, checked.size() - 4);
  if (!bit) return false;
  auto& octet = checked[4 + *bit / 8];
  octet = static_cast<std::uint8_t>(octet ^ 1u << *bit % 8);
  return true;
}

result<segment_header> decode_copy(octet_view copy) {
  if (get<std::uint64_t>(copy.data() + 4) != segment_magic || difference(copy, 0) != 0)
    return failed(errc::corrupt, 0, {}, "the header does not check");
  if (auto const version = get<std::uint32_t>(copy.data() + 12); version != format_version)
    return failed(
        errc::not_supported, 12, {},
        "format version " + std::to_string(version) + ", this program knows " + std::to_string(format_version));
  auto const number = [&](std::size_t at) { return get<std::uint64_t>(copy.data() + at); };
  segment_header const found{number(16), number(24), number(32), number(40), number(48)};
  if (found.epoch == 0 || found.oldest > found.epoch || found.previous >= found.epoch)
    return failed(errc::corrupt, 16, {}, "epochs out of order");
  return found;
}

std::optional<batch_header> read_batch_header(octet_view data) {
  if (get<std::uint32_t>(data.data() + 4) != batch_magic) return std::nullopt;
  auto const number = [&](std::size_t at) { return get<std::uint64_t>(data.data() + at); };
  batch_header const found{number(8), number(16), number(24), get<std::uint32_t>(data.data() + 32),
                           get<std::uint32_t>(data.data() + 36)};
  if (found.octets % alignment != 0) return std::nullopt;
  return found;
}

// What may stand in the fields of a record before its CRC is looked at; `size` is that of the value.
bool plausible(std::span<std::uint8_t const> data, std::size_t size) {
  return size <= max_record_octets && record_octets(size) <= data.size();
}

decoded_record read_record(std::span<std::uint8_t const> data, condition state) {
  auto const size = get<std::uint32_t>(data.data() + 4);
  return {{data[17] == verb_put ? operation::verb::put : operation::verb::erase,
           {data[16], get<std::uint64_t>(data.data() + 8)},
           data.subspan(record_header_octets, size)},
          record_octets(size),
          state};
}

// A CRC that holds over nonsense is no record that a store wrote.
bool makes_sense(std::span<std::uint8_t const> data) {
  auto const verb = data[17];
  return (verb == verb_put || (verb == verb_erase && get<std::uint32_t>(data.data() + 4) == 0)) && data[18] == 0 &&
         data[19] == 0 && get<std::uint64_t>(data.data() + 8) <= max_id;
}

}  // namespace

octets encode_first_page(segment_header const& of) {
  octets out(first_batch_at);
  put(out.data() + 4, segment_magic);
  put(out.data() + 12, format_version);
  auto at = out.data() + 16;
  for (auto const number : {of.epoch, of.previous, of.previous_end, of.oldest, of.octets}) {
    put(at, number);
    at += 8;
  }
  put(out.data(), crc32c(octet_view{out}.subspan(4, segment_header_octets - 4)));
  std::copy_n(out.begin(), segment_header_octets, out.begin() + second_copy_at);
  return out;
}

result<segment_header> decode_first_page(octet_view first_page, std::optional<std::size_t>& damaged) {
  auto const read = [&](std::size_t at) -> result<segment_header> {
    if (first_page.size() < at + segment_header_octets) return failed(errc::corrupt, at, {}, "the file is cut short");
    return decode_copy(first_page.subspan(at, segment_header_octets));
  };
  auto const first = read(0), second = read(second_copy_at);
  for (auto const* copy : {&first, &second})
    if (!*copy && copy->error().code == errc::not_supported) return *copy;
  // Two copies that both check and differ are a page that was torn while a segment was being started anew; the newer
  // one was being written, and no batch followed it.
  if (first && second) return first->epoch >= second->epoch ? first : second;
  if (!first) damaged = 0;
  if (!second) damaged = second_copy_at;
  return first ? first : second;
}

void encode_record(record const& from, std::uint64_t epoch, std::uint64_t place, std::uint8_t* out,
                   std::uint64_t& sum) {
  auto const size = record_octets(from.value.size());
  put(out + 4, static_cast<std::uint32_t>(from.value.size()));
  put(out + 8, from.where.id);
  put(out + 16, std::uint32_t{from.where.kind} << 24 |
                    std::uint32_t{from.what == operation::verb::put ? verb_put : verb_erase} << 16);
  if (!from.value.empty()) std::memcpy(out + record_header_octets, from.value.data(), from.value.size());
  auto const end = record_header_octets + from.value.size();
  std::memset(out + end, 0, size - end);
  put(out, crc32c({out + 4, size - 4}, seed(epoch, place)));
  sum += sum_of_words({out, size});
}

void encode_batch_header(batch_header const& from, std::uint64_t place, std::uint8_t* out) {
  put(out + 4, batch_magic);
  put(out + 8, from.epoch);
  put(out + 16, from.oldest);
  put(out + 24, from.sum);
  put(out + 32, from.octets);
  put(out + 36, from.count);
  put(out, crc32c({out + 4, batch_header_octets - 4}, seed(from.epoch, place)));
}

std::optional<std::pair<batch_header, condition>> decode_batch_header(std::span<std::uint8_t> data, std::uint64_t epoch,
                                                                      std::uint64_t place) {
  if (data.size() < batch_header_octets) return std::nullopt;
  data = data.first(batch_header_octets);
  auto const from = seed(epoch, place);
  std::array<std::uint8_t, batch_header_octets> copy;
  std::ranges::copy(data, copy.begin());
  auto const sound = difference(copy, from) == 0;
  if (!sound && !flip_back(copy, from)) return std::nullopt;
  auto const found = read_batch_header(copy);
  if (!found || found->epoch != epoch) return std::nullopt;
  std::ranges::copy(copy, data.begin());
  return std::pair{*found, sound ? condition::sound : condition::repaired};
}

std::optional<batch_header> decode_batch_header(octet_view data, std::uint64_t place) {
  if (data.size() < batch_header_octets) return std::nullopt;
  auto const found = read_batch_header(data);
  if (!found || difference(data.first(batch_header_octets), seed(found->epoch, place)) != 0) return std::nullopt;
  return found;
}

std::optional<decoded_record> decode_record(std::span<std::uint8_t> data, std::uint64_t epoch, std::uint64_t place,
                                            bool repair) {
  if (data.size() < record_octets(0)) return std::nullopt;
  auto const from = seed(epoch, place);
  auto const size = get<std::uint32_t>(data.data() + 4);
  auto const fits = plausible(data, size);
  if (fits && difference(data.first(record_octets(size)), from) == 0) {
    if (!makes_sense(data)) return std::nullopt;
    return read_record(data, condition::sound);
  }
  if (!repair) return std::nullopt;
  // A flipped bit in the size has the CRC taken over the wrong octets, so each of its bits is tried by itself.
  for (auto const bit : std::views::iota(0, 32)) {
    auto const other = size ^ 1u << bit;
    if (!plausible(data, other)) continue;
    put(data.data() + 4, other);
    if (difference(data.first(record_octets(other)), from) == 0 && makes_sense(data))
      return read_record(data, condition::repaired);
  }
  put(data.data() + 4, size);
  if (!fits) return std::nullopt;
  auto const whole = data.first(record_octets(size));
  octets const before(whole.begin(), whole.end());
  if (flip_back(whole, from)) {
    if (get<std::uint32_t>(data.data() + 4) == size && makes_sense(data)) return read_record(data, condition::repaired);
    std::ranges::copy(before, whole.begin());
  }
  return std::nullopt;
}

std::uint64_t sum_of_words(octet_view data) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at + 8 <= data.size(); at += 8) sum += get<std::uint64_t>(data.data() + at);
  return sum;
}

}  // namespace signalbox::storage::log
