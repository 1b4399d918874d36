#include "engine/smpp/framing.hpp"

#include <algorithm>

namespace signalbox::smpp {

namespace {
constexpr std::size_t spare_octets_kept = 512;  // of the tail, between PDUs: most PDUs fit
}

void framer::feed(octet_view chunk) {
  if (broken_) return;
  if (handed_out_) {
    tail_.clear();
    handed_out_ = false;
  }
  if (held_.empty()) {
    chunk_ = chunk;
    return;
  }
  octets joined(chunk_.begin(), chunk_.end());
  joined.insert(joined.end(), chunk.begin(), chunk.end());
  held_ = std::move(joined);
  chunk_ = held_;
}

void framer::hold() {
  octets rest(chunk_.begin(), chunk_.end());
  held_ = std::move(rest);
  chunk_ = held_;
}

std::optional<octet_view> framer::next() {
  if (broken_) return std::nullopt;
  if (handed_out_) {
    tail_.clear();
    handed_out_ = false;
  }
  if (!tail_.empty()) {
    take_from_chunk(header_octets);
    if (tail_.size() < header_octets) return all_read();
    auto const length = length_of(tail_);
    if (!length) return std::nullopt;
    take_from_chunk(*length);
    if (tail_.size() < *length) return all_read();
    handed_out_ = true;
    return tail_;
  }
  if (chunk_.size() >= header_octets) {
    auto const length = length_of(chunk_);
    if (!length) return std::nullopt;
    if (chunk_.size() >= *length) {
      auto const whole = chunk_.first(*length);
      chunk_ = chunk_.subspan(*length);
      return whole;
    }
  }
  take_from_chunk(chunk_.size());
  return all_read();
}

std::optional<octet_view> framer::all_read() {
  held_ = octets();  // was a whole chunk; = {} would keep the room
  if (tail_.empty() && tail_.capacity() > spare_octets_kept) tail_ = octets();
  chunk_ = {};
  return std::nullopt;
}

std::optional<std::size_t> framer::length_of(octet_view start) {
  auto const head = *decode_header(start);
  if (head.command_length >= header_octets && head.command_length <= max_pdu_) return head.command_length;
  broken_ = bad_frame{{errc::bad_length, 0, "command_length", std::to_string(head.command_length)}, head};
  tail_.clear();
  chunk_ = {};
  return std::nullopt;
}

void framer::take_from_chunk(std::size_t wanted_tail_octets) {
  if (tail_.size() >= wanted_tail_octets) return;
  auto const part = chunk_.first(std::min(wanted_tail_octets - tail_.size(), chunk_.size()));
  tail_.insert(tail_.end(), part.begin(), part.end());
  chunk_ = chunk_.subspan(part.size());
}

}  // namespace signalbox::smpp
