// The real file system behind files.hpp.
#pragma once

#include "engine/storage/files.hpp"

namespace signalbox::storage {

// Makes the directory (mode 0700; its parent must exist) and locks it until it is destroyed. The lock is on the
// directory itself: nothing is written into a directory that turns out to be somebody else's.
// Fault: errc::io; the detail says when another process holds it.
result<std::unique_ptr<directory>> open_directory(std::string const& path);

}  // namespace signalbox::storage
