// Faults by name, as `fault` lines of scenarios and tests give them. The table is what README.md lists.
#include <algorithm>

#include "engine/core/setting_rows.hpp"
#include "simulators/world/world.hpp"

namespace signalbox::simulators {

namespace {

using words = std::vector<std::string>;

result<void> wrong(std::size_t argument, std::string_view usage, std::string detail) {
  return failed(errc::bad_value, argument, "fault", detail + "; usage: " + std::string(usage));
}

}  // namespace

// One kind of fault. Those about actors run once for each of them; `*` names all.
struct world::fault_row {
  std::string_view name;
  std::string_view usage;
  bool of_actors;
  std::size_t least, most;  // arguments
  result<void> (*act)(world&, std::size_t who, words const& arguments, std::string_view usage);
};

namespace {

// The span that an argument gives, or a fault that names the argument.
result<duration> span_in(words const& arguments, std::size_t n, std::string_view usage) {
  auto const span = core::parse_duration(arguments[n]);
  if (!span)
    return std::unexpected(wrong(n, usage, "wants " + span.error().detail + ", not \"" + arguments[n] + "\"").error());
  return *span;
}

result<bool> switch_in(words const& arguments, std::size_t n, std::string_view usage) {
  if (n >= arguments.size() || arguments[n] == "on") return true;
  if (arguments[n] == "off") return false;
  return std::unexpected(wrong(n, usage, "wants on or off").error());
}

}  // namespace

std::span<world::fault_row const> world::fault_rows() {
  static constexpr fault_row rows[] = {
      {"cut", "cut ACTOR", true, 1, 1,
       [](world& w, std::size_t who, words const&, std::string_view) -> result<void> {
         w.cut_all(who, true);
         return {};
       }},
      {"refuse", "refuse ACTOR DURATION", true, 2, 2,
       [](world& w, std::size_t who, words const& a, std::string_view usage) -> result<void> {
         auto const span = span_in(a, 1, usage);
         if (!span) return std::unexpected(span.error());
         w.residents_[who].sky.refused_until = w.now_.at + *span;
         return {};
       }},
      {"stall", "stall ACTOR DURATION", true, 2, 2,
       [](world& w, std::size_t who, words const& a, std::string_view usage) -> result<void> {
         auto const span = span_in(a, 1, usage);
         if (!span) return std::unexpected(span.error());
         w.residents_[who].sky.stalled_until = w.now_.at + *span;
         return {};
       }},
      {"delay", "delay ACTOR DURATION", true, 2, 2,
       [](world& w, std::size_t who, words const& a, std::string_view usage) -> result<void> {
         auto const span = span_in(a, 1, usage);
         if (!span) return std::unexpected(span.error());
         w.residents_[who].sky.delay = *span > 0s ? std::optional(*span) : std::nullopt;
         return {};
       }},
      {"bytewise", "bytewise ACTOR [on|off]", true, 1, 2,
       [](world& w, std::size_t who, words const& a, std::string_view usage) -> result<void> {
         auto const on = switch_in(a, 1, usage);
         if (!on) return std::unexpected(on.error());
         w.residents_[who].sky.cut_up = *on ? weather::cutting::octets : weather::cutting::none;
         return {};
       }},
      {"rechunk", "rechunk ACTOR [on|off]", true, 1, 2,
       [](world& w, std::size_t who, words const& a, std::string_view usage) -> result<void> {
         auto const on = switch_in(a, 1, usage);
         if (!on) return std::unexpected(on.error());
         w.residents_[who].sky.cut_up = *on ? weather::cutting::random : weather::cutting::none;
         return {};
       }},
      {"merge", "merge ACTOR DURATION", true, 2, 2,
       [](world& w, std::size_t who, words const& a, std::string_view usage) -> result<void> {
         auto const span = span_in(a, 1, usage);
         if (!span) return std::unexpected(span.error());
         w.residents_[who].sky.merge = *span;
         return {};
       }},
      {"random", "random ACTOR DURATION", true, 2, 2,
       [](world& w, std::size_t who, words const& a, std::string_view usage) -> result<void> {
         auto const span = span_in(a, 1, usage);
         if (!span) return std::unexpected(span.error());
         auto const running = w.residents_[who].random_until.has_value();
         w.residents_[who].random_until = w.now_.at + *span;
         if (!running) w.calendar_.add(w.now_.at, weather_changes{who});
         return {};
       }},
      {"calm", "calm ACTOR", true, 1, 1,
       [](world& w, std::size_t who, words const&, std::string_view) -> result<void> {
         w.residents_[who].sky = {};
         if (w.residents_[who].random_until) w.residents_[who].random_until = w.now_.at;
         return {};
       }},
      {"storage", "storage fail COUNT | storage delay DURATION | storage stall DURATION", false, 2, 2,
       [](world& w, std::size_t, words const& a, std::string_view usage) -> result<void> {
         if (a[0] == "fail") {
           auto const count = core::parse_number<std::uint64_t>(a[1]);
           if (!count) return wrong(1, usage, "wants " + count.error().detail);
           w.commits_to_fail_ = *count;
           return {};
         }
         if (a[0] != "delay" && a[0] != "stall") return wrong(0, usage, "wants fail, delay or stall");
         auto const span = span_in(a, 1, usage);
         if (!span) return std::unexpected(span.error());
         if (a[0] == "delay")
           w.commit_delay_ = *span > 0s ? std::optional(*span) : std::nullopt;
         else
           w.storage_stalled_until_ = w.now_.at + *span;
         return {};
       }},
      {"crash", "crash [DOWNTIME]", false, 0, 1,
       [](world& w, std::size_t, words const& a, std::string_view usage) -> result<void> {
         duration downtime = 1s;
         if (!a.empty()) {
           auto const span = span_in(a, 0, usage);
           if (!span) return std::unexpected(span.error());
           downtime = *span;
         }
         w.crash(downtime);
         return {};
       }},
      {"drain", "drain", false, 0, 0,
       [](world& w, std::size_t, words const&, std::string_view) -> result<void> {
         w.drain();
         return {};
       }},
  };
  return rows;
}

result<void> world::inject(std::string_view fault_name, std::vector<std::string> const& arguments) {
  auto const rows = fault_rows();
  auto const row = std::find_if(rows.begin(), rows.end(), [&](fault_row const& r) { return r.name == fault_name; });
  if (row == rows.end()) {
    std::string all;
    for (auto const& r : rows) (all += all.empty() ? "" : ", ") += r.name;
    return failed(errc::not_found, 0, "fault",
                  "no fault is called \"" + std::string(fault_name) + "\"; there are " + all);
  }
  if (arguments.size() < row->least || arguments.size() > row->most)
    return wrong(arguments.size(), row->usage, "wrong number of arguments");
  std::vector<std::size_t> whom{system_place};
  if (row->of_actors) {
    whom = actors_named(arguments[0]);
    if (whom.empty()) return wrong(0, row->usage, "no actor is called \"" + arguments[0] + "\"");
  }
  for (auto const who : whom)
    if (auto const done = row->act(*this, who, arguments, row->usage); !done) return done;
  std::string said(fault_name);
  for (auto const& word : arguments) said += " " + word;
  note(trace_entry::kind::fault, std::move(said));
  return {};
}

// The fault "random": every now and then something else goes wrong, until its time is over.
void world::happen(weather_changes const& what) {
  auto& r = residents_[what.who];
  if (!r.random_until) return;
  if (*r.random_until <= now_.at) {
    r.random_until.reset();
    r.sky = {};
    return;
  }
  auto const some = [this](duration longest) {
    return duration(static_cast<duration::rep>(chance_.below(static_cast<std::uint64_t>(longest.count()) + 1)));
  };
  switch (chance_.below(8)) {
    case 0: cut_all(what.who, chance_.one_in(2)); break;
    case 1:
      cut_all(what.who, chance_.one_in(2));
      r.sky.refused_until = now_.at + some(2s);
      break;
    case 2:  r.sky.stalled_until = now_.at + some(3s); break;
    case 3:  r.sky.delay = some(400ms); break;
    case 4:  r.sky.cut_up = weather::cutting::octets; break;
    case 5:  r.sky.cut_up = weather::cutting::random; break;
    case 6:  r.sky.merge = some(200ms); break;
    default: r.sky = {}; break;
  }
  calendar_.add(std::min(now_.at + 10ms + some(1500ms), *r.random_until), what);
}

}  // namespace signalbox::simulators
