// See player.hpp. The steps in order; checks are in checks.cpp.
#include "scenarios/player/player.hpp"

#include <algorithm>

#include "engine/smpp/decode_tool.hpp"
#include "scenarios/player/checks.hpp"
#include "scenarios/player/transcript.hpp"

namespace signalbox::player {

namespace {

constexpr duration virtual_tolerance = 100ms;
constexpr duration wire_tolerance = 1s;
constexpr duration rewritten_times = 10ms;  // are rounded to this
constexpr duration default_patience = 5s;   // of an expectation without a time
constexpr duration connect_patience = 10s;  // of what happens before the first step, and of `-> connect`
constexpr duration most_wire_time = 2min;   // a scenario that takes longer is not played on the wire
constexpr std::uint16_t actor_port = 2775;  // actors that are connected to listen at their own name

// The time that a scenario takes when everything comes as early as it may.
duration least_time(scenario const& what) {
  duration total{};
  for (auto const& s : what.steps) {
    auto const own = std::holds_alternative<act::expect_nothing>(s.what) ? s.when.latest : s.when.earliest;
    if (s.when.from == timing::origin::previous) total += own;
    if (s.when.from == timing::origin::start) total = std::max(total, own);
    auto const* c = std::get_if<act::check>(&s.what);
    if (c != nullptr && c->how == act::check::patience::throughout) total += c->during;
  }
  return total;
}

class run {
 public:
  run(scenario const& what, play_options const& options)
      : scenario_(what), seed_(options.seed.value_or(what.seed)), wire_chance_(seed_), make_wire_(options.wire) {
    auto& o = outcome_;
    o.path = what.path;
    o.title = what.title;
    o.from = what.from;
    o.must = what.level == scenario::level_kind::must;
    o.source = what.source;
    o.seed = seed_;
    o.wire = static_cast<bool>(make_wire_);
    o.steps = what.steps.size();
    o.repeat = "signalbox replay " + what.path + " --seed " + std::to_string(seed_) + (o.wire ? " --wire" : "");
    how_ = {what.engine.sms.smpp_encoding_gsm7, what.engine.sms.smpp_encoding_ucs2};
  }

  outcome play() {
    if (skipped()) return std::move(outcome_);
    if (set_stage()) {
      if (bind_all()) all_steps();
      finish();
    }
    return std::move(outcome_);
  }

 private:
  // -- before the first step

  bool skipped() {
    if (!make_wire_) return false;
    if (!scenario_.wire) outcome_.note = scenario_.wire_reason;
    if (!scenario_.smscs.empty()) outcome_.note = "needs a simulated SMSC, which lives in the virtual world";
    if (!scenario_.links.empty()) outcome_.note = "needs links of the virtual world";
    if (scenario_.date) outcome_.note = "needs a calendar of its own";
    if (auto const needs = least_time(scenario_); outcome_.note.empty() && needs > most_wire_time)
      outcome_.note = "takes " + signalbox::to_text(needs) + " of real time";
    if (outcome_.note.empty()) return false;
    outcome_.result = verdict::skipped;
    return true;
  }

  bool set_stage() {
    if (make_wire_) {
      auto made = make_wire_(scenario_.engine);
      if (!made) return error({}, {}, "a system to talk to", describe(made.error()));
      stage_ = std::move(*made);
    } else {
      simulators::world_settings settings{.seed = seed_};
      if (scenario_.date) settings.start = *scenario_.date;
      auto virtual_world = std::make_unique<simulators::world>(settings);
      world_ = virtual_world.get();
      stage_ = std::move(virtual_world);
      world_->run_engine(scenario_.engine);
    }
    outcome_.started = stage_->now().at;
    entropy& chance = world_ != nullptr ? world_->chance() : static_cast<entropy&>(wire_chance_);
    for (auto const& plan : scenario_.smscs) actors_.push_back(std::make_unique<actor>(plan, chance));
    for (auto const& plan : scenario_.esmes) actors_.push_back(std::make_unique<actor>(plan, chance));
    for (auto const& a : actors_) {
      stage_->join(a->name(), a->node());
      if (world_ != nullptr) world_->listen(a->node(), a->name(), actor_port, core::service::smpp);
    }
    for (auto const& link : scenario_.links) {
      std::vector<std::string> words{link.actor};
      if (!link.value.empty()) words.push_back(link.value);
      if (auto const done = stage_->inject(link.name, words); !done)
        return error(link.at, {}, "a property of links", describe(done.error()));
    }
    return true;
  }

