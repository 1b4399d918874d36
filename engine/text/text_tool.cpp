// The JSON-lines tool over split, encode, decode and count.
#include "engine/text/text_tool.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "engine/text/join.hpp"
#include "engine/text/split.hpp"

namespace signalbox::text {

namespace {

using json = nlohmann::json;
using answer = nlohmann::ordered_json;

// The fields of one request. Sticky, like the octet reader: the first fault stays, and the operation asks at the end
// of reading. Fields that nobody asked for are a fault too, so a misspelt one is not passed over in silence.
class request {
 public:
  explicit request(json const& from) : from_(from) {}

  std::string text(std::string const& name, std::optional<std::string> otherwise = {}) {
    auto const* value = find(name, otherwise.has_value());
    if (value == nullptr) return otherwise.value_or("");
    if (value->is_string()) return value->get<std::string>();
    fail(errc::bad_value, name, "a string is expected");
    return {};
  }
  std::optional<std::uint64_t> number(std::string const& name, std::uint64_t most) {
    auto const* value = find(name, true);
    if (value == nullptr) return std::nullopt;
    if (value->is_number_unsigned() && value->get<std::uint64_t>() <= most) return value->get<std::uint64_t>();
    fail(errc::bad_value, name, "a whole number from 0 to " + std::to_string(most) + " is expected");
    return std::nullopt;
  }
  bool flag(std::string const& name, bool otherwise) {
    auto const* value = find(name, true);
    if (value == nullptr) return otherwise;
    if (value->is_boolean()) return value->get<bool>();
    fail(errc::bad_value, name, "true or false is expected");
    return otherwise;
  }
  std::optional<octets> hex(std::string const& name, bool optional) {
    auto const* value = find(name, optional);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) {
      fail(errc::bad_value, name, "a string of hexadecimal digits is expected");
      return std::nullopt;
    }
    auto data = from_hex(value->get<std::string>());
    if (data) return *std::move(data);
    fail(data.error().code, name, data.error().detail, data.error().offset);
    return std::nullopt;
  }
  template <class Value>
  Value one_of(std::string const& name, std::initializer_list<std::pair<std::string_view, Value>> choices) {
    auto const* value = find(name, true);
    std::string known;
    for (auto const& [word, meaning] : choices) {
      if (value == nullptr || (value->is_string() && value->get_ref<std::string const&>() == word)) return meaning;
      known += (known.empty() ? "" : "|") + std::string(word);
    }
    fail(errc::bad_value, name, "one of " + known + " is expected");
    return {};
  }
  shifts tables() {
    auto const language_in = [&](char const* name) {
      return language_of(number(name, last_language).value_or(0)).value_or(language::none);
    };
    auto const locking = language_in("locking");
    return {locking, language_in("single")};
  }

  void fail(errc code, std::string_view field, std::string detail, std::size_t offset = 0) {
    if (!fault_) fault_ = fault{code, offset, std::string(field), std::move(detail)};
  }
  result<void> finish() {
    for (auto const& [name, value] : from_.items())
      if (!asked_.contains(name)) fail(errc::bad_value, name, "this operation has no such field");
    if (fault_) return std::unexpected(*fault_);
    return {};
  }

 private:
  json const* find(std::string const& name, bool optional) {
    asked_.insert(name);
    if (auto const found = from_.find(name); found != from_.end()) return &*found;
    if (!optional) fail(errc::missing, name, "the field is needed");
    return nullptr;
  }

