// What the message log needs of a file system: one directory of files that are written in place and synced. Behind it
// stand the real one (posix_files) and, in tests, one that loses power, fails and flips bits (simulated_files.hpp).
// Every fault is errc::io with the path in `field` and the system's words in `detail`.
#pragma once

#include <memory>
#include <string>

#include "engine/base/bytes.hpp"

namespace signalbox::storage {

class file {
 public:
  virtual ~file() = default;

  // How many octets were read; fewer than asked for only at the end of the file.
  virtual result<std::size_t> read(std::uint64_t at, std::span<std::uint8_t> into) = 0;
  // All of it, or a fault: then any part of it may be there.
  virtual result<void> write(std::uint64_t at, octet_view data) = 0;
  // What was written is durable. After a fault no later success says anything about what was written before it.
  virtual result<void> sync() = 0;
  // Grows the file to `octets`, zeros where nothing was written, so that writing there needs no more space.
  virtual result<void> allocate(std::uint64_t octets) = 0;
  virtual result<std::uint64_t> size() = 0;
};

class directory {
 public:
  virtual ~directory() = default;

  virtual std::string path_of(std::string_view name) const = 0;  // for faults
  virtual result<std::vector<std::string>> list() = 0;           // names, sorted, without "." and ".."
  virtual result<std::unique_ptr<file>> open(std::string const& name) = 0;
  virtual result<std::unique_ptr<file>> create(std::string const& name) = 0;  // empty, also if it was there
  virtual result<void> rename(std::string const& from, std::string const& to) = 0;
  virtual result<void> remove(std::string const& name) = 0;
  virtual result<void> sync() = 0;  // what was created, renamed and removed is durable
};

}  // namespace signalbox::storage
