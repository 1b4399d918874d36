#include "simulators/load/hdr_log.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <bit>
#include <cassert>

namespace signalbox::load {

namespace {

constexpr std::uint32_t cookie_v2 = 0x1c849313, cookie_compressed = 0x1c849314;
constexpr std::size_t header_octets = 40;
constexpr std::size_t most_inflated = header_octets + 9 * 32 * 1024;  // nine octets for every index there is

void put_zigzag(writer& out, std::int64_t value) {
  auto bits = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (int n = 0; n < 8; ++n) {
    if (bits < 0x80) return out.u8(bits);
    out.u8((bits & 0x7F) | 0x80);
    bits >>= 7;
  }
  out.u8(bits);
}

std::int64_t get_zigzag(reader& in) {
  std::uint64_t bits = 0;
  for (int n = 0; n < 9; ++n) {
    auto const octet = std::uint64_t{in.u8()};
    bits |= (n == 8 ? octet : octet & 0x7F) << (7 * n);
    if (n == 8 || octet < 0x80) break;
  }
  return static_cast<std::int64_t>((bits >> 1) ^ (0 - (bits & 1)));
}

std::size_t used(std::span<std::uint64_t const> counts) {
  auto n = counts.size();
  while (n > 0 && counts[n - 1] == 0) --n;
  return n;
}

}  // namespace

octets encode_v2(histogram const& h) {
  octets all;
  writer out(all);
  out.u32(cookie_v2);
  out.u32(0);
  out.u32(0);
  out.u32(histogram::digits);
  out.u64(1);
  out.u64(histogram::largest);
  out.u64(std::bit_cast<std::uint64_t>(1.0));
  auto const counts = h.counts().first(used(h.counts()));
  for (std::size_t i = 0; i < counts.size();) {
    std::size_t zeros = 0;
    while (counts[i + zeros] == 0) ++zeros;  // the last one is not zero
    if (zeros > 0) {
      put_zigzag(out, zeros == 1 ? 0 : -static_cast<std::int64_t>(zeros));
      i += zeros;
    }
    put_zigzag(out, static_cast<std::int64_t>(counts[i++]));
  }
  out.patch_u32(4, static_cast<std::uint32_t>(all.size() - header_octets));
  return all;
}

result<histogram> decode_v2(octet_view in) {
  reader head(in);
  head.at("cookie");
  auto const cookie = head.u32();
  if (head && cookie != cookie_v2) head.fail(errc::bad_value, "not a V2 histogram", 4);
  head.at("payload length");
  auto const length = head.u32();
  head.at("normalizing offset");
  if (head.u32() != 0 && head) head.fail(errc::not_supported, {}, 4);
  head.at("significant digits");
  if (head.u32() != histogram::digits && head) head.fail(errc::not_supported, {}, 4);
  head.at("lowest discernible value");
  if (head.u64() != 1 && head) head.fail(errc::not_supported, {}, 8);
  head.at("highest trackable value");
  if (head.u64() != static_cast<std::uint64_t>(histogram::largest) && head) head.fail(errc::not_supported, {}, 8);
  head.at("conversion ratio");
  head.u64();
  head.at("counts");
  if (head && head.left() != length) head.fail(errc::bad_length);
  if (!head) return std::unexpected(head.why());

  histogram h;
  auto const limit = histogram::index_of(histogram::largest) + 1;
  std::size_t index = 0;
  while (head && head.left() > 0) {
    auto const number = get_zigzag(head);
    if (number < 0) {
      if (number < -static_cast<std::int64_t>(limit)) head.fail(errc::bad_value, "more zeros than there are counts");
      index += static_cast<std::size_t>(number < -static_cast<std::int64_t>(limit) ? 0 : -number);
    } else if (index >= limit) {
      head.fail(errc::bad_value, "a count beyond the highest trackable value");
    } else {
      h.record_at(index++, static_cast<std::uint64_t>(number));
    }
  }
  if (!head) return std::unexpected(head.why());
  return h;
}

octets encode_compressed(histogram const& h) {
  auto const plain = encode_v2(h);
  auto room = compressBound(static_cast<uLong>(plain.size()));
  octets packed(room);
  auto const done =
      compress2(packed.data(), &room, plain.data(), static_cast<uLong>(plain.size()), Z_DEFAULT_COMPRESSION);
  assert(done == Z_OK && "compressBound was enough");
  packed.resize(done == Z_OK ? room : 0);
  octets all;
  writer out(all);
  out.u32(cookie_compressed);
  out.u32(packed.size());
  out.put(packed);
  return all;
}

result<histogram> decode_compressed(octet_view in) {
  reader head(in);
  head.at("cookie");
  if (head.u32() != cookie_compressed && head) head.fail(errc::bad_value, "not a compressed V2 histogram", 4);
  head.at("compressed length");
  auto const length = head.u32();
  auto const packed = head.take(length);
  if (head && head.left() > 0) head.fail(errc::trailing_octets);
  if (!head) return std::unexpected(head.why());
  octets plain(most_inflated);
  auto size = static_cast<uLongf>(plain.size());
  if (uncompress(plain.data(), &size, packed.data(), static_cast<uLong>(packed.size())) != Z_OK)
    return failed(errc::corrupt, 8, "zlib stream");
  return decode_v2(octet_view(plain).first(size));
}

namespace {
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

std::string base64(octet_view in) {
  std::string text;
  for (std::size_t i = 0; i < in.size(); i += 3) {
    auto const part = in.subspan(i, std::min<std::size_t>(3, in.size() - i));
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8 | (k < part.size() ? part[k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += k <= part.size() ? letters[bits >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

result<octets> from_base64(std::string_view text) {
  octets all;
  std::uint32_t bits = 0;
  int held = 0;
  if (text.size() % 4 != 0) return failed(errc::truncated, text.size(), "base64");
  auto const end = text.ends_with("==") ? text.size() - 2 : text.ends_with('=') ? text.size() - 1 : text.size();
  for (std::size_t i = 0; i < end; ++i) {
    auto const value = letters.find(text[i]);
    if (value == letters.npos) return failed(errc::bad_syntax, i, "base64");
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      all.push_back(static_cast<std::uint8_t>(bits >> held));
    }
  }
  return all;
}

std::string hdr_log(wall began, std::span<hdr_interval const> intervals) {
  auto const seconds = [](duration d) { return std::chrono::duration<double>(d).count(); };
  auto text = fmt::format(
      "#[Values are microseconds; Interval_Max is in milliseconds]\n"
      "#[Histogram log format version 1.3]\n"
      "#[BaseTime: {0:.3f} (seconds since epoch)]\n"
      "#[StartTime: {0:.3f} (seconds since epoch), {1}]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
      seconds(began.time_since_epoch()), to_text(began));
  for (auto const& one : intervals) {
    auto const h = histogram::of(one.values);
    text += fmt::format("Tag={},{:.3f},{:.3f},{:.3f},{}\n", one.tag, seconds(one.start), seconds(one.length),
                        static_cast<double>(h.max().count()) / 1000, base64(encode_compressed(h)));
  }
  return text;
}

}  // namespace signalbox::load
