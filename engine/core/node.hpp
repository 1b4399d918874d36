// A node: anything that talks over connections and is driven from outside. The engine is one, every simulator is one.
// The shell (real sockets) and the world (virtual ones) each run any node; a node never knows which.
//
// Inputs: connections opened, their octets, their end, time, storage answers. Outputs, collected in `effects`: octets
// to send, connections to open and to close, storage requests, notices for the log.
//
// The caller's contract: one input, then act on all of `effects`, then call on_time no later than deadline(). A
// storage request is answered exactly once through on_stored, in the order of the requests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/bytes.hpp"
#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/storage/message_store.hpp"

namespace signalbox::core {

enum class severity : std::uint8_t { debug, info, warning, error };
std::string_view name_of(severity level);

struct effects {
  struct transmission {
    connection_id to;
    octets data;
    bool operator==(transmission const&) const = default;
  };
  struct connection_request {  // answered by on_opened, or by on_closed when it could not be made
    connection_id as;
    std::string host;
    std::uint16_t port = 0;
    bool operator==(connection_request const&) const = default;
  };
  struct flow_change {  // stop or resume reading from a connection; octets already read may still be given
    connection_id of;
    bool reading = true;
    bool operator==(flow_change const&) const = default;
  };
  struct notice {
    severity level = severity::info;
    std::string text;
    bool operator==(notice const&) const = default;
  };

  std::vector<transmission> send;
  std::vector<connection_request> connect;
  std::vector<flow_change> flow;
  std::vector<connection_id> close;  // after what was sent is written; no on_closed follows
  std::optional<storage::request> store;
  std::vector<notice> notices;

  octets& to(connection_id id);  // where to append octets for a connection
  bool empty() const;
  void clear();
};

// What a connection was accepted for. Every listener of the shell belongs to one of these.
enum class service : std::uint8_t { smpp };

class node {
 public:
  virtual ~node() = default;

  // Accepted connections are named by whoever runs the node, from this; requested ones carry an id of the node's own.
  connection_id next_connection() { return connection_id{++last_connection_}; }

  virtual void on_accepted(connection_id id, service what, std::string_view peer, moment now, effects& out) = 0;
  virtual void on_opened(connection_id id, moment now, effects& out) = 0;  // a connection_request that succeeded
  virtual void on_bytes(connection_id id, octet_view data, moment now, effects& out) = 0;
  virtual void on_closed(connection_id id, moment now, effects& out) = 0;  // by the peer, an error, or never opened
  virtual void on_time(moment now, effects& out) = 0;
  virtual void on_stored(std::uint64_t request, storage::answer const& what, moment now, effects& out) = 0;
  virtual std::optional<instant> deadline(moment now) const = 0;

 private:
  std::uint64_t last_connection_ = 0;
};

}  // namespace signalbox::core
