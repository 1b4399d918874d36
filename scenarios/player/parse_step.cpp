// Steps: [TIME] ACTOR -> ..., [TIME] ACTOR <- ..., [TIME] fault ..., then ...
#include <re2/re2.h>

#include "engine/core/setting_rows.hpp"
#include "scenarios/player/counters.hpp"
#include "scenarios/player/dates.hpp"
#include "scenarios/player/match.hpp"
#include "scenarios/player/parsing.hpp"

namespace signalbox::player {

namespace {

class step_parser {
 public:
  step_parser(parsing& state, cursor& line, step s) : state_(state), line_(line), step_(std::move(s)) {}

  void run() {
    auto const before = state_.wrong.size();
    if (!time()) return;
    if (line_.accept("then")) {
      if (step_.when.from != timing::origin::none)
        return state_.complain(step_.when.at, "no time before `then` (write `then within 5s ...`)", "a time");
      check();
    } else if (line_.accept("fault")) {
      fault();
    } else {
      actor();
    }
    if (state_.wrong.size() == before && line_.finish()) state_.out.steps.push_back(std::move(step_));
  }

 private:
  // -- time: +2s, @3d, +0..5s, and `within 1s`

  bool time() {
    auto const* t = line_.peek();
    if (t == nullptr || t->is_argument() || t->what.quoted) return true;
    auto const text = t->what.literal();
    if (!text.starts_with('+') && !text.starts_with('@')) return true;
    auto& when = step_.when;
    when.from = text.starts_with('+') ? timing::origin::previous : timing::origin::start;
    when.at = t->at;
    when.length = t->length;
    auto const dots = text.find("..");
    auto const earliest = span_of(std::string_view(text).substr(1, dots == text.npos ? text.npos : dots - 1));
    auto const latest = dots == text.npos ? earliest : span_of(std::string_view(text).substr(dots + 2));
    if (!earliest || !latest || *latest < *earliest) {
      line_.complain("a time such as +2s, @3d or +0..5s");
      return false;
    }
    when.earliest = *earliest;
    when.latest = *latest;
    when.window = dots != text.npos;
    line_.next();
    if (!line_.accept("within")) return true;
    when.tolerance = span_word("a duration such as 500ms");
    return when.tolerance.has_value();
  }

  static std::optional<duration> span_of(std::string_view text) {
    auto const span = core::parse_duration(text);
    if (!span || *span < 0s || *span > longest_duration) return std::nullopt;
    return *span;
  }
  std::optional<duration> span_word(std::string expected) {
    auto const* t = line_.peek();
    if (t != nullptr && !t->is_argument() && !t->what.quoted) {
      if (auto const span = span_of(t->what.literal())) {
        line_.next();
        return span;
      }
    }
    line_.complain(std::move(expected));
    return std::nullopt;
  }

  // -- actors

  void actor() {
    auto const* name = line_.name("include, set, given, then, fault, a time or an actor");
    if (name == nullptr) return;
    actor_ = name->what.literal();
    if (!state_.has_actor(actor_)) return line_.complain_at(*name, "an actor given before");
    if (line_.accept("->")) return send();
    if (line_.accept("<-")) return expect();
    line_.complain("-> or <-");
  }

  void send() {
    if (step_.when.window) return state_.complain(step_.when.at, "one time, not a window, before ->", "a window");
    using verb = act::command::verb;
    auto const* what = line_.word("connect, close, octets 0x.. or a message such as submit_sm");
    if (what == nullptr) return;
    if (what->is("connect")) {
      step_.what = act::command{verb::connect, actor_, {}};
    } else if (what->is("close")) {
      step_.what = act::command{verb::close, actor_, {}};
    } else if (what->is("octets")) {
      auto const* data = line_.word("octets as 0x..");
      if (data == nullptr) return;
      auto const read = octets_written(data->what.literal());
      if (!read || !data->what.literal().starts_with("0x")) return line_.complain_at(*data, "octets as 0x..");
      step_.what = act::command{verb::octets, actor_, *read};
    } else if (auto const message = message_named(what->what.literal())) {
      send_message(*message);
    } else {
      line_.complain_at(*what, "connect, close, octets 0x.. or a message such as submit_sm");
    }
  }

  void send_message(smpp::command_id message) {
    act::send s;
    s.actor = actor_;
    s.message = message;
    if (!arguments(s, nullptr)) return;
    for (auto const& f : s.fields) {
      bool const sugar = is_send_word(message, f.name);
      auto const own = find_field(message, f.name);
      if (!sugar && (!own || own->is_list)) return unknown_field(f, message);
      if (f.how != comparison::equal) return state_.complain(f.at, "= (a send sets its fields)", shown(sign_of(f.how)));
      if (!known(f.what, s.repeat)) return;
      if (auto const name = f.what.binding(); name && !state_.bound.contains(*name))
        return state_.complain(f.what.at, "a name bound by a step before", shown("$" + *name));
    }
    if (!once(s.fields)) return;
    // Values that are known now are tried now.
    std::vector<argument> fixed;
    for (auto const& f : s.fields)
      if (f.what.fixed()) fixed.push_back(f);
    smpp::pdu const empty{.body = empty_body(message)};
    if (auto const built = build(empty, fixed, {}, {}); !built) {
      auto const& wrong = built.error();
      return state_.complain(fixed[wrong.index].what.at, wrong.expected, wrong.found);
    }
    step_.what = std::move(s);
  }

