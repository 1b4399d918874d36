// ESME and SMSC talk to each other in the world, without an engine.
#include <gtest/gtest.h>

#include "simulators/esme/esme.hpp"
#include "simulators/smsc/smsc.hpp"
#include "simulators/world/world.hpp"

namespace signalbox::simulators {
namespace {

struct pair {
  explicit pair(esme_options client = {}, smsc_options server = {}, std::uint64_t seed = 1)
      : w({.seed = seed, .host = "nobody"}),
        alpha(std::move(client), w.chance()),
        centre(std::move(server), w.chance()) {
    w.join("alpha", alpha);
    w.join("centre", centre);
    w.listen(centre, "centre", 2775, core::service::smpp);
  }
  void connect() {
    w.act(alpha, [&](moment now, core::effects& out) { alpha.connect_and_bind("centre", 2775, now, out); });
  }
  void run_until_done(duration longest = std::chrono::hours(1)) {
    connect();
    EXPECT_TRUE(w.run(w.now().at + longest, [&] { return alpha.count().binds > 0 && alpha.done() && centre.done(); }))
        << w.record().text();
    w.run_for(1s);
  }
  std::vector<std::string> delivered_texts() const {
    std::vector<std::string> texts;
    auto const& book = alpha.book();
    for (auto n = book.first(); n < book.size(); ++n)
      if (book[n].what == journal_entry::kind::received && book[n].pdu)
        if (auto const* d = std::get_if<smpp::deliver_sm>(&book[n].pdu->body))
          texts.emplace_back(text_of(d->short_message));
    return texts;
  }
  world w;
  esme alpha;
  smsc centre;
};

TEST(conversation, bind_submit_receipt_unbind) {
  pair p({.system_id = "alpha",
          .password = "pw",
          .send = {.count = 1, .destination = "5555", .text = "hi", .registered_delivery = 1},
          .unbind_when_done = true},
         {.expect_system_id = "alpha",
          .expect_password = "pw",
          .response_id = id_spelling::hex_lower,
          .first_message_id = 255});
  p.connect();
  p.w.run_for(10s);
  EXPECT_FALSE(p.alpha.connected());
  EXPECT_EQ(p.alpha.count().accepted, 1u);
  EXPECT_EQ(p.centre.count().accepted, 1u);
  auto const text = p.w.record().text();
  for (auto const part : {"-> bind_transceiver seq=1", "<- bind_transceiver_resp seq=1", "-> submit_sm seq=2",
                          "<- submit_sm_resp seq=2", "message_id=ff", "-> unbind seq=3", "<- unbind_resp seq=3"})
    EXPECT_NE(text.find(part), text.npos) << part << " in\n" << text;
}

TEST(conversation, a_wrong_password_is_refused) {
  pair p({.password = "wrong"}, {.expect_password = "right"});
  p.connect();
  p.w.run_for(10s);
  EXPECT_FALSE(p.alpha.connected());
  EXPECT_EQ(p.centre.count().binds_refused, 1u);
}

TEST(conversation, receipts_in_every_spelling) {
  for (auto const& spelling : id_spellings) {
    SCOPED_TRACE(spelling.name);
    auto const how = static_cast<id_spelling>(spelling.code);
    pair p({.send = {.count = 3, .registered_delivery = 1}}, {.first_message_id = 1001, .style = {.id = how}});
    p.run_until_done();
    auto const texts = p.delivered_texts();
    ASSERT_EQ(texts.size(), 3u);
    for (std::uint64_t n = 0; n < 3; ++n)
      EXPECT_TRUE(texts[n].starts_with("id:" + spell(1001 + n, how) + " sub:001 dlvrd:001 submit date:2601010000"))
          << texts[n];
    EXPECT_EQ(p.alpha.count().receipts, 3u);
    EXPECT_EQ(p.alpha.count().duplicates, 0u);
  }
}

TEST(conversation, a_receipt_may_come_before_the_response) {
  for (auto const first : {false, true}) {
    pair p({.send = {.count = 1, .registered_delivery = 1}}, {.receipt_first = first});
    p.run_until_done();
    auto const text = p.w.record().text();
    EXPECT_EQ(text.find("deliver_sm") < text.find("submit_sm_resp"), first) << text;
  }
}

TEST(conversation, failed_messages_have_failure_receipts_and_only_who_asked_gets_them) {
  for (auto const asked : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
    pair p({.send = {.count = 100, .registered_delivery = asked}}, {.undelivered = *status_mix::parse("30%27")});
    p.run_until_done();
    std::size_t good = 0, bad = 0;
    for (auto const& text : p.delivered_texts()) {
      if (text.find("stat:DELIVRD err:000") != text.npos) ++good;
      if (text.find("stat:UNDELIV err:027") != text.npos) ++bad;
    }
    EXPECT_EQ(good + bad, p.delivered_texts().size());
    EXPECT_EQ(good > 0, asked == 1 || asked == 3) << int{asked};
    EXPECT_EQ(bad > 0, asked == 1 || asked == 2) << int{asked};
  }
}

TEST(conversation, every_tenth_throttled_costs_a_ninth_more) {  // T-75
  pair p({.window = 100, .send = {.count = 1000}, .journal_limit = 0},
         {.mix = *status_mix::parse("10%ESME_RTHROTTLED")});
  p.run_until_done();
  EXPECT_EQ(p.alpha.count().accepted, 1000u);
  EXPECT_EQ(p.alpha.count().submitted, 1000 + p.alpha.count().throttled);
  EXPECT_NEAR(static_cast<double>(p.alpha.count().throttled), 111, 40);
}

TEST(conversation, the_rate_is_kept) {  // T-74, a tenth of it
  pair p({.window = 1000, .send = {.count = 5000, .rate_per_s = 150}, .journal_limit = 0}, {.journal_limit = 0});
  p.run_until_done();
  EXPECT_GE(p.alpha.count().burst_time, 33s);
  EXPECT_LE(p.alpha.count().burst_time, 34s);
}

TEST(conversation, the_centre_throttles_by_rate) {
  pair p({.window = 50, .send = {.count = 200}, .resubmit = false}, {.throttle_per_s = 60});
  p.run_until_done();
  EXPECT_EQ(p.alpha.count().accepted, 60u);
  EXPECT_EQ(p.centre.count().throttled, 140u);
}

TEST(conversation, a_slow_server_and_a_small_window) {
  pair p({.window = 2, .send = {.count = 6}}, {.delay = {3s, 3s}});
  p.run_until_done();
  EXPECT_GE(p.alpha.count().burst_time, 9s);
  EXPECT_LE(p.alpha.count().burst_time, 10s);
}

TEST(conversation, messages_from_mobiles_reach_bound_receivers) {
  smsc_options server{
      .mobile = {
          .count = 20, .rate_per_s = 10, .source = "4477", .destination = "6666", .text = "m{n}", .esm_class = 0}};
  pair p({.bind = smpp::command_id::bind_receiver}, server);
  p.run_until_done();
  EXPECT_EQ(p.alpha.count().delivered, 20u);
  EXPECT_EQ(p.centre.count().deliveries_accepted, 20u);
  EXPECT_EQ(p.delivered_texts().back(), "m20");
  EXPECT_GE(p.w.now().at, instant{1900ms});
}

TEST(conversation, the_centre_leaves_in_three_ways_and_the_esme_comes_back) {
  struct {
    char const* name;
    std::uint64_t smsc_options::* after;
    char const* trace;
  } const cases[] = {
      {"unbind", &smsc_options::unbind_after, "<- unbind"},
      {"close", &smsc_options::close_after, "connection closed by centre"},
      {"silence", &smsc_options::silent_after, "connection closed by alpha"},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    smsc_options server;
    server.*c.after = 5;
    esme_options client{.window = 1, .response_timeout = 5s, .reconnect = 1s, .send = {.count = 12}};
    pair p(client, server);
    p.connect();
    // A silent centre still answers enquire_link, so the ESME stays and waits; somebody has to leave.
    p.w.run_for(20s);
    if (server.silent_after > 0) {
      EXPECT_EQ(p.alpha.count().accepted, 5u);
      EXPECT_GT(p.alpha.count().unanswered, 1u);
      continue;
    }
    EXPECT_TRUE(p.alpha.done());
    EXPECT_EQ(p.alpha.count().binds, 3u);
    EXPECT_NE(p.w.record().text().find(c.trace), std::string::npos) << p.w.record().text();
  }
}

TEST(conversation, outbind_makes_the_esme_a_receiver) {
  pair p({.system_id = "rx"}, {.system_id = "centre", .mobile = {.count = 1}});
  p.w.listen(p.alpha, "alpha", 4000, core::service::smpp);
  p.w.act(p.centre, [&](moment now, core::effects& out) { p.centre.outbind("alpha", 4000, "pw", now, out); });
  p.w.run_for(5s);
  EXPECT_EQ(p.alpha.state(), smpp::state::bound_rx);
  EXPECT_EQ(p.alpha.count().delivered, 1u);
}

// The same conversation under any weather that loses nothing: the same PDUs in the same order, each way.
TEST(conversation, weather_that_loses_nothing_changes_nothing) {
  auto const play = [](std::vector<std::pair<std::string, std::vector<std::string>>> const& faults) {
    pair p({.window = 3, .send = {.count = 20, .text = "{n}", .registered_delivery = 1}}, {});
    for (auto const& [name, arguments] : faults) EXPECT_TRUE(p.w.inject(name, arguments));
    p.run_until_done();
    std::pair<std::vector<octets>, std::vector<std::string>> seen;
    for (auto const& e : p.w.record().entries())
      if (e.what == trace_entry::kind::sent) {
        auto const decoded = smpp::decode(e.data);
        if (decoded && std::holds_alternative<smpp::submit_sm>(decoded->body)) seen.first.push_back(e.data);
      }
    seen.second = p.delivered_texts();
    EXPECT_EQ(p.alpha.count().accepted, 20u);
    return seen;
  };
  auto const plain = play({});
  EXPECT_EQ(plain.first.size(), 20u);
  EXPECT_EQ(plain.second.size(), 20u);
  EXPECT_EQ(play({{"bytewise", {"alpha"}}}), plain);
  EXPECT_EQ(play({{"merge", {"alpha", "20ms"}}}), plain);
  EXPECT_EQ(play({{"rechunk", {"alpha"}}, {"merge", {"alpha", "5ms"}}}), plain);
}

TEST(conversation, one_seed_is_one_trace_and_another_is_another) {
  auto const play = [](std::uint64_t seed) {
    pair p({.window = 5,
            .reconnect = 1s,
            .mix = *status_mix::parse("20%8"),
            .delay = {1ms, 2s},
            .send = {.count = 50, .destinations = 1000, .text = "{n}", .registered_delivery = 1}},
           {.mix = *status_mix::parse("10%0x58,5%silence"), .delay = {1ms, 900ms}}, seed);
    p.connect();
    EXPECT_TRUE(p.w.inject("random", {"*", "20s"}));
    p.w.run_for(60s);
    return std::pair(p.w.record().text(), p.w.record().digest());
  };
  auto const first = play(7);
  EXPECT_EQ(play(7), first);
  EXPECT_NE(play(8).first, first.first);
  EXPECT_NE(play(8).second, first.second);
}

}  // namespace
}  // namespace signalbox::simulators