  json const& from_;
  std::set<std::string> asked_;
  std::optional<fault> fault_;
};

split_options options_of(request& in) {
  split_options options;
  options.encoding = in.one_of<wanted>(
      "encoding", {{"auto", wanted::best}, {"gsm7", wanted::gsm7}, {"ucs2", wanted::ucs2}, {"8bit", wanted::octets8}});
  options.tables = in.tables();
  options.national = in.flag("national", false);
  return options;
}

split_options part_options_of(request& in) {
  auto options = options_of(in);
  options.reference = static_cast<std::uint16_t>(in.number("reference", 0xFFFF).value_or(1));
  options.reference_bits = static_cast<unsigned>(in.number("reference_bits", 16).value_or(0));
  if (options.reference_bits != 0 && options.reference_bits != 8 && options.reference_bits != 16)
    in.fail(errc::bad_value, "reference_bits", "8 or 16 is expected");
  if (options.reference_bits == 8 && options.reference > 0xFF)
    in.fail(errc::bad_value, "reference", "it needs reference_bits 16");
  options.room = in.one_of<part_room>("room", {{"gateway", part_room::gateway}, {"exact", part_room::exact}});
  return options;
}

// Septets of GSM 7-bit text; octets of the others, and UTF-16 units beside them.
void put_units(answer& out, charset set, std::size_t units) {
  if (set == charset::gsm7) {
    out["septets"] = units;
  } else {
    out["octets"] = set == charset::ucs2 ? 2 * units : units;
    if (set == charset::ucs2) out["units"] = units;
  }
}

void put_coding(answer& out, coding const& how) {
  out["encoding"] = name_of(how.set);
  out["data_coding"] = plain_data_coding(how.set);
  out["single"] = static_cast<unsigned>(how.tables.single);
  out["locking"] = static_cast<unsigned>(how.tables.locking);
}

void put_content(answer& out, user_data const& content, octet_view header, octet_view body) {
  out["udhi"] = content.has_header;
  out["udl"] = content.length;
  out["udh"] = to_hex(header);
  out["hex"] = to_hex(content.data);
  out["body"] = to_hex(body);
}

result<answer> do_split(request& in) {
  auto const text = in.text("text");
  auto const options = part_options_of(in);
  if (auto const good = in.finish(); !good) return std::unexpected(good.error());
  auto const done = split(text, options);
  if (!done) return std::unexpected(done.error());
  answer out;
  out["op"] = "split";
  put_coding(out, done->how);
  put_units(out, done->how.set, done->units);
  out["replaced"] = done->replaced;
  out["parts"] = answer::array();
  for (auto const& part : done->parts) {
    answer one{{"part", out["parts"].size() + 1}, {"text", part.text}};
    put_units(one, done->how.set, part.units);
    put_content(one, part.content, part.header, part.body);
    out["parts"].push_back(std::move(one));
  }
  return out;
}

result<answer> do_count(request& in) {
  auto const text = in.text("text");
  auto const options = part_options_of(in);
  if (auto const good = in.finish(); !good) return std::unexpected(good.error());
  auto const size = count(text, options);
  answer out;
  out["op"] = "count";
  put_coding(out, size.how);
  put_units(out, size.how.set, size.units);
  out["characters"] = count_code_points(text);
  out["replaced"] = size.replaced;
  out["parts"] = size.parts;
  out["room"] = {{"single", size.room.single}, {"part", size.room.part}};
  return out;
}

// The text as one message. A header given by the user is taken as it is and says by itself which tables are used.
result<answer> do_encode(request& in) {
  auto const text = in.text("text");
  auto options = options_of(in);
  auto header = in.hex("udh", true);
  if (header) {
    if (options.tables.any() || options.national)
      in.fail(errc::bad_value, "udh", "it announces the national tables itself");
    auto const elements = decode_udh(*header);
    if (!elements)
      in.fail(elements.error().code, "udh", elements.error().field + ": " + elements.error().detail,
              elements.error().offset);
    else
      options.tables = find_shifts(*elements);
  }
  if (auto const good = in.finish(); !good) return std::unexpected(good.error());

  auto const how = choose(text, options);
  if (!header) header = how.tables.any() ? encode_udh({elements_of(how.tables)}).value() : octets{};
  auto const room = exact_room(how.set, header->size());
  auto const units = room < 2 ? std::vector<slice>(2) : cut(text, how, room);
  if (units.size() > 1)
    return failed(errc::too_long, units[0].end, "text", "one message has room for " + std::to_string(room));
  auto const body = encode_body(text, on_the_air(how.set), how.tables);
  answer out;
  out["op"] = "encode";
  put_coding(out, how);
  put_units(out, how.set, units[0].units);
  out["replaced"] = body.replaced;
  put_content(out, compose(how.set, *header, body.data), *header, body.data);
  return out;
}

void put_header(answer& out, user_data_header const& header) {
  out["elements"] = answer::array();
  for (auto const& element : header.elements)
    out["elements"].push_back({{"id", element.id}, {"data", to_hex(element.data)}});
  if (auto const place = find_concatenation(header))
    out["concatenation"] = {{"reference", place->reference},
                            {"reference_bits", place->wide ? 16 : 8},
                            {"parts", place->parts},
                            {"part", place->part}};
  if (auto const numbers = find_ports(header))
    out["ports"] = {
        {"destination", numbers->destination}, {"source", numbers->source}, {"bits", numbers->wide ? 16 : 8}};
}

struct decode_request {
  octets data;
  data_coding coding;
  shifts tables;
  bool has_header = false;
  bool packed = true;
  std::optional<std::uint64_t> septets, length;
  std::optional<wire_encoding> wire;
};

decode_request decode_request_of(request& in) {
  decode_request want;
  want.data = in.hex("hex", false).value_or(octets{});
  want.coding = read_data_coding(static_cast<std::uint8_t>(in.number("data_coding", 255).value_or(0)));
  if (want.coding.set == charset::unsupported) in.fail(errc::not_supported, "data_coding", "compressed or reserved");
  want.tables = in.tables();
  want.has_header = in.flag("udhi", false);
  want.packed = in.flag("packed", true);
  want.septets = in.number("septets", 0xFFFF);
  want.length = in.number("udl", 0xFF);
  want.wire = in.one_of<std::optional<wire_encoding>>("wire", {{"", std::nullopt},
                                                               {"utf8", wire_encoding::utf8},
                                                               {"unicode", wire_encoding::unicode},
                                                               {"gsm7", wire_encoding::gsm7}});
  if (want.septets && want.length) in.fail(errc::duplicate, "udl", "septets says the same");
  return want;
}

// The body behind the header, septets unpacked where they are packed.
result<octets> body_of(decode_request const& want, octet_view rest, std::size_t header) {
  auto const packed = want.coding.set == charset::gsm7 && want.packed && !want.wire;
  if (!packed || (!want.septets && !want.length && header == 0))
    return packed ? unpack_padded(rest) : octets(rest.begin(), rest.end());
  if (want.length && *want.length < header_septets(header))
    return failed(errc::bad_length, 0, "udl", "less than the header");
  auto const all = rest.empty() ? 0 : (rest.size() * 8 - fill_bits(header)) / 7;
  auto const septets = want.septets ? *want.septets : want.length ? *want.length - header_septets(header) : all;
  auto out = unpack(rest, septets, header);
  if (!out) return failed(out.error().code, header + rest.size(), "hex", out.error().detail);
  return out;
}

result<answer> do_decode(request& in) {
  auto const want = decode_request_of(in);
  if (auto const good = in.finish(); !good) return std::unexpected(good.error());

  user_data_header header;
  std::size_t header_octets = 0;
  auto tables = want.tables;
  if (want.has_header) {
    auto const length = header_length(want.data);
    if (!length) return std::unexpected(length.error());
    auto elements = decode_udh(octet_view(want.data).first(*length));
    if (!elements) return std::unexpected(elements.error());
    header_octets = *length;
    header = *std::move(elements);
    if (auto const announced = find_shifts(header); announced.any()) tables = announced;
  }
  auto const body = body_of(want, octet_view(want.data).subspan(header_octets), header_octets);
  if (!body) return std::unexpected(body.error());
  auto const as = want.wire ? on_the_wire(want.coding.set, *want.wire) : on_the_air(want.coding.set);
  auto const text = decode_body(*body, as, tables);
  if (!text) return std::unexpected(text.error());

  answer out;
  out["op"] = "decode";
  out["encoding"] = name_of(want.coding.set);
  if (want.coding.message_class) out["message_class"] = *want.coding.message_class;
  out["single"] = static_cast<unsigned>(tables.single);
  out["locking"] = static_cast<unsigned>(tables.locking);
  out["text"] = *text;
  out[as == representation::septets ? "septets" : "octets"] = body->size();
  out["udh"] = to_hex(octet_view(want.data).first(header_octets));
  out["body"] = to_hex(*body);
  put_header(out, header);
  return out;
}

result<answer> perform(std::string_view line) {
  json from;
  try {
    from = json::parse(line);
  } catch (json::parse_error const& error) {
    return failed(errc::bad_syntax, error.byte == 0 ? 0 : error.byte - 1, "", "not JSON");
  } catch (json::out_of_range const&) {
    return failed(errc::bad_value, 0, "", "a number that no double can hold");
  }
  if (!from.is_object()) return failed(errc::bad_value, 0, "", "a JSON object is expected");
  request in(from);
  auto const op = in.text("op");
  if (op == "split") return do_split(in);
  if (op == "encode") return do_encode(in);
  if (op == "decode") return do_decode(in);
  if (op == "count") return do_count(in);
  in.fail(errc::bad_value, "op", "one of split|encode|decode|count is expected");
  return std::unexpected(in.finish().error());
}

}  // namespace

