// Settings by name: one row per setting with its name in files, what it means, and how text becomes the value. Also how
// values are written, and the makers of rows, which everything that can be configured uses: the engine, the server, the
// simulators. Values arrive as text, already unquoted.
//
// A fault's `detail` is what the setting accepts ("a whole number from 1 to 100000", "one of plain, json"), so that
// whoever reports it can go on with what was found instead; its field is the row's name.
#pragma once

#include <functional>
#include <limits>

#include "engine/base/fields.hpp"
#include "engine/base/time.hpp"

namespace signalbox::core {

enum class setting_kind : std::uint8_t { text, number, seconds, milliseconds, flag, words };

template <class Owner>
struct setting_row {
  std::string_view name;  // "window", "bind_timeout_ms"
  setting_kind kind;      // a file that writes "5" where a number is meant is refused; `words` is a list of text
  std::string_view help;  // one sentence; the default is appended by whoever prints it
  std::function<result<void>(Owner&, std::string_view)> set;
  std::function<std::string(Owner const&)> get;
};

template <class Owner>
setting_row<Owner> const* find_row(std::span<setting_row<Owner> const> rows, std::string_view name) {
  for (auto const& row : rows)
    if (row.name == name) return &row;
  return nullptr;
}

// -- how values are written --------------------------------------------------------------------------------------

// Decimal, or hex after 0x. Faults: bad_syntax, or bad_value outside of `low` to `high`; with a unit the detail is
// "0 to 3600 seconds". Integer is std::int64_t or std::uint64_t.
template <class Integer>
result<Integer> parse_number(std::string_view text, Integer low = std::numeric_limits<Integer>::min(),
                             Integer high = std::numeric_limits<Integer>::max(), std::string_view unit = {});

// "150" or "0.5", from 0 to 10^12; and its shortest text.
result<double> parse_decimal(std::string_view text);
std::string decimal_text(double value);

// "300ms", "1.5s", "3d1h": a sum of numbers with units us, ms, s, m (or min), h, d; a bare 0 is allowed. Faults:
// bad_syntax, bad_value beyond a hundred years; the offset counts characters.
result<duration> parse_duration(std::string_view text);

result<bool> parse_flag(std::string_view text);  // yes, true, on, 1; no, false, off, 0

// The parts between commas; no parts for empty text.
std::vector<std::string_view> split_list(std::string_view text);

// -- makers of rows: (name, member, what limits it, help) --------------------------------------------------------

namespace rows {

// Whatever has a reader, string_view -> result of what the member is made from, and a writer, Member -> string.
template <class Owner, class Member, class Read, class Write>
setting_row<Owner> custom(std::string_view name, setting_kind kind, Member Owner::* member, Read read, Write write,
                          std::string_view help) {
  return {name, kind, help,
          [=](Owner& to, std::string_view text) -> result<void> {
            auto value = read(text);
            if (!value) return failed(value.error().code, value.error().offset, name, value.error().detail);
            to.*member = static_cast<Member>(*std::move(value));
            return {};
          },
          [=](Owner const& from) { return std::string(write(from.*member)); }};
}

template <class Owner>
setting_row<Owner> text(std::string_view name, std::string Owner::* member, std::size_t max, std::string_view help) {
  auto const read = [max](std::string_view value) -> result<std::string> {
    if (value.size() > max) return failed(errc::too_long, 0, {}, "at most " + std::to_string(max) + " characters");
    return std::string(value);
  };
  return custom(name, setting_kind::text, member, read, std::identity{}, help);
}
template <class Owner>
setting_row<Owner> text(std::string_view name, std::string Owner::* member, std::string_view help) {
  return text(name, member, std::string::npos, help);
}

template <class Owner, class Integer>
setting_row<Owner> number(std::string_view name, Integer Owner::* member, std::type_identity_t<Integer> low,
                          std::type_identity_t<Integer> high, std::string_view help) {
  using wide = std::conditional_t<std::is_signed_v<Integer>, std::int64_t, std::uint64_t>;
  auto const read = [=](std::string_view value) { return parse_number<wide>(value, low, high); };
  auto const write = [](Integer value) { return std::to_string(value); };
  return custom(name, setting_kind::number, member, read, write, help);
}
template <class Owner, class Integer>
setting_row<Owner> number(std::string_view name, Integer Owner::* member, std::string_view help) {
  using limits = std::numeric_limits<Integer>;
  return number(name, member, limits::min(), limits::max(), help);
}

template <class Owner>
setting_row<Owner> decimal(std::string_view name, double Owner::* member, std::string_view help) {
  return custom(name, setting_kind::number, member, parse_decimal, decimal_text, help);
}

// A time that files count in a unit, which the setting's name ends in: "drain_timeout_s", "bind_timeout_ms".
template <class Unit, class Owner>
setting_row<Owner> counted(std::string_view name, setting_kind kind, duration Owner::* member, std::int64_t low,
                           std::int64_t high, std::string_view unit, std::string_view help) {
  auto const read = [=](std::string_view text) -> result<duration> {
    auto const count = parse_number(text, low, high, unit);
    if (!count) return std::unexpected(count.error());
    return Unit{*count};
  };
  auto const write = [](duration value) { return std::to_string(std::chrono::duration_cast<Unit>(value).count()); };
  return custom(name, kind, member, read, write, help);
}
template <class Owner>
setting_row<Owner> seconds(std::string_view name, duration Owner::* member, std::int64_t low, std::int64_t high,
                           std::string_view help) {
  return counted<std::chrono::seconds>(name, setting_kind::seconds, member, low, high, "seconds", help);
}
template <class Owner>
setting_row<Owner> milliseconds(std::string_view name, duration Owner::* member, std::int64_t low, std::int64_t high,
                                std::string_view help) {
  return counted<std::chrono::milliseconds>(name, setting_kind::milliseconds, member, low, high, "milliseconds", help);
}

// A time written with its unit: "30s".
template <class Owner>
setting_row<Owner> span_of_time(std::string_view name, duration Owner::* member, std::string_view help) {
  auto const write = [](duration value) { return to_text(value); };
  return custom(name, setting_kind::text, member, parse_duration, write, help);
}

template <class Owner>
setting_row<Owner> flag(std::string_view name, bool Owner::* member, std::string_view help) {
  return custom(name, setting_kind::flag, member, parse_flag, [](bool yes) { return yes ? "yes" : "no"; }, help);
}

// One of a table's words.
template <class Owner, class Enum>
setting_row<Owner> choice(std::string_view name, Enum Owner::* member, std::span<code_name const> words,
                          std::string_view help) {
  auto const read = [words](std::string_view text) -> result<std::uint32_t> {
    if (auto const code = find_code(words, text)) return *code;
    std::string all;
    for (auto const& word : words) (all += all.empty() ? "one of " : ", ") += word.name;
    return failed(errc::bad_value, 0, {}, all);
  };
  auto const write = [words](Enum value) { return find_name(words, static_cast<std::uint32_t>(value)); };
  return custom(name, setting_kind::text, member, read, write, help);
}

// A member whose own type knows its text: `static result<Member> parse(std::string_view)` and `std::string text() const`.
template <class Owner, class Member>
setting_row<Owner> value(std::string_view name, Member Owner::* member, std::string_view help) {
  return custom(name, setting_kind::text, member, &Member::parse, [](Member const& m) { return m.text(); }, help);
}

// A row that takes only what `check`, string_view -> result<void>, has nothing against.
template <class Owner, class Check>
setting_row<Owner> checked(Check check, setting_row<Owner> row) {
  row.set = [name = row.name, check, set = std::move(row.set)](Owner& to, std::string_view text) -> result<void> {
    if (auto const good = check(text); !good)
      return failed(good.error().code, good.error().offset, name, good.error().detail);
    return set(to, text);
  };
  return row;
}

// A row of a part, for whoever has the part as a member.
template <class Owner, class Part>
setting_row<Owner> within(Part Owner::* part, setting_row<Part> const& row) {
  return {row.name, row.kind, row.help,
          [part, set = row.set](Owner& to, std::string_view text) { return set(to.*part, text); },
          [part, get = row.get](Owner const& from) { return get(from.*part); }};
}

}  // namespace rows

}  // namespace signalbox::core
