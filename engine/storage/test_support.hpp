// For the tests of this folder: a directory that goes away, what a store holds, and random batches.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>

#include "engine/base/entropy.hpp"
#include "engine/storage/message_store.hpp"

namespace signalbox::storage {

class temporary_directory {
 public:
  temporary_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "signalbox-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~temporary_directory() { std::filesystem::remove_all(path_); }
  temporary_directory(temporary_directory const&) = delete;
  temporary_directory& operator=(temporary_directory const&) = delete;

  std::string file(std::string const& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

using contents = std::map<key, octets>;

inline result<contents> contents_of(message_store& store) {
  contents found;
  auto const done =
      load(store, [&](key where, octet_view value) { found.emplace(where, octets(value.begin(), value.end())); });
  if (!done) return std::unexpected(done.error());
  return found;
}

// What reading a batch's worth of keys tells: in the order asked for, nullopt for what is not there.
using values = std::vector<std::pair<key, std::optional<octets>>>;

inline values values_of(message_store& store, std::span<key const> wanted) {
  values found;
  store.read(wanted, [&](key where, result<octet_view> value) {
    if (value)
      found.emplace_back(where, octets(value->begin(), value->end()));
    else if (value.error().code == errc::not_found)
      found.emplace_back(where, std::nullopt);
  });
  return found;
}

// From the range of any_batch: some of them there, some not, some twice.
inline std::vector<key> any_keys(entropy& chance) {
  std::vector<key> wanted(chance.below(40));
  for (auto& each : wanted) each = {static_cast<std::uint8_t>(chance.below(3)), chance.below(20)};
  if (chance.one_in(2)) std::ranges::sort(wanted);
  return wanted;
}

// Keys from a small range, so that batches meet the records of earlier ones and their own.
inline std::vector<operation> any_batch(entropy& chance) {
  std::vector<operation> batch(chance.below(12));
  for (auto& each : batch) {
    key const where{static_cast<std::uint8_t>(chance.below(3)), chance.below(20)};
    if (chance.percent(60))
      each = operation::put(where, octets(chance.below(600), static_cast<std::uint8_t>(chance.next())));
    else
      each = operation::erase(where);
  }
  return batch;
}

}  // namespace signalbox::storage
