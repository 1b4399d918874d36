#include "engine/text/markup.hpp"

#include "engine/text/unicode.hpp"

namespace signalbox::text {

std::string escape_markup(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    auto const c = next_code_point(text, at);
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '"')
      safe += "&quot;";
    else if (c == '\'')
      safe += "&#39;";
    else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0xFFFE || c == 0xFFFF)
      append_utf8(safe, replacement_character);
    else
      append_utf8(safe, c);
  }
  return safe;
}

}  // namespace signalbox::text
