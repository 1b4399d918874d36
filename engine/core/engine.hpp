// The engine: owns sessions and domain. Start reading here: engine.cpp is the way of a message from octets to octets.
#pragma once

#include <memory>

#include "engine/base/entropy.hpp"
#include "engine/core/node.hpp"
#include "engine/core/settings.hpp"

namespace signalbox::core {

class engine final : public node {
 public:
  engine(settings configuration, entropy& chance);
  ~engine() override;
  engine(engine const&) = delete;
  engine& operator=(engine const&) = delete;

  // -- start: before anything else the engine hears of every key in the store. Those for which the answer is true are
  // then given back with their values, and start() follows; the others are read later, by storage requests. A record
  // that cannot be understood is a fault (or a warning, later) and stays in the store.
  bool announce(storage::key where);
  result<void> restore(storage::key where, octet_view value);
  void start(moment now, effects& out);

  // -- the node's inputs, as node.hpp describes them
  void on_accepted(connection_id id, service what, std::string_view peer, moment now, effects& out) override;
  void on_opened(connection_id id, moment now, effects& out) override;
  void on_bytes(connection_id id, octet_view data, moment now, effects& out) override;
  void on_closed(connection_id id, moment now, effects& out) override;
  void on_time(moment now, effects& out) override;
  void on_stored(std::uint64_t request, storage::answer const& what, moment now, effects& out) override;
  std::optional<instant> deadline(moment now) const override;

  // -- operation
  void reload(settings configuration, moment now,
              effects& out);             // listeners are the shell's; what is bound stays bound
  void drain(moment now, effects& out);  // refuse new work, answer what is in flight, unbind everybody
  bool drained() const;                  // nothing bound, nothing waiting for the store: the process may end

  struct counters {
    std::uint64_t connections = 0, bound = 0;  // now
    std::uint64_t stored = 0;                  // messages in the store (or on their way into it), now
    std::uint64_t waiting = 0, in_flight = 0;  // of these: not due or not sendable; sent and unanswered
    std::uint64_t asleep = 0;                  // of these: their text is in the store only
    std::uint64_t accepted = 0, rejected = 0;  // since start
    std::uint64_t throttled = 0;               // of the rejected ones, with ESME_RTHROTTLED
    std::uint64_t delivered = 0, failed = 0, expired = 0, cancelled = 0;
    std::uint64_t attempts = 0, temporary_failures = 0;
    std::uint64_t receipts = 0, receipts_unroutable = 0;
    bool operator==(counters const&) const = default;
  };
  counters count() const;

 private:
  class implementation;
  std::unique_ptr<implementation> it_;
};

}  // namespace signalbox::core
