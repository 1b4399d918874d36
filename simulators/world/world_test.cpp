// The world itself, with small nodes: streams under every weather, the clock, storage, power, the trace.
#include "simulators/world/world.hpp"

#include <gtest/gtest.h>

#include "engine/storage/memory_store.hpp"

namespace signalbox::simulators {
namespace {

using core::effects;

// Writes down what it is given; does nothing by itself.
struct recorder : core::node {
  void on_accepted(connection_id id, core::service, std::string_view peer, moment now, effects&) override {
    say(now, "accepted " + std::string(peer));
    last = id;
  }
  void on_opened(connection_id id, moment now, effects&) override {
    say(now, "opened");
    last = id;
  }
  void on_bytes(connection_id, octet_view data, moment now, effects& out) override {
    say(now, "got " + std::string(text_of(data)));
    heard += text_of(data);
    if (echo) out.to(last).insert(out.to(last).end(), data.begin(), data.end());
  }
  void on_closed(connection_id, moment now, effects&) override { say(now, "closed"); }
  void on_time(moment now, effects&) override {
    say(now, "time");
    due.reset();
  }
  void on_stored(std::uint64_t, storage::answer const&, moment, effects&) override {}
  std::optional<instant> deadline(moment) const override { return due; }
  void say(moment now, std::string const& what) {
    lines.push_back(signalbox::to_text(now.at - instant{}) + " " + what);
  }

  std::vector<std::string> lines;
  std::string heard;
  connection_id last{};
  std::optional<instant> due;
  bool echo = false;
};

struct two {  // a calls, b listens; every way takes 1 ms exactly
  two() : w({.link_delay = 1ms, .link_jitter = 0s}) {
    w.join("a", a);
    w.join("b", b);
    w.listen(b, "b", 7, core::service::smpp);
  }
  void call() {
    w.act(a, [&](moment, effects& out) { out.connect.push_back({a.next_connection(), "b", 7}); });
    w.run_for(2ms);
  }
  void say(recorder& who, std::string_view words) {
    w.act(who, [&](moment, effects& out) {
      auto& to = out.to(who.last);
      to.insert(to.end(), words.begin(), words.end());
    });
  }
  world w;
  recorder a, b;
};

TEST(world, connects_delivers_and_closes_in_order) {
  two t;
  t.call();
  t.say(t.a, "one ");
  t.say(t.a, "two");
  t.w.act(t.a, [&](moment, effects& out) { out.close.push_back(t.a.last); });
  t.w.run_for(1s);
  EXPECT_EQ(t.b.lines,
            (std::vector<std::string>{"0.001s accepted a", "0.003s got one ", "0.003s got two", "0.003s closed"}));
  EXPECT_EQ(t.a.lines, (std::vector<std::string>{"0.002s opened"}));
}

TEST(world, nobody_there_is_a_closed_connection) {
  two t;
  t.w.act(t.a, [&](moment, effects& out) { out.connect.push_back({t.a.next_connection(), "c", 7}); });
  t.w.run_for(1s);
  EXPECT_EQ(t.a.lines, (std::vector<std::string>{"0.001s closed"}));
}

TEST(world, time_jumps_to_the_next_deadline_and_no_further) {
  two t;
  t.w.act(t.a, [&](moment now, effects&) { t.a.due = now.at + std::chrono::hours(72); });
  EXPECT_FALSE(t.w.run(instant{std::chrono::hours(71)}, nullptr));
  EXPECT_TRUE(t.a.lines.empty());
  EXPECT_TRUE(t.w.run(instant{std::chrono::hours(100)}, [&] { return !t.a.lines.empty(); }));
  EXPECT_EQ(t.w.now().at, instant{std::chrono::hours(72)});
  EXPECT_EQ(signalbox::to_text(t.w.now().date), "2026-01-04T00:00:00.000Z");
}

TEST(world, a_paused_reader_gets_nothing_until_it_reads_again) {
  two t;
  t.call();
  t.w.act(t.b, [&](moment, effects& out) { out.flow.push_back({t.b.last, false}); });
  t.say(t.a, "x");
  t.w.run_for(1s);
  EXPECT_EQ(t.b.heard, "");
  t.w.act(t.b, [&](moment, effects& out) { out.flow.push_back({t.b.last, true}); });
  t.w.run_for(1s);
  EXPECT_EQ(t.b.heard, "x");
}

TEST(world, weather) {
  struct {
    char const* fault;
    std::vector<std::string> arguments;
    std::vector<std::string> arrivals;  // of "ab" sent at 2 ms and "cd" at 3 ms
  } const cases[] = {
      {"delay", {"a", "300ms"}, {"0.302s got ab", "0.303s got cd"}},
      {"stall", {"a", "5s"}, {"5.002s got ab", "5.002s got cd"}},
      {"bytewise", {"a"}, {"0.003s got a", "0.003s got b", "0.004s got c", "0.004s got d"}},
      {"merge", {"a", "10ms"}, {"0.013s got abcd"}},
      {"cut", {"a"}, {"0.002s closed"}},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.fault);
    two t;
    t.call();
    t.b.lines.clear();
    ASSERT_TRUE(t.w.inject(c.fault, c.arguments));
    t.say(t.a, "ab");
    t.w.run_for(1ms);
    t.say(t.a, "cd");
    t.w.run_for(10s);
    EXPECT_EQ(t.b.lines, c.arrivals);
  }
}

TEST(world, a_stream_stays_a_stream_under_random_weather) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    world w({.seed = seed});
    recorder a, b;
    w.join("a", a);
    w.join("b", b);
    w.listen(b, "b", 7, core::service::smpp);
    w.act(a, [&](moment, effects& out) { out.connect.push_back({a.next_connection(), "b", 7}); });
    w.run_for(1s);
    ASSERT_TRUE(w.inject("rechunk", {"a"}));
    ASSERT_TRUE(w.inject("merge", {"*", "3ms"}));
    std::string said;
    for (int n = 0; n < 50; ++n) {
      auto const words = std::to_string(n) + ",";
      said += words;
      w.act(a, [&](moment, effects& out) { out.to(a.last).insert(out.to(a.last).end(), words.begin(), words.end()); });
      w.run_for(1ms);
    }
    w.run_for(1s);
    EXPECT_EQ(b.heard, said);
  }
}

