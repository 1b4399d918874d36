#include "conformance/crash/kill_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "conformance/crash/victim.hpp"
#include "conformance/crash/watched.hpp"
#include "engine/server/clock.hpp"
#include "engine/server/host.hpp"
#include "simulators/esme/esme.hpp"

namespace signalbox::crash {

namespace {

using server::now;

constexpr std::uint64_t kills_of_a_round = 50;
constexpr unsigned percent_while_starting = 20;
constexpr duration shortest_life = 20ms, longest_life = 1400ms;
constexpr duration longest_start = 20s;
constexpr duration longest_retry = 2s;
constexpr duration patience = 60s;  // in calm, for everything to be delivered
constexpr duration quiet = longest_retry + 500ms;
constexpr duration look_again = 1ms;

// Alpha sends to the two others, and they to alpha; so every connection carries both, which the auditor needs.
core::settings three_esmes() {
  core::settings all;
  all.sms.second_due_delay = longest_retry / 2;
  all.sms.max_due_delay = longest_retry;
  for (auto const& [name, numbers, sessions] :
       {std::tuple("alpha", "1[0-9]*", 4u), std::tuple("beta", "2[0-9]*", 2u), std::tuple("gamma", "3[0-9]*", 1u)}) {
    sms::esme e;
    e.name = name;
    e.password = "pw";
    e.routing_range = numbers;
    e.sessions = sessions;
    all.esmes.push_back(e);
  }
  return all;
}

struct session {
  char const* system_id;
  std::uint32_t window;
  double share;  // of the rate
  char const* from;
  char const* to;  // the first of ten numbers
  std::uint8_t receipts;
  std::size_t filler;  // octets behind what makes a text its own
  bool resubmits;      // what got no answer; the others leave it open whether it comes
  duration slowness;   // answers to deliveries take up to this: the longer, the more is acknowledged and on its way
};
constexpr session sessions[] = {
    {"alpha", 40, 0.2, "1000", "2995", 1, 0, true, 0ms},  // to 3004: half of them beta's, half gamma's
    {"alpha", 40, 0.2, "1001", "2995", 1, 120, false, 0ms}, {"alpha", 20, 0.2, "1002", "2000", 0, 0, false, 10ms},
    {"alpha", 80, 0.2, "1003", "3000", 0, 60, true, 0ms},   {"beta", 20, 0.08, "2000", "1000", 1, 0, false, 0ms},
    {"beta", 20, 0.06, "2001", "1000", 0, 40, true, 30ms},  {"gamma", 10, 0.06, "3000", "1000", 1, 0, false, 20ms},
};

struct actor {
  std::unique_ptr<seeded_entropy> chance;
  std::unique_ptr<simulators::esme> node;
  std::unique_ptr<watched> seen;
  std::unique_ptr<server::host> runs;
};

class kill_loop {
 public:
  kill_loop(kill_options const& options, victim engine)
      : options_(options), luck_(options.seed), engine_(std::move(engine)) {
    for (auto const& each : sessions) {
      actor a;
      a.chance = std::make_unique<seeded_entropy>(luck_.next());
      a.node = std::make_unique<simulators::esme>(options_of(each), *a.chance);
      a.seen = std::make_unique<watched>(*a.node, actors_.size());
      a.runs = std::make_unique<server::host>(loop_, *a.seen, nullptr, words_);
      actors_.push_back(std::move(a));
    }
  }

  result<kill_report> run() {
    while (report_.kills < options_.kills && report_.broken.empty())
      if (auto const done = round(); !done) return std::unexpected(done.error());
    return std::move(report_);
  }

 private:
  static simulators::esme_options options_of(session const& s) {
    return {.system_id = s.system_id,
            .password = "pw",
            .window = s.window,
            .reconnect = 10ms,
            .delay = {0s, s.slowness},
            .resubmit = s.resubmits,
            .count_duplicates = false,
            .journal_limit = 0};
  }

  result<void> round() {
    ++report_.rounds;
    audit_ = simulators::auditor({.actors_only = true, .owners = {{"1", "alpha"}, {"2", "beta"}, {"3", "gamma"}}});
    for (auto& each : actors_) each.seen->observe(audit_);
    talk();
    auto const last = std::min(options_.kills, report_.kills + kills_of_a_round);
    while (report_.kills < last && report_.broken.empty())
      if (auto const done = life(); !done) return done;
    fall_silent();
    if (report_.broken.empty())
      if (auto const done = calm(); !done) return done;
    auto const seen = audit_.count();
    report_.seen.submissions += seen.submissions;
    report_.seen.acknowledged += seen.acknowledged;
    report_.seen.refused += seen.refused;
    report_.seen.deliveries += seen.deliveries;
    report_.seen.not_done += seen.not_done;
    report_.seen.receipts += seen.receipts;
    report_.seen.power_cuts += seen.power_cuts;
    for (auto& each : audit_.broken_rules()) report_.broken.push_back(std::move(each));
    return {};
  }

