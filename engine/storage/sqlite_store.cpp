#include "engine/storage/sqlite_store.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <system_error>

#include "engine/storage/limits.hpp"

namespace signalbox::storage {

namespace {

// bench/README.md has the figures behind these choices.
//  - Clustered by key (WITHOUT ROWID): a record is one b-tree entry, new ids fill pages from the left.
//  - 4 KiB pages: a commit of one record writes the fewest octets; larger pages win only with a large backlog.
//  - A checkpoint every 4,000 pages (16 MiB): rarer ones gain nothing and stop the writer for longer.
//  - secure_delete=FAST: erased messages are overwritten where that costs no further write.
//  - EXCLUSIVE keeps the lock, so there is no shared-memory index and no second writer.
constexpr char settings[] =
    "PRAGMA locking_mode=EXCLUSIVE;"
    "PRAGMA page_size=4096;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=4000;"
    "PRAGMA cache_size=-65536;"
    "PRAGMA secure_delete=FAST;"
    "PRAGMA cell_size_check=ON;"
    "PRAGMA trusted_schema=OFF;";

constexpr char create_table[] =
    "CREATE TABLE records(kind INTEGER NOT NULL, id INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY(kind, id))"
    " WITHOUT ROWID";

// Where a database file keeps what identifies it (SQLite file format, 1.3).
constexpr std::size_t header_octets = 100, version_at = 60, application_id_at = 68;
constexpr std::string_view magic{"SQLite format 3\0", 16};

errc code_of(int outcome) {
  switch (outcome & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:  // our statements are fixed: what they name is not in the file
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:   return errc::corrupt;
    default:                return outcome == SQLITE_IOERR_SHORT_READ || outcome == SQLITE_IOERR_CORRUPTFS ? errc::corrupt : errc::io;
  }
}

std::string unknown_version(std::int64_t found) {
  return "message store of version " + std::to_string(found) + "; this program knows version " +
         std::to_string(sqlite_store::version);
}

struct reset_at_end {
  sqlite3_stmt* of;
  ~reset_at_end() { sqlite3_reset(of); }  // an unfinished SELECT would hold up every checkpoint
};

}  // namespace

void sqlite_store::close_database::operator()(sqlite3* db) const { sqlite3_close(db); }
void sqlite_store::finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

sqlite_store::~sqlite_store() = default;

result<std::unique_ptr<sqlite_store>> sqlite_store::open(std::string const& path) {
  if (path.empty()) return failed(errc::bad_value, 0, "path", "empty");  // SQLite would take it for a temporary file
  sqlite3* db = nullptr;
  auto const outcome =
      sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<sqlite_store> store{new sqlite_store(path, db)};
  if (outcome != SQLITE_OK) return store->failure();
  if (auto known = store->check_header(); !known) return std::unexpected(known.error());
  if (auto ready = store->prepare_file(); !ready) return std::unexpected(ready.error());
  if (auto ready = store->prepare_statements(); !ready) return std::unexpected(ready.error());
  return store;
}

// Looks at the file before SQLite does: SQLite's own first look at a foreign database could already replay its journal.
// Through SQLite's file object, because closing another descriptor of the file would drop this process's locks on it.
result<void> sqlite_store::check_header() const {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(db_.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file == nullptr || file->pMethods == nullptr) return {};  // :memory:
  sqlite3_int64 size = 0;
  octets header(header_octets);
  if (file->pMethods->xFileSize(file, &size) != SQLITE_OK) return failed(errc::io, 0, path_, "its size is unreadable");
  if (size == 0) return {};
  auto const there = static_cast<std::size_t>(std::min<sqlite3_int64>(size, header_octets));
  if (file->pMethods->xRead(file, header.data(), static_cast<int>(there), 0) != SQLITE_OK)
    return failed(errc::io, 0, path_, "its header is unreadable");
  if (text_of(header).substr(0, magic.size()) != magic)
    return failed(errc::not_supported, 0, path_, "not a message store (no SQLite file)");
  if (there < header_octets) return failed(errc::corrupt, there, path_, "its header is cut short");
  auto const number_at = [&](std::size_t place) {
    return static_cast<std::int32_t>(reader{octet_view{header}.subspan(place)}.u32());
  };
  if (number_at(application_id_at) != application_id)
    return failed(errc::not_supported, application_id_at, path_, "not a message store (another program's database)");
  if (auto const found = number_at(version_at); found != version)
    return failed(errc::not_supported, version_at, path_, unknown_version(found));
  return {};
}

// Until the file is known to be ours, closing must not fold the -wal into it.
result<void> sqlite_store::prepare_file() {
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (auto done = execute(settings); !done) return done;
  if (auto locked = execute("BEGIN EXCLUSIVE"); !locked) return locked;
  if (auto done = prepare_format(); !done) return done;
  if (auto done = execute("COMMIT"); !done) return done;
  if (auto done = execute("PRAGMA journal_mode=WAL"); !done) return done;
  sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return {};
}

result<void> sqlite_store::prepare_format() {
  // The header once more, as it is after recovery: a creation cut short is undone by now, and a newer program may have
  // left its version in the -wal.
  auto const schema = number("PRAGMA schema_version"), id = number("PRAGMA application_id"),
             found = number("PRAGMA user_version");
  for (auto const& each : {schema, id, found})
    if (!each) return std::unexpected(each.error());
  if (*schema == 0 && *id == 0) {
    auto const stamp = "PRAGMA application_id=" + std::to_string(application_id) +
                       ";PRAGMA user_version=" + std::to_string(version) + ";" + create_table;
    return execute(stamp.c_str());
  }
  if (*id != application_id) return failed(errc::not_supported, application_id_at, path_, "not a message store");
  if (*found != version) return failed(errc::not_supported, version_at, path_, unknown_version(*found));
  return {};
}

result<void> sqlite_store::prepare_statements() {
  struct {
    statement& into;
    char const* sql;
  } const rows[] = {
      {begin_, "BEGIN IMMEDIATE"},
      {put_, "INSERT OR REPLACE INTO records(kind, id, value) VALUES(?1, ?2, ?3)"},
      {erase_, "DELETE FROM records WHERE kind = ?1 AND id = ?2"},
      {end_, "COMMIT"},
      {undo_, "ROLLBACK"},
      {keys_, "SELECT kind, id FROM records ORDER BY kind, id"},
      {value_, "SELECT value FROM records WHERE kind = ?1 AND id = ?2"},
  };
  for (auto const& row : rows)
    if (auto done = prepare(row.into, row.sql); !done) return done;
  return {};
}

result<void> sqlite_store::commit(std::span<operation const> operations) {
  if (auto fits = check_limits(operations); !fits) return fits;
  if (operations.empty()) return {};
  auto const done = change(operations);
  // Some faults have SQLite roll back by itself; it then is in autocommit mode again.
  if (!done && sqlite3_get_autocommit(db_.get()) == 0) static_cast<void>(run(undo_));
  return done;
}

result<void> sqlite_store::change(std::span<operation const> operations) {
  keep_last_of_each_key(operations);
  if (auto begun = run(begin_); !begun) return begun;
  for (auto const& each : steps_) {
    auto const& value = operations[each.index].value;
    auto const putting = operations[each.index].what == operation::verb::put;
    auto const& prepared = putting ? put_ : erase_;
    sqlite3_bind_int(prepared.get(), 1, each.where.kind);
    sqlite3_bind_int64(prepared.get(), 2, static_cast<sqlite3_int64>(each.where.id));
    // A null pointer would bind NULL, hence the "" for a value of no octets.
    if (putting)
      sqlite3_bind_blob(prepared.get(), 3, value.empty() ? static_cast<void const*>("") : value.data(),
                        static_cast<int>(value.size()), SQLITE_STATIC);
    if (auto done = run(prepared); !done) return done;
  }
  return run(end_);
}

// A message stored and delivered within one group commit is a put and an erase of one key: only the last counts.
// Sorting finds them, and gives the b-tree its changes in the order of its pages.
void sqlite_store::keep_last_of_each_key(std::span<operation const> operations) {
  steps_.resize(operations.size());
  for (std::uint32_t i = 0; i < steps_.size(); ++i) steps_[i] = {operations[i].where, i};
  std::ranges::sort(steps_, [](step const& a, step const& b) {
    return a.where != b.where ? a.where < b.where : a.index > b.index;  // of one key the last first: unique keeps it
  });
  auto const rest = std::ranges::unique(steps_, {}, &step::where);
  steps_.erase(rest.begin(), rest.end());
}

result<void> sqlite_store::keys(std::function<void(key)> const& visit) {
  reset_at_end const done{keys_.get()};
  key last;
  for (bool first = true;; first = false) {
    auto const outcome = sqlite3_step(keys_.get());
    if (outcome == SQLITE_DONE) return {};
    if (outcome != SQLITE_ROW) return failure();
    auto const kind = sqlite3_column_int64(keys_.get(), 0), id = sqlite3_column_int64(keys_.get(), 1);
    key const where{static_cast<std::uint8_t>(kind), static_cast<std::uint64_t>(id)};
    if (kind != where.kind || id < 0 || (!first && where <= last)) return no_record_of_ours(where);
    visit(where);
    last = where;
  }
}

void sqlite_store::read(std::span<key const> wanted, std::function<void(key, result<octet_view>)> const& visit) {
  for (auto const where : wanted) {
    reset_at_end const done{value_.get()};
    visit(where, value_of(where));
  }
}

// Lasts until value_ is reset.
result<octet_view> sqlite_store::value_of(key where) {
  auto const absent = [&] { return failed(errc::not_found, 0, path_, to_text(where) + " is not there"); };
  if (where.id > max_id) return absent();
  sqlite3_bind_int(value_.get(), 1, where.kind);
  sqlite3_bind_int64(value_.get(), 2, static_cast<sqlite3_int64>(where.id));
  auto const outcome = sqlite3_step(value_.get());
  if (outcome == SQLITE_DONE) return absent();
  if (outcome != SQLITE_ROW) return failure();
  auto const* value = static_cast<std::uint8_t const*>(sqlite3_column_blob(value_.get(), 0));
  auto const size = static_cast<std::size_t>(sqlite3_column_bytes(value_.get(), 0));
  if (size > max_record_octets) return no_record_of_ours(where);
  return octet_view{value, size};
}

std::unexpected<fault> sqlite_store::no_record_of_ours(key where) const {
  return failed(errc::corrupt, 0, path_, "no store writes a record such as " + to_text(where));
}

result<void> sqlite_store::prepare(statement& into, char const* sql) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) != SQLITE_OK)
    return failure();
  into.reset(prepared);
  return {};
}

