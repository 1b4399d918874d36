// The message store: what the core needs of a disk, and no more. A record is opaque octets under a key; a commit
// applies operations in order, all or nothing, and returns when they are durable; keys names every record, read gives
// back those that are asked for, so that what waits for long need not be held in memory.
// Who calls: in the shell one writer thread, which joins all operations that arrived during the last sync into the
// next commit; in the virtual world the world itself, at the virtual time at which the answer is due.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/base/bytes.hpp"

namespace signalbox::storage {

struct key {
  std::uint8_t kind = 0;  // the owner's name space (sms/records.hpp lists the kinds)
  std::uint64_t id = 0;   // at most 2^63 - 1
  auto operator<=>(key const&) const = default;
};

struct operation {
  enum class verb : std::uint8_t { put, erase } what = verb::put;  // erasing what is not there is no error
  key where;
  octets value;  // empty for erase
  bool operator==(operation const&) const = default;

  static operation put(key where, octets value) { return {verb::put, where, std::move(value)}; }
  static operation erase(key where) { return {verb::erase, where, {}}; }
};

inline constexpr std::size_t max_record_octets = 1 << 20;

class message_store {
 public:
  virtual ~message_store() = default;

  // All or nothing. A fault means that nothing of it is there: errc::too_long and errc::bad_value (an id beyond its
  // range) before anything was tried, errc::io and errc::corrupt from the disk.
  virtual result<void> commit(std::span<operation const> operations) = 0;

  // The keys of all records, in their order. A fault (errc::corrupt, errc::io) may come after some were visited.
  virtual result<void> keys(std::function<void(key)> const& visit) = 0;

  // The values of these records: `visit` once for each, in the order given. A fault is that of the one record:
  // errc::not_found; errc::corrupt, its value cannot be read, with the file and the offset in it where they are known;
  // errc::io. A value lasts as long as the call of `visit`, which must not call this store.
  virtual void read(std::span<key const> wanted, std::function<void(key, result<octet_view>)> const& visit) = 0;
};

// Every record, in the order of keys. Visits all that can be read, and then answers the first fault, if there was one.
result<void> load(message_store& from, std::function<void(key, octet_view)> const& visit);
// The same with those of which `wants`, asked with every key first, says so.
result<void> load_if(message_store& from, std::function<bool(key)> const& wants,
                     std::function<void(key, octet_view)> const& visit);

// What the core asks of whoever has the store. All of a request's reads follow its commit.
struct request {
  std::uint64_t number = 0;  // counts up from 1
  std::vector<operation> operations;
  std::vector<key> reads;
};

// What a request comes to: its commit, then the values in the order they were asked for, whatever became of the commit.
struct answer {
  result<void> outcome;
  std::vector<std::pair<key, result<octets>>> values;
};

}  // namespace signalbox::storage
