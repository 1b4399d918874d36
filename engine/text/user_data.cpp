// TP-UD put together and taken apart.
#include "engine/text/user_data.hpp"

namespace signalbox::text {

user_data compose(charset set, octet_view header, octet_view body) {
  user_data out{.set = set, .has_header = !header.empty(), .data = {header.begin(), header.end()}};
  if (set == charset::gsm7) {
    auto const packed = pack(body, header.size());
    out.data.insert(out.data.end(), packed.begin(), packed.end());
    out.length = header_septets(header.size()) + body.size();
  } else {
    out.data.insert(out.data.end(), body.begin(), body.end());
    out.length = out.data.size();
  }
  return out;
}

result<opened> open(user_data const& from) {
  if (from.set == charset::unsupported) return failed(errc::not_supported, 0, "TP-DCS");
  opened out;
  octet_view const data = from.data;
  if (from.has_header) {
    auto const length = header_length(data);
    if (!length) return std::unexpected(length.error());
    auto header = decode_udh(data.first(*length));
    if (!header) return std::unexpected(header.error());
    out.header_octets = *length;
    out.header = *std::move(header);
    out.tables = find_shifts(out.header);
  }
  auto const in_septets = from.set == charset::gsm7;
  auto const header = in_septets ? header_septets(out.header_octets) : out.header_octets;
  if (from.length < header) return failed(errc::bad_length, 0, "TP-UDL", "less than the header");
  auto const length = from.length - header;
  auto const body = data.subspan(out.header_octets);
  if (in_septets) {
    auto septets = unpack(body, length, out.header_octets);
    if (!septets) {
      auto why = septets.error();
      why.offset = data.size();
      return std::unexpected(std::move(why));
    }
    out.body = *std::move(septets);
    auto const used = out.header_octets + packed_octets(length, out.header_octets);
    if (used < data.size()) return failed(errc::trailing_octets, used, "TP-UD", "more octets than TP-UDL says");
    return out;
  }
  if (body.size() < length) return failed(errc::truncated, data.size(), "TP-UD", "fewer octets than TP-UDL says");
  if (body.size() > length) return failed(errc::trailing_octets, from.length, "TP-UD", "more octets than TP-UDL says");
  out.body.assign(body.begin(), body.end());
  return out;
}

}  // namespace signalbox::text