std::string text_tool(std::string_view json_line) {
  auto const done = perform(json_line);
  if (done) return done->dump();
  auto const& why = done.error();
  answer out;
  out["error"] = {{"code", name_of(why.code)},
                  {"field", why.field},
                  {"offset", why.offset},
                  {"detail", why.detail.empty() ? describe(why) : why.detail}};
  return out.dump(-1, ' ', false, answer::error_handler_t::replace);
}

std::string_view text_tool_help() {
  return R"(Reads one JSON object a line and answers one JSON object a line.

  {"op":"split", "text":"...", ...}   the short messages that carry a text
  {"op":"count", "text":"...", ...}   how long it is and how many they would be
  {"op":"encode","text":"...", ...}   the text as one message
  {"op":"decode","hex":"...",  ...}   the text of one message

split, count and encode:
  text            UTF-8
  encoding        auto (default), gsm7, ucs2, 8bit. auto: GSM 7-bit if it holds every character, else UCS-2
  single          0-13, national single shift table (3GPP TS 23.038, A.3); 0, the default: none
  locking         0-13, national locking shift table (A.2)
  national        true: auto may also choose the national tables of one language, when single and locking are 0
split and count:
  reference       0-65535, the concatenation reference, default 1
  reference_bits  8 or 16; default: 8 if the reference fits
  room            gateway (default): parts of 152 septets, 132 octets or 66 UTF-16 units
                  exact: what 140 octets hold, 153/134/67 with an 8-bit reference, 152/133/66 with 16 bits
                  announced shifts take their room from either
encode:
  udh             hex of a whole user data header to put in front; its shift elements choose the tables
decode:
  hex             the user data, header included; blanks and colons are skipped
  data_coding     0-255, TP-DCS or SMPP data_coding, default 0
  udhi            true: a user data header stands in front
  packed          true (default): septets are packed, false: one an octet
  septets         how many septets the text has; or
  udl             TP-UDL, which counts header septets too. With neither, octets are all there is to go by: all
                  septets that fit, and without a header a CR that ends on the last octet's boundary is taken for
                  padding (TS 23.038, 6.1.2.3.1)
  wire            utf8, unicode, gsm7: read the body as an SMPP short_message in that style instead
  single, locking tables to use where the header announces none

Answers:
  encoding        gsm7, 8bit, ucs2; data_coding the plain value for it; single, locking the tables used
  septets         length of GSM 7-bit text; octets (and units, for ucs2) of the others
  replaced        characters that the alphabet has not got, sent as a space (8bit: as ?)
  parts           split: [{part, text, septets or octets, udhi, udl, udh, hex, body}]; count: their number
  udh, hex, body  the header; the whole user data as sent, header included; the text before packing
  characters      count: code points. room: count: units in one message and in one part
  elements        decode: [{id, data}] of the header; concatenation and ports, where it has them
  error           {code, field, offset, detail}: what is wrong, with which field, where in it
)";
}

}  // namespace signalbox::text
