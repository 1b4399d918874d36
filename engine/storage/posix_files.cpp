#include "engine/storage/posix_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace signalbox::storage {

namespace {

std::unexpected<fault> system_fault(std::string const& path, int error, std::uint64_t at = 0) {
  return failed(errc::io, at, path, std::generic_category().message(error));
}

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&&) = delete;
  int operator*() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

class posix_file final : public file {
 public:
  posix_file(std::string path, descriptor on) : path_(std::move(path)), on_(std::move(on)) {}

  result<std::size_t> read(std::uint64_t at, std::span<std::uint8_t> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      auto const n = ::pread(*on_, into.data() + done, into.size() - done, static_cast<off_t>(at + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return system_fault(path_, errno, at);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  result<void> write(std::uint64_t at, octet_view data) override {
    while (!data.empty()) {
      auto const n = ::pwrite(*on_, data.data(), data.size(), static_cast<off_t>(at));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return system_fault(path_, errno, at);
      data = data.subspan(static_cast<std::size_t>(n));
      at += static_cast<std::uint64_t>(n);
    }
    return {};
  }

  result<void> sync() override {
    if (::fdatasync(*on_) != 0) return system_fault(path_, errno);
    return {};
  }

  result<void> allocate(std::uint64_t octets) override {
    int error = EINTR;
    while (error == EINTR) error = ::posix_fallocate(*on_, 0, static_cast<off_t>(octets));
    if (error != 0) return system_fault(path_, error, octets);
    return {};
  }

  result<std::uint64_t> size() override {
    struct stat about{};
    if (::fstat(*on_, &about) != 0) return system_fault(path_, errno);
    return static_cast<std::uint64_t>(about.st_size);
  }

 private:
  std::string path_;
  descriptor on_;
};

class posix_directory final : public directory {
 public:
  posix_directory(std::string path, descriptor on) : path_(std::move(path)), on_(std::move(on)) {}

  std::string path_of(std::string_view name) const override { return path_ + "/" + std::string(name); }

  result<std::vector<std::string>> list() override {
    std::error_code error;
    std::vector<std::string> names;
    for (std::filesystem::directory_iterator entry(path_, error), end; !error && entry != end; entry.increment(error))
      names.push_back(entry->path().filename().string());
    if (error) return system_fault(path_, error.value());
    std::ranges::sort(names);
    return names;
  }

  result<std::unique_ptr<file>> open(std::string const& name) override { return open_file(name, O_RDWR); }
  result<std::unique_ptr<file>> create(std::string const& name) override {
    return open_file(name, O_RDWR | O_CREAT | O_TRUNC);
  }
  result<void> rename(std::string const& from, std::string const& to) override {
    if (::renameat(*on_, from.c_str(), *on_, to.c_str()) != 0) return system_fault(path_of(from), errno);
    return {};
  }
  result<void> remove(std::string const& name) override {
    if (::unlinkat(*on_, name.c_str(), 0) != 0) return system_fault(path_of(name), errno);
    return {};
  }
  result<void> sync() override {
    if (::fsync(*on_) != 0) return system_fault(path_, errno);
    return {};
  }

 private:
  result<std::unique_ptr<file>> open_file(std::string const& name, int flags) {
    descriptor on(::openat(*on_, name.c_str(), flags | O_CLOEXEC, 0600));
    if (!on) return system_fault(path_of(name), errno);
    return std::make_unique<posix_file>(path_of(name), std::move(on));
  }

  std::string path_;
  descriptor on_;
};

// A new directory is durable once its parent says so.
result<void> make_directory(std::string const& path) {
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno == EEXIST) return {};
    return system_fault(path, errno);
  }
  auto const above = std::filesystem::absolute(path).lexically_normal().parent_path().string();
  descriptor const parent(::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent || ::fsync(*parent) != 0) return system_fault(above, errno);
  return {};
}

}  // namespace

result<std::unique_ptr<directory>> open_directory(std::string const& path) {
  if (auto made = make_directory(path); !made) return std::unexpected(made.error());
  descriptor on(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!on) return system_fault(path, errno);
  if (::flock(*on, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return failed(errc::io, 0, path, "another process has it open");
    return system_fault(path, errno);
  }
  return std::make_unique<posix_directory>(path, std::move(on));
}

}  // namespace signalbox::storage
