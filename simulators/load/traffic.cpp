#include "simulators/load/traffic.hpp"

#include <algorithm>
#include <charconv>

#include "engine/text/unicode.hpp"

namespace signalbox::load {

namespace {

constexpr std::size_t short_message_limit = 254;  // SMPP 3.4, 5.2.21

struct room {
  std::uint32_t single, part;
};
room room_for(traffic const& line) {
  if (line.segment > 0) return {line.segment, line.segment};
  switch (line.set) {
    case text::charset::ucs2:    return {70, 66};
    case text::charset::octets8: return {140, 132};
    default:                     return {160, 152};
  }
}

std::uint64_t mixed(std::uint64_t chance) { return seeded_entropy(chance).next(); }

}  // namespace

void count_up(std::string& number, std::uint64_t steps) {
  for (auto at = number.size(); steps > 0 && at-- > 0;) {
    if (number[at] < '0' || number[at] > '9') break;
    steps += static_cast<std::uint64_t>(number[at] - '0');
    number[at] = static_cast<char>('0' + steps % 10);
    steps /= 10;
  }
}

message_maker::message_maker(traffic what) : what_(std::move(what)), made_(what_.base) {
  before_ = spell(what_.before);
  if (what_.longest > 0 && what_.behind.empty()) what_.behind = ".";
  behind_ = spell(what_.behind);
  digit_octets_ = what_.spelled == text::representation::utf16 ? 2 : 1;
}

message_maker::spelled_text message_maker::spell(std::string_view text) const {
  spelled_text s;
  for (std::size_t at = 0; at < text.size();) {
    auto const begin = at;
    for (++at; at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;) ++at;
    auto const one = text::encode_body(text.substr(begin, at - begin), what_.spelled).data;
    s.data.insert(s.data.end(), one.begin(), one.end());
    s.ends.push_back(static_cast<std::uint32_t>(s.data.size()));
  }
  return s;
}

std::uint32_t message_maker::length_of(drawn const& d) const {
  if (what_.longest <= what_.shortest) return what_.longest;
  return what_.shortest + static_cast<std::uint32_t>(mixed(d.chance) % (what_.longest - what_.shortest + 1));
}

void message_maker::append(spelled_text const& from, std::uint32_t characters, octets& out) {
  auto const start = static_cast<std::uint32_t>(out.size());
  out.insert(out.end(), from.data.begin(), from.data.begin() + from.size_of(characters));
  if (what_.split == splitting::none) return;
  for (std::uint32_t i = 0; i < characters; ++i) ends_.push_back(start + from.ends[i]);
}

void message_maker::write_text(drawn const& d, octets& out) {
  out.clear();
  ends_.clear();
  auto const limit = length_of(d);
  auto left = limit == 0 ? UINT32_MAX : limit;
  auto const take = [&left](std::uint32_t characters) {
    auto const n = std::min(left, characters);
    left -= n;
    return n;
  };
  append(before_, take(before_.chars()), out);
  if (what_.counts) {
    char digits[20];
    auto const end = std::to_chars(std::begin(digits), std::end(digits), d.number).ptr;
    // The number is never cut: a shortened one would be another message's.
    auto const count = static_cast<std::uint32_t>(end - digits);
    take(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (digit_octets_ == 2) out.push_back(0);
      out.push_back(static_cast<std::uint8_t>(digits[i]));
      if (what_.split != splitting::none) ends_.push_back(static_cast<std::uint32_t>(out.size()));
    }
  }
  if (limit == 0) return append(behind_, behind_.chars(), out);
  while (left > 0) append(behind_, take(behind_.chars()), out);
}

std::uint32_t message_maker::segments(drawn const& d) {
  if (what_.split == splitting::none) return 1;
  if (text_of_ != d) write_text(d, text_), text_of_ = d;
  auto const room = room_for(what_);
  auto const chars = static_cast<std::uint32_t>(ends_.size());
  return chars <= room.single ? 1 : (chars + room.part - 1) / room.part;
}

smpp::body const& message_maker::make(drawn const& d, std::uint32_t index) {
  auto& m = std::get<smpp::submit_sm>(made_);
  if (what_.recorded) {
    m = (*what_.recorded)[d.chance % what_.recorded->size()];
    return made_;
  }
  m.destination_addr = what_.destination;
  if (what_.destinations > 1) count_up(m.destination_addr, d.chance % what_.destinations);
  m.tlvs = what_.base.tlvs;
  m.esm_class = what_.base.esm_class;
  auto const total = segments(d);
  if (what_.split == splitting::none) {
    write_text(d, m.short_message);
  } else if (total == 1) {
    m.short_message = text_;
  } else {
    // Counts from 1 to 255 and begins again (the reference is one octet in both styles' arithmetic).
    auto const reference = static_cast<std::uint8_t>((d.number - 1) % 255 + 1);
    auto const part = room_for(what_).part;
    auto const last = std::min<std::size_t>(ends_.size(), std::size_t{part} * (index + 1));
    auto const from = index == 0 ? 0u : ends_[std::size_t{part} * index - 1];
    m.short_message.clear();
    if (what_.split == splitting::udh) {
      m.esm_class |= smpp::esm::udhi;
      m.short_message = {5, 0, 3, reference, static_cast<std::uint8_t>(total), static_cast<std::uint8_t>(index + 1)};
    } else {
      m.tlvs.push_back(smpp::make_u16(smpp::tag::sar_msg_ref_num, reference));
      m.tlvs.push_back(smpp::make_u8(smpp::tag::sar_total_segments, static_cast<std::uint8_t>(total)));
      m.tlvs.push_back(smpp::make_u8(smpp::tag::sar_segment_seqnum, static_cast<std::uint8_t>(index + 1)));
    }
    m.short_message.insert(m.short_message.end(), text_.begin() + from, text_.begin() + ends_[last - 1]);
  }
  if (m.short_message.size() > short_message_limit) {
    m.tlvs.push_back(smpp::make_octets(smpp::tag::message_payload, m.short_message));
    m.short_message.clear();
  }
  return made_;
}

std::optional<std::uint64_t> message_maker::number_in(octet_view body) const {
  if (!what_.counts || body.size() < before_.data.size() + digit_octets_) return std::nullopt;
  if (!std::equal(before_.data.begin(), before_.data.end(), body.begin())) return std::nullopt;
  std::uint64_t number = 0;
  bool any = false;
  for (auto at = before_.data.size(); at + digit_octets_ <= body.size(); at += digit_octets_) {
    if (digit_octets_ == 2 && body[at] != 0) break;
    auto const digit = static_cast<std::uint64_t>(body[at + digit_octets_ - 1]) - '0';
    if (digit > 9 || number > UINT64_MAX / 10 - 1) break;
    number = number * 10 + digit;
    any = true;
  }
  return any ? std::optional(number) : std::nullopt;
}

}  // namespace signalbox::load
