// The options of a burst, for the owner's table of rows (core::rows::within). Names are the burst's own, with a prefix
// where the owner's table would be unclear ("mobile_count").
#pragma once

#include "engine/core/setting_rows.hpp"
#include "simulators/behaviour/burst.hpp"

namespace signalbox::simulators {

std::span<core::setting_row<burst> const> burst_rows();         // plain names
std::span<core::setting_row<burst> const> mobile_burst_rows();  // mobile_...

}  // namespace signalbox::simulators
