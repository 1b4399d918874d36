// Which message store a data directory is served with: the log in `messages/`, or SQLite in `messages.db`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/storage/message_store.hpp"

namespace signalbox::server {

enum class store_kind : std::uint8_t { automatic, log, sqlite };

struct opened_store {
  std::unique_ptr<storage::message_store> store;
  store_kind kind = store_kind::log;  // never automatic
  std::vector<fault> damage;          // told by the log: read around, and to be told on
  std::string ignored;                // the path of another store that is there and is not read, or empty
};

// Automatic: the log, but where a SQLite file is and no log, that file goes on.
result<opened_store> open_store(std::string const& data_directory, store_kind wanted);

}  // namespace signalbox::server
