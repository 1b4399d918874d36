// See match.hpp.
#include "scenarios/player/match.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "engine/text/udh.hpp"

namespace signalbox::player {

namespace {

struct receipt_word {
  std::string_view name, label;
};
constexpr receipt_word receipt_words[] = {
    {"receipt_of", "id"},
    {"state", "stat"},
    {"err", "err"},
    {"sub", "sub"},
    {"dlvrd", "dlvrd"},
    {"submit_date", "submit date"},
    {"done_date", "done date"},
    {"receipt_text", "text"},
};

struct state_word {
  std::string_view spelt, name;
};
constexpr state_word state_words[] = {
    // SMPP 3.4, Appendix B
    {"DELIVRD", "DELIVERED"},
    {"UNDELIV", "UNDELIVERABLE"},
    {"ACCEPTD", "ACCEPTED"},
    {"REJECTD", "REJECTED"},
};
std::string_view long_state(std::string_view word) {
  for (auto const& s : state_words)
    if (s.spelt == word) return s.name;
  return word;
}

octets const* message_octets(smpp::pdu const& p, octets& storage) {
  for (auto const* name : {"short_message", "message_payload"}) {
    auto const v = read_field(p, name);
    if (!v || v->data.empty()) continue;
    storage = v->data;
    return &storage;
  }
  return nullptr;
}

bool has_header(smpp::pdu const& p) {
  auto const esm_class = read_field(p, "esm_class");
  return esm_class && (esm_class->number & smpp::esm::udhi) != 0;
}

bool is_receipt(smpp::pdu const& p) {
  auto const esm_class = read_field(p, "esm_class");
  return esm_class && (esm_class->number & smpp::esm::type_mask) == smpp::esm::type_delivery_receipt;
}

field_value text_value(std::string_view name, std::string text) {
  return {{std::string(name), field_kind::text}, 0, std::move(text), {}};
}

std::string address_text(std::uint64_t ton, std::uint64_t npi, std::string const& digits) {
  if (ton == smpp::ton::international && npi == smpp::npi::isdn) return "+" + digits;
  if (ton == smpp::ton::alphanumeric && npi == smpp::npi::unknown) return digits;
  return std::to_string(ton) + "/" + std::to_string(npi) + "/" + digits;
}

// What stands at the argument's name; nullopt: nothing does.
std::optional<field_value> observe(smpp::pdu const& p, std::string_view name, spelling const& how) {
  if (!is_expect_word(smpp::id_of(p), name)) return read_field(p, name);
  if (name == "dest" || name == "source") {
    auto const prefix = name == "source" ? std::string("source_addr") : std::string("dest_addr");
    auto const digits = read_field(p, name == "source" ? "source_addr" : "destination_addr");
    auto const ton = read_field(p, prefix + "_ton"), npi = read_field(p, prefix + "_npi");
    return text_value(name, address_text(ton->number, npi->number, digits->text));
  }
  if (name == "udh") {
    octets storage;
    auto const* data = message_octets(p, storage);
    if (data == nullptr || !has_header(p)) return std::nullopt;
    auto const length = text::header_length(*data);
    if (!length) return std::nullopt;
    return field_value{{"udh", field_kind::octets},
                       0,
                       {},
                       octets(data->begin(), data->begin() + static_cast<std::ptrdiff_t>(*length))};
  }
  auto text = message_text(p, how);
  if (name == "text") return text ? std::optional(text_value(name, std::move(*text))) : std::nullopt;
  if (!is_receipt(p) || !text) return std::nullopt;
  for (auto const& word : receipt_words) {
    if (word.name != name) continue;
    auto part = receipt_part(*text, word.label);
    if (!part) return std::nullopt;
    return text_value(name, name == "state" ? std::string(long_state(*part)) : *part);
  }
  return std::nullopt;
}

std::string plain_text(field_value const& v) {
  if (v.info.kind == field_kind::text) return v.text;
  if (v.info.kind == field_kind::number) return to_text(v);
  bool const printable = std::ranges::all_of(v.data, [](std::uint8_t c) { return c >= 0x20 && c < 0x7F; });
  return printable ? std::string(text_of(v.data)) : "0x" + to_hex(v.data);
}

std::string bound_text(field_value const& v) {
  return v.info.kind == field_kind::number ? std::to_string(v.number) : plain_text(v);
}

bool equal(field_value const& observed, std::string_view expected) {
  if (observed.info.name == "dest" || observed.info.name == "source") {
    auto const wanted = parse_address(expected), seen = parse_address(observed.text);
    if (!wanted || !seen) return observed.text == expected;
    return wanted->digits == seen->digits && (wanted->plain || (wanted->ton == seen->ton && wanted->npi == seen->npi));
  }
  if (observed.info.name == "state") return observed.text == long_state(expected);
  if (observed.info.kind == field_kind::text) return observed.text == expected;
  if (observed.info.kind == field_kind::number) {
    auto const number = number_of(expected, observed.info.names);
    return number && *number == observed.number;
  }
  auto const data = octets_written(expected);
  return data && *data == observed.data;
}

}  // namespace

match_result match(smpp::pdu const& p, std::span<argument const> arguments, names const& known, spelling const& how) {
  match_result outcome;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    auto const& a = arguments[i];
    auto const observed = observe(p, a.name, how);
    auto const expected = known.resolve(a.what);
    auto const bound = a.what.binding();
    auto const differs = [&](std::string actual, std::string rewritten) {
      auto const words = a.what.quoted ? quote(expected) : expected;
      outcome.differences.push_back(
          {i, a.name + std::string(sign_of(a.how)) + words, std::move(actual), std::move(rewritten)});
    };
    if (!a.what.quoted && (a.what.literal() == "absent" || a.what.literal() == "present")) {
      bool const wanted = (a.what.literal() == "present") == (a.how == comparison::equal);
      if (observed.has_value() != wanted)
        differs(a.name + (observed ? "=" + to_text(*observed) : " is absent"), observed ? "present" : "absent");
    } else if (!observed) {
      auto const receipt_wanted = std::ranges::any_of(receipt_words, [&](auto const& w) { return w.name == a.name; });
      differs(receipt_wanted && !is_receipt(p) ? "no receipt (esm_class)" : a.name + " is absent", {});
    } else if (bound && a.how == comparison::equal && !known.knows(*bound)) {
      auto const again = std::ranges::find(outcome.bound, *bound, [](auto const& b) { return b.first; });
      if (again == outcome.bound.end())
        outcome.bound.emplace_back(*bound, bound_text(*observed));
      else if (again->second != bound_text(*observed))
        differs(a.name + "=" + to_text(*observed), to_text(*observed));
    } else if (!holds(*observed, a.how, expected)) {
      differs(a.name + "=" + to_text(*observed), to_text(*observed));
    }
  }
  return outcome;
}