  result<void> life() {
    if (auto const started = engine_.start(); !started) return started;
    if (luck_.percent(percent_while_starting)) {
      pass(upto(start_took_ + start_took_ / 2));
      ++report_.while_starting;
    } else {
      if (!wait_and_bind()) return {};
      pass(shortest_life + upto(longest_life - shortest_life));
    }
    kill();
    pass(upto(5ms));
    return {};
  }

  void kill() {
    if (!engine_.running()) return broke("the engine ended by itself: " + engine_.end());
    engine_.kill();
    audit_.on_power_cut(now());
    ++report_.kills;
  }

  // Everything is delivered; after one more kill nothing that was done comes back; the engine ends when it is asked to.
  result<void> calm() {
    for (int const time : {1, 2}) {
      if (auto const started = engine_.start(); !started) return started;
      if (!wait_and_bind()) return {};
      wait_for([this] { return audit_.settled(); });
      for (auto before = arrivals() + 1; before != arrivals() && before < arrivals() + patience / quiet;) {
        before = arrivals();
        pass(quiet);
      }
      if (time == 1) {
        say_goodbye();
        wait_for([this] { return audit_.settled(); });
        engine_.kill();
        audit_.on_power_cut(now());
      }
    }
    engine_.ask_to_end();
    wait_for([this] { return !engine_.running(); });
    if (engine_.running())
      broke("the engine was asked to end and did not");
    else if (engine_.end() != "status 0")
      broke("the engine was asked to end and did: " + engine_.end());
    return {};
  }

  // False: something is broken.
  bool wait_and_bind() {
    auto const began = now().at;
    std::optional<server::endpoint> where;
    while (!(where = engine_.ready())) {
      pass(look_again);
      if (!engine_.running()) return broke("the engine ended while it started: " + engine_.end()), false;
      if (now().at - began > longest_start) return broke("the engine did not become ready"), false;
    }
    start_took_ = (start_took_ * 3 + (now().at - began)) / 4;
    for (auto& each : actors_)
      each.runs->act([&](moment at, core::effects& out) {
        each.node->connect_and_bind(where->address, where->port, at, out);
        each.seen->see(out, at);
      });
    return true;
  }

  void talk() {
    std::size_t number = 0;
    for (auto& each : actors_) {
      auto const& s = sessions[number++];
      // Different within the first 20 characters, as the auditor wants it.
      auto const text = fmt::format("{}/{}/{{n}} ", report_.rounds, number) + std::string(s.filler, '.');
      start(each, {.count = UINT64_MAX - 1,
                   .rate_per_s = options_.rate_per_s * s.share,
                   .source = s.from,
                   .destination = s.to,
                   .destinations = 10,
                   .text = text,
                   .registered_delivery = s.receipts});
    }
    for (auto& each : actors_)
      each.node->options().mix = *simulators::status_mix::parse("2%ESME_RX_T_APPN,1%ESME_RINVDSTADR");
  }
  void fall_silent() {
    for (auto& each : actors_) {
      start(each, {});
      each.node->options().mix = {};
    }
  }
  // One more message of each: its acknowledgement shows that all that was delivered on the connection is done.
  void say_goodbye() {
    for (std::size_t i = 0; i < actors_.size(); ++i)
      start(actors_[i], {.count = 1,
                         .source = sessions[i].from,
                         .destination = sessions[i].to,
                         .text = fmt::format("{}/{}/goodbye", report_.rounds, i + 1)});
    wait_for([this] { return std::ranges::all_of(actors_, [](actor const& a) { return a.node->done(); }); });
  }
  void start(actor& who, simulators::burst const& what) {
    who.runs->act([&](moment at, core::effects& out) {
      who.node->start_burst(what, at, out);
      who.seen->see(out, at);
    });
  }

  void pass(duration time) {
    loop_.run_until(now().at + time, [] { return false; });
  }
  duration upto(duration longest) {
    return duration(static_cast<duration::rep>(luck_.below(static_cast<std::uint64_t>(longest.count()) + 1)));
  }
  // Not asked after every input: the auditor looks at every message it knows.
  void wait_for(std::function<bool()> const& holds) {
    for (auto const end = now().at + patience; !holds() && now().at < end;) pass(50ms);
  }
  std::uint64_t arrivals() const {
    std::uint64_t all = 0;
    for (auto const& each : actors_) all += each.node->count().delivered + each.node->count().receipts;
    return all;
  }
  void broke(std::string what) { report_.broken.push_back(std::move(what)); }

  kill_options const& options_;
  seeded_entropy luck_;
  kill_report report_;
  simulators::auditor audit_;
  server::log words_{core::severity::error};
  server::loop loop_;
  victim engine_;
  std::vector<actor> actors_;
  duration start_took_ = 30ms;
};

}  // namespace

result<kill_report> run_kill_loop(kill_options const& options) {
  server::configuration settings;
  settings.engine = three_esmes();
  settings.server.store = options.store;
  settings.server.log_level = core::severity::warning;
  auto engine = victim::in(options.directory, options.program, std::move(settings));
  if (!engine) return std::unexpected(engine.error());
  return kill_loop(options, std::move(*engine)).run();
}

}  // namespace signalbox::crash