  void expect() {
    auto const* what = line_.word("nothing, closed or a message such as deliver_sm");
    if (what == nullptr) return;
    if (what->is("nothing")) {
      step_.what = act::expect_nothing{actor_};
      return;
    }
    if (what->is("closed")) {
      step_.what = act::expect_closed{actor_};
      return;
    }
    auto const message = message_named(what->what.literal());
    if (!message) return line_.complain_at(*what, "nothing, closed or a message such as deliver_sm");
    act::expect e;
    e.actor = actor_;
    e.message = *message;
    e.message_at = what->at;
    if (!arguments(e, &e.unordered)) return;
    std::set<std::string> binds;
    for (auto const& f : e.fields) {
      if (!is_expect_word(*message, f.name) && !find_field(*message, f.name)) return unknown_field(f, *message);
      if (!known(f.what, e.repeat) || !comparable(f, *message)) return;
      auto const name = f.what.binding();
      if (!name || state_.bound.contains(*name)) continue;
      if (f.how != comparison::equal)
        return state_.complain(f.what.at, "a name bound by a step before", shown("$" + *name));
      binds.insert(*name);
    }
    state_.bound.insert(binds.begin(), binds.end());
    step_.what = std::move(e);
  }

  // The arguments of a message; `as`, `to` and `repeat` are the language's own.
  template <class Step>
  bool arguments(Step& s, bool* unordered) {
    while (!line_.done()) {
      if (unordered != nullptr && line_.accept("unordered")) {
        *unordered = true;
        continue;
      }
      auto const& t = line_.next();
      if (!t.is_argument()) {
        line_.complain_at(t, unordered != nullptr ? "unordered, or a field as name=value" : "a field as name=value");
        return false;
      }
      if (t.name != "as" && t.name != "to" && t.name != "repeat") {
        s.fields.push_back({t.at, t.name, t.how, t.what});
        continue;
      }
      auto const text = t.what.literal();
      if (t.how != comparison::equal || !t.what.fixed()) {
        line_.complain_at(t, t.name + "=");
        return false;
      }
      if (t.name == "repeat") {
        auto const times = number_of(text, {});
        if (!times || *times == 0 || *times > max_repeat) {
          state_.complain(t.what.at, "a number from 1 to " + std::to_string(max_repeat), shown(text));
          return false;
        }
        s.repeat = static_cast<std::uint32_t>(*times);
      } else if (t.name == "as") {
        s.label = text;
      } else if (!state_.labels.contains(text)) {
        state_.complain(t.what.at, "a label given by as= before", shown(text));
        return false;
      } else {
        s.answer_to = text;
      }
    }
    if (!s.label.empty()) state_.labels.insert(s.label);
    return true;
  }

  bool once(std::vector<argument> const& fields) {
    std::set<std::string_view> seen;
    for (auto const& f : fields) {
      if (f.name.starts_with("tag_") || smpp::find_tlv_row(f.name) != nullptr || seen.insert(f.name).second) continue;
      state_.complain(f.at, "each field once", shown(f.name));
      return false;
    }
    return true;
  }

  bool known(value const& v, std::uint32_t repeat) {
    for (auto const& p : v.pieces) {
      if (p.what != piece::kind::variable || state_.bound.contains(p.text) || (repeat > 1 && p.text == "n")) continue;
      state_.complain(v.at, "a variable that is set or bound before", shown("${" + p.text + "}"));
      return false;
    }
    return true;
  }

  // Can this comparison ever be made with what is written?
  bool comparable(argument const& f, smpp::command_id message) {
    if (!f.what.fixed()) return true;
    auto const text = f.what.literal();
    if (!f.what.quoted && (text == "absent" || text == "present")) {
      if (f.how == comparison::equal || f.how == comparison::unequal) return true;
      state_.complain(f.at, "= or !=", shown(sign_of(f.how)));
      return false;
    }
    if (f.how == comparison::matches || f.how == comparison::differs) {
      re2::RE2 const pattern(text, re2::RE2::Quiet);
      if (pattern.ok()) return true;
      state_.complain(f.what.at, "a regular expression (" + pattern.error() + ")", shown(text));
      return false;
    }
    bool const orders = f.how != comparison::equal && f.how != comparison::unequal;
    auto const info = is_expect_word(message, f.name) ? std::nullopt : find_field(message, f.name);
    if (info && info->kind == field_kind::number) {
      auto const number = number_of(text, info->names);
      if (number && *number <= info->largest) return true;
      state_.complain(f.what.at, accepts(*info), shown(text));
      return false;
    }
    if (orders && !number_of(text, {})) {
      state_.complain(f.what.at, "a number", shown(text));
      return false;
    }
    if (info && info->kind == field_kind::octets && !octets_written(text)) {
      state_.complain(f.what.at, accepts(*info), shown(text));
      return false;
    }
    return true;
  }

