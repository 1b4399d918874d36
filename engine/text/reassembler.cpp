// Parts of long messages, collected.
#include "engine/text/reassembler.hpp"

namespace signalbox::text {

result<std::optional<std::string>> reassembler::add(std::string_view sender, piece arrived, instant now) {
  if (!arrived.place) {
    auto text = join({&arrived, 1});
    if (!text) return std::unexpected(text.error());
    return *std::move(text);
  }
  auto const at = *arrived.place;
  if (at.part < 1 || at.part > at.parts) return failed(errc::bad_value, 0, "part", "outside 1..total");
  key const which{std::string(sender), at.reference, at.wide, at.parts};

  if (auto const known = collections_.find(which); known != collections_.end()) {
    auto const& parts = known->second.parts;
    if (parts.begin()->second.as != arrived.as)
      return failed(errc::bad_value, 0, "data_coding", "not that of the parts before");
    if (auto const before = parts.find(at.part); before != parts.end()) {
      if (before->second == arrived) return std::nullopt;
      return failed(errc::duplicate, 0, "part", "part " + std::to_string(at.part) + " came before with other contents");
    }
  }
  while (parts_held_ >= limits_.parts && !collections_.empty()) drop_oldest();
  auto const mine = open(which, now);
  mine->second.parts.emplace(at.part, std::move(arrived));
  ++parts_held_;
  if (mine->second.parts.size() < at.parts) return std::nullopt;

  std::vector<piece> pieces;
  for (auto& [number, each] : mine->second.parts) pieces.push_back(std::move(each));
  drop(mine);
  auto text = join(pieces);
  if (!text) return std::unexpected(text.error());
  return *std::move(text);
}

std::optional<instant> reassembler::deadline() const {
  if (by_age_.empty()) return std::nullopt;
  return collections_.at(by_age_.begin()->second).since + limits_.age;
}

std::size_t reassembler::expire(instant now) {
  std::size_t dropped = 0;
  for (auto due = deadline(); due && *due <= now; due = deadline(), ++dropped)
    drop(collections_.find(by_age_.begin()->second));
  return dropped;
}

reassembler::place reassembler::open(key which, instant now) {
  if (auto const known = collections_.find(which); known != collections_.end()) return known;
  while (collections_.size() >= limits_.messages && !collections_.empty()) drop_oldest();
  auto const serial = next_serial_++;
  by_age_.emplace(serial, which);
  return collections_.emplace(std::move(which), collection{serial, now, {}}).first;
}

void reassembler::drop(place which) {
  parts_held_ -= which->second.parts.size();
  by_age_.erase(which->second.serial);
  collections_.erase(which);
}

void reassembler::drop_oldest() {
  drop(collections_.find(by_age_.begin()->second));
  ++pushed_out_;
}

}  // namespace signalbox::text
