// A node as an observer sees it: what arrives at it and what it sends, as octets of numbered links, goes by unchanged.
#pragma once

#include "engine/core/node.hpp"
#include "simulators/world/auditor.hpp"

namespace signalbox::crash {

class watched final : public core::node {
 public:
  // `number` tells the links of several nodes apart.
  watched(core::node& inner, std::uint64_t number) : inner_(inner), number_(number) {}
  void observe(simulators::auditor& who) { observer_ = &who; }

  void on_accepted(connection_id id, core::service what, std::string_view peer, moment now,
                   core::effects& out) override {
    inner_.on_accepted(id, what, peer, now, out);
    see(out, now);
  }
  void on_opened(connection_id id, moment now, core::effects& out) override {
    inner_.on_opened(id, now, out);
    see(out, now);
  }
  void on_bytes(connection_id id, octet_view data, moment now, core::effects& out) override {
    observer_->on_arrived(link(id), simulators::observer::place::actor, data, now);
    inner_.on_bytes(id, data, now, out);
    see(out, now);
  }
  void on_closed(connection_id id, moment now, core::effects& out) override {
    observer_->end_of_link(link(id));
    inner_.on_closed(id, now, out);
    see(out, now);
  }
  void on_time(moment now, core::effects& out) override {
    inner_.on_time(now, out);
    see(out, now);
  }
  void on_stored(std::uint64_t request, storage::answer const& what, moment now, core::effects& out) override {
    inner_.on_stored(request, what, now, out);
    see(out, now);
  }
  std::optional<instant> deadline(moment now) const override { return inner_.deadline(now); }

  // After a wish that was given to the inner node itself.
  void see(core::effects const& out, moment now) {
    for (auto const& each : out.send)
      observer_->on_sent(link(each.to), simulators::observer::place::actor, each.data, now);
    for (auto const id : out.close) observer_->end_of_link(link(id));
  }

 private:
  std::uint64_t link(connection_id id) const { return number_ << 40 | id.value; }

  core::node& inner_;
  std::uint64_t number_;
  simulators::auditor* observer_ = nullptr;
};

}  // namespace signalbox::crash
