// See parser.hpp: files, lines and the statements that are no step. Given lines are in parse_given.cpp, steps in
// parse_step.cpp, traffic and thresholds in parse_load.cpp.
#include "scenarios/player/parser.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/text/unicode.hpp"
#include "scenarios/player/head.hpp"
#include "scenarios/player/parsing.hpp"

namespace signalbox::player {

namespace {

class parser {
 public:
  parser(file_loader const& load, std::map<std::string, std::string> const& overrides) : load_(load) {
    state_.overrides.insert(overrides.begin(), overrides.end());
    state_.set = state_.overrides;
  }

  std::expected<scenario, std::vector<complaint>> run(std::string path, std::string text) {
    state_.out.path = path;
    state_.out.source = text;
    one_file(std::move(path), text);
    if (state_.out.title.empty()) state_.out.title = state_.out.path;
    if (state_.wrong.empty()) check_whole();
    if (!state_.wrong.empty()) return std::unexpected(std::move(state_.wrong));
    return std::move(state_.out);
  }

 private:
  void one_file(std::string path, std::string_view text) {
    auto const file = state_.out.files.size();
    state_.out.files.push_back(path);
    open_.push_back(std::move(path));
    place start{file, 1, 1, 0};
    if (text.size() > max_file_octets) {
      state_.complain(start, "at most " + std::to_string(max_file_octets) + " octets in a file",
                      std::to_string(text.size()));
    } else if (auto const utf8 = text::check_utf8(text); !utf8) {
      auto const before = text.substr(0, utf8.error().offset);
      auto const line_start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
      start.line += static_cast<std::size_t>(std::ranges::count(before, '\n'));
      start.column += text::count_code_points(before.substr(line_start));
      state_.complain(start, "UTF-8 text", "an octet that cannot stand here");
    } else {
      if (text.starts_with(byte_order_mark)) start.offset = byte_order_mark.size();
      lines(text, start);
    }
    open_.pop_back();
  }

  void lines(std::string_view text, place at) {
    bool in_head = at.file == 0;
    while (at.offset < text.size() && state_.wrong.size() < max_complaints) {
      auto const end = std::min(text.find('\n', at.offset), text.size());
      auto line = text.substr(at.offset, end - at.offset);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.size() > max_line_octets) {
        state_.complain(at, "at most " + std::to_string(max_line_octets) + " octets in a line",
                        std::to_string(line.size()));
      } else if (in_head && line.starts_with('#')) {
        auto behind = at;
        ++behind.column;
        read_head_line(line.substr(1), behind, state_.out, state_.wrong);
      } else {
        in_head = in_head && line.find_first_not_of(" \t") == line.npos;
        statement(line, at);
      }
      ++at.line;
      at.offset = end + 1;
    }
  }

  void statement(std::string_view text, place at) {
    for (std::size_t i = 0; i < text.size(); ++i)
      if (static_cast<unsigned char>(text[i]) < 0x20 && text[i] != '\t') {
        at.column += text::count_code_points(text.substr(0, i));
        return state_.complain(at, "text", "a control character");
      }
    auto lexed = lex(text, at, state_.set, max_put_in_octets - put_in_);
    put_in_ += lexed.put_in;
    if (lexed.wrong) {
      lexed.wrong->path = state_.out.files[at.file];
      state_.wrong.push_back(std::move(*lexed.wrong));
      return;
    }
    if (lexed.tokens.empty()) return;
    auto end = at;
    end.column += text::count_code_points(text.substr(0, lexed.end));
    cursor line(state_, lexed.tokens, end);
    if (line.accept("include")) return include(line);
    if (line.accept("set")) return set(line);
    if (line.accept("given")) return parse_given(state_, line);
    if (line.accept("traffic")) return parse_traffic(state_, line);
    if (line.accept("threshold")) return parse_threshold(state_, line);
    if (line.accept("always")) return parse_always(state_, line);
    if (state_.out.steps.size() == max_steps) return line.complain("at most " + std::to_string(max_steps) + " steps");
    step s;
    s.at = lexed.tokens.front().at;
    auto const begin = s.at.offset - at.offset;
    s.text = text.substr(begin, lexed.end - begin);
    parse_step(state_, line, std::move(s));
  }

