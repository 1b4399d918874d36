#include "engine/server/config.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "engine/server/config_tables.hpp"

namespace signalbox::server {

namespace {

using core::setting_kind;

std::string_view accepted_by(setting_kind kind) {
  switch (kind) {
    case setting_kind::text:         return "text in quotes";
    case setting_kind::number:       return "a whole number";
    case setting_kind::seconds:      return "a number of seconds";
    case setting_kind::milliseconds: return "a number of milliseconds";
    case setting_kind::flag:         return "true or false";
    case setting_kind::words:        return "a list of texts";
  }
  return "another value";
}

// The text that a row's set() reads, or nothing where the type is not the row's.
std::optional<std::string> text_for(setting_kind kind, toml::node const& value) {
  switch (kind) {
    case setting_kind::text:
      if (auto const* text = value.as_string()) return text->get();
      return {};
    case setting_kind::number:
    case setting_kind::seconds:
    case setting_kind::milliseconds:
      if (auto const* number = value.as_integer()) return std::to_string(number->get());
      return {};
    case setting_kind::flag:
      if (auto const* flag = value.as_boolean()) return flag->get() ? "true" : "false";
      return {};
    case setting_kind::words: {
      auto const* list = value.as_array();
      if (list == nullptr) return {};
      std::string joined;
      for (auto const& one : *list) {
        auto const* word = one.as_string();
        if (word == nullptr) return {};
        if (!joined.empty()) joined += ',';
        joined += word->get();
      }
      return joined;
    }
  }
  return {};
}

template <class Owner>
std::string names(std::span<core::setting_row<Owner> const> rows) {
  std::string all;
  for (auto const& row : rows) (all += all.empty() ? "" : ", ") += row.name;
  return all;
}

// What a fault says, without the offset inside the value, and without the field if that is told already.
std::string words_of(fault const& f, std::string_view told = {}) {
  auto const& what = f.detail.empty() ? std::string(name_of(f.code)) : f.detail;
  return f.field.empty() || f.field == told ? what : f.field + ": " + what;
}

std::string lower(std::string_view text) {
  std::string all(text);
  for (auto& c : all)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return all;
}

class file_reader {
 public:
  explicit file_reader(std::string_view name) : name_(name) {}

  std::unexpected<fault> at(toml::source_position place, errc code, std::string_view what) const {
    return failed(code, 0, {}, fmt::format("{}:{}:{}: {}", name_, place.line, place.column, what));
  }

  template <class Owner>
  result<void> fill(Owner& owner, std::span<core::setting_row<Owner> const> rows, toml::table const& from,
                    std::string_view table) const {
    for (auto const& [key, value] : by_place(from)) {
      auto const* row = core::find_row(rows, key->str());
      if (row == nullptr)
        return at(key->source().begin, errc::not_found,
                  fmt::format("unknown key \"{}\" in {}; known: {}", key->str(), table, names(rows)));
      auto const text = text_for(row->kind, *value);
      if (!text)
        return at(value->source().begin, errc::bad_value,
                  fmt::format("{} in {} takes {}", key->str(), table, accepted_by(row->kind)));
      if (auto const done = row->set(owner, *text); !done)
        return at(value->source().begin, done.error().code,
                  fmt::format("{} in {}: {}", key->str(), table, words_of(done.error(), key->str())));
    }
    return {};
  }

  result<void> fill_all(configuration& all, toml::table const& root) const {
    for (auto const& [where, content] : by_place(root)) {
      auto const& key = *where;
      auto const& value = *content;
      if (key.str() == "esme") {
        if (auto done = fill_esmes(all, key, value); !done) return done;
        continue;
      }
      bool known = false;
      result<void> outcome;
      for_each_table(all, [&](std::string_view name, auto rows, auto& owner) {
        if (name != key.str()) return;
        known = true;
        auto const* table = value.as_table();
        outcome = table == nullptr
                      ? at(key.source().begin, errc::bad_value, fmt::format("{} is a table: [{}]", name, name))
                      : fill(owner, rows, *table, fmt::format("[{}]", name));
      });
      if (!known)
        return at(key.source().begin, errc::not_found,
                  fmt::format("unknown {} \"{}\"; known: [server], [smpp], [sms], [[esme]]",
                              value.is_table() || value.is_array_of_tables() ? "table" : "key", key.str()));
      if (!outcome) return outcome;
    }
    return {};
  }

