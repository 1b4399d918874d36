// Reading a message log that is open: the keys in their order, values from the segments.
#include <algorithm>
#include <array>

#include "engine/storage/limits.hpp"
#include "engine/storage/log/log_store.hpp"

namespace signalbox::storage::log {

namespace {

// Records that close to each other, and no more of them, come with one read.
constexpr std::uint64_t octets_together = 256 << 10, largest_gap = 4096;
constexpr std::size_t looked_up_together = 1024;

// By the octets of the key from the last to the first; those in which all keys agree cost nothing. A million keys take
// a third of the time of std::sort.
void sort_keys(std::vector<key>& keys) {
  constexpr std::size_t octets_of_key = 9;
  auto const octet = [](key of, std::size_t at) {
    return at < 8 ? static_cast<std::uint8_t>(of.id >> 8 * at) : of.kind;
  };
  std::array<std::array<std::size_t, 256>, octets_of_key> counts{};
  for (auto const each : keys)
    for (std::size_t at = 0; at < octets_of_key; ++at) ++counts[at][octet(each, at)];
  std::vector<key> sorted(keys.size());
  for (std::size_t at = 0; at < octets_of_key; ++at) {
    if (std::ranges::find(counts[at], keys.size()) != counts[at].end()) continue;
    std::size_t next = 0;
    for (auto& each : counts[at]) next += std::exchange(each, next);
    for (auto const each : keys) sorted[counts[at][octet(each, at)]++] = each;
    keys.swap(sorted);
  }
}

}  // namespace

result<void> log_store::keys(std::function<void(key)> const& visit) {
  std::vector<key> all;
  all.reserve(index_.size());
  for (std::size_t shard = 0; shard < record_index::shards; ++shard)
    index_.walk(shard, 0, index_.octets(), [&](key where, place) { all.push_back(where); });
  sort_keys(all);
  for (auto const each : all) visit(each);
  return {};
}

void log_store::read(std::span<key const> wanted, std::function<void(key, result<octet_view>)> const& visit) {
  while (!wanted.empty()) {
    auto const part = wanted.first(std::min(wanted.size(), looked_up_together));
    wanted = wanted.subspan(part.size());
    wanted_.clear();
    for (auto const where : part) wanted_.push_back({where, index_.find(where)});
    for (std::size_t i = 0; i < wanted_.size();) {
      auto const count = together(i);
      auto const run = std::span{wanted_}.subspan(i, count);
      i += count;
      if (count == 1) {
        auto const& [where, from] = run[0];
        if (from)
          visit(where, read_one(where, *from));
        else
          visit(where, failed(errc::not_found, 0, in_->path_of(""), to_text(where) + " is not there"));
        continue;
      }
      auto& in = segments_[run[0].from->segment];
      auto const begin = run.front().from->at, end = run.back().from->at + record_octets(run.back().from->size);
      read_.resize(static_cast<std::size_t>(end - begin));
      auto const got = in.on->read(begin, read_);
      for (auto const& [where, from] : run) {
        // If not all of it can be read, some of its records perhaps can.
        auto const whole = got && *got == read_.size();
        visit(where, whole
                         ? value_in(std::span{read_}.subspan(static_cast<std::size_t>(from->at - begin)), where, *from)
                         : read_one(where, *from));
      }
    }
  }
}

// How many of the wanted records, from this one on, come with one read.
std::size_t log_store::together(std::size_t first) const {
  std::size_t count = 1;
  for (auto before = wanted_[first].from; before && first + count < wanted_.size(); ++count) {
    auto const next = wanted_[first + count].from;
    if (!next || next->segment != before->segment || next->at <= before->at) break;
    if (next->at > before->at + record_octets(before->size) + largest_gap) break;
    if (next->at + record_octets(next->size) > wanted_[first].from->at + octets_together) break;
    before = next;
  }
  return count;
}

// In read_.
result<octet_view> log_store::read_one(key where, place from) {
  auto& in = segments_[from.segment];
  read_.resize(record_octets(from.size));
  auto const got = in.on->read(from.at, read_);
  if (!got) return std::unexpected(got.error());
  return value_in(std::span{read_}.first(*got), where, from);
}

// From what was read from its place on, checked; a flipped bit is flipped back.
result<octet_view> log_store::value_in(std::span<std::uint8_t> data, key where, place from) {
  auto const& in = segments_[from.segment];
  auto const own = data.first(std::min(data.size(), record_octets(from.size)));
  auto const found = decode_record(own, in.epoch, from.at, true);
  if (found && found->what.where == where && found->what.value.size() == from.size) return found->what.value;
  fault const lost{errc::corrupt, static_cast<std::size_t>(from.at), path_of(in), to_text(where) + " cannot be read"};
  note(lost);
  return std::unexpected(lost);
}

}  // namespace signalbox::storage::log
