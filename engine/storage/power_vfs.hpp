// For tests: a disk under SQLite that loses power or begins to fail. It stands as SQLite's default file system while it
// lives, passes everything on to the real one, and remembers what no sync has covered yet. When the power is cut it
// builds what could be found on the disk afterwards: of every write since the last sync of its file all, nothing or
// the first sectors, by seed; a file deleted without a sync of its directory is there again. Left out: reordering
// within one write beyond that, and shared memory (the store must not need any).
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/bytes.hpp"
#include "engine/base/entropy.hpp"

namespace signalbox::storage {

enum class disk_fault : std::uint8_t { none, full, write_error, sync_error };

class power_vfs {
 public:
  explicit power_vfs(entropy& chance) : chance_(chance), real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    vfs_.iVersion = 1;
    vfs_.szOsFile = static_cast<int>(sizeof(file)) + real_->szOsFile;
    vfs_.zName = "signalbox_power";
    vfs_.pNext = nullptr;
    vfs_.pAppData = this;
    vfs_.xOpen = open;
    vfs_.xDelete = remove;
    vfs_.xAccess = [](sqlite3_vfs* vfs, char const* name, int flags, int* answer) {
      return self(vfs).real_->xAccess(self(vfs).real_, name, flags, answer);
    };
    vfs_.xFullPathname = [](sqlite3_vfs* vfs, char const* name, int size, char* out) {
      return self(vfs).real_->xFullPathname(self(vfs).real_, name, size, out);
    };
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~power_vfs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
  }
  power_vfs(power_vfs const&) = delete;
  power_vfs& operator=(power_vfs const&) = delete;

  void cut_after(std::uint64_t calls) {
    cut_at_ = calls_ + calls;
  }  // writes, truncations, syncs and deletions from now
  bool is_cut() const { return image_.has_value(); }

  void fail_from(disk_fault what, std::uint64_t calls) {
    fault_ = what;
    fault_at_ = calls_ + calls;
  }
  void heal() { fault_ = disk_fault::none; }

  // The files as the power cut left them, by name.
  std::map<std::string, octets> const& image() const { return *image_; }

 private:
  struct change {
    std::size_t at = 0;
    octets data;
    bool truncation = false;
  };
  struct disk_file {
    octets synced;
    std::vector<change> since;
  };
  struct file {  // the real file lies right behind it
    sqlite3_file base;
    power_vfs* owner;
    std::string* name;
    bool syncs_directory;  // as SQLite's own file system does at the first sync of a new journal
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static power_vfs& self(sqlite3_vfs* vfs) { return *static_cast<power_vfs*>(vfs->pAppData); }
  static file& of(sqlite3_file* handle) { return *reinterpret_cast<file*>(handle); }
  static disk_file& disk(sqlite3_file* handle) { return of(handle).owner->files_[*of(handle).name]; }

