#include "engine/server/data_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace signalbox::server {

namespace {

std::unexpected<fault> system_fault(std::string const& path, int error) {
  return failed(errc::io, 0, {}, fmt::format("{}: {}", path, std::strerror(error)));
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    auto const n = ::write(file, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

result<data_directory> data_directory::open(std::string const& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  auto const whole = fs::absolute(path, error).lexically_normal();
  if (!error && whole.has_parent_path()) fs::create_directories(whole.parent_path(), error);
  if (error) return failed(errc::io, 0, {}, fmt::format("{}: {}", path, error.message()));
  if (mkdir(whole.c_str(), 0700) != 0 && errno != EEXIST) return system_fault(path, errno);

  auto const lock_path = (whole / "lock").string();
  int const lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return system_fault(lock_path, errno);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    auto const why = errno;
    close(lock);
    if (why == EWOULDBLOCK)
      return failed(errc::io, 0, {}, fmt::format("data directory {} is in use by another process", whole.string()));
    return system_fault(lock_path, why);
  }
  return data_directory(whole.string(), lock);
}

data_directory::data_directory(data_directory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

data_directory& data_directory::operator=(data_directory&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

data_directory::~data_directory() {
  if (lock_ >= 0) close(lock_);
}

result<void> write_atomically(std::string const& path, std::string_view content) {
  auto const beside = fmt::format("{}.{}.tmp", path, getpid());
  int const file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return system_fault(path, errno);
  bool const written = write_all(file, content) && fsync(file) == 0;
  int const why = errno;
  close(file);
  if (!written || rename(beside.c_str(), path.c_str()) != 0) {
    auto const reason = written ? errno : why;
    unlink(beside.c_str());
    return system_fault(path, reason);
  }
  return {};
}

result<std::string> read_whole(std::string const& path, std::size_t max) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return system_fault(path, EISDIR);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return system_fault(path, errno == 0 ? EIO : errno);
  std::string text;
  char chunk[16'384];
  while (in.read(chunk, sizeof chunk) || in.gcount() > 0) {
    text.append(chunk, static_cast<std::size_t>(in.gcount()));
    if (text.size() > max) return failed(errc::too_long, 0, {}, fmt::format("{}: longer than {} octets", path, max));
  }
  return text;
}

}  // namespace signalbox::server