  bool bind_all() {
    base_ = start_ = stage_->now().at;
    for (auto const& a : actors_) {
      if (!a->binds_first()) continue;
      auto const [host, port] = address_of(*a);
      if (auto const done = a->connect(host, port, true, *stage_); !done)
        return fail(a->given_at(), {}, a->name() + " connects", describe(done.error()));
    }
    auto const waits = [](std::unique_ptr<actor> const& a) { return a->binds_first() && !a->esme()->bound(); };
    auto const lost = [](std::unique_ptr<actor> const& a) {
      a->pull();
      return a->binds_first() && !a->closes().empty();
    };
    run_until(base_ + connect_patience,
              [&] { return std::ranges::none_of(actors_, waits) || std::ranges::any_of(actors_, lost); });
    if (std::ranges::any_of(actors_, waits) && nobody_there()) return false;
    for (auto const& a : actors_) {
      a->pull();
      if (waits(a))
        return fail(a->given_at(), {}, a->name() + " is bound before the first step",
                    a->messages().empty() ? "no answer to its bind" : words_of(a->messages().front()));
      if (a->binds_first() && !a->messages().empty()) a->messages().pop_front();  // the bind response
      if (a->esme() == nullptr) a->forget_messages();                             // the binds
    }
    base_ = start_ = stage_->now().at;
    return true;
  }

  // Asked when a connection to the system under test should stand: on the wire, has there been none at all?
  bool nobody_there() {
    auto const connected = [](auto const& a) { return a->esme() != nullptr && a->esme()->count().connections > 0; };
    if (!outcome_.wire || std::ranges::any_of(actors_, connected)) return false;
    outcome_.unreachable = true;
    error({}, {}, "somebody who answers at " + stage_->host() + ":" + std::to_string(stage_->port()), "no connection");
    return true;
  }

  std::pair<std::string, std::uint16_t> address_of(actor const& a) const {
    return a.target().empty() ? std::pair(stage_->host(), stage_->port()) : std::pair(a.target(), actor_port);
  }

  // -- the steps

  void all_steps() {
    for (index_ = 0; index_ < scenario_.steps.size(); ++index_) {
      auto const& s = scenario_.steps[index_];
      auto const due = s.when.from == timing::origin::start ? start_ + s.when.earliest : base_ + s.when.earliest;
      if (due > start_ + scenario_.limit) {
        error(s.at, s.text, "an end within " + signalbox::to_text(scenario_.limit) + " (limit: in the head)",
              "a later step");
        return;
      }
      if (!std::visit([&](auto const& what) { return take(s, what); }, s.what)) return;
      ++outcome_.steps_played;
    }
  }

  bool take(step const& s, act::send const& what) {
    wait_until(due(s));
    auto& a = actor_named(what.actor);
    a.pull();
    for (std::uint32_t n = 1; n <= what.repeat; ++n) {
      known_.bind("n", std::to_string(n));
      auto built = build(a.blank(what.message), what.fields, known_, how_);
      if (!built)
        return error(what.fields[built.error().index].what.at, s.text, built.error().expected, built.error().found);
      bool const numbered = std::ranges::any_of(what.fields, [](auto const& f) { return f.name == "sequence_number"; });
      bool as_it_is = numbered || (built->command_status != 0 && !smpp::is_response(what.message));
      if (!numbered && smpp::is_response(what.message)) {
        auto const request = what.answer_to.empty() ? a.last_request(what.message) : labels_[what.answer_to];
        if (request)
          built->sequence_number = *request;
        else
          return fail(s.at, s.text, "a request seen before, to be answered", "none");
      }
      auto const sent = a.send(*built, as_it_is, *stage_);
      if (!sent) return fail(s.at, s.text, s.text, describe(sent.error()));
      if (!what.label.empty()) labels_[what.label] = *sent;
    }
    base_ = stage_->now().at;
    return true;
  }