result<void> sqlite_store::execute(char const* sql) {
  if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return {};
}

result<std::int64_t> sqlite_store::number(char const* sql) {
  statement prepared;
  if (auto done = prepare(prepared, sql); !done) return std::unexpected(done.error());
  if (sqlite3_step(prepared.get()) != SQLITE_ROW) return failure();
  return sqlite3_column_int64(prepared.get(), 0);
}

result<void> sqlite_store::run(statement const& prepared) {
  auto const outcome = sqlite3_step(prepared.get());
  result<void> done;
  if (outcome != SQLITE_DONE) done = failure();
  sqlite3_reset(prepared.get());
  return done;
}

std::unexpected<fault> sqlite_store::failure() const {
  if (!db_) return failed(errc::io, 0, path_, "out of memory");
  auto const outcome = sqlite3_extended_errcode(db_.get());
  std::string detail = sqlite3_errmsg(db_.get());
  if ((outcome & 0xFF) == SQLITE_BUSY) detail += ": another process has it open";
  auto const cause = sqlite3_system_errno(db_.get());
  if (((outcome & 0xFF) == SQLITE_IOERR || (outcome & 0xFF) == SQLITE_CANTOPEN) && cause != 0)
    detail += ": " + std::generic_category().message(cause);
  return failed(code_of(outcome), 0, path_, std::move(detail));
}

}  // namespace signalbox::storage
