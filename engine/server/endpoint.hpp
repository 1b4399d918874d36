// Where to listen or to connect, as text: "127.0.0.1:2775", "[::1]:2775", "localhost:2775".
#pragma once

#include <string>

#include "engine/base/result.hpp"

namespace signalbox::server {

struct endpoint {
  std::string address;  // without brackets
  std::uint16_t port = 0;
  bool operator==(endpoint const&) const = default;
};

// An address to listen on: numeric, or localhost (127.0.0.1). Port 0 stands for any free one.
result<endpoint> parse_listener(std::string_view text);
// A peer to connect to: a name or a numeric address, and a port that is not 0.
result<endpoint> parse_peer(std::string_view text);
std::string to_text(endpoint const& where);

}  // namespace signalbox::server
