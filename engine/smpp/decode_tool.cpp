#include "engine/smpp/decode_tool.hpp"

#include <algorithm>

#include "engine/text/gsm7.hpp"
#include "engine/text/unicode.hpp"

namespace signalbox::smpp {

namespace {

template <class Body, class Visit>  // visit(field) for every field, in wire order
void each_field(Body const&, Visit visit) {
  std::apply([&](auto const&... f) { (visit(f), ...); }, layout<Body>::fields);
}

// -- one JSON object -----------------------------------------------------------------------------------------------

void print_header(json_sink& out, header const& head) {
  out.number("command_id", head.command_id, find_name(commands, head.command_id));
  out.number("command_length", head.command_length, {});
  out.number("command_status", head.command_status, find_name(statuses, head.command_status));
  out.number("sequence_number", head.sequence_number, {});
}

void print_fault(json_sink& out, fault const& f) {
  out.begin("fault");
  out.text("code", name_of(f.code));
  out.number("offset", f.offset, {});
  out.text("field", f.field);
  out.text("detail", f.detail);
  out.end();
}

bool printable(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r'; });
}

// What the octets say, where data_coding lets us tell. Code 0 is the message centre's own alphabet: UTF-8 (with ASCII
// in it) if the octets are that, else GSM 7-bit with one septet an octet.
std::optional<std::string> readable(octet_view message, std::uint8_t esm_class, std::uint8_t data_coding) {
  if ((esm_class & esm::udhi) != 0) {
    if (message.empty() || message[0] + 1u > message.size()) return std::nullopt;
    message = message.subspan(message[0] + 1u);
  }
  auto const as_is = text_of(message);
  switch (data_coding) {
    case coding::default_alphabet:
      if (is_utf8(as_is) && printable(as_is)) return std::string(as_is);
      if (std::ranges::any_of(message, [](auto octet) { return octet > 0x7F; })) return std::nullopt;
      return text::decode_septets(message);
    case coding::ia5:
      if (std::ranges::any_of(message, [](auto octet) { return octet > 0x7F; })) return std::nullopt;
      return std::string(as_is);
    case coding::latin1: return text::text_of_latin1(message);
    case coding::ucs2:
      if (auto text = text::text_of_utf16be(message)) return *text;
      return std::nullopt;
    default: return std::nullopt;
  }
}

template <class Body>
void print_text(json_sink& out, std::string_view name, Body const& b, octet_view message) {
  if constexpr (requires { b.data_coding; }) {
    std::uint8_t esm_class = 0;
    if constexpr (requires { b.esm_class; }) esm_class = b.esm_class;
    if (auto const text = readable(message, esm_class, b.data_coding)) out.text(name, *text);
  }
}

template <class Body>
void print_tlvs(json_sink& out, Body const& b) {
  out.begin_list("tlvs");
  for (auto const& t : b.tlvs) {
    auto const* row = find_tlv_row(t.tag);
    out.begin("");
    out.number("tag", t.tag, {});
    if (row != nullptr) out.text("name", row->name);
    out.number("length", t.value.size(), {});
    print_tlv_value(out, "value", t);
    if (t.tag == tag::message_payload) print_text(out, "text", b, t.value);
    if (auto const ok = validate(t); !ok) out.text("fault", name_of(ok.error().code));
    out.end();
  }
  out.end_list();
}

template <class Body>
void print_body(json_sink& out, Body const& b) {
  each_field(b, [&](auto const& f) {
    using value = std::remove_cvref_t<decltype(b.*f.member)>;
    if constexpr (std::is_same_v<value, tlv_list>)
      print_tlvs(out, b);
    else
      f.shape.print(out, f.name, b.*f.member);
    if constexpr (std::is_same_v<value, octets>) print_text(out, "short_message_text", b, b.*f.member);
  });
}

// -- one line of text ----------------------------------------------------------------------------------------------

class trace_sink final : public sink {
 public:
  explicit trace_sink(std::string& out) : out_(out), plain_(out) {}

  void keep_empty(bool keep) { keep_empty_ = keep; }  // a TLV that is there is shown even if it says 0

