// The lines of load scenarios: `given target`, `given generator`, `traffic`, `threshold`, `always`. What a message looks like is
// written with the words of a step that sends submit_sm (build.hpp); the rest of a traffic line says how many and when.
#include <algorithm>
#include <filesystem>

#include "engine/core/setting_rows.hpp"
#include "engine/smpp/codec.hpp"
#include "engine/text/gsm7.hpp"
#include "scenarios/player/build.hpp"
#include "scenarios/player/parsing.hpp"
#include "simulators/load/metrics.hpp"

namespace signalbox::player {

namespace {

load_part& load_of(parsing& state, place at) {
  if (!state.out.load) {
    state.out.load.emplace();
    state.out.load->at = at;
  }
  return *state.out.load;
}

constexpr std::string_view own_words[] = {"weight", "rate", "arrivals", "start", "duration", "count", "length",
                                          "dest",   "text", "encoding", "split", "segment",  "pcap"};
constexpr std::uint64_t most_messages = 1'000'000'000'000;  // of one line
constexpr std::uint32_t longest_text = 38'000;              // characters: 255 segments

// "512", "4KiB", "1.5MiB": octets.
std::optional<double> parse_memory(std::string_view text) {
  double factor = 1;
  for (auto const& [unit, octets] : {std::pair{"KiB", 1024.0}, {"MiB", 1024.0 * 1024}, {"GiB", 1024.0 * 1024 * 1024}})
    if (text.ends_with(unit)) {
      text.remove_suffix(3);
      factor = octets;
      break;
    }
  auto const number = core::parse_decimal(text);
  return number ? std::optional(*number * factor) : std::nullopt;
}

class traffic_line {
 public:
  traffic_line(parsing& state, load_part& load, place at) : state_(state), load_(load), at_(at) {}

  void read(cursor& line) {
    auto const* name = line.name("the traffic's name");
    if (name == nullptr) return;
    line_.name = name->what.literal();
    if (std::ranges::any_of(load_.plan.lines, [&](auto const& t) { return t.name == line_.name; }))
      return line.complain_at(*name, "a name that is not taken");
    if (!line.accept("from")) return line.complain("from ACTOR");
    auto const* actor = line.name("the sending ESME's name");
    if (actor == nullptr) return;
    auto const found = std::ranges::find(state_.out.esmes, actor->what.literal(), &esme_plan::name);
    if (found == state_.out.esmes.end() || !found->binds_first ||
        found->options.bind == smpp::command_id::bind_receiver)
      return line.complain_at(*actor, "an ESME given before, which binds to send");
    line_.actor = static_cast<std::size_t>(found - state_.out.esmes.begin());
    for (; !line.done(); line.next()) {
      auto const& t = *line.peek();
      if (!t.is_argument() || t.how != comparison::equal) return line.complain("key=value");
      if (std::ranges::find(own_words, t.name) == std::end(own_words)) {
        arguments_.push_back({t.at, t.name, t.how, t.what});
        continue;
      }
      if (t.name != "text" && !t.what.fixed())
        return state_.complain(t.what.at, "a value known here", shown(t.what.literal()));
      if (!take(t)) return;
    }
    finish();
  }

 private:
  bool refuse(token const& t, std::string expected) {
    state_.complain(t.what.at, std::move(expected), shown(t.what.literal()));
    return false;
  }

  bool take(token const& t) {
    auto const text = t.what.literal();
    if (t.name == "weight") {
      auto const w = core::parse_decimal(text);
      if (!w || *w <= 0) return refuse(t, "a weight above 0");
      line_.weight = *w;
      weighted_ = true;
    } else if (t.name == "rate") {
      auto const r = core::parse_decimal(text);
      if (!r || *r <= 0 || *r > 1e9) return refuse(t, "messages per second, above 0");
      rate_ = *r;
    } else if (t.name == "arrivals") {
      auto const l = load::parse_law(text);
      if (!l) return refuse(t, l.error().detail);
      law_ = *l;
    } else if (t.name == "duration") {
      auto const d = core::parse_duration(text);
      if (!d || *d <= 0s || *d > std::chrono::hours{24 * 30}) return refuse(t, "a duration such as 60s");
      lasts_ = *d;
    } else if (t.name == "start") {
      auto const d = core::parse_duration(text);
      if (!d || *d > std::chrono::hours{24 * 30}) return refuse(t, "a time after the run's start such as 20s");
      start_ = *d;
    } else if (t.name == "count") {
      auto const n = core::parse_number<std::uint64_t>(text, 0, most_messages);
      if (!n || *n == 0) return refuse(t, "a number of messages");
      count_ = *n;
    } else if (t.name == "pcap") {
      if (text.empty()) return refuse(t, "the file of a capture");
      line_.pcap = text;
    } else if (t.name == "length") {
      looks_ = true;
      return take_length(t, text);
    } else if (t.name == "dest") {
      looks_ = true;
      return take_destination(t, text);
    } else if (t.name == "text") {
      looks_ = true;
      return take_text(t);
    } else if (t.name == "encoding") {
      looks_ = true;
      if (!text::wire_encoding_of(text) && text != "auto" && text != "latin1")
        return refuse(t, "auto, gsm7, utf8, unicode or latin1");
      encoding_ = text;
    } else if (t.name == "split") {
      looks_ = true;
      if (text != "none" && text != "udh" && text != "sar") return refuse(t, "none, udh or sar");
      line_.split = text == "udh" ? load::splitting::udh : text == "sar" ? load::splitting::sar : load::splitting::none;
    } else {
      auto const n = core::parse_number<std::uint64_t>(text, 0, 254);
      if (!n || *n == 0) return refuse(t, "characters in a segment, 1 to 254");
      line_.segment = static_cast<std::uint32_t>(*n);
    }
    return true;
  }

