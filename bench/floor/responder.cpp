// The bare floor under every SMPP server on this machine: one thread over epoll lets anybody bind and answers
// submit_sm, looking only at the four words of the header. With a directory it is the floor under a durable one: each
// submit_sm goes as it came into the message log, whose commits take all that arrived during the commit before (one
// sync), and is answered after its commit. It decodes, checks, routes and delivers nothing: the difference to a real
// server is what that costs.
//
// Usage: floor_responder [LOG_DIRECTORY]       prints `listening on 127.0.0.1:PORT`; SIGTERM ends it
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <unordered_map>

#include "bench/floor/committer.hpp"

namespace signalbox::floor {

namespace {

constexpr std::uint32_t submit_sm = 0x04, unbind = 0x06, enquire_link = 0x15, response = 0x80000000;
constexpr std::uint32_t generic_nack = response, invalid_command = 3;  // ESME_RINVCMDID
constexpr std::size_t header = 16, longest_pdu = 65536, most_unsent = 64 << 20;
constexpr std::uint8_t kind = 1;  // of the records

bool is_bind(std::uint32_t command) { return command == 0x01 || command == 0x02 || command == 0x09; }

std::uint32_t word(std::uint8_t const* at) {
  std::uint32_t raw;
  std::memcpy(&raw, at, sizeof raw);
  return ntohl(raw);
}

[[noreturn]] void give_up(char const* what) {
  std::perror(what);
  std::_Exit(1);
}

struct connection {
  int socket = -1;
  octets in, out;
  bool wants_room = false;
};

class responder {
 public:
  explicit responder(std::unique_ptr<committer> log) : log_(std::move(log)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&where), size) != 0 || listen(listener_, 100) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
      give_up("listen");
    watch(listener_, listening, EPOLLIN);
    if (log_) watch(log_->done(), commit_done, EPOLLIN);
    std::printf("listening on 127.0.0.1:%d\n", ntohs(where.sin_port));
    std::fflush(stdout);
  }

  [[noreturn]] void run() {
    for (;;) {
      epoll_event events[64];
      auto const count = epoll_wait(epoll_, events, 64, -1);
      for (int n = 0; n < count; ++n) on_event(events[n]);
      if (log_ && !answers_.empty()) log_->add(operations_, answers_);
    }
  }

 private:
  static constexpr std::uint64_t listening = 0, commit_done = 1, first_connection = 2;

  void watch(int what, std::uint64_t as, std::uint32_t events, int how = EPOLL_CTL_ADD) {
    epoll_event e{.events = events, .data = {.u64 = as}};
    if (epoll_ctl(epoll_, how, what, &e) != 0) give_up("epoll_ctl");
  }

  void on_event(epoll_event const& e) {
    if (e.data.u64 == listening) return accept_one();
    if (e.data.u64 == commit_done) return answer_durable();
    auto const found = connections_.find(e.data.u64);
    if (found == connections_.end()) return;
    auto& c = found->second;
    if ((e.events & ~std::uint32_t{EPOLLOUT}) != 0 && !read(e.data.u64, c)) return close_one(e.data.u64);
    flush(e.data.u64, c);
  }

  void accept_one() {
    auto const taken = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
    if (taken < 0) return;
    int const yes = 1;
    setsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto const id = next_connection_++;
    connections_[id].socket = taken;
    watch(taken, id, EPOLLIN);
  }

  void close_one(std::uint64_t id) {
    close(connections_[id].socket);
    connections_.erase(id);
  }

  bool read(std::uint64_t id, connection& c) {
    auto const got = recv(c.socket, chunk_, sizeof chunk_, 0);
    if (got <= 0) return false;
    octet_view data(chunk_, static_cast<std::size_t>(got));
    if (!c.in.empty()) {
      c.in.insert(c.in.end(), data.begin(), data.end());
      data = c.in;
    }
    while (data.size() >= header) {
      auto const length = word(data.data());
      if (length < header || length > longest_pdu) return false;
      if (data.size() < length) break;
      take(id, c, data.first(length));
      data = data.subspan(length);
    }
    c.in = octets(data.begin(), data.end());  // the beginning of the next one
    return c.out.size() <= most_unsent;
  }

  void take(std::uint64_t id, connection& c, octet_view pdu) {
    auto const command = word(&pdu[4]), sequence_number = word(&pdu[12]);
    if (command == submit_sm) {
      accepted const due{id, sequence_number, ++messages_};
      if (!log_) return answer(c, due);
      operations_.push_back(storage::operation::put({kind, due.message}, octets(pdu.begin(), pdu.end())));
      answers_.push_back(due);
    } else if (is_bind(command)) {
      write(c, command | response, 0, sequence_number, "floor");
    } else if (command == enquire_link || command == unbind) {
      write(c, command | response, 0, sequence_number, nullptr);
    } else if ((command & response) == 0) {
      write(c, generic_nack, invalid_command, sequence_number, nullptr);
    }
  }

  void answer(connection& c, accepted const& what) {
    char id[9];
    for (int n = 0; n < 8; ++n) id[n] = "0123456789abcdef"[what.message >> (28 - 4 * n) & 15];
    id[8] = '\0';
    write(c, submit_sm | response, 0, what.sequence_number, id);
  }

  void answer_durable() {
    log_->take(done_);
    for (auto const& due : done_)
      if (auto const c = connections_.find(due.connection); c != connections_.end()) answer(c->second, due);
    done_.clear();
    for (auto& [id, c] : connections_) flush(id, c);
  }

  static void write(connection& c, std::uint32_t command, std::uint32_t status, std::uint32_t sequence_number,
                    char const* text) {
    auto const size = header + (text == nullptr ? 0 : std::strlen(text) + 1), at = c.out.size();
    std::uint32_t const words[] = {htonl(static_cast<std::uint32_t>(size)), htonl(command), htonl(status),
                                   htonl(sequence_number)};
    c.out.resize(at + size);
    std::memcpy(&c.out[at], words, sizeof words);
    if (text != nullptr) std::memcpy(&c.out[at + header], text, size - header);
  }

  void flush(std::uint64_t id, connection& c) {
    if (!c.out.empty()) {
      auto const sent = send(c.socket, c.out.data(), c.out.size(), MSG_NOSIGNAL);
      if (sent > 0) c.out.erase(c.out.begin(), c.out.begin() + sent);  // an error shows at the next read
    }
    if (c.out.empty() == !c.wants_room) return;
    c.wants_room = !c.out.empty();
    watch(c.socket, id, c.wants_room ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
  }

  std::unique_ptr<committer> log_;
  int epoll_ = epoll_create1(0), listener_ = -1;
  std::uint64_t next_connection_ = first_connection;
  std::uint32_t messages_ = 0;
  std::uint8_t chunk_[longest_pdu];
  std::unordered_map<std::uint64_t, connection> connections_;
  std::vector<storage::operation> operations_;
  std::vector<accepted> answers_, done_;
};

}  // namespace

}  // namespace signalbox::floor

int main(int argc, char** argv) {
  if (argc > 2) {
    std::fputs("usage: floor_responder [LOG_DIRECTORY]\n", stderr);
    return 2;
  }
  using namespace signalbox::floor;
  responder(argc == 2 ? std::make_unique<committer>(argv[1]) : nullptr).run();
}
