// Distinct ids are distinct types: a session id cannot be passed where a connection id is meant.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace signalbox::inline base {

template <class Tag, class Rep = std::uint64_t>
struct strong_id {
  Rep value{};
  auto operator<=>(strong_id const&) const = default;
};

using connection_id = strong_id<struct connection_tag>;          // one stream connection, never reused in a run
using network_id = strong_id<struct network_tag, std::int32_t>;  // the area a message belongs to; 0 is the default

}  // namespace signalbox::inline base

template <class Tag, class Rep>
struct std::hash<signalbox::strong_id<Tag, Rep>> {
  std::size_t operator()(signalbox::strong_id<Tag, Rep> id) const noexcept { return std::hash<Rep>{}(id.value); }
};
