// Text inside XML and HTML, for reports.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::text {

std::string escape_markup(std::string_view text);  // what XML cannot hold becomes U+FFFD

}  // namespace signalbox::text
