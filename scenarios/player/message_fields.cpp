// See message_fields.hpp.
#include "scenarios/player/message_fields.hpp"

#include <charconv>
#include <limits>
#include <utility>

#include "engine/core/setting_rows.hpp"

namespace signalbox::player {

namespace {

template <class T>
constexpr bool is_list_of_items = false;
template <class Item>
constexpr bool is_list_of_items<std::vector<Item>> =
    !std::is_same_v<Item, std::uint8_t> && !std::is_same_v<Item, smpp::tlv>;

template <class Item>
constexpr bool has_rows = requires { layout<Item>::fields; };  // dest_address has none: its items differ in kind

template <class F, class Owner>
using member_type = std::remove_cvref_t<decltype(std::declval<Owner&>().*(std::declval<F>().member))>;

// Calls `visit(field)` for every row of T's table.
template <class T, class Visit>
void each_row(Visit&& visit) {
  std::apply([&](auto const&... f) { (visit(f), ...); }, layout<T>::fields);
}

template <class Member, class Field>
field_info info_of(Field const& f) {
  field_info info{std::string(f.name)};
  if constexpr (std::is_integral_v<Member>) {
    info.largest = std::numeric_limits<Member>::max();
    if constexpr (requires { f.shape.names; }) info.names = f.shape.names;
  } else if constexpr (std::is_same_v<Member, std::string>) {
    info.kind = field_kind::text;
  } else {
    info.kind = field_kind::octets;
  }
  return info;
}

template <class Member, class Field>
field_value value_of(Field const& f, Member const& member) {
  field_value v{info_of<Member>(f), 0, {}, {}};
  if constexpr (std::is_integral_v<Member>)
    v.number = member;
  else if constexpr (std::is_same_v<Member, std::string>)
    v.text = member;
  else
    v.data = member;
  return v;
}

struct list_name {  // unsuccess_sme[0].error_status_code
  std::string_view list, item;
  std::size_t index = 0;
};
std::optional<list_name> split_list_name(std::string_view name) {
  auto const open = name.find('['), close = name.find("].");
  if (open == name.npos || close == name.npos || close < open) return std::nullopt;
  list_name parts{name.substr(0, open), name.substr(close + 2), 0};
  auto const digits = name.substr(open + 1, close - open - 1);
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parts.index);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return parts;
}

template <class T>
std::optional<field_info> find_own_field(std::string_view name) {
  std::optional<field_info> found;
  auto const parts = split_list_name(name);
  each_row<T>([&]<class F>(F const& f) {
    using member = member_type<F, T>;
    if constexpr (is_list_of_items<member>) {
      if (f.shape.count_name == name) found = field_info{std::string(name), field_kind::number, 255, {}, false, true};
      if (!parts || parts->list != f.name) return;
      using item = typename member::value_type;
      if constexpr (has_rows<item>)
        each_row<item>([&]<class G>(G const& g) {
          if (g.name != parts->item) return;
          found = info_of<member_type<G, item>>(g);
          found->name = name;
          found->is_list = true;
        });
    } else if constexpr (!std::is_same_v<member, smpp::tlv_list>) {
      if (f.name == name) found = info_of<member>(f);
    }
  });
  return found;
}

template <class T>
std::optional<field_value> read_own_field(T const& body, std::string_view name) {
  std::optional<field_value> found;
  auto const parts = split_list_name(name);
  each_row<T>([&]<class F>(F const& f) {
    using member = member_type<F, T>;
    if constexpr (is_list_of_items<member>) {
      auto const& list = body.*f.member;
      if (f.shape.count_name == name)
        found = field_value{{std::string(name), field_kind::number, 255, {}, false, true}, list.size(), {}, {}};
      if (!parts || parts->list != f.name || parts->index >= list.size()) return;
      using item = typename member::value_type;
      if constexpr (has_rows<item>)
        each_row<item>([&](auto const& g) {
          if (g.name == parts->item) found = value_of(g, list[parts->index].*g.member);
        });
    } else if constexpr (!std::is_same_v<member, smpp::tlv_list>) {
      if (f.name == name) found = value_of(f, body.*f.member);
    }
  });
  return found;
}

std::optional<std::uint16_t> tag_of(std::string_view name) {
  if (auto const* row = smpp::find_tlv_row(name)) return row->tag;
  if (!name.starts_with("tag_0x")) return std::nullopt;
  std::uint16_t tag = 0;
  auto const digits = name.substr(6);
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), tag, 16);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return tag;
}