 private:
  result<void> fill_esmes(configuration& all, toml::key const& key, toml::node const& value) const {
    auto const* list = value.as_array();
    if (list == nullptr || !std::all_of(list->begin(), list->end(), [](auto const& n) { return n.is_table(); }))
      return at(key.source().begin, errc::bad_value, "esme is a list of tables: [[esme]]");
    for (auto const& one : *list) {
      sms::esme fresh;
      if (auto done = fill(fresh, core::esme_rows(), *one.as_table(), "[[esme]]"); !done) return done;
      if (fresh.name.empty()) return at(one.source().begin, errc::missing, "an [[esme]] needs a name");
      for (auto const& other : all.engine.esmes)
        if (other.name == fresh.name)
          return at(one.source().begin, errc::duplicate,
                    fmt::format("there is an [[esme]] \"{}\" already", fresh.name));
      all.engine.esmes.push_back(std::move(fresh));
    }
    return {};
  }

  // toml++ keeps tables sorted by name; the first mistake a reader sees should be the first in the file.
  static std::vector<std::pair<toml::key const*, toml::node const*>> by_place(toml::table const& from) {
    std::vector<std::pair<toml::key const*, toml::node const*>> all;
    for (auto const& [key, value] : from) all.emplace_back(&key, &value);
    std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) {
      auto const x = a.first->source().begin, y = b.first->source().begin;
      return std::pair(x.line, x.column) < std::pair(y.line, y.column);
    });
    return all;
  }

  std::string_view name_;
};

}  // namespace

result<configuration> parse(std::string_view text, std::string_view file_name, configuration base) {
  file_reader const reader(file_name);
  if (text.size() > max_config_octets)
    return reader.at(toml::source_position{1, 1}, errc::too_long,
                     fmt::format("a configuration has at most {} octets", max_config_octets));
  auto const parsed = toml::parse(text);
  if (!parsed) return reader.at(parsed.error().source().begin, errc::bad_syntax, parsed.error().description());
  if (auto const done = reader.fill_all(base, parsed.table()); !done) return std::unexpected(done.error());
  return base;
}

result<void> set(configuration& all, std::string_view name, std::string_view value, std::string_view origin) {
  auto const dot = name.find('.');
  auto const table_name = name.substr(0, dot);
  auto const key = dot == name.npos ? std::string_view{} : name.substr(dot + 1);
  auto outcome = result<void>(failed(errc::not_found, 0, {},
                                     fmt::format("{}: unknown table \"{}\"; settings are named TABLE.KEY, tables: "
                                                 "server, smpp, sms",
                                                 origin, table_name)));
  for_each_table(all, [&](std::string_view table, auto rows, auto& owner) {
    if (table != table_name) return;
    auto const* row = core::find_row(rows, key);
    if (row == nullptr) {
      outcome = failed(errc::not_found, 0, {},
                       fmt::format("{}: unknown key \"{}\" in [{}]; known: {}", origin, key, table, names(rows)));
      return;
    }
    outcome = row->set(owner, value);
    if (!outcome)
      outcome = failed(outcome.error().code, 0, {},
                       fmt::format("{}: {} in [{}]: {}", origin, key, table, words_of(outcome.error(), key)));
  });
  return outcome;
}

result<void> overlay_environment(configuration& all, std::span<std::string const> variables) {
  constexpr std::string_view ours = "SIGNALBOX_";
  for (auto const& variable : variables) {
    if (!variable.starts_with(ours)) continue;
    auto const equals = variable.find('=');
    if (equals == variable.npos) continue;
    auto const name = std::string_view(variable).substr(0, equals);
    auto setting = lower(name.substr(ours.size()));
    bool known = false;
    for_each_table(all, [&](std::string_view table, auto, auto&) {
      if (!setting.starts_with(table) || setting.size() <= table.size() || setting[table.size()] != '_') return;
      setting[table.size()] = '.';
      known = true;
    });
    if (!known) continue;
    if (auto done = set(all, setting, std::string_view(variable).substr(equals + 1), name); !done) return done;
  }
  return {};
}

result<void> check(configuration const& all) {
  if (all.server.certificate.empty() != all.server.private_key.empty())
    return failed(errc::missing, 0, {}, "[server] certificate and private_key go together: one of them is missing");
  if (auto const done = core::check(all.engine); !done) return failed(done.error().code, 0, {}, words_of(done.error()));
  return {};
}

}  // namespace signalbox::server
