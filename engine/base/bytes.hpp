// Octets in and out. The reader and the writer are sticky: after the first fault they yield zeros (the writer
// writes nothing more), keep the place of that fault, and the caller asks once, at the end.
// Integers are big-endian, as in SMPP, Diameter and SS7.
#pragma once

#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.hpp"

namespace signalbox::inline base {

using octets = std::vector<std::uint8_t>;
using octet_view = std::span<std::uint8_t const>;

inline octet_view view_of(std::string_view text) {
  return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}
inline std::string_view text_of(octet_view data) { return {reinterpret_cast<char const*>(data.data()), data.size()}; }
inline octets octets_of(std::string_view text) { return {text.begin(), text.end()}; }

class reader {
 public:
  // `origin` is the offset of the first octet inside a larger input; faults are counted from that input's start.
  explicit reader(octet_view in, std::size_t origin = 0) : in_(in), origin_(origin) {}

  void at(std::string_view field) { field_ = field; }  // names what is read next; must outlive the reader

  std::uint8_t u8() { return static_cast<std::uint8_t>(integer(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(integer(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }
  std::uint64_t u64() { return integer(8); }

  octet_view take(std::size_t count) {
    if (!need(count)) return {};
    auto const part = in_.subspan(place_, count);
    place_ += count;
    return part;
  }

  // Text that ends in NUL within `max` octets, the NUL counted.
  std::string_view cstr(std::size_t max) {
    if (fault_) return {};
    if (place_ < in_.size() && in_[place_] == 0 && max > 0) {  // most C-octet strings are empty
      ++place_;
      return {};
    }
    auto const window = in_.subspan(place_, std::min(max, left()));
    auto const* end = window.empty() ? nullptr : std::memchr(window.data(), 0, window.size());
    if (end == nullptr) {
      fail(window.size() < max ? errc::truncated : errc::unterminated);
      return {};
    }
    auto const length = static_cast<std::size_t>(static_cast<std::uint8_t const*>(end) - window.data());
    place_ += length + 1;
    return text_of(window.first(length));
  }

  octet_view rest() { return take(left()); }
  std::size_t left() const { return fault_ ? 0 : in_.size() - place_; }
  std::size_t offset() const { return origin_ + place_; }

  // `back`: how many octets before this place the wrong value began.
  void fail(errc code, std::string detail = {}, std::size_t back = 0) {
    if (!fault_) fault_ = fault{code, offset() - back, std::string(field_), std::move(detail)};
  }
  explicit operator bool() const { return !fault_; }
  fault const& why() const { return *fault_; }

 private:
  bool need(std::size_t count) {
    if (fault_) return false;
    if (in_.size() - place_ >= count) return true;
    fail(errc::truncated);
    return false;
  }
  std::uint64_t integer(std::size_t width) {
    if (!need(width)) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8 | in_[place_ + i];
    place_ += width;
    return value;
  }

  octet_view in_;
  std::size_t origin_ = 0;
  std::size_t place_ = 0;
  std::string_view field_;
  std::optional<fault> fault_;
};

class writer {
 public:
  explicit writer(octets& out) : out_(out), start_(out.size()) {}  // appends to what is there

  void at(std::string_view field) { field_ = field; }

  void u8(std::uint64_t value) { integer(value, 1); }
  void u16(std::uint64_t value) { integer(value, 2); }
  void u32(std::uint64_t value) { integer(value, 4); }
  void u64(std::uint64_t value) { integer(value, 8); }
  void put(octet_view data) {
    if (!fault_) out_.insert(out_.end(), data.begin(), data.end());
  }
  void cstr(std::string_view text, std::size_t max) {  // `max` counts the NUL
    if (fault_) return;
    if (text.size() >= max) return fail(errc::too_long);
    if (text.empty()) return out_.push_back(0);
    if (text.find('\0') != text.npos) return fail(errc::bad_value, "NUL inside text");
    auto const at = out_.size();
    out_.resize(at + text.size() + 1);
    std::memcpy(out_.data() + at, text.data(), text.size());
  }
  void patch_u32(std::size_t place, std::uint32_t value) {  // `place` as length() gave it
    if (fault_) return;
    for (std::size_t i = 0; i < 4; ++i) out_[start_ + place + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }

  std::size_t length() const { return out_.size() - start_; }
  void fail(errc code, std::string detail = {}) {
    if (!fault_) fault_ = fault{code, length(), std::string(field_), std::move(detail)};
  }
  explicit operator bool() const { return !fault_; }
  fault const& why() const { return *fault_; }
  void undo() { out_.resize(start_); }  // drops all that this writer appended

 private:
  void integer(std::uint64_t value, std::size_t width) {
    if (fault_) return;
    // push_back, octet by octet: its fast path is inline, resize and insert are calls (bench/micro/smpp_codec_bench).
    while (width > 0) out_.push_back(static_cast<std::uint8_t>(value >> (8 * --width)));
  }

  octets& out_;
  std::size_t start_;
  std::string_view field_;
  std::optional<fault> fault_;
};

std::string to_hex(octet_view data);  // lower case, no separators
result<octets> from_hex(
    std::string_view text);  // blanks, colons and a leading 0x are skipped; the fault's offset counts characters

}  // namespace signalbox::inline base
