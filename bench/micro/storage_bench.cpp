// The message stores, the log and SQLite, on a real disk: commits of N new records, of N new records that erase the N
// before them (the steady state of a message centre) or any N of many that wait, and of N records that come and go within
// one commit. One item is one message. The files lie in $TMPDIR (or /tmp): put that on the disk to be measured.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <numeric>

#include "engine/base/entropy.hpp"
#include "engine/storage/log/log_store.hpp"
#include "engine/storage/memory_store.hpp"
#include "engine/storage/sqlite_store.hpp"

namespace {

using namespace signalbox;
using storage::operation;

constexpr std::size_t record_octets = 220;  // a message of 160 characters with its addresses, times and options
constexpr std::uint8_t kind = 1;

struct directory {
  std::filesystem::path path;
  directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "signalbox-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path = pattern;
  }
  ~directory() { std::filesystem::remove_all(path); }
};

struct on_log {
  directory where;
  std::unique_ptr<storage::message_store> store = open(where);
  static std::unique_ptr<storage::message_store> open(directory const& in) {
    return std::move(storage::log::log_store::open((in.path / "messages").string()).value());
  }
};
struct on_sqlite {
  directory where;
  std::unique_ptr<storage::message_store> store = open(where);
  static std::unique_ptr<storage::message_store> open(directory const& in) {
    return std::move(storage::sqlite_store::open((in.path / "messages.db").string()).value());
  }
};
struct in_memory {
  std::unique_ptr<storage::message_store> store = std::make_unique<storage::memory_store>();
};

void add_puts(std::vector<operation>& batch, std::uint64_t first, std::uint64_t count) {
  for (auto id = first; id < first + count; ++id)
    batch.push_back(operation::put({kind, id}, octets(record_octets, static_cast<std::uint8_t>(id))));
}
void add_erases(std::vector<operation>& batch, std::uint64_t first, std::uint64_t count) {
  for (auto id = first; id < first + count; ++id) batch.push_back(operation::erase({kind, id}));
}

// Making the batch is part of the time: the writer thread joins requests at about this cost.
template <class Place, class Fill>
void commits(benchmark::State& state, std::uint64_t backlog, Fill const& fill) {
  Place place;
  auto const count = static_cast<std::uint64_t>(state.range(0));
  std::vector<operation> batch;
  std::uint64_t next = backlog;
  add_puts(batch, 0, backlog);
  if (!place.store->commit(batch)) state.SkipWithError("the first commit failed");
  for (auto _ : state) {
    batch.clear();
    fill(batch, next, count);
    next += count;
    if (!place.store->commit(batch)) state.SkipWithError("a commit failed");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

template <class Place>
void put(benchmark::State& state) {
  commits<Place>(state, 0, add_puts);
}

template <class Place, std::uint64_t backlog>
void put_and_erase(benchmark::State& state) {  // the erased are those put `backlog` (at least one batch) before
  auto const behind = std::max<std::uint64_t>(backlog, static_cast<std::uint64_t>(state.range(0)));
  commits<Place>(state, behind, [=](std::vector<operation>& batch, std::uint64_t next, std::uint64_t count) {
    add_puts(batch, next, count);
    add_erases(batch, next - behind, count);
  });
}

// The erased are any of `backlog` that wait.
template <class Place, std::uint64_t backlog>
void put_and_erase_any(benchmark::State& state) {
  std::vector<std::uint64_t> waiting(backlog);
  std::iota(waiting.begin(), waiting.end(), std::uint64_t{0});
  seeded_entropy chance{1};
  commits<Place>(state, backlog, [&](std::vector<operation>& batch, std::uint64_t next, std::uint64_t count) {
    add_puts(batch, next, count);
    for (auto id = next; id < next + count; ++id) {
      auto& leaves = waiting[chance.below(backlog)];
      batch.push_back(operation::erase({kind, leaves}));
      leaves = id;
    }
  });
}

template <class Place>
void come_and_go(benchmark::State& state) {
  commits<Place>(state, 0, [](std::vector<operation>& batch, std::uint64_t next, std::uint64_t count) {
    add_puts(batch, next, count);
    add_erases(batch, next, count);
  });
}

// Opening and reading everything back at start; one item is one record.
template <class Place>
void load(benchmark::State& state) {
  Place place;
  std::vector<operation> batch;
  auto const count = static_cast<std::uint64_t>(state.range(0));
  for (std::uint64_t first = 0; first < count; first += 1000) {
    batch.clear();
    add_puts(batch, first, 1000);
    if (!place.store->commit(batch)) state.SkipWithError("the commit failed");
  }
  for (auto _ : state) {
    place.store.reset();
    place.store = Place::open(place.where);
    std::size_t total = 0;
    if (!storage::load(*place.store, [&](storage::key, octet_view value) { total += value.size(); }))
      state.SkipWithError("load failed");
    benchmark::DoNotOptimize(total);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

void batches(benchmark::internal::Benchmark* of) {
  of->RangeMultiplier(10)->Range(1, 1000)->UseRealTime()->Unit(benchmark::kMicrosecond);
}

#define ON_DISK(of)                                          \
  BENCHMARK(put<of>)->Apply(batches);                        \
  BENCHMARK(put_and_erase<of, 0>)->Apply(batches);           \
  BENCHMARK(put_and_erase<of, 200'000>)->Apply(batches);     \
  BENCHMARK(put_and_erase_any<of, 200'000>)->Apply(batches); \
  BENCHMARK(come_and_go<of>)->Apply(batches);                \
  BENCHMARK(load<of>)->Arg(1'000'000)->UseRealTime()->Unit(benchmark::kMillisecond)

ON_DISK(on_log);
ON_DISK(on_sqlite);
BENCHMARK(put_and_erase<in_memory, 0>)->Apply(batches);

}  // namespace
