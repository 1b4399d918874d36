// For tests: a disk behind files.hpp that loses power, fails and flips bits. It keeps for every file what a process
// sees and what would be found after the power went: of each write that no sync has covered all, nothing, the first
// sectors or any sectors, by seed (so writes are dropped, torn and reordered); of names created, changed and removed
// since the last sync of the directory the first few. After a sync that failed, what it was for counts as written to
// those who look, and may never reach the disk, also if later syncs succeed.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "engine/base/entropy.hpp"
#include "engine/storage/files.hpp"

namespace signalbox::storage {

enum class disk_event : std::uint8_t {
  power_cut,    // this call does nothing, and neither does any after it until power_returns()
  io_error,     // any call
  full,         // of calls that need space: creation, allocation, writes beyond the end of a file
  short_write,  // a write: the first half of it happens
  sync_error,   // a sync, of a file or of the directory
};

enum class disk_call : std::uint8_t { read, write, grow, lengthen, sync, create, name };

// Which calls an event can happen to.
inline bool can_happen(disk_event event, disk_call to) {
  switch (event) {
    case disk_event::power_cut:
    case disk_event::io_error:    return true;
    case disk_event::full:        return to == disk_call::lengthen || to == disk_call::grow || to == disk_call::create;
    case disk_event::short_write: return to == disk_call::write || to == disk_call::lengthen;
    case disk_event::sync_error:  return to == disk_call::sync;
  }
  return false;
}

class simulated_disk {
 public:
  explicit simulated_disk(entropy& chance) : chance_(chance) {}
  simulated_disk(simulated_disk const&) = delete;
  simulated_disk& operator=(simulated_disk const&) = delete;

  std::unique_ptr<directory> mount();  // one at a time; no lock is modelled

  // From the n-th call from now on (0 is the next), `times` calls that it can happen to.
  void plan(disk_event what, std::uint64_t calls, std::uint64_t times = 1) {
    event_ = what;
    event_at_ = calls_ + calls;
    times_ = times;
    happened_ = 0;
  }
  void heal() { event_.reset(); }
  // Is told of each call before it is made, and may plan what happens to it.
  void watch(std::function<void(disk_call)> watcher) { watcher_ = std::move(watcher); }
  std::uint64_t happened() const { return happened_; }
  std::uint64_t calls() const { return calls_; }

  // What was not durable meets its fate.
  void power_returns() {
    names_ = synced_names_;
    auto const kept = chance_.below(pending_names_.size() + 1);
    for (std::size_t i = 0; i < kept; ++i) pending_names_[i](names_);
    pending_names_.clear();
    synced_names_ = names_;
    for (auto const& [name, of] : names_) {
      for (auto const& each : of->pending) settle(of->durable, each);
      of->pending.clear();
      of->seen = of->durable;
    }
    event_.reset();
  }

  // The files as a process sees them. What is set is durable.
  std::map<std::string, octets> contents() const {
    std::map<std::string, octets> all;
    for (auto const& [name, of] : names_) all.emplace(name, of->seen);
    return all;
  }
  void set(std::string const& name, octets data) {
    auto of = std::make_shared<node>();
    of->seen = of->durable = std::move(data);
    names_[name] = synced_names_[name] = of;
  }
  void clear() {
    names_.clear();
    synced_names_.clear();
    pending_names_.clear();
  }

 private:
  struct change {
    std::size_t at = 0;
    octets data;
    std::size_t grown_to = 0;
  };
  struct node {
    octets seen, durable;
    std::vector<change> pending;
  };
  using names = std::map<std::string, std::shared_ptr<node>>;

  class view;
  class open_file;

  // Before each call: does it fail?
  std::optional<fault> before(disk_call what, std::string const& name) {
    if (watcher_) watcher_(what);
    auto const number = calls_++;
    if (!event_ || number < event_at_ || (*event_ != disk_event::power_cut && happened_ >= times_)) return std::nullopt;
    if (!can_happen(*event_, what)) return std::nullopt;
    ++happened_;
    return fault{errc::io, 0, name, *event_ == disk_event::full ? "no space left" : "simulated failure"};
  }

  static void put(octets& data, change const& each, std::size_t from, std::size_t to) {
    if (data.size() < std::max(each.grown_to, each.at + to)) data.resize(std::max(each.grown_to, each.at + to));
    std::copy(each.data.begin() + static_cast<std::ptrdiff_t>(from),
              each.data.begin() + static_cast<std::ptrdiff_t>(to),
              data.begin() + static_cast<std::ptrdiff_t>(each.at + from));
  }
  void settle(octets& data, change const& each) {
    auto const way = chance_.below(4);
    if (way == 0) return;
    if (way == 1) return put(data, each, 0, each.data.size());
    auto const whole_until = way == 2 ? chance_.below(each.data.size() + 1) : 0;
    for (std::size_t from = 0; from < each.data.size();) {
      auto const to = std::min(each.data.size(), ((each.at + from) / sector + 1) * sector - each.at);
      if (way == 2 ? to <= whole_until : chance_.one_in(2)) put(data, each, from, to);
      from = to;
    }
  }

  static constexpr std::size_t sector = 512;