bool is_expect_word(smpp::command_id message, std::string_view name) {
  if (name == "dest" || name == "source" || name == "text" || name == "udh")
    return is_send_word(message, name) && message != smpp::command_id::submit_multi;
  if (message != smpp::command_id::deliver_sm && message != smpp::command_id::data_sm) return false;
  return std::ranges::any_of(receipt_words, [&](auto const& w) { return w.name == name; });
}

bool holds(field_value const& observed, comparison how, std::string_view expected) {
  if (how == comparison::equal) return equal(observed, expected);
  if (how == comparison::unequal) return !equal(observed, expected);
  if (how == comparison::matches || how == comparison::differs) {
    re2::RE2 const pattern{std::string(expected), re2::RE2::Quiet};
    return pattern.ok() && re2::RE2::PartialMatch(plain_text(observed), pattern) == (how == comparison::matches);
  }
  auto const right = number_of(expected, observed.info.names);
  auto const left =
      observed.info.kind == field_kind::number ? std::optional(observed.number) : number_of(observed.text, {});
  if (!left || !right) return false;
  switch (how) {
    case comparison::less:    return *left < *right;
    case comparison::at_most: return *left <= *right;
    case comparison::more:    return *left > *right;
    default:                  return *left >= *right;
  }
}

std::optional<std::string> message_text(smpp::pdu const& p, spelling const& how) {
  octets storage;
  auto const* data = message_octets(p, storage);
  if (data == nullptr) return std::string();
  octet_view body = *data;
  if (has_header(p)) {
    auto const length = text::header_length(body);
    if (!length) return std::nullopt;
    body = body.subspan(*length);
  }
  auto const coding = read_field(p, "data_coding");
  auto const set = text::read_data_coding(static_cast<std::uint8_t>(coding ? coding->number : 0)).set;
  if (set == text::charset::unsupported) return text::text_of_latin1(body);
  auto words = text::wire_to_text(body, set, wire_of(set, how));
  if (!words) return std::nullopt;
  return std::move(*words);
}

std::optional<std::string> receipt_part(std::string_view receipt, std::string_view label) {
  auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (std::size_t at = 0; at + label.size() < receipt.size(); ++at) {
    if (at > 0 && receipt[at - 1] != ' ') continue;
    if (receipt[at + label.size()] != ':') continue;
    if (!std::ranges::equal(receipt.substr(at, label.size()), label, {}, lower, lower)) continue;
    auto const rest = receipt.substr(at + label.size() + 1);
    return std::string(label == "text" ? rest : rest.substr(0, rest.find(' ')));
  }
  return std::nullopt;
}

}  // namespace signalbox::player