TEST(world, random_faults_lose_a_suffix_of_a_connection_and_nothing_else) {
  bool lost = false;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    world w({.seed = seed});
    recorder a, b;
    w.join("a", a);
    w.join("b", b);
    w.listen(b, "b", 7, core::service::smpp);
    w.act(a, [&](moment, effects& out) { out.connect.push_back({a.next_connection(), "b", 7}); });
    w.run_for(1s);
    ASSERT_TRUE(w.inject("random", {"a", "10s"}));
    std::string said;
    for (int n = 0; n < 100; ++n) {
      auto const words = std::to_string(n) + ",";
      said += words;
      w.act(a, [&](moment, effects& out) { out.to(a.last).insert(out.to(a.last).end(), words.begin(), words.end()); });
      w.run_for(100ms);
    }
    w.run_for(10s);
    EXPECT_EQ(b.heard, said.substr(0, b.heard.size()));
    auto const cut = b.lines.back().ends_with("closed");
    EXPECT_EQ(cut, a.lines.back().ends_with("closed"));
    if (!cut) {
      EXPECT_EQ(b.heard, said);
    }
    lost |= cut;
  }
  EXPECT_TRUE(lost);
}

TEST(world, wrong_faults_are_explained) {
  two t;
  struct {
    char const* name;
    std::vector<std::string> arguments;
    errc code;
    std::size_t argument;
  } const cases[] = {
      {"explode", {}, errc::not_found, 0},
      {"cut", {}, errc::bad_value, 0},
      {"cut", {"nobody"}, errc::bad_value, 0},
      {"cut", {"a", "b"}, errc::bad_value, 2},
      {"stall", {"a", "soon"}, errc::bad_value, 1},
      {"bytewise", {"a", "maybe"}, errc::bad_value, 1},
      {"storage", {"fail", "x"}, errc::bad_value, 1},
      {"storage", {"melt", "3"}, errc::bad_value, 0},
      {"crash", {"x"}, errc::bad_value, 0},
      {"drain", {"x"}, errc::bad_value, 1},
  };
  for (auto const& c : cases) {
    auto const done = t.w.inject(c.name, c.arguments);
    ASSERT_FALSE(done) << c.name;
    EXPECT_EQ(done.error().code, c.code) << describe(done.error());
    EXPECT_EQ(done.error().offset, c.argument) << describe(done.error());
    auto const before = world::check_fault(c.name, c.arguments, [](std::string_view name) { return name == "a"; });
    ASSERT_FALSE(before) << c.name;
    EXPECT_EQ(before.error(), done.error()) << describe(before.error());
  }
  EXPECT_TRUE(world::check_fault("stall", {"*", "1s"}, [](std::string_view) { return false; }));
  EXPECT_EQ(t.w.inject("refuse", {"a"}).error().detail, "wrong number of arguments; usage: refuse ACTOR DURATION");
}

