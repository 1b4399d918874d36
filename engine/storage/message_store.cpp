// Loading a whole store: its keys, and then the values, a part at a time.
#include "engine/storage/message_store.hpp"

namespace signalbox::storage {

result<void> load(message_store& from, std::function<void(key, octet_view)> const& visit) {
  return load_if(from, [](key) { return true; }, visit);
}

result<void> load_if(message_store& from, std::function<bool(key)> const& wants,
                     std::function<void(key, octet_view)> const& visit) {
  std::vector<key> wanted;
  auto outcome = from.keys([&](key where) {
    if (wants(where)) wanted.push_back(where);
  });
  from.read(wanted, [&](key where, result<octet_view> value) {
    if (value) return visit(where, *value);
    if (!outcome) return;
    outcome = std::unexpected(value.error());
    if (outcome.error().code == errc::not_found) outcome.error().code = errc::corrupt;  // its key was found
  });
  return outcome;
}

}  // namespace signalbox::storage
