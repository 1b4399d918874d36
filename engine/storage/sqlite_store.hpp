// The message store as one SQLite file (with its -wal beside it while open): WAL, synchronous=FULL, one connection,
// prepared statements. Simple, first, and the oracle that later stores are compared with. The file carries an
// application id and a version (PRAGMA user_version); a foreign file or an unknown version is refused and not touched.
// Not here: a thread (engine/server has the one that calls commit), checksums over records (SQLite finds a damaged
// page structure; octets changed inside a value are for the owner of the record to find).
#pragma once

#include <memory>
#include <string>

#include "engine/storage/message_store.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace signalbox::storage {

class sqlite_store final : public message_store {
 public:
  static constexpr std::int32_t application_id = 0x53424D53;  // "SBMS"
  static constexpr std::int32_t version = 1;

  // Creates the file when it is absent or empty; its directory must exist. ":memory:" lives as long as the store.
  // The file is locked until the store is destroyed; used by one thread at a time. Faults, the path in `field`:
  //   not_supported  another program's file, or a version this program does not know; nothing was touched
  //   corrupt        a damaged file
  //   io             in use by another process, no such directory, no permission, no space ...
  static result<std::unique_ptr<sqlite_store>> open(std::string const& path);
  ~sqlite_store() override;  // folds the -wal into the file

  // Faults beyond those of the interface: corrupt, when the pages to change do not hold together. After any fault the
  // transaction is rolled back, and the next commit may succeed. One limit: when the sync itself fails and the power
  // goes before the next commit, the commit that was answered with the fault may be found applied.
  result<void> commit(std::span<operation const> operations) override;

  result<void> keys(std::function<void(key)> const& visit) override;
  void read(std::span<key const> wanted, std::function<void(key, result<octet_view>)> const& visit) override;

 private:
  struct close_database {
    void operator()(sqlite3* db) const;
  };
  struct finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using statement = std::unique_ptr<sqlite3_stmt, finalize>;
  struct step {  // the last operation of a commit on one key
    key where;
    std::uint32_t index;
  };

  sqlite_store(std::string path, sqlite3* db) : path_(std::move(path)), db_(db) {}
  result<void> check_header() const;
  result<void> prepare_file();
  result<void> prepare_format();
  result<void> prepare_statements();
  result<void> prepare(statement& into, char const* sql);
  result<void> execute(char const* sql);
  result<std::int64_t> number(char const* sql);
  result<void> run(statement const& prepared);
  result<void> change(std::span<operation const> operations);
  result<octet_view> value_of(key where);
  void keep_last_of_each_key(std::span<operation const> operations);
  std::unexpected<fault> no_record_of_ours(key where) const;
  std::unexpected<fault> failure() const;

  std::string path_;
  std::unique_ptr<sqlite3, close_database> db_;
  statement begin_, put_, erase_, end_, undo_, keys_, value_;
  std::vector<step> steps_;
};

}  // namespace signalbox::storage