  bool take(step const& s, act::command const& what) {
    using verb = act::command::verb;
    wait_until(due(s));
    auto& a = actor_named(what.actor);
    result<void> done;
    if (what.what == verb::close) {
      a.close(*stage_);
    } else if (what.what == verb::octets) {
      done = a.send_octets(what.data, *stage_);
    } else {
      a.pull();
      auto const closes = a.closes().size();
      auto const [host, port] = address_of(a);
      done = a.connect(host, port, false, *stage_);
      if (done) {
        run_until(stage_->now().at + connect_patience, [&] {
          a.pull();
          return a.esme()->connected() || a.closes().size() > closes;
        });
        if (nobody_there()) return false;
      }
    }
    if (!done) return fail(s.at, s.text, s.text, describe(done.error()));
    base_ = stage_->now().at;
    return true;
  }

  bool take(step const& s, act::expect const& what) {
    auto const [earliest, latest] = window(s);
    auto& a = actor_named(what.actor);
    auto& queue = a.waiting(what.message);
    for (std::uint32_t n = 1; n <= what.repeat; ++n) {
      known_.bind("n", std::to_string(n));
      auto const candidate = [&]() -> std::optional<std::size_t> {  // the place of the arrival that this step takes
        a.pull();
        bool const in_order = !what.unordered && !is_housekeeping(what.message);
        for (std::size_t i = 0; i < queue.size(); ++i) {
          if (in_order) return i;
          auto const& x = queue[i];
          if (!x.pdu || smpp::id_of(*x.pdu) != what.message) continue;
          if (!what.unordered || differences(what, x).empty()) return i;
        }
        return std::nullopt;
      };
      run_until(latest, [&] { return candidate().has_value(); });
      auto const found = candidate();
      if (!found) return nothing_came(s, what);
      auto const seen = queue[*found];
      queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(*found));
      if (!seen.pdu || smpp::id_of(*seen.pdu) != what.message) return another_came(s, what, seen);
      if (auto wrong = differences(what, seen); !wrong.empty()) return differs(s, what, seen, std::move(wrong));
      if (seen.at < earliest || seen.at > latest) return untimely(s, what, seen, earliest, latest);
      for (auto& [name, text] : match(*seen.pdu, what.fields, known_, how_).bound) known_.bind(name, text);
      a.consumed(*seen.pdu);
      if (!what.label.empty()) labels_[what.label] = seen.pdu->sequence_number;
      base_ = std::max(base_, seen.at);
    }
    return true;
  }

  std::vector<mismatch> differences(act::expect const& what, arrival const& seen) const {
    auto all = match(*seen.pdu, what.fields, known_, how_).differences;
    if (what.answer_to.empty()) return all;
    auto const label = labels_.find(what.answer_to);
    auto const wanted = label == labels_.end() || !label->second ? 0 : *label->second;
    if (seen.pdu->sequence_number != wanted)
      all.push_back({what.fields.size(),
                     "sequence_number=" + std::to_string(wanted) + " (to=" + what.answer_to + ")",
                     "sequence_number=" + std::to_string(seen.pdu->sequence_number),
                     {}});
    return all;
  }

  bool take(step const& s, act::expect_closed const& what) {
    auto const [earliest, latest] = window(s);
    auto& a = actor_named(what.actor);
    run_until(latest, [&] {
      a.pull();
      return !a.closes().empty();
    });
    a.pull();
    if (!a.messages().empty() && (a.closes().empty() || a.messages().front().at <= a.closes().front()))
      return fail(s.at, s.text, expectation(s, "the connection is closed"), words_of(a.messages().front()));
    if (a.closes().empty())
      return fail(s.at, s.text, expectation(s, "the connection is closed"), "it is open at " + clock(stage_->now().at));
    auto const at = a.closes().front();
    a.closes().pop_front();
    if (at < earliest || at > latest)
      return fail(s.at, s.text, expectation(s, "the connection is closed"), "closed at " + clock(at));
    base_ = std::max(base_, at);
    return true;
  }

