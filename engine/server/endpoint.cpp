#include "engine/server/endpoint.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace signalbox::server {

namespace {

std::unexpected<fault> refused(std::string_view text, std::string_view expected) {
  return failed(errc::bad_value, 0, {}, "\"" + std::string(text) + "\" is not " + std::string(expected));
}

result<endpoint> split(std::string_view text) {
  constexpr std::string_view expected = "ADDRESS:PORT, such as 127.0.0.1:2775 or [::1]:2775";
  auto const colon = text.rfind(':');
  if (colon == text.npos) return refused(text, expected);
  auto address = text.substr(0, colon);
  auto const digits = text.substr(colon + 1);
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  else if (address.find(':') != address.npos)
    return refused(text, expected);
  std::uint16_t port = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (address.empty() || address.find('\0') != address.npos || error != std::errc{} ||
      end != digits.data() + digits.size())
    return refused(text, expected);
  return endpoint{std::string(address), port};
}

}  // namespace

result<endpoint> parse_listener(std::string_view text) {
  auto where = split(text);
  if (!where) return where;
  if (where->address == "localhost") where->address = "127.0.0.1";
  unsigned char any[sizeof(in6_addr)];
  if (inet_pton(AF_INET, where->address.c_str(), any) != 1 && inet_pton(AF_INET6, where->address.c_str(), any) != 1)
    return refused(text, "a numeric ADDRESS:PORT to listen on");
  return where;
}

result<endpoint> parse_peer(std::string_view text) {
  auto where = split(text);
  if (where && where->port == 0) return refused(text, "a peer: its port is missing");
  return where;
}

std::string to_text(endpoint const& where) {
  auto const port = std::to_string(where.port);
  return where.address.find(':') == std::string::npos ? where.address + ":" + port : "[" + where.address + "]:" + port;
}

}  // namespace signalbox::server
