// Scenarios on real sockets: the actors, and the engine unless a foreign system is the target, each with a host of its
// own on one loop. Real time passes. The engine's store is a SQLite file in a directory that goes away with the stage.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "engine/server/clock.hpp"
#include "engine/server/endpoint.hpp"
#include "engine/server/host.hpp"
#include "engine/server/store_choice.hpp"
#include "simulators/world/stage.hpp"

namespace signalbox::server {

class wire_stage final : public simulators::stage {
 public:
  // An engine of our own with this configuration, on a free port of 127.0.0.1. Fault: errc::io.
  static result<std::unique_ptr<simulators::stage>> with_engine(core::settings const& configuration);
  // Somebody else's system, which is taken as it is.
  static std::unique_ptr<simulators::stage> towards(endpoint target);

  ~wire_stage() override;

  bool is_virtual() const override { return false; }
  moment now() const override { return server::now(); }
  void join(std::string const& name, core::node& actor) override;
  void act(core::node& actor, std::function<void(moment, core::effects&)> const& wish) override;
  bool run(instant until, std::function<bool()> const& stop) override;
  std::string host() const override { return target_.address; }
  std::uint16_t port() const override { return target_.port; }
  core::engine const* engine() const override { return engine_.get(); }
  // "cut" ACTOR: its connections end at once. not_supported: everything else.
  result<void> inject(std::string_view fault_name, std::vector<std::string> const& arguments) override;

 private:
  wire_stage() = default;
  result<void> start_engine(core::settings const& configuration);

  struct participant {
    core::node* node;
    std::unique_ptr<server::host> runs;
  };

  log words_{core::severity::error};
  system_entropy chance_;
  endpoint target_;
  std::string directory_;  // empty: none
  std::unique_ptr<storage::message_store> store_;
  loop loop_;
  std::unique_ptr<core::engine> engine_;
  std::unique_ptr<server::host> engine_host_;
  std::map<std::string, participant> actors_;
};

}  // namespace signalbox::server
