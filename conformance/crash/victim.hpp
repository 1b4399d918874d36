// `signalbox serve` as a child process that is killed and started again over the same data directory. It takes a free
// port at each start; what it says goes to engine.log beside its data. It dies with its parent.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "engine/server/config.hpp"
#include "engine/server/endpoint.hpp"

namespace signalbox::crash {

class victim {
 public:
  // `directory` is there and ours: configuration, data, log and ready file go into it. Fault: errc::io.
  static result<victim> in(std::string directory, std::string program, server::configuration settings);
  victim(victim&& other) noexcept;
  victim& operator=(victim&&) = delete;
  ~victim();  // kills it

  result<void> start();  // does not wait for anything
  std::optional<server::endpoint> ready() const;
  bool running();
  void kill();  // SIGKILL; returns when it is gone
  void ask_to_end();
  std::string const& end() const { return end_; }  // of the last one that ended by itself: "status 0", "signal 11"

 private:
  victim() = default;
  std::string file(std::string const& name) const { return directory_ + "/" + name; }
  void ended(int status);

  std::string directory_, program_;
  pid_t pid_ = -1;
  std::string end_;
};

}  // namespace signalbox::crash