  bool take(step const& s, act::expect_nothing const& what) {
    auto& a = actor_named(what.actor);
    auto const until = s.when.from == timing::origin::start ? start_ + s.when.latest : base_ + s.when.latest;
    run_until(until, [&] {
      a.pull();
      return !a.messages().empty();
    });
    a.pull();
    if (!a.messages().empty()) {
      auto const& seen = a.messages().front();
      fail(s.at, s.text, "nothing arrives at " + what.actor + " until " + clock(until), words_of(seen));
      if (seen.pdu) correction().message = std::string(name_of(smpp::id_of(*seen.pdu)));
      return false;
    }
    base_ = stage_->now().at;
    return true;
  }

  bool take(step const& s, act::fault const& what) {
    wait_until(due(s));
    if (auto const done = stage_->inject(what.name, what.words); !done) {
      if (done.error().code == errc::not_supported && outcome_.wire) {
        ++outcome_.unchecked;
        return true;
      }
      return error(what.at, s.text, "a fault this stage can do", describe(done.error()));
    }
    base_ = stage_->now().at;
    return true;
  }

  bool take(step const& s, act::check const& what) {
    using patience = act::check::patience;
    using yes_no = check_result::answer;
    auto const answer = [&] { return check({*stage_, actors_, known_, [this] { return trace_text_now(); }}, what); };
    auto seen = answer();
    auto const until = stage_->now().at + what.during;
    if (what.how == patience::within && seen.holds == yes_no::no)
      run_until(until, [&] { return (seen = answer()).holds != yes_no::no; });
    if (what.how == patience::throughout && seen.holds == yes_no::yes)
      run_until(until, [&] { return (seen = answer()).holds != yes_no::yes; });
    if (what.how != patience::at_once && seen.holds != yes_no::unknown) seen = answer();
    if (seen.holds == yes_no::unknown) ++outcome_.unchecked;
    base_ = std::max(base_, stage_->now().at);
    if (seen.holds != yes_no::no) return true;
    return fail(s.at, s.text, s.text, seen.words);
  }

  // -- time

  instant due(step const& s) const {
    return s.when.from == timing::origin::start ? start_ + s.when.earliest : base_ + s.when.earliest;
  }

  std::pair<instant, instant> window(step const& s) const {
    auto const origin = s.when.from == timing::origin::start ? start_ : base_;
    auto const around = outcome_.wire ? wire_tolerance : virtual_tolerance;
    auto const tolerance = std::max(s.when.tolerance.value_or(around), outcome_.wire ? wire_tolerance : duration{0});
    if (s.when.from == timing::origin::none) return {start_ - connect_patience, base_ + default_patience};
    auto const behind = s.when.window && !outcome_.wire ? s.when.tolerance.value_or(0s) : tolerance;
    return {origin + s.when.earliest - tolerance, origin + s.when.latest + behind};
  }

  void wait_until(instant until) {
    if (stage_->now().at < until) stage_->run(until, [] { return false; });
  }
  void run_until(instant until, std::function<bool()> const& stop) {
    if (!stop() && stage_->now().at < until) stage_->run(until, stop);
  }
  std::string clock(instant at) const { return "@" + signalbox::to_text(std::max(at - start_, duration{0})); }

  // -- the end, good or bad

