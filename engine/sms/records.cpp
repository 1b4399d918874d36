#include "engine/sms/records.hpp"

#include "engine/base/fields.hpp"

namespace signalbox::sms {

namespace {

constexpr std::uint8_t format_version = 1;

struct text16 {  // u16 length, then octets
  void get(reader& in, std::string& value) const { value = text_of(in.take(in.u16())); }
  void put(writer& out, std::string const& value) const {
    if (value.size() > 0xFFFF) return out.fail(errc::too_long);
    out.u16(value.size());
    out.put(view_of(value));
  }
  void print(sink& out, std::string_view name, std::string const& value) const { out.text(name, value); }
  std::string any(entropy& chance) const {
    std::string value(chance.below(24), ' ');
    for (auto& c : value) c = static_cast<char>(chance.next());
    return value;
  }
};

struct octets32 {  // u32 length, then octets
  void get(reader& in, octets& value) const {
    auto const part = in.take(in.u32());
    value.assign(part.begin(), part.end());
  }
  void put(writer& out, octets const& value) const {
    out.u32(value.size());
    out.put(value);
  }
  void print(sink& out, std::string_view name, octets const& value) const { out.data(name, value); }
  octets any(entropy& chance) const {
    octets value(chance.below(200));
    for (auto& octet : value) octet = static_cast<std::uint8_t>(chance.next());
    return value;
  }
};

struct network32 {
  void get(reader& in, network_id& value) const { value.value = static_cast<std::int32_t>(in.u32()); }
  void put(writer& out, network_id value) const { out.u32(static_cast<std::uint32_t>(value.value)); }
  void print(sink& out, std::string_view name, network_id value) const { out.text(name, std::to_string(value.value)); }
  network_id any(entropy& chance) const { return {static_cast<std::int32_t>(chance.next())}; }
};

struct date64 {  // microseconds since 1970
  void get(reader& in, wall& value) const { value = wall{duration{static_cast<std::int64_t>(in.u64())}}; }
  void put(writer& out, wall value) const { out.u64(static_cast<std::uint64_t>(value.time_since_epoch().count())); }
  void print(sink& out, std::string_view name, wall value) const { out.text(name, to_text(value)); }
  wall any(entropy& chance) const { return wall{duration{static_cast<std::int64_t>(chance.below(1ull << 52))}}; }
};

struct span64 {  // microseconds
  void get(reader& in, duration& value) const { value = duration{static_cast<std::int64_t>(in.u64())}; }
  void put(writer& out, duration value) const { out.u64(static_cast<std::uint64_t>(value.count())); }
  void print(sink& out, std::string_view name, duration value) const { out.text(name, to_text(value)); }
  duration any(entropy& chance) const { return duration{static_cast<std::int64_t>(chance.below(1ull << 40))}; }
};

struct party {  // an address: ton, npi, digits
  void get(reader& in, address& value) const {
    value.ton = in.u8();
    value.npi = in.u8();
    text16{}.get(in, value.digits);
  }
  void put(writer& out, address const& value) const {
    out.u8(value.ton);
    out.u8(value.npi);
    text16{}.put(out, value.digits);
  }
  void print(sink& out, std::string_view name, address const& value) const { out.text(name, value.digits); }
  address any(entropy& chance) const {
    return {static_cast<std::uint8_t>(chance.below(7)), static_cast<std::uint8_t>(chance.below(2)),
            text16{}.any(chance)};
  }
};

struct parameters16 {  // u16 count; each u16 tag, octets32
  void get(reader& in, std::vector<parameter>& list) const {
    auto const count = in.u16();
    for (std::size_t i = 0; i < count && in; ++i) {
      parameter p;
      p.tag = in.u16();
      octets32{}.get(in, p.value);
      list.push_back(std::move(p));
    }
  }
  void put(writer& out, std::vector<parameter> const& list) const {
    if (list.size() > 0xFFFF) return out.fail(errc::too_long);
    out.u16(list.size());
    for (auto const& p : list) {
      out.u16(p.tag);
      octets32{}.put(out, p.value);
    }
  }
  void print(sink& out, std::string_view name, std::vector<parameter> const& list) const {
    out.number(name, list.size());
  }
  std::vector<parameter> any(entropy& chance) const {
    std::vector<parameter> list(chance.below(4));
    for (auto& p : list) p = {static_cast<std::uint16_t>(chance.next()), octets32{}.any(chance)};
    return list;
  }
};

template <class T>
octets encode_fields(T const& value) {
  octets data;
  data.reserve(256);
  writer out{data};
  out.u8(format_version);
  put_fields(out, value);
  if (!out) out.undo();  // only text over 64 KiB, which no protocol lets in
  return data;
}

template <class T>
result<T> decode_record(octet_view value) {
  reader in{value};
  in.at("version");
  T decoded{};
  if (auto const version = in.u8(); in && version != format_version)
    in.fail(errc::not_supported, "format version " + std::to_string(version));
  get_fields(in, decoded);
  if (in && in.left() > 0) in.fail(errc::trailing_octets);
  if (!in) return std::unexpected(in.why());
  return decoded;
}

}  // namespace

}  // namespace signalbox::sms

