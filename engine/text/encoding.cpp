// Data coding, wire styles of text, and lengths.
#include "engine/text/encoding.hpp"

#include <algorithm>

#include "engine/base/fields.hpp"

namespace signalbox::text {

namespace {

constexpr code_name wire_names[] = {
    {0, "utf8", "UTF-8"},
    {1, "unicode", "UTF-16BE"},
    {2, "gsm7", "one septet an octet"},
};

// General group, bits 3-2.
constexpr charset general_sets[] = {charset::gsm7, charset::octets8, charset::ucs2, charset::unsupported};

std::size_t shift_octets(charset set, shifts tables) {
  return set == charset::gsm7 ? shift_element_octets * tables.count() : 0;
}

}  // namespace

std::string_view name_of(charset set) {
  switch (set) {
    case charset::gsm7:        return "gsm7";
    case charset::octets8:     return "8bit";
    case charset::ucs2:        return "ucs2";
    case charset::unsupported: break;
  }
  return "unsupported";
}

data_coding read_data_coding(std::uint8_t value) {
  using enum data_coding::waiting;
  std::uint8_t const low_bits = value & 3;
  switch (value >> 4) {
    case 0xC: return {.set = charset::gsm7, .indication = discard};
    case 0xD: return {.set = charset::gsm7, .indication = store};
    case 0xE: return {.set = charset::ucs2, .indication = store};
    case 0xF: return {.set = (value & 4) != 0 ? charset::octets8 : charset::gsm7, .message_class = low_bits};
    default:  break;
  }
  if (value >= 0x80) return {.set = charset::unsupported};  // 1000..1011 are reserved groups
  data_coding coding{.set = general_sets[value >> 2 & 3]};
  if ((value & 0x20) != 0) coding.set = charset::unsupported;  // compressed
  if ((value & 0x10) != 0) coding.message_class = low_bits;
  coding.automatic_deletion = (value & 0x40) != 0;
  return coding;
}

std::uint8_t plain_data_coding(charset set) { return set == charset::ucs2 ? 8 : set == charset::octets8 ? 4 : 0; }

std::string_view name_of(wire_encoding wire) { return find_name(wire_names, static_cast<std::uint32_t>(wire)); }

std::optional<wire_encoding> wire_encoding_of(std::string_view name) {
  std::string lower(name);
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  auto const code = find_code(wire_names, lower);
  if (!code) return std::nullopt;
  return static_cast<wire_encoding>(*code);
}

representation on_the_air(charset set) {
  return set == charset::gsm7   ? representation::septets
         : set == charset::ucs2 ? representation::utf16
                                : representation::latin1;
}

representation on_the_wire(charset set, wire_encoding wire) {
  if (set != charset::gsm7 && set != charset::ucs2) return representation::latin1;
  return wire == wire_encoding::gsm7      ? representation::septets
         : wire == wire_encoding::unicode ? representation::utf16
                                          : representation::utf8;
}

result<std::string> decode_body(octet_view body, representation as, shifts tables) {
  switch (as) {
    case representation::septets: {
      auto const wrong = std::find_if(body.begin(), body.end(), [](auto octet) { return octet > 0x7F; });
      if (wrong == body.end()) return decode_septets(body, tables);
      return failed(errc::bad_value, static_cast<std::size_t>(wrong - body.begin()), "text", "not a septet");
    }
    case representation::utf16: return text_of_utf16be(body);
    case representation::utf8:
      if (auto const checked = check_utf8(text_of(body)); !checked) return std::unexpected(checked.error());
      return std::string(text_of(body));
    case representation::latin1: break;
  }
  return text_of_latin1(body);
}

encoded encode_body(std::string_view text, representation as, shifts tables) {
  switch (as) {
    case representation::septets: return encode_septets(text, tables);
    case representation::utf16:   return {utf16be_of(text), 0};
    case representation::utf8:    return {octets_of(text), 0};
    case representation::latin1:  break;
  }
  return latin1_of(text);
}

result<std::string> wire_to_text(octet_view body, charset set, wire_encoding wire, shifts tables) {
  if (set == charset::unsupported) return failed(errc::not_supported, 0, "data_coding");
  return decode_body(body, on_the_wire(set, wire), tables);
}

octets text_to_wire(std::string_view text, charset set, wire_encoding wire, shifts tables) {
  return encode_body(text, on_the_wire(set, wire), tables).data;
}

std::size_t encoded_octets(std::string_view text, charset set, shifts tables) {
  switch (set) {
    case charset::gsm7:        return packed_octets(count_septets(text, tables));
    case charset::ucs2:        return 2 * count_utf16_units(text);
    case charset::octets8:
    case charset::unsupported: break;
  }
  return count_code_points(text);
}

bool fits_one(std::string_view text, charset set, std::size_t header, shifts tables) {
  auto const taken = header > 0 ? header : shift_octets(set, tables);
  return taken + encoded_octets(text, set, tables) <= user_data_octets;
}

bool fits_parts(std::string_view text, charset set, shifts tables) {
  return shift_octets(set, tables) + encoded_octets(text, set, tables) <= gateway_part_octets * most_parts;
}

}  // namespace signalbox::text
