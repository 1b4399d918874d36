#include "engine/server/wire_stage.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace signalbox::server {

result<std::unique_ptr<simulators::stage>> wire_stage::with_engine(core::settings const& configuration) {
  std::unique_ptr<wire_stage> one(new wire_stage);
  if (auto const started = one->start_engine(configuration); !started) return std::unexpected(started.error());
  return one;
}

std::unique_ptr<simulators::stage> wire_stage::towards(endpoint target) {
  std::unique_ptr<wire_stage> one(new wire_stage);
  one->target_ = std::move(target);
  return one;
}

result<void> wire_stage::start_engine(core::settings const& configuration) {
  std::error_code error;
  auto pattern = (std::filesystem::temp_directory_path(error) / "signalbox-replay-XXXXXX").string();
  if (error || mkdtemp(pattern.data()) == nullptr)
    return failed(errc::io, 0, {}, "no temporary directory: " + (error ? error.message() : std::strerror(errno)));
  directory_ = pattern;
  auto opened = open_store(directory_, store_kind::automatic);
  if (!opened) return std::unexpected(opened.error());
  store_ = std::move(opened->store);
  engine_ = std::make_unique<core::engine>(configuration, chance_);
  engine_host_ = std::make_unique<server::host>(loop_, *engine_, store_.get(), words_);
  engine_host_->act([this](moment at, core::effects& out) { engine_->start(at, out); });
  auto const taken = engine_host_->listen(core::service::smpp, {"127.0.0.1", 0});
  if (!taken) return std::unexpected(taken.error());
  target_ = *taken;
  return {};
}

wire_stage::~wire_stage() {
  actors_.clear();
  engine_host_.reset();
  engine_.reset();
  store_.reset();
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
}

void wire_stage::join(std::string const& name, core::node& actor) {
  actors_.insert_or_assign(name, participant{&actor, std::make_unique<server::host>(loop_, actor, nullptr, words_)});
}

void wire_stage::act(core::node& actor, std::function<void(moment, core::effects&)> const& wish) {
  auto const found =
      std::find_if(actors_.begin(), actors_.end(), [&](auto const& one) { return one.second.node == &actor; });
  if (found != actors_.end()) found->second.runs->act(wish);
}

bool wire_stage::run(instant until, std::function<bool()> const& stop) { return loop_.run_until(until, stop); }

result<void> wire_stage::inject(std::string_view fault_name, std::vector<std::string> const& arguments) {
  if (fault_name != "cut" || arguments.empty())
    return failed(errc::not_supported, 0, fault_name, "on real sockets only `cut ACTOR` can be had");
  bool found = false;
  for (auto const& [name, one] : actors_) {
    if (arguments[0] != "*" && arguments[0] != name) continue;
    one.runs->cut();
    found = true;
  }
  if (!found) return failed(errc::not_found, 0, fault_name, "no actor " + arguments[0]);
  return {};
}

}  // namespace signalbox::server