  entropy& chance_;
  names names_, synced_names_;
  std::vector<std::function<void(names&)>> pending_names_;
  std::uint64_t calls_ = 0, event_at_ = 0, times_ = 0, happened_ = 0;
  std::optional<disk_event> event_;
  std::function<void(disk_call)> watcher_;
};

class simulated_disk::open_file final : public file {
 public:
  open_file(simulated_disk& disk, std::string name, std::shared_ptr<node> of)
      : disk_(disk), name_(std::move(name)), of_(std::move(of)) {}

  result<std::size_t> read(std::uint64_t at, std::span<std::uint8_t> into) override {
    if (auto failing = disk_.before(disk_call::read, name_)) return std::unexpected(*failing);
    auto const from = std::min<std::size_t>(at, of_->seen.size());
    auto const count = std::min(into.size(), of_->seen.size() - from);
    std::copy_n(of_->seen.begin() + static_cast<std::ptrdiff_t>(from), count, into.begin());
    return count;
  }
  result<void> write(std::uint64_t at, octet_view data) override {
    auto failing = disk_.before(at + data.size() > of_->seen.size() ? disk_call::lengthen : disk_call::write, name_);
    if (failing && disk_.event_ != disk_event::short_write) return std::unexpected(*failing);
    if (failing) data = data.first(data.size() / 2);
    change const next{static_cast<std::size_t>(at), octets(data.begin(), data.end()), 0};
    put(of_->seen, next, 0, data.size());
    of_->pending.push_back(next);
    if (failing) return std::unexpected(*failing);
    return {};
  }
  result<void> sync() override {
    if (auto failing = disk_.before(disk_call::sync, name_)) {
      if (disk_.event_ == disk_event::power_cut) return std::unexpected(*failing);
      for (auto const& each : of_->pending) disk_.settle(of_->durable, each);
      of_->pending.clear();
      return std::unexpected(*failing);
    }
    for (auto const& each : of_->pending) put(of_->durable, each, 0, each.data.size());
    of_->pending.clear();
    return {};
  }
  result<void> allocate(std::uint64_t octets) override {
    if (auto failing = disk_.before(disk_call::grow, name_)) return std::unexpected(*failing);
    change const next{0, {}, static_cast<std::size_t>(octets)};
    put(of_->seen, next, 0, 0);
    of_->pending.push_back(next);
    return {};
  }
  result<std::uint64_t> size() override {
    if (auto failing = disk_.before(disk_call::read, name_)) return std::unexpected(*failing);
    return of_->seen.size();
  }

 private:
  simulated_disk& disk_;
  std::string name_;
  std::shared_ptr<node> of_;
};

class simulated_disk::view final : public directory {
 public:
  explicit view(simulated_disk& disk) : disk_(disk) {}

  std::string path_of(std::string_view name) const override { return "disk/" + std::string(name); }
  result<std::vector<std::string>> list() override {
    if (auto failing = disk_.before(disk_call::read, path_of(""))) return std::unexpected(*failing);
    std::vector<std::string> all;
    for (auto const& [name, of] : disk_.names_) all.push_back(name);
    return all;
  }
  result<std::unique_ptr<file>> open(std::string const& name) override {
    if (auto failing = disk_.before(disk_call::read, path_of(name))) return std::unexpected(*failing);
    auto const found = disk_.names_.find(name);
    if (found == disk_.names_.end()) return failed(errc::io, 0, path_of(name), "no such file");
    return std::make_unique<open_file>(disk_, path_of(name), found->second);
  }
  result<std::unique_ptr<file>> create(std::string const& name) override {
    if (auto failing = disk_.before(disk_call::create, path_of(name))) return std::unexpected(*failing);
    auto of = std::make_shared<node>();
    change_names([name, of](names& in) { in[name] = of; });
    return std::make_unique<open_file>(disk_, path_of(name), of);
  }
  result<void> rename(std::string const& from, std::string const& to) override {
    if (auto failing = disk_.before(disk_call::name, path_of(from))) return std::unexpected(*failing);
    if (!disk_.names_.contains(from)) return failed(errc::io, 0, path_of(from), "no such file");
    change_names([from, to](names& in) {
      if (auto moved = in.extract(from); !moved.empty()) in[to] = moved.mapped();
    });
    return {};
  }
  result<void> remove(std::string const& name) override {
    if (auto failing = disk_.before(disk_call::name, path_of(name))) return std::unexpected(*failing);
    if (!disk_.names_.contains(name)) return failed(errc::io, 0, path_of(name), "no such file");
    change_names([name](names& in) { in.erase(name); });
    return {};
  }
  result<void> sync() override {
    if (auto failing = disk_.before(disk_call::sync, path_of(""))) return std::unexpected(*failing);
    for (auto const& each : disk_.pending_names_) each(disk_.synced_names_);
    disk_.pending_names_.clear();
    return {};
  }

 private:
  void change_names(std::function<void(names&)> change) {
    change(disk_.names_);
    disk_.pending_names_.push_back(std::move(change));
  }

  simulated_disk& disk_;
};

inline std::unique_ptr<directory> simulated_disk::mount() { return std::make_unique<view>(*this); }

}  // namespace signalbox::storage
