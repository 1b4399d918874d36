// How option values are written, for the command line, scenario lines and faults alike: durations ("300ms", "1.5s",
// "2h", "3d1h"), counts, statuses by name or number, and rows that read them into a struct's member.
#pragma once

#include "engine/base/fields.hpp"
#include "engine/core/setting_rows.hpp"

namespace signalbox::simulators {

// A sum of numbers with units us, ms, s, m (or min), h, d; a bare 0 is allowed. Faults: bad_syntax, the offset counts
// characters.
result<duration> parse_duration(std::string_view text);

// Decimal, or hex after 0x; bad_syntax, or bad_value beyond `limit`.
result<std::uint64_t> parse_number(std::string_view text, std::uint64_t limit = UINT64_MAX);

// "150" or "0.5", not negative; and its shortest text.
result<double> parse_decimal(std::string_view text);
std::string decimal_text(double value);

// "ESME_RTHROTTLED", "0x58" or "88".
result<std::uint32_t> parse_status(std::string_view text);

result<bool> parse_flag(std::string_view text);  // yes, no, true, false, on, off

// The parts between commas; no parts for empty text.
std::vector<std::string_view> split_list(std::string_view text);

// `*` stands for any characters, `?` for one.
bool matches(std::string_view pattern, std::string_view text);

// -- rows ------------------------------------------------------------------------------------------------------

namespace rows {

template <class Owner>
core::setting_row<Owner> text(std::string_view name, std::string_view help, std::string Owner::* member) {
  return {name, core::setting_kind::text, help,
          [=](Owner& o, std::string_view value) -> result<void> {
            o.*member = value;
            return {};
          },
          [=](Owner const& o) { return o.*member; }};
}

template <class Owner, class Integer>
core::setting_row<Owner> number(std::string_view name, std::string_view help, Integer Owner::* member,
                                std::uint64_t limit = std::numeric_limits<Integer>::max()) {
  return {name, core::setting_kind::number, help,
          [=](Owner& o, std::string_view value) -> result<void> {
            auto const number = parse_number(value, limit);
            if (!number) return std::unexpected(number.error());
            o.*member = static_cast<Integer>(*number);
            return {};
          },
          [=](Owner const& o) { return std::to_string(o.*member); }};
}

template <class Owner>
core::setting_row<Owner> decimal(std::string_view name, std::string_view help, double Owner::* member) {
  return {name, core::setting_kind::number, help,
          [=](Owner& o, std::string_view value) -> result<void> {
            auto const number = parse_decimal(value);
            if (!number) return std::unexpected(number.error());
            o.*member = *number;
            return {};
          },
          [=](Owner const& o) { return decimal_text(o.*member); }};
}

template <class Owner>
core::setting_row<Owner> flag(std::string_view name, std::string_view help, bool Owner::* member) {
  return {name, core::setting_kind::flag, help,
          [=](Owner& o, std::string_view value) -> result<void> {
            auto const yes = parse_flag(value);
            if (!yes) return std::unexpected(yes.error());
            o.*member = *yes;
            return {};
          },
          [=](Owner const& o) { return std::string(o.*member ? "yes" : "no"); }};
}

template <class Owner>
core::setting_row<Owner> span_of_time(std::string_view name, std::string_view help, duration Owner::* member) {
  return {name, core::setting_kind::text, help,
          [=](Owner& o, std::string_view value) -> result<void> {
            auto const span = parse_duration(value);
            if (!span) return std::unexpected(span.error());
            o.*member = *span;
            return {};
          },
          [=](Owner const& o) { return to_text(o.*member); }};
}

// A member whose own type knows its text: `static result<Member> parse(std::string_view)` and `std::string text() const`.
template <class Owner, class Member>
core::setting_row<Owner> value(std::string_view name, std::string_view help, Member Owner::* member) {
  return {name, core::setting_kind::text, help,
          [=](Owner& o, std::string_view text) -> result<void> {
            auto parsed = Member::parse(text);
            if (!parsed) return std::unexpected(parsed.error());
            o.*member = std::move(*parsed);
            return {};
          },
          [=](Owner const& o) { return (o.*member).text(); }};
}

// One of a table's words.
template <class Owner, class Enum>
core::setting_row<Owner> choice(std::string_view name, std::string_view help, Enum Owner::* member,
                                std::span<code_name const> words) {
  return {name, core::setting_kind::text, help,
          [=](Owner& o, std::string_view value) -> result<void> {
            auto const code = find_code(words, value);
            if (!code) {
              std::string all;
              for (auto const& word : words) (all += all.empty() ? "one of " : ", ") += word.name;
              return failed(errc::bad_value, 0, name, all);
            }
            o.*member = static_cast<Enum>(*code);
            return {};
          },
          [=](Owner const& o) { return std::string(find_name(words, static_cast<std::uint32_t>(o.*member))); }};
}

}  // namespace rows

}  // namespace signalbox::simulators