namespace signalbox::inline base {

template <>
struct layout<sms::message> {
  using T = sms::message;
  static constexpr std::string_view name = "message";
  static constexpr std::tuple fields{
      field{"origin", &T::origin, sms::text16{}},
      field{"returns_to", &T::returns_to, sms::text16{}},
      field{"origin_network", &T::origin_network, sms::network32{}},
      field{"network", &T::network, sms::network32{}},
      field{"source", &T::source, sms::party{}},
      field{"destination", &T::destination, sms::party{}},
      field{"service_type", &T::service_type, sms::text16{}},
      field{"esm_class", &T::esm_class, u8{}},
      field{"protocol_id", &T::protocol_id, u8{}},
      field{"priority", &T::priority, u8{}},
      field{"registered_delivery", &T::registered_delivery, u8{}},
      field{"replace_if_present", &T::replace_if_present, u8{}},
      field{"data_coding", &T::data_coding, u8{}},
      field{"default_message_id", &T::default_message_id, u8{}},
      field{"body", &T::body, sms::octets32{}},
      field{"parameters", &T::parameters, sms::parameters16{}},
      field{"submitted", &T::submitted, sms::date64{}},
      field{"scheduled", &T::scheduled, sms::date64{}},
      field{"expires", &T::expires, sms::date64{}},
  };
};

template <>
struct layout<sms::progress> {
  using T = sms::progress;
  static constexpr std::string_view name = "progress";
  static constexpr std::tuple fields{
      field{"due", &T::due, sms::date64{}},
      field{"delay", &T::delay, sms::span64{}},
      field{"attempts", &T::attempts, u32{}},
  };
};

}  // namespace signalbox::inline base

namespace signalbox::sms {

octets encode_counter(message_number next) {
  octets data;
  writer{data}.u64(next.value);
  return data;
}
octets encode_record(message const& m) { return encode_fields(m); }
octets encode_record(progress const& p) { return encode_fields(p); }

result<message_number> decode_counter(octet_view value) {
  reader in{value};
  in.at("counter");
  message_number const next{in.u64()};
  if (in && in.left() > 0) in.fail(errc::trailing_octets);
  if (in && (next.value == 0 || next.value > last_message_number)) in.fail(errc::bad_value);
  if (!in) return std::unexpected(in.why());
  return next;
}

result<message> decode_message(record_id id, octet_view value) {
  auto decoded = decode_record<message>(value);
  if (decoded) decoded->id = id;
  return decoded;
}
result<progress> decode_progress(octet_view value) { return decode_record<progress>(value); }

message any_message(entropy& chance) {
  auto m = any_value<message>(chance);
  m.id = record_of({chance.between(1, last_message_number)}, chance.below(255));
  return m;
}

}  // namespace signalbox::sms
