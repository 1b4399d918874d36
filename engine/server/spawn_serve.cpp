#include "engine/server/spawn_serve.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace signalbox::server {

result<pid_t> spawn_serve(serve_command const& what) {
  char const* const words[] = {what.program.c_str(),    "serve",  "--config", what.config_file.c_str(), "--ready-file",
                               what.ready_file.c_str(), "--json", nullptr};
  auto const parent = getpid();
  auto const child = fork();
  if (child < 0) return failed(errc::io, 0, {}, std::string("cannot start a process: ") + std::strerror(errno));
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, what.dies_with_parent);
  if (what.in_child) what.in_child();
  if (getppid() != parent) _exit(1);
  if (int const nowhere = open("/dev/null", O_WRONLY); nowhere >= 0) dup2(nowhere, STDOUT_FILENO);  // the greeting
  execv(what.program.c_str(), const_cast<char* const*>(words));
  _exit(127);
}

}  // namespace signalbox::server
