// The user data header (3GPP TS 23.040, 9.2.3.24), decoded and encoded.
#include "engine/text/udh.hpp"

namespace signalbox::text {

result<std::size_t> header_length(octet_view user_data) {
  if (user_data.empty()) return failed(errc::truncated, 0, "UDHL");
  auto const length = std::size_t{1} + user_data[0];
  if (length > user_data.size()) return failed(errc::bad_length, 0, "UDHL", "the header ends behind the user data");
  return length;
}

result<user_data_header> decode_udh(octet_view header) {
  auto const length = header_length(header);
  if (!length) return std::unexpected(length.error());
  reader in{header.first(*length)};
  in.at("UDHL");
  in.u8();
  user_data_header out;
  while (in && in.left() > 0) {
    information_element element;
    in.at("IEI");
    element.id = in.u8();
    in.at("IEDL");
    std::size_t const size = in.u8();
    if (in && size > in.left()) in.fail(errc::truncated, "the element ends behind the header");
    auto const data = in.take(size);
    element.data.assign(data.begin(), data.end());
    out.elements.push_back(std::move(element));
  }
  if (!in) return std::unexpected(in.why());
  if (*length < header.size()) return failed(errc::trailing_octets, *length, "UDHL");
  return out;
}

result<octets> encode_udh(user_data_header const& header) {
  octets body;
  for (auto const& element : header.elements) {
    if (element.data.size() > 255) return failed(errc::too_long, body.size() + 2, "IEDL");
    body.push_back(element.id);
    body.push_back(static_cast<std::uint8_t>(element.data.size()));
    body.insert(body.end(), element.data.begin(), element.data.end());
    if (body.size() > 255) return failed(errc::too_long, 0, "UDHL");
  }
  octets out{static_cast<std::uint8_t>(body.size())};
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

information_element element_of(concatenation const& place) {
  octets data;
  writer out(data);
  place.wide ? out.u16(place.reference) : out.u8(place.reference);
  out.u8(place.parts);
  out.u8(place.part);
  return {place.wide ? iei::concatenation_16bit : iei::concatenation_8bit, std::move(data)};
}

information_element element_of(ports const& numbers) {
  octets data;
  writer out(data);
  for (auto const port : {numbers.destination, numbers.source}) numbers.wide ? out.u16(port) : out.u8(port);
  return {numbers.wide ? iei::ports_16bit : iei::ports_8bit, std::move(data)};
}

std::vector<information_element> elements_of(shifts tables) {
  std::vector<information_element> out;
  auto const add = [&](std::uint8_t id, language which) {
    if (which != language::none) out.push_back({id, octets{static_cast<std::uint8_t>(which)}});
  };
  add(iei::national_locking_shift, tables.locking);
  add(iei::national_single_shift, tables.single);
  return out;
}

std::optional<concatenation> find_concatenation(user_data_header const& header) {
  std::optional<concatenation> found;
  for (auto const& [id, data] : header.elements) {
    auto const wide = id == iei::concatenation_16bit;
    if ((id != iei::concatenation_8bit && !wide) || data.size() != (wide ? 4u : 3u)) continue;
    reader in{data};
    concatenation place;
    place.wide = wide;
    place.reference = wide ? in.u16() : in.u8();
    place.parts = in.u8();
    place.part = in.u8();
    if (place.part >= 1 && place.part <= place.parts) found = place;
  }
  return found;
}

std::optional<ports> find_ports(user_data_header const& header) {
  std::optional<ports> found;
  for (auto const& [id, data] : header.elements) {
    auto const wide = id == iei::ports_16bit;
    if ((id != iei::ports_8bit && !wide) || data.size() != (wide ? 4u : 2u)) continue;
    reader in{data};
    ports numbers;
    numbers.wide = wide;
    numbers.destination = wide ? in.u16() : in.u8();
    numbers.source = wide ? in.u16() : in.u8();
    found = numbers;
  }
  return found;
}

shifts find_shifts(user_data_header const& header) {
  shifts found;
  for (auto const& [id, data] : header.elements) {
    if ((id != iei::national_single_shift && id != iei::national_locking_shift) || data.size() != 1) continue;
    auto const which = language_of(data[0]);
    if (!which) continue;
    (id == iei::national_single_shift ? found.single : found.locking) = *which;
  }
  return found;
}

}  // namespace signalbox::text
