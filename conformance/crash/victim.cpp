#include "conformance/crash/victim.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/server/data_directory.hpp"

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
  auto const configured = file(config), ready = file(ready_file), log = file(log_file);
  char const* const words[] = {program_.c_str(), "serve",       "--config", configured.c_str(),
                               "--ready-file",   ready.c_str(), "--json",   nullptr};
  auto const parent = getpid();
  pid_ = fork();
  if (pid_ < 0) return failed(errc::io, 0, {}, std::string("cannot start a process: ") + std::strerror(errno));
  if (pid_ > 0) return {};
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  if (int const nowhere = open("/dev/null", O_WRONLY); nowhere >= 0) dup2(nowhere, STDOUT_FILENO);  // the greeting
  if (int const to = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600); to >= 0) dup2(to, STDERR_FILENO);
  execv(program_.c_str(), const_cast<char* const*>(words));
  _exit(127);
}

std::optional<server::endpoint> victim::ready() const {
  auto const text = server::read_whole(file(ready_file), 1 << 16);
  if (!text) return std::nullopt;
  auto const told = nlohmann::json::parse(*text, nullptr, false);
  if (told.is_discarded()) return std::nullopt;
  auto const& smpp = told.at("listeners").at("smpp");
  return server::endpoint{smpp.at("address").get<std::string>(), smpp.at("port").get<std::uint16_t>()};
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