  bool take_length(token const& t, std::string_view text) {
    auto const dots = text.find("..");
    auto const from = core::parse_number<std::uint64_t>(text.substr(0, dots), 0, longest_text);
    auto const to =
        dots == text.npos ? from : core::parse_number<std::uint64_t>(text.substr(dots + 2), 0, longest_text);
    if (!from || !to || *from == 0 || *to < *from) return refuse(t, "characters, 160 or 10..160");
    line_.shortest = static_cast<std::uint32_t>(*from);
    line_.longest = static_cast<std::uint32_t>(*to);
    return true;
  }

  // An address as steps write it, and behind it +N: so many numbers counting up.
  bool take_destination(token const& t, std::string text) {
    if (auto const plus = text.rfind('+'); plus != text.npos && plus > 0) {
      auto const n = core::parse_number<std::uint64_t>(std::string_view(text).substr(plus + 1), 0, 1'000'000'000'000);
      if (!n || *n == 0) return refuse(t, "a number of destinations behind +");
      line_.destinations = *n;
      text.resize(plus);
    }
    auto const a = parse_address(text);
    if (!a) return refuse(t, "an address such as 9960200000, +447700900001 or 1/1/9960200000+10000");
    line_.base.dest_addr_ton = a->ton;
    line_.base.dest_addr_npi = a->npi;
    line_.destination = a->digits;
    return true;
  }

  bool take_text(token const& t) {
    for (auto const& p : t.what.pieces) {
      auto& part = line_.counts ? line_.behind : line_.before;
      if (p.what == piece::kind::text) {
        part += p.text;
      } else if (p.what == piece::kind::variable && p.text == "n" && !line_.counts) {
        line_.counts = true;
      } else {
        return refuse(t, "text with ${n} at most once, and no other name");
      }
    }
    if (!is_utf8(line_.before + line_.behind)) return refuse(t, "UTF-8 text");
    if (!line_.behind.empty() && line_.behind[0] >= '0' && line_.behind[0] <= '9')
      return refuse(t, "no digit behind ${n}: the number could not be read back");
    return true;
  }

  void finish() {
    if (!line_.pcap.empty()) return replay();
    auto built =
        build({.command_status = smpp::ESME_ROK, .sequence_number = 1, .body = line_.base}, arguments_, {}, {});
    if (!built) {
      auto const& a = arguments_[built.error().index];
      return state_.complain(a.what.at, built.error().expected, built.error().found);
    }
    line_.base = std::get<smpp::submit_sm>(built->body);
    spell();
    if (!schedule()) return;
    // The longest message must encode; later nothing is checked.
    auto whole = line_;
    whole.shortest = whole.longest;
    load::message_maker maker(whole);
    octets data;
    load::drawn const trial{most_messages, 0};
    if (maker.segments(trial) > 255) return state_.complain(at_, "a text of at most 255 segments", shown(line_.name));
    for (std::uint32_t n = 0, all = maker.segments(trial); n < all; ++n)
      if (auto const done = smpp::encode({smpp::ESME_ROK, 1, maker.make(trial, n)}, data); !done)
        return state_.complain(at_, "a message that SMPP can carry", shown(describe(done.error())));
    auto const index = load_.plan.lines.size();
    load_.plan.lines.push_back(line_);
    if (joins_ != nullptr)
      joins_->lines.push_back(index);
    else
      load_.plan.streams.push_back({line_.actor, weighted_, *law_, {index}});
  }

