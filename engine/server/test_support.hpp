// For the tests of this folder: nodes that echo, sockets driven by hand, a directory that goes away again, and waiting
// for a condition with a limit. Real sockets and real time: nothing here is pure.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "engine/core/node.hpp"
#include "engine/server/clock.hpp"
#include "engine/server/host.hpp"

namespace signalbox::server {

inline constexpr duration patience =
    20s;  // how long a test waits before it fails; nothing normally takes a tenth of it

class temporary_directory {
 public:
  temporary_directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "signalbox-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_directory(temporary_directory const&) = delete;
  temporary_directory& operator=(temporary_directory const&) = delete;
  std::string path() const { return path_; }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

// Answers every octet with itself, unless told otherwise; remembers what it heard.
class echo_node : public core::node {
 public:
  void on_accepted(connection_id id, core::service, std::string_view peer, moment, core::effects&) override {
    accepted.push_back(id);
    peers.emplace_back(peer);
  }
  void on_opened(connection_id id, moment, core::effects& out) override {
    opened.push_back(id);
    if (!greeting.empty()) out.send.push_back({id, octets_of(greeting)});
  }
  void on_bytes(connection_id id, octet_view data, moment at, core::effects& out) override {
    heard.append(text_of(data));
    heard_octets += data.size();
    if (reaction) return reaction(id, data, at, out);
    auto& to = out.to(id);
    to.insert(to.end(), data.begin(), data.end());
  }
  void on_closed(connection_id id, moment, core::effects&) override { closed.push_back(id); }
  void on_time(moment at, core::effects& out) override {
    due.reset();
    if (alarm) alarm(at, out);
  }
  void on_stored(std::uint64_t request, storage::answer const& what, moment, core::effects& out) override {
    stored.emplace_back(request, what.outcome.has_value());
    if (after_stored) after_stored(request, out);
  }
  std::optional<instant> deadline(moment) const override { return due; }

  std::string greeting;
  std::function<void(connection_id, octet_view, moment, core::effects&)> reaction;
  std::function<void(moment, core::effects&)> alarm;
  std::function<void(std::uint64_t, core::effects&)> after_stored;
  std::optional<instant> due;
  std::vector<connection_id> accepted, opened, closed;
  std::vector<std::string> peers;
  std::vector<std::pair<std::uint64_t, bool>> stored;
  std::string heard;
  std::size_t heard_octets = 0;
};

inline bool until(loop& on, std::function<bool()> const& done) { return on.run_until(now().at + patience, done); }

// A plain blocking socket that never blocks: what is there is taken, the loop runs in between.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port, int receive_buffer = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~raw_client() {
    if (fd_ >= 0) ::close(fd_);
  }
  raw_client(raw_client const&) = delete;
  raw_client& operator=(raw_client const&) = delete;

  bool connected() const { return connected_; }
  std::size_t send(std::string_view text) {  // what the socket takes at once
    auto const n = ::send(fd_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return n < 0 ? 0 : static_cast<std::size_t>(n);
  }
  // Takes what is there; true while the connection stands.
  bool take(std::string& into) {
    char chunk[65536];
    for (;;) {
      auto const n = ::recv(fd_, chunk, sizeof chunk, MSG_DONTWAIT);
      if (n > 0) {
        into.append(chunk, static_cast<std::size_t>(n));
        continue;
      }
      if (n == 0) ended_ = true;
      if (n < 0 && errno == ECONNRESET) reset_ = true;
      return n < 0 && errno == EAGAIN;
    }
  }
  void close_write() { ::shutdown(fd_, SHUT_WR); }
  bool ended() const { return ended_; }
  bool reset() const { return reset_; }

 private:
  int fd_;
  bool connected_ = false, ended_ = false, reset_ = false;
};

}  // namespace signalbox::server