field_info tlv_info(std::string_view name) {
  field_info info{std::string(name), field_kind::octets, 0, {}, true, false};
  auto const* row = smpp::find_tlv_row(name);
  if (row == nullptr) return info;
  info.names = row->names;
  using kind = smpp::tlv_kind;
  switch (row->kind) {
    case kind::u8:
    case kind::flag_only: info.kind = field_kind::number, info.largest = UINT8_MAX; break;
    case kind::u16:       info.kind = field_kind::number, info.largest = UINT16_MAX; break;
    case kind::u32:       info.kind = field_kind::number, info.largest = UINT32_MAX; break;
    case kind::cstr:      info.kind = field_kind::text; break;
    case kind::octets:    break;
  }
  return info;
}

smpp::tlv make_tlv(std::uint16_t tag, field_info const& info, std::string_view text, std::uint64_t number) {
  auto const* row = smpp::find_tlv_row(info.name);
  if (info.kind == field_kind::text) return smpp::make_cstr(tag, text);
  if (row->kind == smpp::tlv_kind::u16) return smpp::make_u16(tag, static_cast<std::uint16_t>(number));
  if (row->kind == smpp::tlv_kind::u32) return smpp::make_u32(tag, static_cast<std::uint32_t>(number));
  if (row->kind == smpp::tlv_kind::flag_only && number == 0) return {tag, {}};
  return smpp::make_u8(tag, static_cast<std::uint8_t>(number));
}

result<void> refuse(field_info const& info) { return failed(errc::bad_value, 0, info.name, accepts(info)); }

template <std::size_t... Index>
smpp::body make_body(std::size_t wanted, std::index_sequence<Index...>) {
  smpp::body body;
  (void)((Index == wanted && (body.emplace<Index>(), true)) || ...);
  return body;
}

}  // namespace

std::optional<smpp::command_id> message_named(std::string_view name) {
  auto const code = find_code(smpp::commands, name);
  if (!code) return std::nullopt;
  return static_cast<smpp::command_id>(*code);
}

smpp::body empty_body(smpp::command_id id) {
  std::size_t index = 0;
  while (index + 1 < smpp::body_ids.size() && smpp::body_ids[index] != id) ++index;
  return make_body(index, std::make_index_sequence<std::variant_size_v<smpp::body>>{});
}

smpp::tlv_list const* tlvs_of(smpp::body const& body) {
  return std::visit(
      [](auto const& b) -> smpp::tlv_list const* {
        if constexpr (requires { b.tlvs; })
          return &b.tlvs;
        else
          return nullptr;
      },
      body);
}
smpp::tlv_list* tlvs_of(smpp::body& body) { return const_cast<smpp::tlv_list*>(tlvs_of(std::as_const(body))); }

std::optional<field_info> find_field(smpp::command_id message, std::string_view name) {
  if (name == "status") return field_info{"status", field_kind::number, UINT32_MAX, smpp::statuses};
  if (name == "sequence_number") return field_info{"sequence_number", field_kind::number, UINT32_MAX};
  auto const body = empty_body(message);
  auto own = std::visit([&]<class T>(T const&) { return find_own_field<T>(name); }, body);
  if (own || tlvs_of(body) == nullptr || !tag_of(name)) return own;
  return tlv_info(name);
}

