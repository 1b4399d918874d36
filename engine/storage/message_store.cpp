// Loading a whole store: its keys, and then the values, a part at a time.
#include "engine/storage/message_store.hpp"

namespace signalbox::storage {

result<void> load(message_store& from, std::function<void(key, octet_view)> const& visit) {
  std::vector<key> all;
  auto outcome = from.keys([&all](key where) { all.push_back(where); });
  from.read(all, [&](key where, result<octet_view> value) {
    if (value) return visit(where, *value);
    if (!outcome) return;
    outcome = std::unexpected(value.error());
    if (outcome.error().code == errc::not_found) outcome.error().code = errc::corrupt;  // its key was found
  });
  return outcome;
}

}  // namespace signalbox::storage
