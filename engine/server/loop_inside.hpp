// What loop.hpp hides, for the few files that speak Asio.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <cstdint>

#include "engine/server/loop.hpp"

namespace signalbox::server {

struct loop::inside {
  boost::asio::io_context context{1};         // one thread runs it; others only post
  std::array<std::uint8_t, 64 * 1024> chunk;  // what is read goes through here, one connection after the other
};

}  // namespace signalbox::server
