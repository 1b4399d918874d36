// See build.hpp.
#include "scenarios/player/build.hpp"

#include <algorithm>

#include "engine/core/setting_rows.hpp"
#include "engine/smpp/dates.hpp"
#include "scenarios/player/lexer.hpp"

namespace signalbox::player {

namespace {

constexpr std::size_t short_message_limit = 254;  // SMPP 3.4, 5.2.21

std::uint64_t number_in(smpp::pdu const& p, std::string_view name) {
  auto const v = read_field(p, name);
  return v ? v->number : 0;
}

class builder {
 public:
  builder(smpp::pdu base, std::span<argument const> arguments, names const& known, spelling const& how)
      : pdu_(std::move(base)), arguments_(arguments), known_(known), how_(how) {}

  std::expected<smpp::pdu, wrong_argument> run() {
    for (index_ = 0; index_ < arguments_.size() && !wrong_; ++index_)
      if (!is_send_word(smpp::id_of(pdu_), arguments_[index_].name)) plain();
    for (index_ = 0; index_ < arguments_.size() && !wrong_; ++index_)
      if (is_send_word(smpp::id_of(pdu_), arguments_[index_].name)) word();
    if (!wrong_ && (text_ || udh_)) put_text();
    if (wrong_) return std::unexpected(*wrong_);
    return std::move(pdu_);
  }

 private:
  void plain() { set(arguments_[index_].name, now()); }

  void word() {
    auto const& name = arguments_[index_].name;
    auto const text = now();
    if (name == "dest" && smpp::id_of(pdu_) == smpp::command_id::submit_multi) {
      destinations(text);
    } else if (name == "dest" || name == "source") {
      one_address(name, text);
    } else if (name == "validity" || name == "schedule") {
      auto const span = core::parse_duration(text);
      if (!span || *span > std::chrono::hours{24 * 99}) return refuse("a duration such as 5m");
      set(name == "validity" ? "validity_period" : "schedule_delivery_time", smpp::format_relative(*span));
    } else if (name == "text") {
      if (!is_utf8(text)) return refuse("UTF-8 text (use short_message= for octets)");
      text_ = index_;
    } else if (name == "encoding") {
      auto const wire = text::wire_encoding_of(text);
      if (!wire && text != "auto" && text != "latin1") return refuse("auto, gsm7, utf8, unicode or latin1");
      encoding_ = text;
    } else {
      auto const header = octets_written(text);
      if (!header || !text.starts_with("0x")) return refuse("a user data header as 0x..");
      udh_ = *header;
    }
  }

  void one_address(std::string const& name, std::string const& text) {
    auto const a = parse_address(text);
    if (!a) return refuse("an address such as +447700900001, Acme or 2/8/0123");
    auto const prefix = name == "source" ? std::string("source_addr") : std::string("dest_addr");
    set(prefix + "_ton", std::to_string(a->ton));
    set(prefix + "_npi", std::to_string(a->npi));
    set(name == "source" ? "source_addr" : "destination_addr", a->digits);
  }

  void destinations(std::string const& text) {
    auto& list = std::get<smpp::submit_multi>(pdu_.body).dest_address;
    for (auto const part : core::split_list(text)) {
      smpp::destination d;
      if (part.starts_with("list:")) {
        d.dest_flag = smpp::dest_flag_list;
        d.dl_name = part.substr(5);
      } else {
        auto const a = parse_address(part);
        if (!a) return refuse("addresses with commas between");
        d.dest_addr_ton = a->ton;
        d.dest_addr_npi = a->npi;
        d.destination_addr = a->digits;
      }
      list.push_back(d);
    }
  }

