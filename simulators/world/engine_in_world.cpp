#include "simulators/world/world.hpp"

namespace signalbox::simulators {

namespace {

class engine_under_test final : public system_under_test {
 public:
  engine_under_test(core::settings configuration, entropy& chance)
      : configuration_(std::move(configuration)), chance_(chance) {}

  core::node& power_on() override {
    engine_ = std::make_unique<core::engine>(configuration_, chance_);
    return *engine_;
  }
  void power_off() override { engine_.reset(); }
  bool announce(storage::key where) override { return engine_->announce(where); }
  result<void> restore(storage::key where, octet_view value) override { return engine_->restore(where, value); }
  void start(moment now, core::effects& out) override { engine_->start(now, out); }
  void drain(moment now, core::effects& out) override { engine_->drain(now, out); }
  core::engine const* engine() const override { return engine_.get(); }

 private:
  core::settings configuration_;
  entropy& chance_;
  std::unique_ptr<core::engine> engine_;
};

}  // namespace

std::unique_ptr<system_under_test> engine_of(core::settings configuration, entropy& chance) {
  return std::make_unique<engine_under_test>(std::move(configuration), chance);
}

void world::run_engine(core::settings configuration, std::unique_ptr<storage::message_store> store) {
  install(engine_of(std::move(configuration), system_chance_), std::move(store));
}

}  // namespace signalbox::simulators
