#include "engine/server/config.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>

#include "engine/server/config_tables.hpp"

namespace signalbox::server {

namespace {

using core::setting_kind;

std::string_view accepted_by(setting_kind kind) {
  switch (kind) {
    case setting_kind::text: return "text in quotes";
    case setting_kind::number: return "a whole number";
    case setting_kind::seconds: return "a number of seconds";
    case setting_kind::milliseconds: return "a number of milliseconds";
    case setting_kind::flag: return "true or false";
    case setting_kind::words: return "a list of texts";
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

class file_reader {
 public:
  explicit file_reader(std::string_view name) : name_(name) {}

  template <class Where>
  std::unexpected<fault> at(Where const& place, errc code, std::string_view what) const {
    return failed(code, 0, {}, fmt::format("{}:{}:{}: {}", name_, place.line, place.column, what));
  }

  template <class Owner>
  result<void> fill(Owner& owner, std::span<core::setting_row<Owner> const> rows, toml::table const& from,
                    std::string_view table) const {
    for (auto const* entry : by_place(from)) {
      auto const& key = entry->first;
      auto const& value = entry->second;
      auto const* row = core::find_row(rows, key.str());
      if (row == nullptr)
        return at(key.source().begin, errc::not_found,
                  fmt::format("unknown key \"{}\" in {}; known: {}", key.str(), table, names(rows)));
      auto const text = text_for(row->kind, *value);
      if (!text)
        return at(value->source().begin, errc::bad_value,
                  fmt::format("{} in {} takes {}", key.str(), table, accepted_by(row->kind)));
      if (auto const done = row->set(owner, *text); !done)
        return at(value->source().begin, done.error().code,
                  fmt::format("{} in {}: {}", key.str(), table, words_of(done.error())));
    }
    return {};
  }

  result<void> fill_all(configuration& all, toml::table const& root) const {
    for (auto const* entry : by_place(root)) {
      auto const& key = entry->first;
      auto const& value = *entry->second;
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
  struct place_entry {
    toml::key first;
    toml::node const* second;
  };

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
          return at(one.source().begin, errc::duplicate, fmt::format("there is an [[esme]] \"{}\" already", fresh.name));
      all.engine.esmes.push_back(std::move(fresh));
    }
    return {};
  }

  // toml++ keeps tables sorted by name; the first mistake a reader sees should be the first in the file.
  static std::vector<std::pair<toml::key, toml::node const*> const*> by_place(toml::table const& from);

  std::string_view name_;
};

}  // namespace
}  // namespace signalbox::server
