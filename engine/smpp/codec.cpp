#include "engine/smpp/codec.hpp"

namespace signalbox::smpp {

namespace {

// command_id -> index of the body's alternative. All ids differ in these eight bits.
constexpr std::size_t slot_of(std::uint32_t id) { return (id & 0x3F) | (id >> 2 & 0x40) | (id >> 24 & 0x80); }
constexpr std::uint8_t no_body = 0xFF;
constexpr auto index_by_slot = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_body);
  for (std::size_t i = 0; i < body_ids.size(); ++i) {
    auto& place = table[slot_of(static_cast<std::uint32_t>(body_ids[i]))];
    if (place != no_body) throw "two command ids share a slot";
    place = static_cast<std::uint8_t>(i);
  }
  return table;
}();

template <class Body>
void get_body(reader& in, body& b) {
  get_fields(in, b.emplace<Body>());
}
template <class Body>
void empty_body(reader&, body& b) {
  b.emplace<Body>();
}
template <class Body>
void any_body(entropy& chance, body& b) {
  b = any_value<Body>(chance);
}

template <class... Body>
struct tables_of;
template <class... Body>
struct tables_of<std::variant<Body...>> {
  static constexpr std::array get{&get_body<Body>...};
  static constexpr std::array empty{&empty_body<Body>...};
  static constexpr std::array any{&any_body<Body>...};
};
using tables = tables_of<body>;

constexpr bool may_lack_body(command_id id, std::uint32_t status) {
  return is_response(id) && (status != ESME_ROK || id == command_id::deliver_sm_resp || id == command_id::data_sm_resp);
}

constexpr bool returns_no_body_on_error(command_id id) {
  return id == command_id::bind_receiver_resp || id == command_id::bind_transmitter_resp ||
         id == command_id::bind_transceiver_resp || id == command_id::submit_sm_resp;
}

void put_header(writer& out, header const& head) {
  out.at("command_length");
  out.u32(head.command_length);
  out.u32(head.command_id);
  out.u32(head.command_status);
  out.u32(head.sequence_number);
}

}  // namespace

result<header> decode_header(octet_view in) {
  reader from{in};
  header head;
  auto const get = [&](std::string_view name, std::uint32_t& value) { from.at(name), value = from.u32(); };
  get("command_length", head.command_length);
  get("command_id", head.command_id);
  get("command_status", head.command_status);
  get("sequence_number", head.sequence_number);
  if (!from) return std::unexpected(from.why());
  return head;
}

result<pdu> decode(octet_view whole_pdu) {
  auto const head = decode_header(whole_pdu);
  if (!head) return std::unexpected(head.error());
  auto const length = head->command_length;
  if (length < header_octets || length > max_pdu_octets)
    return failed(errc::bad_length, 0, "command_length", std::to_string(length));
  if (whole_pdu.size() < length) return failed(errc::truncated, whole_pdu.size(), "command_length");
  if (whole_pdu.size() > length) return failed(errc::trailing_octets, length, "command_length");
  auto const index = index_by_slot[slot_of(head->command_id)];
  if (index == no_body || static_cast<std::uint32_t>(body_ids[index]) != head->command_id)
    return failed(errc::unknown_command, 4, "command_id", std::to_string(head->command_id));

  result<pdu> out{std::in_place};
  out->command_status = head->command_status;
  out->sequence_number = head->sequence_number;
  reader in{whole_pdu.subspan(header_octets), header_octets};
  if (in.left() == 0 && may_lack_body(body_ids[index], head->command_status)) {
    tables::empty[index](in, out->body);
    return out;
  }
  tables::get[index](in, out->body);
  if (in && in.left() > 0) in.fail(errc::trailing_octets);
  if (!in) out = std::unexpected(in.why());
  return out;
}

result<void> encode(pdu const& p, octets& out) {
  writer to{out};
  auto const id = id_of(p);
  put_header(to, {0, static_cast<std::uint32_t>(id), p.command_status, p.sequence_number});
  std::visit(
      [&]<class Body>(Body const& b) {
        auto const left_out = p.command_status != ESME_ROK && returns_no_body_on_error(id) && b == Body{};
        if (!left_out) put_fields(to, b);
      },
      p.body);
  if (to && to.length() > max_pdu_octets) {
    to.at("command_length");
    to.fail(errc::too_long, std::to_string(to.length()));
  }
  to.patch_u32(0, static_cast<std::uint32_t>(to.length()));
  if (to) return {};
  to.undo();
  return std::unexpected(to.why());
}

pdu any_pdu(entropy& chance) {
  pdu p;
  auto const index = chance.below(tables::any.size());
  tables::any[index](chance, p.body);
  if (is_response(body_ids[index]) && chance.one_in(3))
    p.command_status = statuses[chance.below(std::size(statuses))].code;
  p.sequence_number = static_cast<std::uint32_t>(chance.between(1, 0x7FFFFFFF));
  return p;
}

}  // namespace signalbox::smpp