TEST(world, trace_shows_pdus_and_what_is_none) {
  two t;
  t.call();
  octets data;
  ASSERT_TRUE(smpp::encode({0, 5, smpp::enquire_link{}}, data));
  data.insert(data.end(), {0x48, 0x54, 0x54, 0x50, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0xFF});
  t.say(t.a, text_of(data));
  t.say(t.b, "\x01");
  t.w.run_for(1s);
  EXPECT_EQ(t.w.record().text(),
            "+0.001s        a       -- connection opened\n"
            "+0.002s        a       -> enquire_link seq=5\n"
            "+0.002s        a       -> octets 485454500102030405060708090a0b0cff\n");
  EXPECT_EQ(t.w.record().last("a", 1).at(0)->readable, false);
}

TEST(trace, is_bounded_and_its_digest_is_not) {
  trace small(2), large(100);
  for (int n = 0; n < 5; ++n) {
    trace_entry e{.what = trace_entry::kind::fault, .words = std::to_string(n)};
    small.add(e);
    large.add(e);
  }
  EXPECT_EQ(small.entries().size(), 2u);
  EXPECT_EQ(small.total(), 5u);
  EXPECT_EQ(small.digest(), large.digest());
  EXPECT_TRUE(small.text().starts_with("(3 earlier entries are not kept)\n")) << small.text();
}

// A node that stores every octet it gets under a number and answers it with '.' when it is durable, '!' when not.
struct notebook : core::node {
  void on_accepted(connection_id id, core::service, std::string_view, moment, effects&) override { peer = id; }
  void on_opened(connection_id, moment, effects&) override {}
  void on_bytes(connection_id, octet_view data, moment, effects& out) override {
    out.store = storage::request{++requests, {}, {}};
    for (auto const octet : data) out.store->operations.push_back(storage::operation::put({1, next++}, {octet}));
  }
  void on_closed(connection_id, moment, effects&) override { peer = {}; }
  void on_time(moment, effects&) override {}
  void on_stored(std::uint64_t request, storage::answer const& what, moment, effects& out) override {
    EXPECT_EQ(request, ++answered);
    if (peer != connection_id{}) out.to(peer).push_back(what.outcome ? '.' : '!');
  }
  std::optional<instant> deadline(moment) const override { return std::nullopt; }
  connection_id peer{};
  std::uint64_t next = 1, requests = 0, answered = 0;
  std::string held;
};