  void put_text() {
    auto const words = text_ ? known_.resolve(arguments_[*text_].what) : std::string();
    bool const coded = std::ranges::any_of(arguments_, [](auto const& a) { return a.name == "data_coding"; });
    auto const has_coding = find_field(smpp::id_of(pdu_), "data_coding").has_value();
    auto set_of_text = text::read_data_coding(static_cast<std::uint8_t>(number_in(pdu_, "data_coding"))).set;
    if (!coded && text_) {
      set_of_text = text::count_septets_exactly(words) ? text::charset::gsm7 : text::charset::ucs2;
      if (has_coding) set("data_coding", std::to_string(text::plain_data_coding(set_of_text)));
    }
    auto wire = wire_of(set_of_text, how_);
    if (auto const asked = text::wire_encoding_of(encoding_)) {
      wire = *asked;
      if (set_of_text == text::charset::octets8) set_of_text = text::charset::gsm7;  // an explicit spelling wins
    }
    auto body = encoding_ == "latin1" || set_of_text == text::charset::unsupported
                    ? text::latin1_of(words).data
                    : text::text_to_wire(words, set_of_text, wire);
    if (udh_) {
      body.insert(body.begin(), udh_->begin(), udh_->end());
      set("esm_class", std::to_string(number_in(pdu_, "esm_class") | smpp::esm::udhi));
    }
    if (text_) index_ = *text_;
    auto const hex = "0x" + to_hex(body);
    bool const fits = body.size() <= short_message_limit && find_field(smpp::id_of(pdu_), "short_message").has_value();
    set(fits ? "short_message" : "message_payload", hex);
  }

  std::string now() const { return known_.resolve(arguments_[index_].what); }
  void set(std::string_view name, std::string_view text) {
    auto const done = write_field(pdu_, name, text);
    if (!done && !wrong_) refuse(done.error().detail);
  }
  void refuse(std::string expected) { wrong_ = wrong_argument{index_, std::move(expected), shown(now())}; }

  smpp::pdu pdu_;
  std::span<argument const> arguments_;
  names const& known_;
  spelling const& how_;
  std::size_t index_ = 0;
  std::optional<std::size_t> text_;
  std::optional<octets> udh_;
  std::string encoding_ = "auto";
  std::optional<wrong_argument> wrong_;
};

}  // namespace

text::wire_encoding wire_of(text::charset set, spelling const& how) {
  return set == text::charset::ucs2 ? how.ucs2 : how.gsm7;
}

std::expected<smpp::pdu, wrong_argument> build(smpp::pdu base, std::span<argument const> arguments, names const& known,
                                               spelling const& how) {
  return builder(std::move(base), arguments, known, how).run();
}

bool is_send_word(smpp::command_id message, std::string_view name) {
  auto const has = [&](std::string_view field) { return find_field(message, field).has_value(); };
  if (name == "dest") return has("destination_addr") || message == smpp::command_id::submit_multi;
  if (name == "source") return has("source_addr");
  if (name == "validity") return has("validity_period");
  if (name == "schedule") return has("schedule_delivery_time");
  if (name == "text" || name == "encoding") return has("short_message") || has("message_payload");
  return name == "udh" && has("esm_class");
}

std::optional<address> parse_address(std::string_view text) {
  auto const digits = [](std::string_view t) {
    return !t.empty() && std::ranges::all_of(t, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (auto const first = text.find('/'), second = text.find('/', first + 1);
      first != text.npos && second != text.npos) {
    auto const ton = number_of(text.substr(0, first), {}),
               npi = number_of(text.substr(first + 1, second - first - 1), {});
    if (!ton || !npi || *ton > UINT8_MAX || *npi > UINT8_MAX) return std::nullopt;
    return address{static_cast<std::uint8_t>(*ton), static_cast<std::uint8_t>(*npi),
                   std::string(text.substr(second + 1)), false};
  }
  if (text.starts_with('+')) {
    if (!digits(text.substr(1))) return std::nullopt;
    return address{smpp::ton::international, smpp::npi::isdn, std::string(text.substr(1)), false};
  }
  if (text.empty() || digits(text)) return address{0, 0, std::string(text), true};
  return address{smpp::ton::alphanumeric, smpp::npi::unknown, std::string(text), false};
}

}  // namespace signalbox::player