  void include(cursor& line) {
    if (line.done() || !line.peek()->what.quoted || line.peek()->is_argument())
      return line.complain("a file name in quotes");
    auto const& t = line.next();
    if (!line.finish()) return;
    auto const folder = std::filesystem::path(open_.back()).parent_path();
    auto const path = (folder / t.what.literal()).lexically_normal().generic_string();
    if (std::ranges::find(open_, path) != open_.end())
      return state_.complain(t.at, "a file that does not include itself", shown(path));
    if (open_.size() > max_include_depth)
      return state_.complain(t.at, "at most " + std::to_string(max_include_depth) + " includes inside each other",
                             shown(path));
    if (++includes_ > max_includes)
      return state_.complain(t.at, "at most " + std::to_string(max_includes) + " includes", shown(path));
    auto const text = load_(path);
    if (!text) return state_.complain(t.at, "a file that can be read", shown(path) + " (" + text.error().detail + ")");
    one_file(path, *text);
  }

  void set(cursor& line) {
    std::string name, text;
    if (auto const* first = line.peek(); first != nullptr && first->is_argument()) {  // set name=value
      auto const& t = line.next();
      if (!is_name(t.name) || t.how != comparison::equal) return line.complain_at(t, "set NAME = VALUE");
      if (!t.what.fixed()) return state_.complain(t.what.at, "a value known here", shown(t.what.literal()));
      name = t.name;
      text = t.what.literal();
    } else {
      auto const* word = line.name("the variable's name");
      if (word == nullptr) return;
      if (!line.accept("=")) return line.complain("=");
      if (line.done() || line.peek()->is_argument() || !line.peek()->what.fixed()) return line.complain("a value");
      name = word->what.literal();
      text = line.next().what.literal();
    }
    if (!line.finish()) return;
    if (state_.overrides.contains(name))
      state_.overridden.insert(name);
    else
      state_.set[name] = text;
  }

  // What no line can see alone.
  void check_whole() {
    for (auto const& [name, text] : state_.overrides)
      if (!state_.overridden.contains(name)) state_.complain({}, "a variable that the file sets", shown(name));
    if (state_.out.load) return finish_load(state_);
    if (state_.out.steps.empty()) state_.complain({}, "at least one step", "none");
    if (auto const whole = core::check(state_.out.engine); !whole)
      state_.complain({}, "settings that fit together", describe(whole.error()));
  }

  static constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // some editors begin UTF-8 with it
  static constexpr std::size_t max_includes = 1000;

  file_loader const& load_;
  parsing state_;
  std::vector<std::string> open_;  // the files that include each other, outermost first
  std::size_t includes_ = 0;
  std::size_t put_in_ = 0;  // by variables, octets
};

}  // namespace

std::expected<scenario, std::vector<complaint>> parse(std::string path, std::string text, file_loader const& load,
                                                      std::map<std::string, std::string> const& overrides) {
  return parser(load, overrides).run(std::move(path), std::move(text));
}

bool parsing::has_actor(std::string_view name) const {
  return std::ranges::any_of(out.esmes, [&](auto const& e) { return e.name == name; }) ||
         std::ranges::any_of(out.smscs, [&](auto const& s) { return s.name == name; });
}

std::string source_of(token const& t) {
  auto const text = t.what.quoted ? quote(t.what.literal()) : t.what.literal();
  return t.is_argument() ? t.name + std::string(sign_of(t.how)) + text : text;
}

token const* cursor::word(std::string expected) {
  if (done() || tokens_[at_].is_argument() || tokens_[at_].what.quoted || !tokens_[at_].what.fixed()) {
    complain(std::move(expected));
    return nullptr;
  }
  return &tokens_[at_++];
}

token const* cursor::name(std::string expected) {
  auto const* t = peek();
  if (t == nullptr || t->is_argument() || t->what.quoted || !is_name(t->what.literal())) {
    complain(std::move(expected));
    return nullptr;
  }
  return &tokens_[at_++];
}

void cursor::complain(std::string expected) {
  if (done()) return state_.complain(end_, std::move(expected), "the end of the line");
  complain_at(tokens_[at_], std::move(expected));
}

void cursor::complain_at(token const& t, std::string expected) {
  state_.complain(t.at, std::move(expected), t.what.quoted && !t.is_argument() ? source_of(t) : shown(source_of(t)));
}

bool cursor::finish() {
  if (done()) return true;
  complain("the end of the line");
  return false;
}

}  // namespace signalbox::player