  // What goes is in a capture, which the one who runs the plan reads; when it goes is, too, unless the line says it.
  void replay() {
    if (looks_ || weighted_ || line_.segment > 0 || !arguments_.empty()) {
      complain("nothing beside pcap= but rate=, arrivals=, start=, duration= and count=: the rest is recorded");
      return;
    }
    auto const file = std::filesystem::path(line_.pcap);
    auto const folder = std::filesystem::path(state_.out.files[at_.file]).parent_path();
    line_.pcap = (file.is_absolute() ? file : folder / file).lexically_normal().generic_string();
    if (!rate_ && !law_) law_ = load::schedule{.how = load::law::recorded, .rates_per_s = {}, .lasts = {}, .count = {}};
    if (!schedule()) return;
    load_.plan.streams.push_back({line_.actor, false, *law_, {load_.plan.lines.size()}});
    load_.plan.lines.push_back(line_);
  }

  // Which alphabet, and which octets for it: as a step's text=.
  void spell() {
    auto const words = line_.before + "0" + line_.behind;
    bool const coded = std::ranges::any_of(arguments_, [](auto const& a) { return a.name == "data_coding"; });
    if (coded) {
      line_.set = text::read_data_coding(line_.base.data_coding).set;
    } else {
      line_.set = text::count_septets_exactly(words) ? text::charset::gsm7 : text::charset::ucs2;
      line_.base.data_coding = text::plain_data_coding(line_.set);
    }
    auto const& centre = state_.out.engine.sms;
    auto wire = line_.set == text::charset::ucs2 ? centre.smpp_encoding_ucs2 : centre.smpp_encoding_gsm7;
    if (auto const asked = text::wire_encoding_of(encoding_)) wire = *asked;
    bool const octets8 = line_.set == text::charset::octets8 || line_.set == text::charset::unsupported;
    if (encoding_ == "latin1" || (octets8 && encoding_ == "auto"))
      line_.spelled = text::representation::latin1;
    else
      line_.spelled = text::on_the_wire(octets8 ? text::charset::gsm7 : line_.set, wire);
  }

  // When its messages go. The weighted lines of one actor share the schedule that the first of them has.
  bool schedule() {
    bool const own = rate_ || law_ || lasts_ || count_ || start_ > 0s;
    if (weighted_)
      for (auto& s : load_.plan.streams)
        if (s.actor == line_.actor && s.mixed) {
          if (own) return complain("a weight alone (the first weighted line of an actor has the schedule of all)");
          joins_ = &s;
          return true;
        }
    if (!lasts_ && !count_ && line_.pcap.empty()) return complain("duration=TIME or count=NUMBER");
    if (!law_)
      law_ = load::schedule{
          .how = rate_ ? load::law::constant : load::law::window, .rates_per_s = {}, .lasts = {}, .count = {}};
    bool const wants_rate = law_->how == load::law::constant || law_->how == load::law::poisson;
    if (wants_rate != rate_.has_value())
      return complain(wants_rate ? "rate=MESSAGES_PER_SECOND" : "no rate= (this law has none, or its own)");
    if ((law_->how == load::law::ramp || law_->how == load::law::step) && !lasts_) return complain("duration=TIME");
    if (rate_) law_->rates_per_s = {*rate_};
    law_->lasts = lasts_;
    law_->count = count_;
    law_->start = start_;
    return true;
  }

  bool complain(std::string expected) {
    state_.complain(at_, std::move(expected), shown(line_.name));
    return false;
  }

