#include "engine/sms/receipts.hpp"

#include <array>
#include <cstdio>

#include "engine/base/planted.hpp"
#include "engine/text/encoding.hpp"
#include "engine/text/udh.hpp"
#include "engine/text/unicode.hpp"

namespace signalbox::sms {

namespace {

constexpr std::uint16_t receipted_message_id = 0x001E, message_state_tag = 0x0427;
constexpr duration receipt_validity = 24h;
constexpr std::size_t quoted_characters = 20;

std::optional<wall> date_of(std::string_view text) {
  if (text.size() != 10 && text.size() != 12) return std::nullopt;
  std::array<int, 6> part{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    part[i / 2] = part[i / 2] * 10 + (text[i] - '0');
  }
  auto const date = wall_of({2000 + part[0], part[1], part[2], part[3], part[4], part[5], 0});
  return date ? std::optional(*date) : std::nullopt;
}

std::string first_characters(message const& m, centre_settings const& settings) {
  octet_view body = m.body;
  if ((m.esm_class & udhi) != 0)
    if (auto const header = text::header_length(body)) body = body.subspan(*header);
  auto const set = text::read_data_coding(m.data_coding).set;
  auto const wire = set == text::charset::ucs2 ? settings.smpp_encoding_ucs2 : settings.smpp_encoding_gsm7;
  auto const decoded = text::wire_to_text(body, set, wire);
  if (!decoded) return {};
  std::size_t end = 0;
  for (std::size_t characters = 0; end < decoded->size(); ++end) {
    auto const starts = (static_cast<unsigned char>((*decoded)[end]) & 0xC0) != 0x80;
    if (starts && characters++ == quoted_characters) break;
  }
  return decoded->substr(0, end);
}

}  // namespace

bool wants_receipt(std::uint8_t registered_delivery, message_state state) {
  auto const bits = registered_delivery & 0x03;
  switch (state) {
    case message_state::delivered:     return bits == 1 || bits == 3;
    case message_state::undeliverable:
    case message_state::expired:       return bits == 1 || bits == 2;
    default:                           return false;
  }
}

message receipt_for(message const& m, message_state state, error_code code, wall now, centre_settings const& settings) {
  auto const number = std::to_string(number_of(m.id).value + (planted(bug::receipt_of_another_message) ? 1 : 0));
  auto const good = state == message_state::delivered || planted(bug::receipt_always_good);
  std::array<char, 8> error{};
  std::snprintf(error.data(), error.size(), "%03u", static_cast<unsigned>(code));
  message r;
  r.returns_to = m.origin;
  r.origin_network = m.network;
  r.network = settings.receipt_to_origin_network ? m.origin_network : m.network;
  r.source = m.destination;
  r.destination = m.source;
  r.service_type = m.service_type;
  r.esm_class = static_cast<std::uint8_t>(delivery_receipt | (m.esm_class & 0x03));
  r.protocol_id = m.protocol_id;
  auto const words = format({.id = number,
                             .submitted = 1,
                             .delivered = good ? 1u : 0u,
                             .submit_date = m.submitted,
                             .done_date = now,
                             .state = good ? "DELIVRD" : "UNDELIV",
                             .error = error.data(),
                             .text = first_characters(m, settings)});
  r.body = text::text_to_wire(words, text::charset::gsm7, settings.smpp_encoding_gsm7);
  if (settings.receipt_tlvs) {
    octets id = octets_of(number);
    id.push_back(0);
    r.parameters.push_back({receipted_message_id, std::move(id)});
    r.parameters.push_back({message_state_tag, {static_cast<std::uint8_t>(state)}});
  }
  r.submitted = m.submitted;
  r.scheduled = now;
  r.expires = now + receipt_validity;
  return r;
}

std::string format(receipt_text const& r) {
  std::array<char, 32> counts{};
  std::snprintf(counts.data(), counts.size(), " sub:%03u dlvrd:%03u", r.submitted, r.delivered);
  return "id:" + r.id + counts.data() + " submit date:" + (r.submit_date ? format_receipt_date(*r.submit_date) : "") +
         " done date:" + (r.done_date ? format_receipt_date(*r.done_date) : "") + " stat:" + r.state +
         " err:" + r.error + " text:" + r.text;
}

std::string format_receipt_date(wall date, unsigned digits) {
  auto const c = civil_of(date);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%02d%02d%02d%02d%02d%02d", c.year % 100, c.month, c.day, c.hour, c.minute,
                c.second);
  return std::string(text.data(), digits);
}

result<receipt_text> parse_receipt(std::string_view text) {
  // Where a label starts, in any case; labels stand in this order, a value ends where the next label begins.
  constexpr std::array<std::string_view, 8> labels{
      "id:", "sub:", "dlvrd:", "submit date:", "done date:", "stat:", "err:", "text:"};
  auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  auto const find = [&](std::string_view label, std::size_t from) {
    for (auto at = from; at + label.size() <= text.size(); ++at) {
      std::size_t same = 0;
      while (same < label.size() && lower(text[at + same]) == label[same]) ++same;
      if (same == label.size()) return at;
    }
    return std::string_view::npos;
  };
  std::array<std::size_t, labels.size()> starts{};
  std::size_t from = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    starts[i] = find(labels[i], from);
    if (starts[i] != std::string_view::npos)
      from = starts[i] + labels[i].size();
    else if (i + 1 < labels.size())
      return failed(errc::missing, from, labels[i].substr(0, labels[i].size() - 1));
  }
  if (starts[0] != 0) return failed(errc::bad_syntax, 0, "id", "the text does not begin with id:");
  auto const value = [&](std::size_t i) {
    auto const begin = starts[i] + labels[i].size();
    auto end = text.size();
    if (i + 1 < labels.size() && starts[i + 1] != std::string_view::npos) end = starts[i + 1];
    auto part = text.substr(begin, end - begin);
    if (i + 1 < labels.size()) {  // the last value keeps its blanks: it is the sender's text
      while (part.ends_with(' ')) part.remove_suffix(1);
      while (part.starts_with(' ')) part.remove_prefix(1);
    }
    return part;
  };
  auto const number = [&](std::size_t i) -> result<std::uint32_t> {
    std::uint32_t n = 0;
    auto const digits = value(i);
    if (digits.empty() || digits.size() > 9) return failed(errc::bad_length, starts[i], labels[i]);
    for (auto c : digits) {
      if (c < '0' || c > '9') return failed(errc::bad_syntax, starts[i], labels[i], "not a number");
      n = n * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return n;
  };
  receipt_text r;
  r.id = value(0);
  if (r.id.empty()) return failed(errc::bad_length, 0, "id");
  auto const submitted = number(1), delivered = number(2);
  if (!submitted) return std::unexpected(submitted.error());
  if (!delivered) return std::unexpected(delivered.error());
  r.submitted = *submitted;
  r.delivered = *delivered;
  for (auto [i, date] : {std::pair{std::size_t{3}, &r.submit_date}, {std::size_t{4}, &r.done_date}}) {
    if (value(i).empty()) continue;
    *date = date_of(value(i));
    if (!*date)
      return failed(errc::bad_syntax, starts[i], labels[i].substr(0, labels[i].size() - 1),
                    "not a date of 10 or 12 digits");
  }
  r.state = value(5);
  r.error = value(6);
  if (starts[7] != std::string_view::npos) r.text = value(7);
  return r;
}

}  // namespace signalbox::sms
