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

// One kind of fault. Those about actors run once for each of them; `*` names all. `act` sees checked arguments only.
struct world::fault_row {
  std::string_view name;
  std::string_view usage;
  bool of_actors;
  std::size_t least, most;  // arguments
  result<void> (*check)(words const& arguments, std::string_view usage);
  void (*act)(world&, std::size_t who, words const& arguments);
};

namespace {

// -- what may stand behind a name; a fault names the argument

result<void> nothing(words const&, std::string_view) { return {}; }

template <std::size_t N>
result<void> a_span(words const& arguments, std::string_view usage) {
  if (N >= arguments.size()) return {};
  auto const span = core::parse_duration(arguments[N]);
  if (!span) return wrong(N, usage, "wants " + span.error().detail + ", not \"" + arguments[N] + "\"");
  return {};
}

result<void> a_switch(words const& arguments, std::string_view usage) {
  if (arguments.size() < 2 || arguments[1] == "on" || arguments[1] == "off") return {};
  return wrong(1, usage, "wants on or off");
}

result<void> of_storage(words const& arguments, std::string_view usage) {
  if (arguments[0] == "delay" || arguments[0] == "stall") return a_span<1>(arguments, usage);
  if (arguments[0] != "fail") return wrong(0, usage, "wants fail, delay or stall");
  auto const count = core::parse_number<std::uint64_t>(arguments[1]);
  if (!count) return wrong(1, usage, "wants " + count.error().detail);
  return {};
}

duration span_in(words const& arguments, std::size_t n) { return *core::parse_duration(arguments[n]); }
bool switch_in(words const& arguments) { return arguments.size() < 2 || arguments[1] == "on"; }
// Nothing, rather than a delay of no time: the world's own delay then.
std::optional<duration> if_any(duration span) { return span > 0s ? std::optional(span) : std::nullopt; }

}  // namespace

std::span<world::fault_row const> world::fault_rows() {
  using cutting = weather::cutting;
  static constexpr fault_row rows[] = {
      {"cut", "cut ACTOR", true, 1, 1, nothing, [](world& w, std::size_t who, words const&) { w.cut_all(who, true); }},
      {"refuse", "refuse ACTOR DURATION", true, 2, 2, a_span<1>,
       [](world& w, std::size_t who, words const& a) {
         w.residents_[who].sky.refused_until = w.now_.at + span_in(a, 1);
       }},
      {"stall", "stall ACTOR DURATION", true, 2, 2, a_span<1>,
       [](world& w, std::size_t who, words const& a) {
         w.residents_[who].sky.stalled_until = w.now_.at + span_in(a, 1);
       }},
      {"delay", "delay ACTOR DURATION", true, 2, 2, a_span<1>,
       [](world& w, std::size_t who, words const& a) { w.residents_[who].sky.delay = if_any(span_in(a, 1)); }},
      {"bytewise", "bytewise ACTOR [on|off]", true, 1, 2, a_switch,
       [](world& w, std::size_t who, words const& a) {
         w.residents_[who].sky.cut_up = switch_in(a) ? cutting::octets : cutting::none;
       }},
      {"rechunk", "rechunk ACTOR [on|off]", true, 1, 2, a_switch,
       [](world& w, std::size_t who, words const& a) {
         w.residents_[who].sky.cut_up = switch_in(a) ? cutting::random : cutting::none;
       }},
      {"merge", "merge ACTOR DURATION", true, 2, 2, a_span<1>,
       [](world& w, std::size_t who, words const& a) { w.residents_[who].sky.merge = span_in(a, 1); }},
      {"random", "random ACTOR DURATION", true, 2, 2, a_span<1>,
       [](world& w, std::size_t who, words const& a) {
         auto const running = w.residents_[who].random_until.has_value();
         w.residents_[who].random_until = w.now_.at + span_in(a, 1);
         if (!running) w.calendar_.add(w.now_.at, weather_changes{who});
       }},
      {"calm", "calm ACTOR", true, 1, 1, nothing,
       [](world& w, std::size_t who, words const&) {
         w.residents_[who].sky = {};
         if (w.residents_[who].random_until) w.residents_[who].random_until = w.now_.at;
       }},
      {"storage", "storage fail COUNT | storage delay DURATION | storage stall DURATION", false, 2, 2, of_storage,
       [](world& w, std::size_t, words const& a) {
         if (a[0] == "fail")
           w.commits_to_fail_ = *core::parse_number<std::uint64_t>(a[1]);
         else if (a[0] == "delay")
           w.commit_delay_ = if_any(span_in(a, 1));
         else
           w.storage_stalled_until_ = w.now_.at + span_in(a, 1);
       }},
      {"crash", "crash [DOWNTIME]", false, 0, 1, a_span<0>,
       [](world& w, std::size_t, words const& a) { w.crash(a.empty() ? duration{1s} : span_in(a, 0)); }},
      {"drain", "drain", false, 0, 0, nothing, [](world& w, std::size_t, words const&) { w.drain(); }},
  };
  return rows;
}

result<world::fault_row const*> world::find_fault(std::string_view fault_name, words const& arguments,
                                                  std::function<bool(std::string_view)> const& is_actor) {
  auto const rows = fault_rows();
  auto const row = std::find_if(rows.begin(), rows.end(), [&](fault_row const& r) { return r.name == fault_name; });
  if (row == rows.end()) {
    std::string all;
    for (auto const& r : rows) (all += all.empty() ? "" : ", ") += r.name;
    return failed(errc::not_found, 0, "fault",
                  "no fault is called \"" + std::string(fault_name) + "\"; there are " + all);
  }
  if (arguments.size() < row->least || arguments.size() > row->most)
    return std::unexpected(wrong(arguments.size(), row->usage, "wrong number of arguments").error());
  if (row->of_actors && arguments[0] != "*" && !is_actor(arguments[0]))
    return std::unexpected(wrong(0, row->usage, "no actor is called \"" + arguments[0] + "\"").error());
  if (auto const fine = row->check(arguments, row->usage); !fine) return std::unexpected(fine.error());
  return &*row;
}

result<void> world::check_fault(std::string_view fault_name, words const& arguments,
                                std::function<bool(std::string_view)> const& is_actor) {
  auto const row = find_fault(fault_name, arguments, is_actor);
  if (!row) return std::unexpected(row.error());
  return {};
}

result<void> world::inject(std::string_view fault_name, words const& arguments) {
  auto const row =
      find_fault(fault_name, arguments, [this](std::string_view name) { return !actors_named(name).empty(); });
  if (!row) return std::unexpected(row.error());
  std::vector<std::size_t> whom{system_place};
  if ((*row)->of_actors) whom = actors_named(arguments[0]);
  for (auto const who : whom) (*row)->act(*this, who, arguments);
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
