// The demonstration accounts of a server that was given no configuration: two ESMEs, `demo` and `phone`, whose
// messages go to each other. Their passwords are drawn at the first start and kept in the data directory.
#pragma once

#include "engine/base/entropy.hpp"
#include "engine/server/config.hpp"

namespace signalbox::server {

inline constexpr std::string_view demo_file = "demo.toml";  // in the data directory

// Adds the two to `all`, from the file at `path`, which is made if it is not there.
result<configuration> with_demo_esmes(configuration all, std::string const& path, entropy& chance);

}  // namespace signalbox::server
