// See lexer.hpp.
#include "scenarios/player/lexer.hpp"

#include "engine/text/unicode.hpp"

namespace signalbox::player {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }
bool in_field_name(char c) { return in_name(c) || c == '.' || c == '[' || c == ']'; }

struct sign {
  std::string_view text;
  comparison how;
};
constexpr sign signs[] = {
    // longer ones first
    {"!=", comparison::unequal}, {">=", comparison::at_least}, {"<=", comparison::at_most}, {"!~", comparison::differs},
    {"=", comparison::equal},    {"~", comparison::matches},   {">", comparison::more},     {"<", comparison::less},
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class line_lexer {
 public:
  line_lexer(std::string_view line, place start, variables const& set, std::size_t room)
      : line_(line), start_(start), set_(set), room_(room) {}

  lexed run() {
    while (!out_.wrong) {
      while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
      if (at_ == line_.size() || line_[at_] == '#') break;
      one();
      if (!out_.wrong) out_.end = at_;
    }
    return std::move(out_);
  }

 private:
  void one() {
    token t;
    t.at = here(at_);
    auto const begin = at_;
    if (starts_name(line_[at_])) {
      auto end = at_;
      while (end < line_.size() && in_field_name(line_[end])) ++end;
      for (auto const& s : signs) {
        if (!line_.substr(end).starts_with(s.text)) continue;
        t.name = line_.substr(at_, end - at_);
        t.how = s.how;
        at_ = end + s.text.size();
        break;
      }
    }
    if (!read_value(t.what)) return;
    t.length = at_ - begin;
    out_.tokens.push_back(std::move(t));
  }

  bool read_value(value& v) {
    v.at = here(at_);
    auto const begin = at_;
    if (at_ < line_.size() && line_[at_] == '"') {
      v.quoted = true;
      if (!quoted(v)) return false;
    } else if (!bare(v)) {
      return false;
    }
    v.length = at_ - begin;
    if (v.pieces.empty()) v.pieces.push_back({});
    return true;
  }

  bool bare(value& v) {
    auto const begin = at_;
    if (at_ + 1 < line_.size() && line_[at_] == '$' && starts_name(line_[at_ + 1])) {
      auto end = at_ + 1;
      while (end < line_.size() && in_name(line_[end])) ++end;
      if (end == line_.size() || is_blank(line_[end])) {
        v.pieces.push_back({piece::kind::binding, std::string(line_.substr(at_ + 1, end - at_ - 1))});
        at_ = end;
        return true;
      }
    }
    while (at_ < line_.size() && !is_blank(line_[at_])) {
      if (line_[at_] == '"') return complain(at_, "a blank before the quote");
      if (line_.substr(at_).starts_with("${")) {
        if (!variable(v)) return false;
      } else {
        add(v, line_[at_++]);
      }
    }
    if (at_ == begin) return complain(at_, "a value");
    return true;
  }

  bool quoted(value& v) {
    auto const open = at_++;
    while (at_ < line_.size() && line_[at_] != '"') {
      if (line_.substr(at_).starts_with("${")) {
        if (!variable(v)) return false;
      } else if (line_[at_] == '\\') {
        if (!escape(v)) return false;
      } else {
        add(v, line_[at_++]);
      }
    }
    if (at_ == line_.size()) {
      fail(open, "a closing quote on the same line", "the end of the line");
      return false;
    }
    ++at_;
    if (at_ < line_.size() && !is_blank(line_[at_])) return complain(at_, "a blank behind the closing quote");
    return true;
  }

  bool escape(value& v) {
    auto const code = at_ + 1 < line_.size() ? line_[at_ + 1] : '\0';
    constexpr std::string_view codes = "nrt\"\\$", meanings = "\n\r\t\"\\$";
    if (auto const known = codes.find(code); code != '\0' && known != codes.npos) {
      add(v, meanings[known]);
      at_ += 2;
      return true;
    }
    if (code == 'x' && at_ + 3 < line_.size()) {
      auto const high = hex_digit(line_[at_ + 2]), low = hex_digit(line_[at_ + 3]);
      if (high >= 0 && low >= 0) {
        add(v, static_cast<char>(high << 4 | low));
        at_ += 4;
        return true;
      }
    }
    return complain(at_, R"(one of \" \\ \$ \n \r \t \xNN)");
  }

  bool variable(value& v) {
    auto const open = at_;
    auto end = at_ + 2;
    while (end < line_.size() && in_name(line_[end])) ++end;
    auto const name = line_.substr(at_ + 2, end - at_ - 2);
    if (!is_name(name) || end == line_.size() || line_[end] != '}') return complain(open, "a variable as ${name}");
    at_ = end + 1;
    auto const known = set_.find(name);
    if (known == set_.end()) {
      v.pieces.push_back({piece::kind::variable, std::string(name)});
      return true;
    }
    auto const grows = known->second.size();
    std::size_t has = 0;
    for (auto const& p : v.pieces) has += p.text.size();
    if (has + grows > max_value_octets)
      return complain(open, "a value of at most " + std::to_string(max_value_octets) + " octets");
    if (out_.put_in + grows > room_)
      return complain(open, "at most " + std::to_string(max_put_in_octets) + " octets from variables in a scenario");
    out_.put_in += grows;
    for (char const c : known->second) add(v, c);
    return true;
  }

  void add(value& v, char c) {
    if (v.pieces.empty() || v.pieces.back().what != piece::kind::text) v.pieces.push_back({});
    v.pieces.back().text += c;
  }

  place here(std::size_t at) const {
    auto p = start_;
    p.column += text::count_code_points(line_.substr(0, at));
    p.offset += at;
    return p;
  }
  bool complain(std::size_t at, std::string expected) {
    auto end = at;
    while (end < line_.size() && !is_blank(line_[end])) ++end;
    fail(at, std::move(expected), end == at ? "nothing" : shown(line_.substr(at, end - at)));
    return false;
  }
  void fail(std::size_t at, std::string expected, std::string found) {
    auto const p = here(at);
    out_.wrong = complaint{{}, p.line, p.column, std::move(expected), std::move(found)};
  }

  std::string_view line_;
  place start_;
  variables const& set_;
  std::size_t room_;
  std::size_t at_ = 0;
  lexed out_;
};

}  // namespace

