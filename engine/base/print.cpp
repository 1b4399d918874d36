#include "engine/base/print.hpp"

namespace signalbox::inline base {

namespace {

bool plain_word(std::string_view text) {
  for (auto c : text)
    if (c <= ' ' || c == '"' || c == '\\' || c == '[' || c == ']' || c == '#' || static_cast<unsigned char>(c) >= 0x7F)
      return false;
  return !text.empty();
}

void hex_digits(std::string& out, unsigned char c) {
  out += "0123456789abcdef"[c >> 4];
  out += "0123456789abcdef"[c & 0x0F];
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    auto const first = static_cast<unsigned char>(text[i]);
    std::size_t const length = first < 0x80   ? 1
                               : first < 0xC2 ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF5 ? 4
                                              : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    if (length >= 3) {
      auto const second = static_cast<unsigned char>(text[i + 1]);
      if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
          (first == 0xF4 && second > 0x8F))
        return false;
    }
    i += length;
  }
  return true;
}

namespace {

// In quotes; what is no printable character is `prefix` and two hex digits.
std::string quoted(std::string_view text, std::string_view prefix) {
  auto const utf8 = is_utf8(text);
  std::string out = "\"";
  for (auto raw : text) {
    auto const c = static_cast<unsigned char>(raw);
    switch (c) {
      case '"':  out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (c < 0x20 || c == 0x7F || (c >= 0x80 && !utf8)) {
          out += prefix;
          hex_digits(out, c);
        } else {
          out += raw;
        }
    }
  }
  return out + '"';
}

}  // namespace

std::string json_quote(std::string_view text) { return quoted(text, "\\u00"); }
std::string quote(std::string_view text) { return quoted(text, "\\x"); }

void text_sink::label(std::string_view name) {
  if (!out_.empty() && out_.back() != ' ' && out_.back() != '[') out_ += ' ';
  if (!name.empty()) {
    out_ += name;
    out_ += '=';
  }
}

void text_sink::number(std::string_view name, std::uint64_t value, std::string_view meaning) {
  label(name);
  if (meaning.empty())
    out_ += std::to_string(value);
  else
    out_ += meaning;
}

void text_sink::text(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  label(name);
  if (plain_word(value))
    out_ += value;
  else
    out_ += quote(value);
}

void text_sink::data(std::string_view name, octet_view value) {
  if (value.empty()) return;
  label(name);
  out_ += "0x" + to_hex(value);
}

void text_sink::begin(std::string_view name) {
  label(name);
  out_ += '[';
}
void text_sink::end() { out_ += ']'; }
void text_sink::begin_list(std::string_view name) { begin(name); }
void text_sink::end_list() { end(); }

void json_sink::label(std::string_view name) {
  if (out_.back() != '{' && out_.back() != '[') out_ += ',';
  if (!name.empty()) {
    out_ += json_quote(name);
    out_ += ':';
  }
}

void json_sink::number(std::string_view name, std::uint64_t value, std::string_view meaning) {
  label(name);
  out_ += std::to_string(value);
  if (!meaning.empty()) text(std::string(name) + "_name", meaning);
}

void json_sink::text(std::string_view name, std::string_view value) {
  label(name);
  out_ += json_quote(value);
}

void json_sink::data(std::string_view name, octet_view value) {
  label(name);
  out_ += '"' + to_hex(value) + '"';
}

void json_sink::begin(std::string_view name) {
  label(name);
  out_ += '{';
}
void json_sink::end() { out_ += '}'; }
void json_sink::begin_list(std::string_view name) {
  label(name);
  out_ += '[';
}
void json_sink::end_list() { out_ += ']'; }

}  // namespace signalbox::inline base
