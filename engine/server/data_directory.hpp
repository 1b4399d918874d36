// The one directory in which a server keeps everything. Made with mode 0700, locked while a process uses it.
#pragma once

#include <string>

#include "engine/base/result.hpp"

namespace signalbox::server {

class data_directory {
 public:
  // Makes the directory (and its parents) if it is not there. Fault: errc::io; the detail says whether another process
  // holds it.
  static result<data_directory> open(std::string const& path);

  data_directory(data_directory&& other) noexcept;
  data_directory& operator=(data_directory&& other) noexcept;
  ~data_directory();

  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
  std::string const& path() const { return path_; }  // absolute

 private:
  data_directory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_ = -1;
};

// The whole file or nothing of it: written beside, synced, renamed. Mode 0600.
result<void> write_atomically(std::string const& path, std::string_view content);
// Fault: errc::io, or errc::too_long beyond `max` octets.
result<std::string> read_whole(std::string const& path, std::size_t max);

}  // namespace signalbox::server