  void number(std::string_view name, std::uint64_t value, std::string_view meaning) override {
    if ((value == 0 && !keep_empty_) || name == "sm_length") return;
    auto const own_words = !meaning.empty() && meaning[0] >= 'A' && meaning[0] <= 'Z';
    plain_.number(name, value, own_words ? meaning : std::string_view{});
  }
  void text(std::string_view name, std::string_view value) override {
    if (value.empty() && keep_empty_) return label(name, R"("")");
    plain_.text(name, value);
  }
  void data(std::string_view name, octet_view value) override {
    if (value.empty() && keep_empty_) return label(name, R"("")");
    auto const is_message = name == "short_message" || name == "message_payload";
    if (is_message && !value.empty() &&
        std::ranges::all_of(value, [](auto octet) { return octet >= 0x20 && octet < 0x7F; }))
      return label(name, quote(text_of(value)));
    plain_.data(name, value);
  }
  void begin(std::string_view name) override { plain_.begin(name); }
  void end() override { plain_.end(); }
  void begin_list(std::string_view name) override {
    before_list_ = out_.size();
    plain_.begin_list(name);
  }
  void end_list() override {
    if (out_.back() == '[')
      out_.resize(before_list_);
    else
      plain_.end_list();
  }

 private:
  void label(std::string_view name, std::string_view value) { ((((out_ += ' ') += name) += '=') += value); }

  std::string& out_;
  text_sink plain_;
  std::size_t before_list_ = 0;
  bool keep_empty_ = false;
};

}  // namespace

std::string decode_line(std::string_view hex_line) {
  std::string json;
  json_sink out{json};
  auto const octets_in = from_hex(hex_line);
  if (!octets_in) {
    print_fault(out, octets_in.error());
  } else if (auto const p = decode(*octets_in)) {
    print_header(out, *decode_header(*octets_in));
    std::visit([&](auto const& b) { print_body(out, b); }, p->body);
  } else {
    print_fault(out, p.error());
    if (auto const head = decode_header(*octets_in)) {
      out.begin("header");
      print_header(out, *head);
      out.end();
    }
  }
  out.close();
  return json;
}

void print(sink& out, pdu const& p) {
  std::visit([&](auto const& b) { print_fields(out, b); }, p.body);
}

std::string to_text(pdu const& p) {
  std::string line{name_of(id_of(p))};
  trace_sink out{line};
  out.number("seq", p.sequence_number, {});
  out.keep_empty(true);
  if (p.command_status != ESME_ROK || is_response(id_of(p)))
    out.number("status", p.command_status, find_name(statuses, p.command_status));
  out.keep_empty(false);
  auto const print_one = [&](auto const& value, auto const& f) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, tlv_list>) {
      out.keep_empty(true);
      for (auto const& t : value) print_tlv(out, t);
      out.keep_empty(false);
    } else {
      f.shape.print(out, f.name, value);
    }
  };
  std::visit([&](auto const& b) { each_field(b, [&](auto const& f) { print_one(b.*f.member, f); }); }, p.body);
  return line;
}

std::string_view help() {
  return R"(signalbox decode smpp: SMPP 3.4 and 5.0 PDUs as JSON

Reads PDUs from standard input, one a line, as hex digits; blanks and colons between them and 0x in front are
skipped. Prints one JSON object a line, in the same order:

  00000010 00000015 00000000 00000001
  {"command_id":21,"command_id_name":"enquire_link","command_length":16,"command_status":0,
   "command_status_name":"ESME_ROK","sequence_number":1}                              (one line in reality)

Fields have the names of the specification. A number whose code space has names is followed by <field>_name.
Octets are hex. sm_length is shown before short_message; short_message_text is added where data_coding is 0 (UTF-8 or
GSM 7-bit), 1 (ASCII), 3 (ISO 8859-1) or 8 (UCS-2) and the octets are that; a user data header is left out of it.
tlvs is a list of {"tag","name","length","value"}, in the order of the PDU; a TLV with a length its
definition does not allow has its octets as value and a "fault".

What cannot be read becomes {"fault":{"code","offset","field","detail"},"header":{...}}. The offset counts octets from
the start of the PDU (characters of the line if field is "hex"); header is there if 16 octets are.
)";
}

}  // namespace signalbox::smpp
