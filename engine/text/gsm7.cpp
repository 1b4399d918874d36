// GSM 7-bit text: characters, septets, octets (3GPP TS 23.038, 6.1.2 and 6.2.1).
#include "engine/text/gsm7.hpp"

namespace signalbox::text {

namespace {

struct tables_in_use {
  alphabet const& locking;
  alphabet const& single;
  explicit tables_in_use(shifts tables)
      : locking(locking_alphabet(tables.locking)), single(single_alphabet(tables.single)) {}
};

}  // namespace

encoded encode_septets(std::string_view text, shifts tables) {
  tables_in_use const in(tables);
  encoded out;
  out.data.resize(2 * text.size());  // no character takes more
  auto* next = out.data.data();
  for (std::size_t at = 0; at < text.size();) {
    auto const c = next_code_point(text, at);
    if (auto const septet = in.locking.septet_of(c); septet != alphabet::absent) {
      *next++ = septet;
    } else if (auto const shifted = in.single.septet_of(c); shifted != alphabet::absent) {
      *next++ = escape;
      *next++ = shifted;
    } else {
      *next++ = space;
      ++out.replaced;
    }
  }
  out.data.resize(static_cast<std::size_t>(next - out.data.data()));
  return out;
}

std::string decode_septets(octet_view septets, shifts tables) {
  tables_in_use const in(tables);
  std::string out(3 * septets.size(), '\0');  // no character of the basic plane takes more
  auto* next = out.data();
  for (std::size_t i = 0; i < septets.size(); ++i) {
    char16_t c = u' ';
    if (septets[i] != escape)
      c = in.locking.character(septets[i]);
    else if (++i < septets.size())
      c = in.single.character(septets[i]);
    if (c < 0x80)
      *next++ = static_cast<char>(c);
    else
      next = put_utf8(next, c);
  }
  out.resize(static_cast<std::size_t>(next - out.data()));
  if (out.capacity() > 2 * out.size()) out.shrink_to_fit();  // texts are kept for days
  return out;
}

std::size_t count_septets(std::string_view text, shifts tables) {
  tables_in_use const in(tables);
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    auto const c = next_code_point(text, at);
    if (in.locking.septet_of(c) == alphabet::absent && in.single.septet_of(c) != alphabet::absent) ++count;
  }
  return count;
}

std::optional<std::size_t> count_septets_exactly(std::string_view text, shifts tables) {
  tables_in_use const in(tables);
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    auto const c = next_code_point(text, at);
    if (in.locking.septet_of(c) != alphabet::absent) continue;
    if (in.single.septet_of(c) == alphabet::absent) return std::nullopt;
    ++count;
  }
  return count;
}

octets pack(octet_view septets, std::size_t header) {
  octets out(packed_octets(septets.size(), header));
  auto* next = out.data();
  std::uint64_t bits = 0;  // the bit stream is little-endian: the first septet lies lowest
  auto held = fill_bits(header);
  for (auto const septet : septets) {
    bits |= static_cast<std::uint64_t>(septet & 0x7F) << held;
    held += 7;
    if (held < 8) continue;
    *next++ = static_cast<std::uint8_t>(bits);
    bits >>= 8;
    held -= 8;
  }
  if (held > 0) *next = static_cast<std::uint8_t>(bits);
  return out;
}

result<octets> unpack(octet_view packed, std::size_t septets, std::size_t header) {
  if (septets == 0) return octets{};
  // Compared in this order so that no count, however large, overflows.
  if (septets > packed.size() * 8 / 7 || packed.size() < packed_octets(septets, header))
    return failed(errc::truncated, packed.size(), "TP-UD", "fewer octets than the septets need");
  octets out(septets);
  std::uint64_t bits = 0;
  std::size_t held = 0, next = 0, skip = fill_bits(header);
  for (auto& septet : out) {
    while (held < skip + 7) {
      bits |= static_cast<std::uint64_t>(packed[next++]) << held;
      held += 8;
    }
    septet = static_cast<std::uint8_t>(bits >> skip & 0x7F);
    bits >>= skip + 7;
    held -= skip + 7;
    skip = 0;
  }
  return out;
}

octets pack_padded(octet_view septets) {
  octets padded(septets.begin(), septets.end());
  auto const over = septets.size() % 8;
  if (over == 7 || (over == 0 && !padded.empty() && padded.back() == carriage_return))
    padded.push_back(carriage_return);
  return pack(padded);
}

octets unpack_padded(octet_view packed) {
  auto septets = unpack(packed, packed.size() * 8 / 7).value();
  if (packed.size() % 7 == 0 && !septets.empty() && septets.back() == carriage_return) septets.pop_back();
  return septets;
}

}  // namespace signalbox::text
