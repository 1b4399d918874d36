// The thread that owns the core: an event loop. Asio stays behind this header; connection.hpp and the .cpp files that
// need it look inside.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/base/time.hpp"

namespace signalbox::server {

class loop {
 public:
  loop();
  ~loop();
  loop(loop const&) = delete;
  loop& operator=(loop const&) = delete;

  void run();   // until stop()
  void stop();  // from any thread or handler
  // Until `until` or until `done` holds, asked before the first and after every handler. True: it held.
  bool run_until(instant until, std::function<bool()> const& done);

  void post(std::function<void()> work);                                               // from any thread
  void after(duration delay, std::function<void()> work);                              // on the loop, once
  void on_signals(std::vector<int> const& numbers, std::function<void(int)> handler);  // every time one arrives

  struct inside;
  inside& in() { return *in_; }

 private:
  std::unique_ptr<inside> in_;
};

}  // namespace signalbox::server
