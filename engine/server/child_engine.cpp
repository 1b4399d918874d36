#include "engine/server/child_engine.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include "engine/server/clock.hpp"
#include "engine/server/config.hpp"
#include "engine/server/data_directory.hpp"
#include "engine/server/ready_file.hpp"
#include "engine/server/spawn_serve.hpp"

namespace signalbox::server {

namespace {

constexpr duration readiness = 20s;
constexpr duration farewell = 30s;  // then it is killed
constexpr auto look_again = std::chrono::milliseconds(10);

}  // namespace

result<std::unique_ptr<child_engine>> child_engine::start(core::settings const& configuration, std::string program,
                                                          bool tls) {
  std::error_code error;
  auto pattern = (std::filesystem::temp_directory_path(error) / "signalbox-load-XXXXXX").string();
  if (error || mkdtemp(pattern.data()) == nullptr)
    return failed(errc::io, 0, {}, "no temporary directory: " + (error ? error.message() : std::strerror(errno)));
  std::unique_ptr<child_engine> one(new child_engine);
  one->directory_ = pattern;
  auto const config = pattern + "/signalbox.toml", ready = pattern + "/ready.json";
  server::configuration all;
  all.server.smpp = tls ? "" : "127.0.0.1:0";
  all.server.smpp_tls = tls ? "127.0.0.1:0" : "";
  all.server.data = pattern + "/data";
  all.server.log_level = core::severity::warning;
  all.engine = configuration;
  if (auto const written = write_atomically(config, print(all)); !written) return std::unexpected(written.error());

  if (program.empty()) program = "/proc/self/exe";
  // An interrupt from the terminal is for us: we end the child when we are done.
  auto const child = spawn_serve({program, config, ready, SIGTERM, [] { setpgid(0, 0); }});
  if (!child) return std::unexpected(child.error());
  one->pid_ = *child;
  for (auto const end = now().at + readiness; !std::filesystem::exists(ready, error);) {
    if (!one->running()) return failed(errc::io, 0, {}, "the engine ended before it was ready");
    if (now().at > end) return failed(errc::io, 0, {}, "the engine was not ready in time");
    std::this_thread::sleep_for(look_again);
  }
  auto where = read_ready_file(ready, tls ? "smpp_tls" : "smpp");
  if (!where) return std::unexpected(where.error());
  one->where_ = *where;
  return one;
}

bool child_engine::running() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = -1;
  return pid_ > 0;
}

child_engine::~child_engine() {
  // An interrupt now would leave the directory behind; the farewell has a limit anyway.
  sigset_t held, before;
  sigemptyset(&held);
  for (int const number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&held, number);
  pthread_sigmask(SIG_BLOCK, &held, &before);
  if (running()) {
    kill(pid_, SIGTERM);
    for (auto const end = now().at + farewell; running();) {
      if (now().at > end) kill(pid_, SIGKILL);
      std::this_thread::sleep_for(look_again);
    }
  }
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace signalbox::server
