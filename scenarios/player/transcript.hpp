// What went over the links, as entries in the order in which it happened: the virtual world's own record, or, on real
// sockets, the journals of the actors put together.
#pragma once

#include "scenarios/player/actor.hpp"
#include "simulators/world/trace.hpp"
#include "simulators/world/world.hpp"

namespace signalbox::player {

std::vector<simulators::trace_entry> entries_of(simulators::trace const& record);
// `port` is where the actors connect to.
std::vector<simulators::trace_entry> entries_of(std::vector<std::unique_ptr<actor>> const& actors, std::uint16_t port);

std::string text_of_trace(std::vector<simulators::trace_entry> const& entries, instant start);
std::vector<std::string> last_lines(std::vector<simulators::trace_entry> const& entries, std::string_view actor,
                                    instant start);

}  // namespace signalbox::player
