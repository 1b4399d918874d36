// The generator in the virtual world: towards a peer that the test holds in its hand, and towards the engine.
#include "simulators/load/generator.hpp"

#include <gtest/gtest.h>

#include "simulators/load/verdict.hpp"
#include "simulators/world/world.hpp"

namespace signalbox::load {
namespace {

// Accepts every bind; answers submit_sm by `status` after `delay`, or, while it is stalled, when that is over.
class peer final : public core::node {
 public:
  std::function<std::optional<std::uint32_t>(std::uint64_t n)> status = [](std::uint64_t) { return smpp::ESME_ROK; };
  duration delay = 0s;
  std::optional<std::pair<instant, instant>> stall;  // answers nothing in between
  std::uint32_t bind_status = smpp::ESME_ROK;
  std::uint64_t submits = 0;
  std::vector<instant> when;
  std::vector<smpp::submit_sm> bodies;

  void on_accepted(connection_id id, core::service, std::string_view, moment now, core::effects&) override {
    sessions_.emplace(id, smpp::session({.request_window = 1'000'000}, now.at));
  }
  void on_opened(connection_id, moment, core::effects&) override {}
  void on_bytes(connection_id id, octet_view data, moment now, core::effects& out) override {
    auto& s = sessions_.at(id);
    octets answers;
    std::vector<smpp::happening> events;
    s.on_bytes(data, now.at, answers, events);
    for (auto const& e : events) {
      std::vector<smpp::happening> ignored;
      if (auto const* b = std::get_if<smpp::event::bind_requested>(&e)) {
        if (bind_status == smpp::ESME_ROK)
          s.accept_bind(b->sequence_number, "peer", 10, now.at, answers);
        else
          s.refuse_bind(b->sequence_number, bind_status, now.at, answers, ignored);
      } else if (auto const* a = std::get_if<smpp::event::arrived>(&e)) {
        if (auto const* m = std::get_if<smpp::submit_sm>(&a->request.body)) bodies.push_back(*m);
        when.push_back(now.at);
        auto const answer_with = status(++submits);
        auto due = now.at + delay;
        if (stall && due >= stall->first && due < stall->second) due = stall->second;
        if (answer_with) late_.add(due, {id, a->request.sequence_number, *answer_with});
      }
    }
    auto& to = out.to(id);
    to.insert(to.end(), answers.begin(), answers.end());
    on_time(now, out);
  }
  void on_closed(connection_id id, moment, core::effects&) override { sessions_.erase(id); }
  void on_time(moment now, core::effects& out) override {
    while (auto const due = late_.pop(now.at)) {
      auto const found = sessions_.find(due->to);
      if (found == sessions_.end()) continue;
      auto const id = std::to_string(++last_id_);
      (void)found->second.answer(due->sequence_number, due->status, smpp::submit_sm_resp{id}, out.to(due->to));
    }
  }
  void on_stored(std::uint64_t, storage::answer const&, moment, core::effects&) override {}
  std::optional<instant> deadline(moment) const override { return late_.next(); }