std::optional<field_value> read_field(smpp::pdu const& p, std::string_view name) {
  auto info = find_field(smpp::id_of(p), name);
  if (!info) return std::nullopt;
  if (name == "status") return field_value{*info, p.command_status, {}, {}};
  if (name == "sequence_number") return field_value{*info, p.sequence_number, {}, {}};
  if (!info->is_tlv) return std::visit([&](auto const& b) { return read_own_field(b, name); }, p.body);

  auto const* t = smpp::find(*tlvs_of(p.body), *tag_of(name));
  if (t == nullptr) return std::nullopt;
  if (info->kind == field_kind::number && t->value.size() > 4) info->kind = field_kind::octets;  // a wrong length
  field_value v{*info, 0, {}, t->value};
  for (auto const octet : t->value)
    if (info->kind == field_kind::number) v.number = v.number << 8 | octet;
  if (info->kind == field_kind::text) {
    auto const text = text_of(t->value);
    v.text = text.substr(0, text.find('\0'));
  }
  return v;
}

std::string to_text(field_value const& v) {
  if (v.info.kind == field_kind::text) return quote(v.text);
  if (v.info.kind == field_kind::octets) return v.data.empty() ? "\"\"" : "0x" + to_hex(v.data);
  auto const name = find_name(v.info.names, static_cast<std::uint32_t>(v.number));
  return name.empty() ? std::to_string(v.number) : std::string(name);
}

result<void> write_field(smpp::pdu& p, std::string_view name, std::string_view text) {
  auto const info = find_field(smpp::id_of(p), name);
  if (!info) return failed(errc::not_found, 0, name, "a field of " + std::string(name_of(smpp::id_of(p))));
  if (info->is_list) return failed(errc::not_supported, 0, name, "a field that can be set (use dest= for lists)");
  std::uint64_t number = 0;
  if (info->kind == field_kind::number) {
    auto const read = number_of(text, info->names);
    if (!read || *read > info->largest) return refuse(*info);
    number = *read;
  }
  octets data;
  if (info->kind == field_kind::octets) {
    auto read = octets_written(text);
    if (!read) return refuse(*info);
    data = std::move(*read);
  }
  if (name == "status") {
    p.command_status = static_cast<std::uint32_t>(number);
  } else if (name == "sequence_number") {
    p.sequence_number = static_cast<std::uint32_t>(number);
  } else if (info->is_tlv) {
    auto const tag = *tag_of(name);
    tlvs_of(p.body)->push_back(info->kind == field_kind::octets ? smpp::tlv{tag, data}
                                                                : make_tlv(tag, *info, text, number));
  } else {
    std::visit(
        [&]<class T>(T& body) {
          each_row<T>([&]<class F>(F const& f) {
            using member = member_type<F, T>;
            if (f.name != name) return;
            if constexpr (std::is_integral_v<member>)
              body.*f.member = static_cast<member>(number);
            else if constexpr (std::is_same_v<member, std::string>)
              body.*f.member = text;
            else if constexpr (std::is_same_v<member, octets>)
              body.*f.member = data;
          });
        },
        p.body);
  }
  return {};
}

std::optional<std::uint64_t> number_of(std::string_view text, std::span<code_name const> names) {
  if (auto const code = find_code(names, text)) return *code;
  auto const number = core::parse_number<std::uint64_t>(text);
  return number ? std::optional(*number) : std::nullopt;
}

result<octets> octets_written(std::string_view text) {
  if (!text.starts_with("0x")) return octets_of(text);
  return from_hex(text);
}

std::string accepts(field_info const& info) {
  if (info.kind == field_kind::text) return "text";
  if (info.kind == field_kind::octets) return "octets as 0x.. or text";
  auto words = "a number up to " + std::to_string(info.largest);
  if (!info.names.empty())
    words += " or a name such as " + std::string(info.names[std::min<std::size_t>(1, info.names.size() - 1)].name);
  return words;
}

}  // namespace signalbox::player
