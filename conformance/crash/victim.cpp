#include "conformance/crash/victim.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "engine/server/data_directory.hpp"
#include "engine/server/ready_file.hpp"
#include "engine/server/spawn_serve.hpp"

namespace signalbox::crash {

namespace {

std::string const config = "signalbox.toml", ready_file = "ready.json", log_file = "engine.log";

}  // namespace

result<victim> victim::in(std::string directory, std::string program, server::configuration settings) {
  victim one;
  one.directory_ = std::move(directory);
  one.program_ = std::move(program);
  settings.server.smpp = "127.0.0.1:0";
  settings.server.data = one.file("data");
  if (auto const written = server::write_atomically(one.file(config), server::print(settings)); !written)
    return std::unexpected(written.error());
  return one;
}

victim::victim(victim&& other) noexcept
    : directory_(std::move(other.directory_)),
      program_(std::move(other.program_)),
      pid_(std::exchange(other.pid_, -1)),
      end_(std::move(other.end_)) {}

victim::~victim() { kill(); }

result<void> victim::start() {
  std::error_code ignored;
  std::filesystem::remove(file(ready_file), ignored);  // a killed one leaves it behind
  auto const to_log = [log = file(log_file)] {
    if (int const to = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600); to >= 0) dup2(to, STDERR_FILENO);
  };
  auto const child = server::spawn_serve({program_, file(config), file(ready_file), SIGKILL, to_log});
  if (!child) return std::unexpected(child.error());
  pid_ = *child;
  return {};
}

std::optional<server::endpoint> victim::ready() const {
  auto const where = server::read_ready_file(file(ready_file), "smpp");
  return where ? std::optional(*where) : std::nullopt;
}

bool victim::running() {
  int status = 0;
  if (pid_ > 0 && waitpid(pid_, &status, WNOHANG) != 0) ended(status);
  return pid_ > 0;
}

void victim::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
}

void victim::ask_to_end() {
  if (running()) ::kill(pid_, SIGTERM);
}

void victim::ended(int status) {
  pid_ = -1;
  end_ = WIFEXITED(status) ? "status " + std::to_string(WEXITSTATUS(status))
                           : "signal " + std::to_string(WTERMSIG(status));
}

}  // namespace signalbox::crash
