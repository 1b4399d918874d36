// One description, many uses. A value is a plain struct; `layout<T>` lists its fields in wire order, each with the
// specification's name, the member and a shape. From that one list come decode, encode, print and any (random valid
// values for property tests and fuzz seeds).
//
// A shape is any type with
//   void get(reader&, Member&) const;                          octets -> member, faults kept by the reader
//   void put(writer&, Member const&) const;                    member -> octets, faults kept by the writer
//   void print(sink&, std::string_view name, Member const&) const;
//   Member any(entropy&) const;                                a random value that put() accepts and get() returns unchanged
#pragma once

#include <tuple>

#include "engine/base/bytes.hpp"
#include "engine/base/entropy.hpp"
#include "engine/base/print.hpp"

namespace signalbox::inline base {

template <class T>
struct layout;  // specialise with `static constexpr std::string_view name` and `static constexpr std::tuple fields`

template <class Owner, class Member, class Shape>
struct field {
  std::string_view name;
  Member Owner::* member;
  Shape shape;
};

template <class T>
void get_fields(reader& in, T& value) {
  std::apply([&](auto const&... f) { ((in.at(f.name), f.shape.get(in, value.*f.member)), ...); }, layout<T>::fields);
}

template <class T>
void put_fields(writer& out, T const& value) {
  std::apply([&](auto const&... f) { ((out.at(f.name), f.shape.put(out, value.*f.member)), ...); }, layout<T>::fields);
}

template <class T>
void print_fields(sink& out, T const& value) {
  std::apply([&](auto const&... f) { (f.shape.print(out, f.name, value.*f.member), ...); }, layout<T>::fields);
}

template <class T>
T any_value(entropy& chance) {
  T value{};
  std::apply([&](auto const&... f) { ((value.*f.member = f.shape.any(chance)), ...); }, layout<T>::fields);
  return value;
}

template <class T>
result<T> decode_fields(octet_view body, std::size_t origin = 0) {
  reader in{body, origin};
  T value{};
  get_fields(in, value);
  if (in && in.left() > 0) in.fail(errc::trailing_octets);
  if (!in) return std::unexpected(in.why());
  return value;
}

// One row of a code space: {0x58, "ESME_RTHROTTLED", "rate or window limit exceeded"}. Unknown codes keep their number.
struct code_name {
  std::uint32_t code;
  std::string_view name;
  std::string_view meaning;
};
constexpr std::string_view find_name(std::span<code_name const> table, std::uint32_t code) {
  for (auto const& row : table)
    if (row.code == code) return row.name;
  return {};
}
constexpr std::optional<std::uint32_t> find_code(std::span<code_name const> table, std::string_view name) {
  for (auto const& row : table)
    if (row.name == name) return row.code;
  return std::nullopt;
}

// -- shapes that every protocol needs --------------------------------------------------------------------------

template <class Integer>
struct unsigned_shape {
  std::span<code_name const> names{};  // optional: the field's code space

  template <class Member>
  void get(reader& in, Member& value) const {
    if constexpr (sizeof(Integer) == 1)
      value = static_cast<Member>(in.u8());
    else if constexpr (sizeof(Integer) == 2)
      value = static_cast<Member>(in.u16());
    else if constexpr (sizeof(Integer) == 4)
      value = static_cast<Member>(in.u32());
    else
      value = static_cast<Member>(in.u64());
  }
  template <class Member>
  void put(writer& out, Member const& value) const {
    auto const number = static_cast<std::uint64_t>(static_cast<Integer>(value));
    if constexpr (sizeof(Integer) == 1)
      out.u8(number);
    else if constexpr (sizeof(Integer) == 2)
      out.u16(number);
    else if constexpr (sizeof(Integer) == 4)
      out.u32(number);
    else
      out.u64(number);
  }
  template <class Member>
  void print(sink& out, std::string_view name, Member const& value) const {
    auto const number = static_cast<std::uint64_t>(static_cast<Integer>(value));
    out.number(name, number, find_name(names, static_cast<std::uint32_t>(number)));
  }
  Integer any(entropy& chance) const { return static_cast<Integer>(chance.next()); }
};
using u8 = unsigned_shape<std::uint8_t>;
using u16 = unsigned_shape<std::uint16_t>;
using u32 = unsigned_shape<std::uint32_t>;
using u64 = unsigned_shape<std::uint64_t>;

// C-octet string: text and a NUL, at most `max` octets, the NUL counted.
struct cstr {
  std::size_t max;
  void get(reader& in, std::string& value) const { value = in.cstr(max); }
  void put(writer& out, std::string const& value) const { out.cstr(value, max); }
  void print(sink& out, std::string_view name, std::string const& value) const { out.text(name, value); }
  std::string any(entropy& chance) const {
    std::string text(chance.below(max), ' ');
    for (auto& c : text) c = static_cast<char>(chance.between(0x21, 0x7E));
    return text;
  }
};

// A one-octet length and that many octets.
struct counted_octets {
  std::size_t max = 255;
  void get(reader& in, octets& value) const {
    std::size_t const length = in.u8();
    if (length > max) return in.fail(errc::too_long);
    auto const part = in.take(length);
    value.assign(part.begin(), part.end());
  }
  void put(writer& out, octets const& value) const {
    if (value.size() > max) return out.fail(errc::too_long);
    out.u8(value.size());
    out.put(value);
  }
  void print(sink& out, std::string_view name, octets const& value) const { out.data(name, value); }
  octets any(entropy& chance) const {
    octets data(chance.below(max + 1));
    for (auto& octet : data) octet = static_cast<std::uint8_t>(chance.next());
    return data;
  }
};

}  // namespace signalbox::inline base
