// The options of a burst, for the owner's table of rows. Names are the burst's own, with a prefix where the owner's
// table would be unclear ("mobile_count").
#pragma once

#include "simulators/behaviour/burst.hpp"
#include "simulators/behaviour/option_text.hpp"

namespace signalbox::simulators {

std::span<core::setting_row<burst> const> burst_rows();         // plain names
std::span<core::setting_row<burst> const> mobile_burst_rows();  // mobile_...

// The same rows for whoever has a burst as a member.
template <class Owner>
std::vector<core::setting_row<Owner>> within(std::span<core::setting_row<burst> const> rows, burst Owner::* member) {
  std::vector<core::setting_row<Owner>> list;
  for (auto const& row : rows)
    list.push_back({row.name, row.kind, row.help,
                    [&row, member](Owner& o, std::string_view value) { return row.set(o.*member, value); },
                    [&row, member](Owner const& o) { return row.get(o.*member); }});
  return list;
}

}  // namespace signalbox::simulators