 private:
  struct answer {
    connection_id to;
    std::uint32_t sequence_number = 0, status = 0;
  };
  std::map<connection_id, smpp::session> sessions_;
  deadlines<instant, answer> late_;
  std::uint64_t last_id_ = 0;
};

plan one_line(schedule when, std::uint32_t window = 100, std::uint32_t sessions = 1) {
  plan p;
  p.actors.push_back({"gen", sessions, {.system_id = "gen", .window = window}});
  traffic t;
  t.name = "hello";
  t.destination = "5555";
  t.before = "Hello ";
  t.counts = true;
  t.base.source_addr = "6666";
  t.base.esm_class = 3;
  p.lines.push_back(t);
  p.streams.push_back({0, false, std::move(when), {0}});
  return p;
}

schedule at_rate(double rate, std::optional<std::uint64_t> count, std::optional<duration> lasts = {}) {
  return {.how = law::constant, .rates_per_s = {rate}, .lasts = lasts, .count = count};
}
schedule as_fast_as_possible(std::uint64_t count) {
  return {.how = law::window, .rates_per_s = {}, .lasts = {}, .count = count};
}

struct run {
  explicit run(plan p) : w({.host = "nobody", .trace_limit = 1000}), g(std::move(p), "peer", 2775, w.chance()) {
    w.join("gen", g);
    w.join("peer", other);
    w.listen(other, "peer", 2775, core::service::smpp);
  }
  measures const& until_over(duration longest = std::chrono::hours(2)) {
    w.act(g, [&](moment now, core::effects& out) { g.start(now, out); });
    EXPECT_TRUE(w.run(w.now().at + longest, [&] { return g.over(); })) << w.record().text();
    return g.result();
  }
  simulators::world w;
  peer other;
  generator g;
};

duration p(measures const& m, stage s, double percent) {
  return m.latency[static_cast<std::size_t>(s)].percentile(percent);
}

// T-74: 50,000 messages at 150 a second take 333 to 340 s, 147 to 150.1 a second.
TEST(generator, holds_a_rate) {
  auto plan = one_line(at_rate(150, 50'000));
  plan.lines[0].counts = false;  // nobody delivers
  run r(std::move(plan));
  auto const& m = r.until_over();
  EXPECT_EQ(m.sent, 50'000u);
  EXPECT_EQ(m.accepted, 50'000u);
  EXPECT_GE(m.elapsed, 333s);
  EXPECT_LE(m.elapsed, 340s);
  EXPECT_GE(per_second(m.sent, m.elapsed), 147);
  EXPECT_LE(per_second(m.sent, m.elapsed), 150.1);
  EXPECT_EQ(m.lag.max(), 0us);  // in virtual time nothing is late
  EXPECT_EQ(m.seconds.size(), 334u);
}

// T-75: every tenth is answered 0x58: 1,000 to submit make 1,111 requests.
TEST(generator, sends_what_was_throttled_again) {
  for (auto const& when : {as_fast_as_possible(1000), at_rate(150, 1000)}) {
    SCOPED_TRACE(to_text(when));
    auto plan = one_line(when);
    plan.lines[0].counts = false;
    run r(std::move(plan));
    r.other.status = [](std::uint64_t n) { return n % 10 == 0 ? smpp::ESME_RTHROTTLED : smpp::ESME_ROK; };
    auto const& m = r.until_over();
    EXPECT_EQ(m.sent, 1111u);
    EXPECT_EQ(m.sent - m.throttled, 1000u);
    EXPECT_EQ(m.throttled, 111u);
    EXPECT_EQ(m.accepted, 1000u);
    EXPECT_EQ(m.messages, 1000u);
    EXPECT_EQ(m.per_session.at(0).submitted, 1000u);
    EXPECT_EQ(m.statuses.at(smpp::ESME_RTHROTTLED), 111u);
    if (when.open()) {
      EXPECT_NEAR(static_cast<double>(m.elapsed.count()), 1111 / 150.0 * 1e6, 1e5);  // the rate is of requests
    }
  }
}

TEST(generator, leaves_throttled_ones_alone_when_told_so) {
  auto plan = one_line(as_fast_as_possible(1000));
  plan.actors[0].options.resubmit = false;
  run r(std::move(plan));
  r.other.status = [](std::uint64_t n) { return n % 10 == 0 ? smpp::ESME_RTHROTTLED : smpp::ESME_ROK; };
  auto const& m = r.until_over();
  EXPECT_EQ(m.sent, 1000u);
  EXPECT_EQ(m.throttled, 100u);
  EXPECT_EQ(m.accepted, 900u);
}

// A peer that stands still for a second, 100 messages a second meant to go, room for 10: a hundred of them are late,
// though only ten were sent into the stall. Counting from the sending would show ten.
TEST(generator, omits_nothing_while_the_peer_stalls) {
  auto plan = one_line(at_rate(100, {}, 10s), 10);
  plan.lines[0].counts = false;
  run r(std::move(plan));
  r.other.stall = std::pair{instant(5s), instant(6s)};
  auto const& m = r.until_over();
  EXPECT_EQ(m.accepted, 1000u);
  auto const& h = m.latency[static_cast<std::size_t>(stage::submit_resp)];
  std::uint64_t late = 0;
  for (std::size_t n = 0; n < h.counts().size(); ++n)
    if (histogram::lowest_at(n) > 20'000) late += h.counts()[n];
  EXPECT_GE(late, 95u);
  EXPECT_GE(h.max(), 980ms);
  EXPECT_LT(p(m, stage::submit_resp, 50), 5ms);
  EXPECT_EQ(m.lag.max(), 0us);  // the window was the reason, not the generator
}

TEST(generator, gives_up_a_backlog_some_time_after_the_end) {
  auto plan = one_line(at_rate(100, {}, 2s), 10);
  plan.settle = 1s;
  plan.lines[0].counts = false;
  run r(std::move(plan));
  r.other.delay = 1s;  // 10 a second is all that the window lets through
  auto const& m = r.until_over();
  EXPECT_EQ(m.sent + m.unsent, 200u);
  EXPECT_GT(m.unsent, 150u);
  EXPECT_EQ(m.accepted, m.sent);
  EXPECT_EQ(value_of("errors", m), static_cast<double>(m.unsent));
}

TEST(generator, shares_a_rate_over_its_sessions) {
  auto plan = one_line(at_rate(1000, 999), 10, 3);
  plan.lines[0].counts = false;
  run r(std::move(plan));
  auto const& m = r.until_over();
  ASSERT_EQ(m.per_session.size(), 3u);
  for (auto const& s : m.per_session) EXPECT_NEAR(static_cast<double>(s.submitted), 333, 5);
}

TEST(generator, counts_refusals_and_silence) {
  auto plan = one_line(as_fast_as_possible(100));
  plan.actors[0].options.response_timeout = 2s;
  run r(std::move(plan));
  r.other.status = [](std::uint64_t n) -> std::optional<std::uint32_t> {
    if (n <= 10) return smpp::ESME_RINVDSTADR;
    if (n <= 13) return std::nullopt;
    return smpp::ESME_ROK;
  };
  auto const& m = r.until_over();
  EXPECT_EQ(m.refused, 10u);
  EXPECT_EQ(m.unanswered, 3u);
  EXPECT_EQ(m.accepted, 87u);
  EXPECT_EQ(m.undelivered, 87u);  // this peer delivers nothing
  EXPECT_EQ(value_of("errors", m), 13);
}

TEST(generator, tells_that_a_bind_was_refused) {
  run r(one_line(as_fast_as_possible(1), 10, 4));
  r.other.bind_status = smpp::ESME_RBINDFAIL;
  auto const& m = r.until_over();
  EXPECT_EQ(r.g.state(), generator::phase::failed);
  EXPECT_NE(r.g.why().find("gen could not bind"), std::string::npos) << r.g.why();
  EXPECT_EQ(m.sessions_failed, 4u);
  EXPECT_EQ(m.sent, 0u);
}

TEST(generator, tells_that_nobody_is_there) {
  simulators::world w({.host = "nobody"});
  generator g(one_line(as_fast_as_possible(1), 10, 4), "elsewhere", 2775, w.chance());
  w.join("gen", g);
  w.act(g, [&](moment now, core::effects& out) { g.start(now, out); });
  EXPECT_TRUE(w.run(w.now().at + 30s, [&] { return g.over(); }));
  EXPECT_EQ(g.state(), generator::phase::failed);
  EXPECT_EQ(g.result().sessions_failed, 4u);
}

TEST(generator, ends_when_its_sessions_are_lost) {
  for (auto const& when : {at_rate(100, {}, 10s), as_fast_as_possible(1000)}) {
    SCOPED_TRACE(to_text(when));
    run r(one_line(when, 10));
    r.other.delay = 90ms;  // about a hundred a second through a window of ten
    r.w.act(r.g, [&](moment now, core::effects& out) { r.g.start(now, out); });
    r.w.run_for(2s);
    ASSERT_TRUE(r.w.inject("cut", {"gen"}));
    EXPECT_TRUE(r.w.run(r.w.now().at + 30s, [&] { return r.g.over(); }));
    auto const& m = r.g.result();
    EXPECT_EQ(m.sessions_lost, 1u);
    EXPECT_EQ(m.sent + m.unsent, 1000u);
    EXPECT_GT(m.unsent, 700u);
    EXPECT_EQ(m.accepted + m.unanswered, m.sent);
  }
}

TEST(generator, a_stream_may_start_later) {
  for (auto const& later : {at_rate(100, 100), as_fast_as_possible(100)}) {
    SCOPED_TRACE(to_text(later));
    auto plan = one_line(at_rate(100, 50));
    plan.lines.push_back(plan.lines[0]);
    plan.lines[1].name = "later";
    plan.lines[1].before = "later ";
    plan.streams.push_back({0, false, later, {1}});
    plan.streams[1].when.start = 10s;
    for (auto& line : plan.lines) line.counts = false;
    run r(std::move(plan));
    auto const& m = r.until_over();
    EXPECT_EQ(m.lines[0].accepted, 50u);
    EXPECT_EQ(m.lines[1].accepted, 100u);
    EXPECT_LT(m.lines[0].last_answer, 2s);
    EXPECT_EQ(m.lines[1].first_sent, duration(10s));
    EXPECT_GT(m.elapsed, 10s);
  }
}

TEST(generator, binds_again_after_a_loss_and_sends_again_what_had_no_answer) {
  for (bool const resend : {false, true}) {
    SCOPED_TRACE(resend);
    auto plan = one_line(at_rate(100, {}, 10s), 50);
    plan.lines[0].counts = false;
    plan.actors[0].options.reconnect = 500ms;
    plan.resend = resend;
    run r(std::move(plan));
    r.other.delay = 100ms;  // ten are under way
    r.w.act(r.g, [&](moment now, core::effects& out) { r.g.start(now, out); });
    r.w.run_for(2s);
    ASSERT_TRUE(r.w.inject("cut", {"gen"}));
    EXPECT_TRUE(r.w.run(r.w.now().at + 60s, [&] { return r.g.over(); }));
    auto const& m = r.g.result();
    EXPECT_EQ(r.g.state(), generator::phase::done);
    EXPECT_EQ(m.sessions_lost, 1u);
    EXPECT_EQ(m.rebinds, 1u);
    EXPECT_EQ(m.sent, 1000u) << "what goes again takes a slot";
    EXPECT_NEAR(static_cast<double>(resend ? m.sent_again : m.unanswered), 10, 2);
    EXPECT_EQ(resend ? m.unanswered : m.sent_again, 0u);
    EXPECT_EQ(m.accepted + m.unanswered, m.messages);
    EXPECT_EQ(m.unsent, 0u);
    EXPECT_GT(p(m, stage::submit_resp, 99), 500ms) << "those meant to go meanwhile were late";
  }
}

TEST(generator, gives_up_an_actor_that_cannot_bind_again) {
  auto plan = one_line(as_fast_as_possible(10'000), 5);
  plan.lines[0].counts = false;
  plan.actors[0].options.reconnect = 1s;
  run r(std::move(plan));
  r.other.delay = 100ms;
  r.w.act(r.g, [&](moment now, core::effects& out) { r.g.start(now, out); });
  r.w.run_for(2s);
  r.other.bind_status = smpp::ESME_RBINDFAIL;
  ASSERT_TRUE(r.w.inject("cut", {"gen"}));
  auto const cut = r.w.now().at;
  EXPECT_TRUE(r.w.run(cut + 60s, [&] { return r.g.over(); }));
  EXPECT_GT(r.w.now().at - cut, 7s);
  auto const& m = r.g.result();
  EXPECT_EQ(m.rebinds, 0u);
  EXPECT_EQ(m.sent + m.unsent, 10'000u);
}

TEST(generator, refusals_count_from_the_sending) {
  auto plan = one_line(at_rate(100, 100), 1);  // the window lets ten a second go
  plan.lines[0].counts = false;
  run r(std::move(plan));
  r.other.delay = 100ms;
  r.other.status = [](std::uint64_t) { return std::optional<std::uint32_t>(smpp::ESME_RMSGQFUL); };
  auto const& m = r.until_over();
  EXPECT_EQ(m.refused, 100u);
  EXPECT_EQ(m.lines[0].refused, 100u);
  EXPECT_LT(p(m, stage::refusal, 100), 200ms);
  EXPECT_GT(p(m, stage::refusal, 0), 99ms);
}

TEST(generator, stops_when_told_and_owes_nothing) {
  run r(one_line(at_rate(100, {}, 100s)));
  r.w.act(r.g, [&](moment now, core::effects& out) { r.g.start(now, out); });
  r.w.run_for(2s);
  r.w.act(r.g, [&](moment now, core::effects& out) { r.g.stop(now, out); });
  EXPECT_TRUE(r.w.run(r.w.now().at + 30s, [&] { return r.g.over(); }));
  EXPECT_TRUE(r.g.stopped());
  EXPECT_EQ(r.g.result().unsent, 0u);
  EXPECT_EQ(r.g.result().accepted, r.g.result().sent);
}

TEST(generator, mixes_by_weight) {
  auto plan = one_line(as_fast_as_possible(10'000));
  plan.lines[0].weight = 90;
  plan.lines[0].counts = false;
  plan.lines.push_back(plan.lines[0]);
  plan.lines[1].name = "rare";
  plan.lines[1].before = "rare";
  plan.lines[1].weight = 10;
  plan.streams[0].lines = {0, 1};
  run r(std::move(plan));
  auto const& m = r.until_over();
  EXPECT_NEAR(static_cast<double>(m.lines[1].messages), 1000, 150);  // five standard deviations
  EXPECT_EQ(m.lines[0].messages + m.lines[1].messages, 10'000u);
}

TEST(generator, sends_every_segment_of_what_it_splits) {
  auto plan = one_line(as_fast_as_possible(10), 2);
  plan.lines[0].counts = false;
  plan.lines[0].before = std::string(250, 'x');
  plan.lines[0].split = splitting::udh;
  plan.lines[0].segment = 100;
  run r(std::move(plan));
  auto const& m = r.until_over();
  EXPECT_EQ(m.messages, 10u);
  EXPECT_EQ(m.accepted, 30u);
  ASSERT_EQ(r.other.bodies.size(), 30u);
  EXPECT_EQ(r.other.bodies[29].short_message[5], 3);
  EXPECT_EQ(r.other.bodies[29].short_message[3], 10);
}

// -- towards the engine ----------------------------------------------------------------------------------------------

struct engine_run {
  engine_run() : w({.seed = 3}) {
    core::settings s;
    s.esmes.push_back({.name = "gen", .routing_range = "6666", .window = 50});
    s.esmes.push_back({.name = "sink", .routing_range = "5.*", .window = 50});
    w.run_engine(s);
    auto p = one_line(at_rate(1000, 500));
    p.actors.push_back({"sink", 1, {.system_id = "sink", .bind = smpp::command_id::bind_receiver}});
    p.lines[0].base.registered_delivery = 1;
    g = std::make_unique<generator>(std::move(p), w.host(), w.port(), w.chance());
    w.join("gen", *g);
  }
  measures const& until_over() {
    w.act(*g, [&](moment now, core::effects& out) { g->start(now, out); });
    EXPECT_TRUE(w.run(w.now().at + 600s, [&] { return g->over(); })) << g->why();
    return g->result();
  }
  simulators::world w;
  std::unique_ptr<generator> g;
};

TEST(generator, matches_deliveries_and_receipts_of_the_engine) {
  engine_run r;
  auto const& m = r.until_over();
  EXPECT_EQ(r.g->state(), generator::phase::done) << r.g->why();
  EXPECT_EQ(m.accepted, 500u);
  EXPECT_EQ(m.matched, 500u);
  EXPECT_EQ(m.delivered, 500u);
  EXPECT_EQ(m.receipts, 500u);
  EXPECT_EQ(m.receipt_states.at("DELIVRD"), 500u);
  EXPECT_EQ(m.undelivered + m.unreceipted + m.duplicates + m.unexpected, 0u);
  EXPECT_GT(p(m, stage::submit_resp, 50), 1ms);  // the commit
  EXPECT_GT(p(m, stage::deliver, 50), 1ms);
  EXPECT_GT(p(m, stage::receipt, 50), p(m, stage::deliver, 50));
  EXPECT_LT(p(m, stage::receipt, 100), 100ms);
  EXPECT_EQ(r.w.engine()->count().stored, 0u);
}

TEST(generator, gives_up_waiting_after_silence) {
  core::settings s;
  s.esmes.push_back({.name = "gen", .routing_range = "6666"});
  s.esmes.push_back({.name = "dead", .routing_range = "5.*"});
  simulators::world w({.seed = 4});
  w.run_engine(s);
  auto p = one_line(at_rate(1000, 100));
  p.settle = 3s;
  generator g(std::move(p), w.host(), w.port(), w.chance());
  w.join("gen", g);
  w.act(g, [&](moment now, core::effects& out) { g.start(now, out); });
  EXPECT_TRUE(w.run(w.now().at + 600s, [&] { return g.over(); }));
  EXPECT_EQ(g.result().accepted, 100u);
  EXPECT_EQ(g.result().undelivered, 100u);
  EXPECT_LT(w.now().at - g.began(), 6s);
}

}  // namespace
}  // namespace signalbox::load