  static int open(sqlite3_vfs* vfs, char const* name, sqlite3_file* handle, int flags, int* given) {
    auto& opened = of(handle);
    opened.base.pMethods = nullptr;
    auto const outcome = self(vfs).real_->xOpen(self(vfs).real_, name, opened.real(), flags, given);
    if (outcome != SQLITE_OK) return outcome;
    opened.owner = &self(vfs);
    opened.name = new std::string(std::filesystem::path(name).filename());
    opened.syncs_directory = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0 &&
                             self(vfs).files_.try_emplace(*opened.name).second;
    opened.base.pMethods = &methods;
    return SQLITE_OK;
  }
  static int close(sqlite3_file* handle) {
    delete of(handle).name;
    return of(handle).real()->pMethods->xClose(of(handle).real());
  }
  static int remove(sqlite3_vfs* vfs, char const* path, int sync_directory) {
    auto& here = self(vfs);
    here.next_call();
    if (auto gone = here.files_.extract(std::filesystem::path(path).filename()); !gone.empty())
      here.ghosts_[gone.key()] = std::move(gone.mapped().synced);
    if (sync_directory != 0) here.ghosts_.clear();
    return here.real_->xDelete(here.real_, path, sync_directory);
  }
  static int read(sqlite3_file* handle, void* into, int size, sqlite3_int64 at) {
    return of(handle).real()->pMethods->xRead(of(handle).real(), into, size, at);
  }
  static int write(sqlite3_file* handle, void const* data, int size, sqlite3_int64 at) {
    auto& here = *of(handle).owner;
    here.next_call();
    if (here.is_failing(disk_fault::full)) return SQLITE_FULL;
    if (here.is_failing(disk_fault::write_error)) return SQLITE_IOERR_WRITE;
    auto const* first = static_cast<std::uint8_t const*>(data);
    disk(handle).since.push_back({static_cast<std::size_t>(at), octets(first, first + size), false});
    return of(handle).real()->pMethods->xWrite(of(handle).real(), data, size, at);
  }
  static int truncate(sqlite3_file* handle, sqlite3_int64 size) {
    of(handle).owner->next_call();
    disk(handle).since.push_back({static_cast<std::size_t>(size), {}, true});
    return of(handle).real()->pMethods->xTruncate(of(handle).real(), size);
  }
  static int sync(sqlite3_file* handle, int) {  // the real sync is left out: nothing here outlives the test
    auto& here = *of(handle).owner;
    here.next_call();
    if (here.is_failing(disk_fault::sync_error)) return SQLITE_IOERR_FSYNC;
    auto& kept = disk(handle);
    for (auto const& each : kept.since) apply(kept.synced, each, each.data.size());
    kept.since.clear();
    if (std::exchange(of(handle).syncs_directory, false)) here.ghosts_.clear();
    return SQLITE_OK;
  }
  static int size(sqlite3_file* handle, sqlite3_int64* out) {
    return of(handle).real()->pMethods->xFileSize(of(handle).real(), out);
  }
  static int lock(sqlite3_file* handle, int level) {
    return of(handle).real()->pMethods->xLock(of(handle).real(), level);
  }
  static int unlock(sqlite3_file* handle, int level) {
    return of(handle).real()->pMethods->xUnlock(of(handle).real(), level);
  }
  static int check_lock(sqlite3_file* handle, int* out) {
    return of(handle).real()->pMethods->xCheckReservedLock(of(handle).real(), out);
  }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_octets(sqlite3_file*) { return static_cast<int>(sector); }
  static int characteristics(sqlite3_file*) { return 0; }  // promises nothing: not even that appending is safe

  static constexpr std::size_t sector = 512;
  static constexpr sqlite3_io_methods methods{
      1,       close,      read,    write,         truncate,        sync,    size,    lock,
      unlock,  check_lock, control, sector_octets, characteristics, nullptr, nullptr, nullptr,
      nullptr, nullptr,    nullptr};

  static void apply(octets& data, change const& each, std::size_t length) {
    if (each.truncation) return data.resize(each.at);
    if (data.size() < each.at + length) data.resize(each.at + length);
    std::copy_n(each.data.begin(), length, data.begin() + static_cast<std::ptrdiff_t>(each.at));
  }

  void next_call() {  // before each call that changes something: is this where the power goes?
    if (!image_ && cut_at_ && calls_ >= *cut_at_) take_image();
    ++calls_;
  }
  bool is_failing(disk_fault what) const { return fault_ == what && calls_ > fault_at_; }

  void take_image() {
    image_.emplace();
    for (auto const& [name, kept] : files_) {
      auto data = kept.synced;
      for (auto const& each : kept.since) {
        if (chance_.one_in(2))
          apply(data, each, each.data.size());
        else if (!each.truncation && chance_.one_in(2))
          apply(data, each, std::min(each.data.size(), chance_.below(each.data.size() / sector + 1) * sector));
      }
      image_->emplace(name, std::move(data));
    }
    for (auto const& [name, data] : ghosts_)
      if (chance_.one_in(2)) image_->insert_or_assign(name, data);
  }

  entropy& chance_;
  sqlite3_vfs* real_;
  sqlite3_vfs vfs_;
  std::map<std::string, disk_file> files_;
  std::map<std::string, octets> ghosts_;  // deleted, but no sync of the directory has said so yet
  std::uint64_t calls_ = 0;
  std::optional<std::uint64_t> cut_at_;
  disk_fault fault_ = disk_fault::none;
  std::uint64_t fault_at_ = 0;
  std::optional<std::map<std::string, octets>> image_;
};

}  // namespace signalbox::storage
