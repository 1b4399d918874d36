// For tests: the whole engine with three ESMEs under random faults, watched by the auditor. One sends to the other two
// and wants receipts; half a minute of storm, then calm until everything is delivered. One seed is one run.
#pragma once

#include <gtest/gtest.h>

#include "simulators/esme/esme.hpp"
#include "simulators/world/auditor.hpp"
#include "simulators/world/world.hpp"

namespace signalbox::simulators {

inline core::settings three_esmes() {
  core::settings all;
  all.sms.second_due_delay = 2s;
  all.sms.max_due_delay = 10s;
  for (auto const& [name, numbers] :
       {std::pair("alpha", "1[0-9]*"), std::pair("beta", "2[0-9]*"), std::pair("gamma", "3[0-9]*")}) {
    sms::esme e;
    e.name = name;
    e.password = "pw";
    e.routing_range = numbers;
    all.esmes.push_back(e);
  }
  return all;
}

struct stormy_run {
  explicit stormy_run(std::uint64_t seed, std::unique_ptr<storage::message_store> store = nullptr,
                      core::settings configuration = three_esmes(),
                      auditor::knowledge known = {.owners = {{"1", "alpha"}, {"2", "beta"}, {"3", "gamma"}}})
      : w({.seed = seed}), luck(seed * 0x9E3779B97F4A7C15u), audit(std::move(known)) {
    w.observe(audit);
    w.run_engine(std::move(configuration), std::move(store));
    for (auto* each : {&alpha, &beta, &gamma}) {
      each->options().password = "pw";
      w.join(each->options().system_id, *each);
      w.act(*each, [&](moment now, core::effects& out) { each->connect_and_bind(w.host(), w.port(), now, out); });
    }
  }

  void inject(char const* name, std::vector<std::string> const& arguments) {
    auto const done = w.inject(name, arguments);
    EXPECT_TRUE(done) << describe(done.error());
  }

  // Half a minute in which anything may go wrong.
  void storm() {
    if (luck.one_in(2)) beta.options().mix = *status_mix::parse("15%ESME_RX_T_APPN,5%silence");
    if (luck.one_in(3)) beta.options().delay = {0s, 3s};
    for (auto const* name : {"alpha", "beta", "gamma"})
      if (!luck.one_in(4)) inject("random", {name, std::to_string(luck.between(5, 30)) + "s"});
    for (int second = 0; second < 30; ++second) {
      if (luck.one_in(20)) inject("crash", {std::to_string(luck.between(0, 3000)) + "ms"});
      if (luck.one_in(15)) inject("storage", {"fail", std::to_string(luck.between(1, 3))});
      if (luck.one_in(15)) inject("storage", {"stall", std::to_string(luck.between(0, 2000)) + "ms"});
      if (luck.one_in(15)) inject("storage", {"delay", std::to_string(luck.between(0, 300)) + "ms"});
      w.run_for(duration(static_cast<duration::rep>(luck.between(500'000, 1'500'000))));
    }
  }

  void calm() {
    inject("calm", {"*"});
    inject("storage", {"fail", "0"});
    inject("storage", {"delay", "0"});
    beta.options().mix = {};
    beta.options().delay = {};
    auto const over = [&] {
      return alpha.done() && audit.settled() && w.engine() != nullptr && w.engine()->count().stored == 0;
    };
    w.run(w.now().at + std::chrono::minutes(30), over);
    w.run_for(5s);
  }

  world w;
  seeded_entropy luck;
  auditor audit;
  esme alpha{{.system_id = "alpha",
              .window = 5,
              .response_timeout = 10s,
              .reconnect = 700ms,
              .send = {.count = 30,
                       .rate_per_s = 2,
                       .source = "1000",
                       .destination = "2995",
                       .destinations = 10,  // to 3004: half of them beta's, half gamma's
                       .text = "message {n}",
                       .registered_delivery = 1}},
             w.chance()};
  esme beta{{.system_id = "beta", .enquire_link = 20s, .reconnect = 500ms}, w.chance()};
  esme gamma{{.system_id = "gamma", .enquire_link = 20s, .reconnect = 900ms}, w.chance()};
};

}  // namespace signalbox::simulators