lexed lex(std::string_view line, place start, variables const& set, std::size_t room) {
  return line_lexer(line, start, set, room).run();
}

bool is_name(std::string_view text) {
  if (text.empty() || !starts_name(text.front())) return false;
  for (char const c : text)
    if (!in_name(c)) return false;
  return true;
}

std::string shown(std::string_view text) {
  if (text.empty()) return "nothing";
  constexpr std::size_t most = 60;
  if (text.size() <= most) return quote(text);
  auto cut = most;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return quote(std::string(text.substr(0, cut)) + "...");
}

bool value::fixed() const {
  for (auto const& p : pieces)
    if (p.what != piece::kind::text) return false;
  return true;
}

std::string value::literal() const {
  std::string all;
  for (auto const& p : pieces) {
    if (p.what == piece::kind::text) all += p.text;
    if (p.what == piece::kind::variable) all += "${" + p.text + "}";
    if (p.what == piece::kind::binding) all += "$" + p.text;
  }
  return all;
}

std::optional<std::string> value::binding() const {
  if (pieces.size() != 1 || pieces.front().what != piece::kind::binding) return std::nullopt;
  return pieces.front().text;
}

std::string_view sign_of(comparison how) {
  for (auto const& s : signs)
    if (s.how == how) return s.text;
  return "=";
}

std::string to_text(complaint const& c) {
  return c.path + ":" + std::to_string(c.line) + ":" + std::to_string(c.column) + ": expected " + c.expected +
         ", found " + c.found;
}

std::string to_text(std::vector<complaint> const& all) {
  std::string text;
  for (auto const& c : all) text += to_text(c) + "\n";
  return text;
}

}  // namespace signalbox::player