struct notebook_under_test : system_under_test {
  core::node& power_on() override { return *(it = std::make_unique<notebook>()); }
  void power_off() override { it.reset(); }
  bool announce(storage::key) override { return true; }
  result<void> restore(storage::key where, octet_view value) override {
    it->held += text_of(value);
    it->next = where.id + 1;
    return {};
  }
  void start(moment, effects&) override {}
  void drain(moment, effects&) override {}
  std::unique_ptr<notebook> it;
};

struct stored_world {
  explicit stored_world(std::uint64_t seed = 1)
      : w({.seed = seed, .link_delay = 1ms, .link_jitter = 0s, .commit_delay = 10ms, .commit_jitter = 0s}) {
    auto system = std::make_unique<notebook_under_test>();
    book = system.get();
    w.install(std::move(system));
    w.join("a", a);
    call();
  }
  void call() {
    w.act(a, [&](moment, effects& out) { out.connect.push_back({a.next_connection(), w.host(), w.port()}); });
    w.run_for(5ms);
  }
  void say(std::string_view words) {
    w.act(a, [&](moment, effects& out) {
      auto& to = out.to(a.last);
      to.insert(to.end(), words.begin(), words.end());
    });
  }
  std::size_t commits() { return static_cast<storage::memory_store*>(w.store())->count().commits; }
  world w;
  notebook_under_test* book = nullptr;
  recorder a;
};

TEST(world_storage, what_arrives_during_a_commit_is_the_next) {
  stored_world s;
  for (int n = 0; n < 5; ++n) {
    s.say("x");
    s.w.run_for(2ms);
  }
  s.w.run_for(1s);
  EXPECT_EQ(s.a.heard, ".....");
  EXPECT_EQ(s.commits(), 2u);  // the first alone, the others together
}

TEST(world_storage, failing_delayed_and_stalled_commits) {
  stored_world s;
  ASSERT_TRUE(s.w.inject("storage", {"fail", "1"}));
  s.say("x");
  s.w.run_for(1s);
  s.say("y");
  s.w.run_for(1s);
  EXPECT_EQ(s.a.heard, "!.");
  ASSERT_TRUE(s.w.inject("storage", {"stall", "5s"}));
  s.say("z");
  s.w.run_for(4s);
  EXPECT_EQ(s.a.heard, "!.");
  s.w.run_for(2s);
  EXPECT_EQ(s.a.heard, "!..");
  ASSERT_TRUE(s.w.inject("storage", {"delay", "2s"}));
  s.say("z");
  s.w.run_for(1900ms);
  EXPECT_EQ(s.a.heard, "!..");
  s.w.run_for(1s);
  EXPECT_EQ(s.a.heard, "!...");
}

TEST(world_storage, a_power_cut_keeps_what_was_acknowledged) {
  bool kept_more = false, kept_exactly = false;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    stored_world s(seed);
    for (char c = 'a'; c < 'k'; ++c) {
      s.say(std::string(1, c));
      s.w.run_for(3ms);
    }
    ASSERT_TRUE(s.w.inject("crash", {"2s"}));
    EXPECT_EQ(s.book->it, nullptr);
    s.w.run_for(1s);
    EXPECT_EQ(s.a.lines.back().substr(s.a.lines.back().find(' ')), " closed");
    s.call();  // nobody there yet
    EXPECT_TRUE(s.a.lines.back().ends_with("closed"));
    s.w.run_for(1s);
    ASSERT_NE(s.book->it, nullptr);
    std::string const all = "abcdefghij";
    auto const& held = s.book->it->held;
    EXPECT_EQ(held, all.substr(0, held.size()));
    EXPECT_GE(held.size(), s.a.heard.size());
    (held.size() > s.a.heard.size() ? kept_more : kept_exactly) = true;
    s.call();
    s.say("z");
    s.w.run_for(1s);
    EXPECT_TRUE(s.a.heard.ends_with('.'));
  }
  EXPECT_TRUE(kept_more);
  EXPECT_TRUE(kept_exactly);
}

}  // namespace
}  // namespace signalbox::simulators
