// Group commit: how whoever has the store serves the requests that gathered while the one before was under way.
#pragma once

#include "engine/storage/message_store.hpp"

namespace signalbox::storage {

// One commit for all of them, then their reads; the answers in the order of the requests. If that commit fails, the
// requests that only erase are committed once more without the others: on a full disk they may succeed alone, and make
// room. All other requests of a failed commit fail with it.
std::vector<std::pair<std::uint64_t, answer>> serve(message_store& store, std::span<request> all);

// The values a request reads, after its commit.
std::vector<std::pair<key, result<octets>>> read_all(message_store& store, std::span<key const> wanted);

}  // namespace signalbox::storage
