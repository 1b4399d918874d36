// The engine and ESMEs in the world, in weather that loses nothing.
#include <gtest/gtest.h>

#include "simulators/esme/esme.hpp"
#include "simulators/world/world.hpp"

namespace signalbox::simulators {
namespace {

core::settings two_esmes() {
  core::settings all;
  for (auto const& [name, numbers] : {std::pair("alpha", "1[0-9]*"), std::pair("beta", "2[0-9]*")}) {
    sms::esme e;
    e.name = name;
    e.routing_range = numbers;
    all.esmes.push_back(e);
  }
  return all;
}

struct scene {
  scene() {
    w.run_engine(two_esmes());
    w.join("alpha", alpha);
    w.join("beta", beta);
  }
  void connect(esme& who) {
    w.act(who, [&](moment now, core::effects& out) { who.connect_and_bind(w.host(), w.port(), now, out); });
  }
  std::vector<octets> messages(esme const& who, journal_entry::kind what) const {
    std::vector<octets> all;
    for (auto n = who.book().first(); n < who.book().size(); ++n)
      if (who.book()[n].what == what && who.book()[n].pdu)
        if (auto const* d = std::get_if<smpp::deliver_sm>(&who.book()[n].pdu->body)) all.push_back(d->short_message);
    return all;
  }
  world w{{.seed = 5}};
  esme alpha{{.system_id = "alpha",
              .send = {.count = 20, .source = "1000", .destination = "2000", .text = "m{n}", .registered_delivery = 1}},
             w.chance()};
  esme beta{{.system_id = "beta"}, w.chance()};
};

TEST(engine, weather_that_loses_nothing_changes_nothing) {
  auto const play = [](std::vector<std::pair<std::string, std::vector<std::string>>> const& faults) {
    scene s;
    for (auto const& [name, arguments] : faults) EXPECT_TRUE(s.w.inject(name, arguments));
    s.connect(s.beta);
    s.w.run_for(5s);
    s.connect(s.alpha);
    s.w.run_for(30s);
    EXPECT_EQ(s.alpha.count().accepted, 20u);
    EXPECT_EQ(s.alpha.count().receipts, 20u);
    EXPECT_EQ(s.w.engine()->count().stored, 0u);
    return s.messages(s.beta, journal_entry::kind::received);
  };
  auto const plain = play({});
  ASSERT_EQ(plain.size(), 20u);
  EXPECT_EQ(text_of(plain.back()), "m20");
  EXPECT_EQ(play({{"bytewise", {"*"}}}), plain);
  EXPECT_EQ(play({{"merge", {"*", "20ms"}}}), plain);
  EXPECT_EQ(play({{"rechunk", {"*"}}, {"merge", {"*", "5ms"}}}), plain);
}

TEST(engine, messages_wait_through_a_power_cut_until_their_receiver_comes_days_later) {
  scene s;
  s.connect(s.alpha);
  s.w.run_for(10s);
  EXPECT_EQ(s.alpha.count().accepted, 20u);
  ASSERT_TRUE(s.w.inject("crash", {"1h"}));
  EXPECT_EQ(s.w.engine(), nullptr);
  s.w.run_for(std::chrono::hours(60));
  ASSERT_NE(s.w.engine(), nullptr);
  EXPECT_EQ(s.w.engine()->count().stored, 20u);
  s.connect(s.beta);
  s.w.run_for(std::chrono::minutes(1));
  EXPECT_EQ(s.messages(s.beta, journal_entry::kind::received).size(), 20u);
}

TEST(engine, drains) {
  scene s;
  s.connect(s.alpha);
  s.w.run_for(10s);
  ASSERT_TRUE(s.w.inject("drain", {}));
  s.w.run_for(10s);
  EXPECT_FALSE(s.alpha.connected());
  EXPECT_TRUE(s.w.engine()->drained());
}

}  // namespace
}  // namespace signalbox::simulators
