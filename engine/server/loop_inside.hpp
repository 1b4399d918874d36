// What loop.hpp hides, for the few files that speak Asio.
#pragma once

#include <boost/asio/io_context.hpp>

#include "engine/server/loop.hpp"

namespace signalbox::server {

struct loop::inside {
  boost::asio::io_context context{1};  // one thread runs it; others only post
};

}  // namespace signalbox::server
