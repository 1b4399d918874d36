// Runs one node on real sockets: the engine, or a simulator. All on one loop; only storage commits happen elsewhere.
// The host decides nothing a protocol could: it moves octets, time and storage answers in, and effects out.
//
// Order: every input is followed at once by its effects. Output is collected and written when the handler ends: one
// write for all answers of one read, one for all answers of one commit.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/core/node.hpp"
#include "engine/server/endpoint.hpp"
#include "engine/server/log.hpp"
#include "engine/server/loop.hpp"
#include "engine/server/tls.hpp"
#include "engine/storage/message_store.hpp"

namespace signalbox::server {

struct connection_limits {
  duration opening = 10s;  // TCP connect and TLS handshake, each
  duration output = 60s;   // unsent output of which the peer takes nothing
  duration linger = 2s;    // after a close, for the peer to close as well
};

struct host_options {
  std::size_t max_connections = 20'000;  // accepted ones; more are closed at once
  std::size_t max_handshakes = 256;      // TLS handshakes under way; more are closed at once
  connection_limits limits{};
  tls_context connect_tls{};  // connections that the node asks for speak TLS when it is there
};

class host {
 public:
  // `store` may be null for nodes that never ask for storage. All references must outlive the host.
  host(loop& on, core::node& runs, storage::message_store* store, log& words, host_options options = {});
  ~host();
  host(host const&) = delete;
  host& operator=(host const&) = delete;

  // The address with the port in use. `tls` null: plain. Fault: errc::io.
  result<endpoint> listen(core::service what, endpoint const& where, tls_context tls = {});
  void replace_tls(tls_context tls);  // for connections accepted from now on
  void set_max_connections(std::size_t limit);
  void stop_accepting();

  // An input of the owner's own: a start, a wish, a drain.
  void act(std::function<void(moment, core::effects&)> const& wish);
  // Called after every input and its effects, on the loop.
  void after_each(std::function<void()> watcher);

  std::size_t connections() const;  // open, opening or on their way out
  void cut();                       // every connection ends at once, as if the network had gone

 private:
  class inside;
  std::shared_ptr<inside> in_;
};

}  // namespace signalbox::server