  bool nothing_came(step const& s, act::expect const& what) {
    fail(s.at, s.text, expectation(s, name_of(what.message)), "nothing until " + clock(stage_->now().at));
    correction().message = "nothing";
    return false;
  }
  bool another_came(step const& s, act::expect const& what, arrival const& seen) {
    fail(s.at, s.text, expectation(s, name_of(what.message)), words_of(seen));
    if (seen.pdu) correction().message = std::string(name_of(smpp::id_of(*seen.pdu)));
    return false;
  }
  bool differs(step const& s, act::expect const& what, arrival const& seen, std::vector<mismatch> wrong) {
    std::string expected, actual;
    for (auto const& w : wrong) {
      (expected += expected.empty() ? "" : ", ") += w.expected;
      (actual += actual.empty() ? "" : ", ") += w.actual;
    }
    auto const at = wrong.front().index < what.fields.size() ? what.fields[wrong.front().index].at : s.at;
    fail(at, s.text, expected, actual + "\n          in " + words_of(seen));
    correction().differences = std::move(wrong);
    return false;
  }
  bool untimely(step const& s, act::expect const& what, arrival const& seen, instant earliest, instant latest) {
    auto const range = " between " + clock(earliest) + " and " + clock(latest);
    fail(s.when.at, s.text, std::string(name_of(what.message)) + range, words_of(seen));
    auto const origin = s.when.from == timing::origin::start ? start_ : base_;
    auto const after = std::max(seen.at - origin, duration{0});
    bool const coarse = s.when.tolerance.value_or(virtual_tolerance) >= 2 * rewritten_times;
    correction().after = coarse ? (after + rewritten_times / 2) / rewritten_times * rewritten_times : after;
    return false;
  }

  std::string expectation(step const& s, std::string_view what) const {
    return std::string(what) + " until " + clock(window(s).second);
  }
  std::string words_of(arrival const& seen) const {
    return (seen.pdu ? smpp::to_text(*seen.pdu)
                     : "octets that are no PDU: " +
                           to_hex(octet_view(seen.raw).first(std::min<std::size_t>(seen.raw.size(), 64)))) +
           " at " + clock(seen.at);
  }

  player::correction& correction() {
    auto& fix = outcome_.why->fix;
    if (!fix) fix.emplace();
    fix->step = index_;
    return *fix;
  }

  bool fail(place at, std::string step_text, std::string expected, std::string actual) {
    outcome_.result = verdict::failed;
    outcome_.why = failure{scenario_.files[at.file], at.line,           at.column, std::move(step_text),
                           std::move(expected),      std::move(actual), {},        {}};
    return false;
  }
  bool error(place at, std::string step_text, std::string expected, std::string actual) {
    fail(at, std::move(step_text), std::move(expected), std::move(actual));
    outcome_.result = verdict::error;
    return false;
  }

  void finish() {
    outcome_.covered = stage_->now().at - outcome_.started;
    outcome_.trace = world_ != nullptr ? entries_of(world_->record()) : entries_of(actors_, stage_->port());
    if (!outcome_.why) return;
    for (auto const& a : actors_)  // a simulated SMSC is seen through its clients
      if (a->esme() != nullptr)
        outcome_.why->last.push_back({a->name(), last_lines(outcome_.trace, a->name(), outcome_.started)});
  }

  std::string trace_text_now() const {
    auto const entries = world_ != nullptr ? entries_of(world_->record()) : entries_of(actors_, stage_->port());
    return text_of_trace(entries, outcome_.started);
  }

  actor& actor_named(std::string_view name) {
    return **std::ranges::find_if(actors_, [&](auto const& a) { return a->name() == name; });
  }

  scenario const& scenario_;
  std::uint64_t seed_;
  seeded_entropy wire_chance_;
  stage_factory make_wire_;
  std::vector<std::unique_ptr<actor>> actors_;  // outlive the stage
  std::unique_ptr<simulators::stage> stage_;
  simulators::world* world_ = nullptr;
  names known_;
  std::map<std::string, std::optional<std::uint32_t>> labels_;
  spelling how_;
  instant start_, base_;
  std::size_t index_ = 0;
  outcome outcome_;
};

}  // namespace

outcome play(scenario const& what, play_options const& options) { return run(what, options).play(); }

}  // namespace signalbox::player
