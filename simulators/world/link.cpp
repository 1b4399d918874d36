#include "simulators/world/link.hpp"

#include <algorithm>

namespace signalbox::simulators {

void stream::push(stream_item item, duration merge) {
  auto const follows_octets = !items.empty() && items.back().what == stream_item::kind::octets;
  if (item.what == stream_item::kind::octets && merge > 0s)
    item.due = follows_octets ? items.back().due : item.due + merge;
  if (!items.empty()) item.due = std::max(item.due, items.back().due);
  items.push_back(std::move(item));
}

octets stream::take(weather const& sky, instant now, entropy& chance) {
  if (sky.merge > 0s || sky.cut_up == weather::cutting::random) {
    while (items.size() > 1 && items[1].what == stream_item::kind::octets && items[1].due <= now) {
      auto before = std::move(items.front());
      items.pop_front();
      auto& after = items.front();
      before.data.insert(before.data.end(), after.data.begin(), after.data.end());
      after.data = std::move(before.data);
      after.taken = before.taken;
    }
  }
  auto& first = items.front();
  auto const left = first.data.size() - first.taken;
  auto count = left;
  if (sky.cut_up == weather::cutting::octets) count = 1;
  if (sky.cut_up == weather::cutting::random) count = 1 + chance.below(left);
  auto const start = first.data.begin() + static_cast<std::ptrdiff_t>(first.taken);
  octets part(start, start + static_cast<std::ptrdiff_t>(count));
  first.taken += count;
  if (count == left) items.pop_front();
  return part;
}

void stream::keep_octets(std::size_t count) {
  for (std::size_t n = 0; n < items.size(); ++n) {
    auto& item = items[n];
    if (item.what != stream_item::kind::octets) continue;
    auto const left = item.data.size() - item.taken;
    item.data.resize(item.taken + std::min(left, count));
    count -= std::min(left, count);
  }
  std::erase_if(items, [](stream_item const& item) {
    return item.what == stream_item::kind::octets && item.data.size() == item.taken;
  });
}

std::size_t stream::octets_waiting() const {
  std::size_t sum = 0;
  for (auto const& item : items) sum += item.data.size() - item.taken;
  return sum;
}

}  // namespace signalbox::simulators
