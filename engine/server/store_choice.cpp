#include "engine/server/store_choice.hpp"

#include <filesystem>

#include "engine/storage/log/log_store.hpp"
#include "engine/storage/sqlite_store.hpp"

namespace signalbox::server {

result<opened_store> open_store(std::string const& data_directory, store_kind wanted) {
  auto const log = data_directory + "/messages", file = data_directory + "/messages.db";
  std::error_code error;
  bool const log_is_there = std::filesystem::exists(log, error), file_is_there = std::filesystem::exists(file, error);
  opened_store out;
  out.kind = wanted;
  if (wanted == store_kind::automatic) out.kind = file_is_there && !log_is_there ? store_kind::sqlite : store_kind::log;
  if (out.kind == store_kind::sqlite) {
    auto opened = storage::sqlite_store::open(file);
    if (!opened) return std::unexpected(opened.error());
    out.store = std::move(*opened);
    if (log_is_there) out.ignored = log;
    return out;
  }
  auto opened = storage::log::log_store::open(log);
  if (!opened) return std::unexpected(opened.error());
  out.damage.assign((*opened)->damage().begin(), (*opened)->damage().end());
  out.store = std::move(*opened);
  if (file_is_there) out.ignored = file;
  return out;
}

}  // namespace signalbox::server
