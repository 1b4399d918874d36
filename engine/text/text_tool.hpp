// The text functions as a JSON-lines tool (`signalbox text`): one request a line in, one answer a line out.
// The reference of all fields is text_tool_help(). Reading lines and printing them is the caller's.
#pragma once

#include <string>
#include <string_view>

namespace signalbox::text {

// One JSON object without a line end; whatever is wrong with the request is answered as {"error": {...}}.
std::string text_tool(std::string_view json_line);

std::string_view text_tool_help();

}  // namespace signalbox::text