  parsing& state_;
  load_part& load_;
  place at_;
  load::traffic line_;
  std::vector<argument> arguments_;
  std::string encoding_ = "auto";
  bool weighted_ = false, looks_ = false;
  std::optional<double> rate_;
  std::optional<load::schedule> law_;
  std::optional<duration> lasts_;
  duration start_{};
  std::optional<std::uint64_t> count_;
  load::stream* joins_ = nullptr;
};

}  // namespace

void parse_traffic(parsing& state, cursor& line) {
  if (line.done()) return line.complain("the traffic's name");
  auto const at = line.peek()->at;
  traffic_line(state, load_of(state, at), at).read(line);
}

namespace {

// METRIC SIGN LIMIT, with or without blanks between them.
void condition(parsing& state, cursor& line, bool always) {
  if (line.done()) return line.complain(always ? "a metric such as errors" : "a metric such as submit_resp.p99");
  auto const& first = line.next();
  auto& load = load_of(state, first.at);
  load::threshold t;
  t.metric = first.is_argument() ? first.name : first.what.literal();
  auto sign = first.is_argument() ? std::string(sign_of(first.how)) : std::string();
  value const* limit = first.is_argument() ? &first.what : nullptr;
  if (limit == nullptr && !line.done() && !line.peek()->is_argument()) {
    sign = line.next().what.literal();
    if (!line.done() && !line.peek()->is_argument()) limit = &line.next().what;
  }
  if (limit == nullptr) return line.complain("a comparison and a limit, such as <= 10ms");
  auto const kind = always ? load::second_metric_of(t.metric).kind : load::kind_of(t.metric, load.plan.lines);
  if (kind == load::metric_kind::none)
    return line.complain_at(first,
                            always ? "a metric of one second such as errors, backlog, engine_memory or submit_resp.p99"
                                   : "a metric such as throughput, errors, submit_resp.p99 or TRAFFIC.deliver.p50");
  bool known = false;
  for (auto const b :
       {load::bound::at_most, load::bound::less, load::bound::at_least, load::bound::more, load::bound::equal})
    if (sign == load::sign_of(b)) t.how = b, known = true;
  if (!known) return line.complain_at(first, "one of <= < >= > = behind the metric");
  auto const text = limit->literal();
  auto const refuse = [&](std::string expected) { state.complain(limit->at, std::move(expected), shown(text)); };
  if (kind == load::metric_kind::time) {
    auto const span = core::parse_duration(text);
    if (!span) return refuse("a duration such as 10ms");
    t.limit = static_cast<double>(span->count());
  } else if (kind == load::metric_kind::memory) {
    auto const size = parse_memory(text);
    if (!size) return refuse("memory such as 4KiB or 100MiB");
    t.limit = *size;
  } else {
    auto const number = core::parse_decimal(text);
    if (!number) return refuse("a number");
    t.limit = *number;
  }
  if (!line.finish()) return;
  t.text = t.metric + " " + sign + " " + text;
  (always ? load.plan.always : load.plan.thresholds).push_back(std::move(t));
}

}  // namespace

void parse_threshold(parsing& state, cursor& line) { condition(state, line, false); }
void parse_always(parsing& state, cursor& line) { condition(state, line, true); }

void given_target(parsing& state, cursor& line) {
  auto const* where = line.word("HOST:PORT");
  if (where == nullptr) return;
  auto& load = load_of(state, where->at);
  load.target = where->what.literal();
  load.plan.tls = line.accept("tls") || load.plan.tls;
  line.finish();
}

void given_generator(parsing& state, cursor& line) {
  constexpr auto words = "lag_limit=, settle=, bind_patience=, warm_up=, resend=yes or tls=yes";
  if (line.done()) return line.complain(words);
  auto& plan = load_of(state, line.peek()->at).plan;
  while (!line.done()) {
    auto const& t = line.next();
    auto const text = t.what.literal();
    if (t.how == comparison::equal && (t.name == "resend" || t.name == "tls")) {
      auto const flag = core::parse_flag(text);
      if (!flag) return state.complain(t.what.at, "yes or no", shown(text));
      (t.name == "tls" ? plan.tls : plan.resend) = *flag;
      continue;
    }
    duration* const member = t.name == "lag_limit"       ? &plan.lag_limit
                             : t.name == "settle"        ? &plan.settle
                             : t.name == "bind_patience" ? &plan.bind_patience
                             : t.name == "warm_up"       ? &plan.warm_up
                                                         : nullptr;
    if (member == nullptr || t.how != comparison::equal) return line.complain_at(t, words);
    auto const span = core::parse_duration(text);
    if (!span || *span <= 0s) return state.complain(t.what.at, "a duration such as 5s", shown(text));
    *member = *span;
  }
}

void finish_load(parsing& state) {
  auto& load = *state.out.load;
  auto const complain = [&](std::string expected, std::string found) {
    state.complain(load.at, std::move(expected), std::move(found));
  };
  if (!state.out.steps.empty())
    return state.complain(state.out.steps.front().at, "no steps in a load scenario",
                          shown(state.out.steps.front().text));
  if (!state.out.smscs.empty() || !state.out.links.empty() || state.out.date)
    return complain("no smsc, link or date in a load scenario: its time and its sockets are real", "one");
  if (load.plan.lines.empty()) return complain("at least one traffic line", "none");
  if (auto const whole = core::check(state.out.engine); !whole)
    return complain("settings that fit together", describe(whole.error()));
  load.plan.title = state.out.title;
  load.plan.path = state.out.path;
  load.plan.seed = state.out.seed;
  // Lines name their actor by its place among the ESMEs; unbound ones do not become actors.
  std::vector<std::size_t> place_of;
  for (auto const& e : state.out.esmes) {
    place_of.push_back(load.plan.actors.size());
    if (!e.binds_first) continue;
    auto const& o = e.options;
    if (o.manual || o.send.count > 0)
      return state.complain(e.at, "no manual or count of an actor under load", shown(e.name));
    auto const entry = std::ranges::find(state.out.engine.esmes, e.name, &sms::esme::name);
    load.plan.actors.push_back({e.name, entry == state.out.engine.esmes.end() ? 1 : entry->sessions, o});
  }
  for (auto& t : load.plan.lines) t.actor = place_of[t.actor];
  for (auto& s : load.plan.streams) s.actor = place_of[s.actor];
}

}  // namespace signalbox::player
