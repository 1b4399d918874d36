// Given lines: how the engine is configured, and who takes part.
#include <algorithm>

#include "engine/core/setting_rows.hpp"
#include "scenarios/player/dates.hpp"
#include "scenarios/player/message_fields.hpp"
#include "scenarios/player/parsing.hpp"
#include "simulators/world/world.hpp"

namespace signalbox::player {

namespace {

void given_engine(parsing& state, cursor& line) {
  if (line.done()) return line.complain("settings of the engine as key=value");
  while (!line.done()) {
    auto const& t = line.next();
    if (!t.is_argument() || t.how != comparison::equal || !t.what.fixed()) return line.complain_at(t, "key=value");
    if (!set_row(state, core::smpp_rows(), state.out.engine.smpp, t.name, t) &&
        !set_row(state, core::sms_rows(), state.out.engine.sms, t.name, t))
      state.complain(t.at, "a setting of the engine", shown(t.name));
  }
}

void given_date(parsing& state, cursor& line) {
  auto const* t = line.word("a date such as 2026-01-01T00:00:00Z");
  if (t == nullptr) return;
  state.out.date = parse_date(t->what.literal());
  if (!state.out.date) return line.complain_at(*t, "a date such as 2026-01-01T00:00:00Z");
  line.finish();
}

void given_account(parsing& state, cursor& line) {
  auto const* name = line.name("the account's name");
  if (name == nullptr) return;
  if (!line.accept("network")) return line.complain("network NUMBER");
  auto const* number = line.word("the network's number");
  if (number == nullptr) return;
  auto const network = number_of(number->what.literal(), {});
  if (!network || *network > INT32_MAX) return line.complain_at(*number, "the network's number");
  state.accounts[name->what.literal()] = network_id{static_cast<std::int32_t>(*network)};
  line.finish();
}

// A step that begins with one of these is another step, and the world calls the system under test "engine".
constexpr std::string_view reserved[] = {"engine", "store", "nothing", "trace", "include",
                                         "set",    "given", "then",    "fault"};

bool new_actor(parsing& state, cursor& line, token const& name) {
  auto const text = name.what.literal();
  if (std::ranges::find(reserved, text) != std::end(reserved)) {
    line.complain_at(name, "a name that is no word of the language");
    return false;
  }
  bool const configured = std::ranges::any_of(state.out.engine.esmes, [&](auto const& e) { return e.name == text; });
  if (!state.has_actor(text) && !configured) return true;
  line.complain_at(name, "a name that is not taken");
  return false;
}

// What a `given esme` line says, before it is known whether the engine hears of it.
struct esme_line {
  sms::esme entry;
  esme_plan plan;
  bool only_configured = false;
  bool in_engine = true;
  std::vector<token const*> keys;
};

bool esme_words(parsing& state, cursor& line, esme_line& e) {
  using smpp::command_id;
  while (!line.done()) {
    if (line.accept("transceiver")) {
      e.plan.options.bind = command_id::bind_transceiver;
    } else if (line.accept("transmitter")) {
      e.plan.options.bind = command_id::bind_transmitter;
    } else if (line.accept("receiver")) {
      e.plan.options.bind = command_id::bind_receiver;
    } else if (line.accept("unbound")) {
      e.plan.binds_first = false;
    } else if (line.accept({"only", "configured"})) {
      e.only_configured = true;
    } else if (line.accept("of")) {
      auto const* account = line.name("the account's name");
      if (account == nullptr) return false;
      auto const known = state.accounts.find(account->what.literal());
      if (known == state.accounts.end()) {
        line.complain_at(*account, "an account given before");
        return false;
      }
      e.entry.network = known->second;
    } else if (line.accept("like")) {
      auto const* other = line.name("another ESME's name");
      if (other == nullptr) return false;
      auto const known = std::ranges::find(state.out.esmes, other->what.literal(), &esme_plan::name);
      if (known == state.out.esmes.end()) {
        line.complain_at(*other, "an ESME given before");
        return false;
      }
      auto const bind = e.plan.options.bind;
      e.plan.options = known->options;
      if (bind != simulators::esme_options{}.bind) e.plan.options.bind = bind;
      e.plan.target = known->target;
      e.in_engine = false;
    } else if (line.accept({"connects", "to"})) {
      auto const* smsc = line.name("a simulated SMSC's name");
      if (smsc == nullptr) return false;
      e.plan.target = smsc->what.literal();
      e.in_engine = false;
      if (std::ranges::find(state.out.smscs, e.plan.target, &smsc_plan::name) == state.out.smscs.end()) {
        line.complain_at(*smsc, "a simulated SMSC given before");
        return false;
      }
    } else {
      auto const& t = line.next();
      auto const key = t.is_argument() ? t.name : t.what.literal();
      auto const* row = core::find_row(simulators::esme_rows(), key);
      bool const flag = !t.is_argument() && row != nullptr && row->kind == core::setting_kind::flag;
      if (!flag && (!t.is_argument() || t.how != comparison::equal || !t.what.fixed())) {
        line.complain_at(t,
                         "transceiver, transmitter, receiver, unbound, only configured, of ACCOUNT, like ESME, "
                         "connects to SMSC, or key=value");
        return false;
      }
      e.keys.push_back(&t);
    }
  }
  return true;
}

void given_esme(parsing& state, cursor& line) {
  auto const* name = line.name("the ESME's name");
  if (name == nullptr || !new_actor(state, line, *name)) return;
  esme_line e;
  e.plan.at = name->at;
  e.plan.name = e.entry.name = name->what.literal();
  e.plan.options.password.clear();
  if (!esme_words(state, line, e)) return;

  constexpr std::string_view prefix = "actor.";
  for (auto const* t : e.keys) {  // the engine's keys first: its credentials are the actor's too
    auto const key = t->is_argument() ? t->name : t->what.literal();
    if (key.starts_with(prefix)) continue;
    if (e.in_engine && set_row(state, core::esme_rows(), e.entry, key, *t)) continue;
    if (!set_row(state, simulators::esme_rows(), e.plan.options, key, *t))
      state.complain(t->at, "a setting of an ESME", shown(key));
  }
  if (e.in_engine) {
    e.plan.options.system_id = e.entry.login();
    e.plan.options.password = e.entry.password;
    state.out.engine.esmes.push_back(e.entry);
  }
  for (auto const* t : e.keys) {
    auto const key = t->is_argument() ? t->name : t->what.literal();
    if (!key.starts_with(prefix)) continue;
    if (!set_row(state, simulators::esme_rows(), e.plan.options, std::string_view(key).substr(prefix.size()), *t))
      state.complain(t->at, "a setting of a simulated ESME", shown(key));
  }
  if (!e.only_configured) state.out.esmes.push_back(std::move(e.plan));
}

void given_smsc(parsing& state, cursor& line) {
  auto const* name = line.name("the SMSC's name");
  if (name == nullptr || !new_actor(state, line, *name)) return;
  smsc_plan plan{name->at, name->what.literal(), {}};
  while (!line.done()) {
    auto const& t = line.next();
    if (!t.is_argument() || t.how != comparison::equal || !t.what.fixed()) return line.complain_at(t, "key=value");
    if (!set_row(state, simulators::smsc_rows(), plan.options, t.name, t))
      state.complain(t.at, "a setting of a simulated SMSC", shown(t.name));
  }
  state.out.smscs.push_back(std::move(plan));
}

void given_link(parsing& state, cursor& line) {
  auto const* name = line.name("an actor's name");
  if (name == nullptr) return;
  auto const actor = name->what.literal();
  if (!state.has_actor(actor)) return line.complain_at(*name, "an actor given before");
  if (line.done()) return line.complain("delay=.., jitter=.., bytewise or another property of links");
  while (!line.done()) {
    auto const& t = line.next();
    if (t.how != comparison::equal || !t.what.fixed()) return line.complain_at(t, "a word or key=value");
    link_plan plan{t.at, actor, t.is_argument() ? t.name : t.what.literal(), {}};
    std::vector<std::string> words{actor};
    if (t.is_argument()) words.push_back(plan.value = t.what.literal());
    if (!fault_can_be_had(state, plan.name, words, {t.at, name->at, t.is_argument() ? t.what.at : t.at})) return;
    state.out.links.push_back(std::move(plan));
  }
}

struct given_word {
  std::string_view name;
  void (*read)(parsing&, cursor&);
};
constexpr given_word given_words[] = {
    {"engine", given_engine}, {"date", given_date}, {"account", given_account}, {"esme", given_esme},
    {"smsc", given_smsc},     {"link", given_link}, {"target", given_target},   {"generator", given_generator},
};

}  // namespace

std::optional<std::string> counted_in(std::string_view ending, std::string_view text) {
  auto const span = core::parse_duration(text);
  duration const unit = ending == "_s" ? duration{1s} : duration{1ms};
  if (!span || *span % unit != duration{0}) return std::nullopt;
  return std::to_string(*span / unit);
}

bool fault_can_be_had(parsing& state, std::string const& name, std::vector<std::string> const& words,
                      std::vector<place> const& places) {
  auto const known = [&](std::string_view actor) { return state.has_actor(actor); };
  auto const done = simulators::world::check_fault(name, words, known);
  if (done) return true;
  auto const& why = done.error();
  bool const of_a_word = why.code != errc::not_found && why.offset < words.size();
  state.complain(places[of_a_word ? why.offset + 1 : 0], "a fault that can be had: " + why.detail,
                 shown(of_a_word ? words[why.offset] : name));
  return false;
}

void parse_given(parsing& state, cursor& line) {
  if (!state.out.steps.empty()) return line.complain("a step (given lines stand before the first step)");
  if (state.out.load && !state.out.load->plan.lines.empty())
    return line.complain("traffic or threshold (given lines stand before the first traffic line)");
  for (auto const& word : given_words)
    if (line.accept(word.name)) return word.read(state, line);
  line.complain("engine, date, account, esme, smsc, link, target or generator");
}

}  // namespace signalbox::player