  void unknown_field(argument const& f, smpp::command_id message) {
    state_.complain(f.at, "a field of " + std::string(name_of(message)), shown(f.name));
  }

  // -- fault NAME words...

  void fault() {
    act::fault f;
    auto const* name = line_.word("the fault's name");
    if (name == nullptr) return;
    f.at = name->at;
    f.name = name->what.literal();
    std::vector<place> places{name->at};
    while (!line_.done()) {
      auto const& t = line_.next();
      if (!t.what.fixed()) return line_.complain_at(t, "a word");
      f.words.push_back(t.is_argument() ? t.name + "=" + t.what.literal() : t.what.literal());
      places.push_back(t.at);
    }
    if (!fault_can_be_had(state_, f.name, f.words, places)) return;
    step_.what = std::move(f);
  }

  // -- then ...

  void check() {
    using kind = act::check::kind;
    act::check c;
    if (line_.accept("within"))
      c.how = act::check::patience::within;
    else if (line_.accept("for"))
      c.how = act::check::patience::throughout;
    if (c.how != act::check::patience::at_once) {
      auto const span = span_word("a duration such as 5s");
      if (!span) return;
      c.during = *span;
    }
    if (line_.accept({"store", "is", "empty"})) {
      c.what = kind::store_holds;
    } else if (line_.accept({"store", "holds"})) {
      c.what = kind::store_holds;
      if (!count(c)) return;
    } else if (line_.accept("engine")) {
      c.what = kind::counters;
      if (!counters(c)) return;
    } else if (line_.accept({"nothing", "else", "arrives"})) {
      c.what = kind::nothing_else;
    } else if (line_.accept({"trace", "contains"})) {
      c.what = kind::trace_contains;
      if (!trace_words(c)) return;
    } else if (line_.accept({"trace", "lacks"})) {
      c.what = kind::trace_lacks;
      if (!trace_words(c)) return;
    } else if (!received(c)) {
      return;
    }
    step_.what = std::move(c);
  }

  bool trace_words(act::check& c) {
    if (line_.done() || line_.peek()->is_argument()) {
      line_.complain("the words to look for, in quotes");
      return false;
    }
    c.text = line_.next().what;
    return known(c.text, 1);
  }

  bool received(act::check& c) {
    auto const* name = line_.name("store, engine, an actor, nothing else arrives, or trace");
    if (name == nullptr) return false;
    c.what = act::check::kind::received;
    c.actor = name->what.literal();
    if (!state_.has_actor(c.actor)) {
      line_.complain_at(*name, "store, engine, an actor given before, nothing else arrives, or trace");
      return false;
    }
    if (!line_.accept("received")) {
      line_.complain("received");
      return false;
    }
    if (!count(c)) return false;
    auto const* message = line_.word("a message such as deliver_sm");
    auto const id = message == nullptr ? std::nullopt : message_named(message->what.literal());
    if (!id) {
      if (message != nullptr) line_.complain_at(*message, "a message such as deliver_sm");
      return false;
    }
    c.message = *id;
    return true;
  }

  bool count(act::check& c) {  // N or N..M
    auto const* t = line_.word("a number, or two with .. between");
    if (t == nullptr) return false;
    auto const text = t->what.literal();
    auto const dots = text.find("..");
    auto const low = number_of(std::string_view(text).substr(0, dots), {});
    auto const high = dots == text.npos ? low : number_of(std::string_view(text).substr(dots + 2), {});
    if (!low || !high || *high < *low) {
      line_.complain_at(*t, "a number, or two with .. between");
      return false;
    }
    c.low = *low;
    c.high = *high;
    return true;
  }

  bool counters(act::check& c) {
    if (line_.done()) {
      line_.complain("a counter of the engine, such as delivered=1");
      return false;
    }
    while (!line_.done()) {
      auto const& t = line_.next();
      if (!t.is_argument() || !t.what.fixed()) {
        line_.complain_at(t, "a counter of the engine, such as delivered=1");
        return false;
      }
      if (find_counter(t.name) == nullptr) {
        state_.complain(t.at, "one of " + counter_names(), shown(t.name));
        return false;
      }
      if (!number_of(t.what.literal(), {})) {
        state_.complain(t.what.at, "a number", shown(t.what.literal()));
        return false;
      }
      c.counters.push_back({t.at, t.name, t.how, t.what});
    }
    return true;
  }

  parsing& state_;
  cursor& line_;
  step step_;
  std::string actor_;
};

}  // namespace

void parse_step(parsing& state, cursor& line, step s) { step_parser(state, line, std::move(s)).run(); }

}  // namespace signalbox::player
