// The table, the failures, JUnit and JSON. The HTML page is in report_html.cpp.
#include "scenarios/player/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/text/markup.hpp"
#include "engine/text/unicode.hpp"

namespace signalbox::player {

namespace {

std::string seconds(duration d) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6f", static_cast<double>(d.count()) / 1e6);
  return text.data();
}

// 3d2h, 1.25s, 12ms: rounded to what a reader of a table wants.
std::string about(duration d) {
  if (d < 10s) return std::to_string(d / 1ms) + "ms";
  return signalbox::to_text(duration{std::chrono::floor<std::chrono::seconds>(d)});
}

std::string padded(std::string text, std::size_t width) {
  auto const wide = text::count_code_points(text);
  if (wide < width) text.append(width - wide, ' ');
  return text;
}

std::string summary(tally const& t) {
  auto text = std::to_string(t.passed) + " passed, " + std::to_string(t.failed) + " failed";
  if (t.errors > 0) text += ", " + std::to_string(t.errors) + " in error";
  if (t.skipped > 0) text += ", " + std::to_string(t.skipped) + " skipped";
  return text;
}

}  // namespace

tally count(std::span<outcome const> runs) {
  tally t;
  for (auto const& o : runs) {
    if (o.result == verdict::passed) ++t.passed;
    if (o.result == verdict::failed) ++t.failed;
    if (o.result == verdict::skipped) ++t.skipped;
    if (o.result == verdict::error) ++t.errors;
  }
  return t;
}

std::string table(std::span<outcome const> runs) {
  std::size_t width = 8;
  for (auto const& o : runs) width = std::max(width, text::count_code_points(o.path));
  auto text = padded("scenario", width) + "  covered   wall      verdict\n";
  for (auto const& o : runs) {
    text += padded(o.path, width) + "  " + padded(about(o.covered), 8) + "  " + padded(about(o.spent), 8) + "  ";
    text += name_of(o.result);
    if (!o.note.empty()) text += " (" + o.note + ")";
    if (o.unchecked > 0) text += " (" + std::to_string(o.unchecked) + " not checked: the system cannot be looked into)";
    text += '\n';
  }
  return text + summary(count(runs)) + "\n";
}

std::string failure_text(outcome const& o) {
  if (!o.complaints.empty()) return to_text(o.complaints);
  if (!o.why) return {};
  auto const& f = *o.why;
  auto text = f.path + ":" + std::to_string(f.line) + ":" + std::to_string(f.column) + ": " +
              std::string(name_of(o.result)) + "\n";
  if (!f.step.empty()) text += "  step      " + f.step + "\n";
  text += "  expected  " + f.expected + "\n  actual    " + f.actual + "\n";
  for (auto const& conversation : f.last) {
    text += "  last of " + conversation.actor + (conversation.lines.empty() ? ": nothing\n" : "\n");
    for (auto const& line : conversation.lines) text += "    " + line + "\n";
  }
  return text + "  again     " + o.repeat + "\n";
}

std::string junit(std::span<outcome const> runs) {
  auto const t = count(runs);
  duration spent{};
  for (auto const& o : runs) spent += o.spent;
  auto const attribute = [](std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + text::escape_markup(value) + "\"";
  };
  auto const totals = attribute("tests", std::to_string(runs.size())) +
                      attribute("failures", std::to_string(t.failed)) + attribute("errors", std::to_string(t.errors)) +
                      attribute("skipped", std::to_string(t.skipped)) + attribute("time", seconds(spent));
  auto xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + totals + ">\n  <testsuite" +
             attribute("name", "scenarios") + totals + ">\n";
  for (auto const& o : runs) {
    auto const slash = o.path.rfind('/');
    auto folder = slash == o.path.npos ? std::string("scenarios") : o.path.substr(0, slash);
    std::ranges::replace(folder, '/', '.');
    xml += "    <testcase" + attribute("classname", folder) +
           attribute("name", slash == o.path.npos ? o.path : o.path.substr(slash + 1)) + attribute("file", o.path) +
           attribute("time", seconds(o.spent)) + ">";
    auto const words = text::escape_markup(failure_text(o));
    if (o.result == verdict::failed)
      xml += "<failure" + attribute("message", o.why ? o.why->actual : "") + ">" + words + "</failure>";
    if (o.result == verdict::error)
      xml += "<error" +
             attribute("message", o.complaints.empty() ? o.why ? o.why->actual : "" : to_text(o.complaints.front())) +
             ">" + words + "</error>";
    if (o.result == verdict::skipped) xml += "<skipped" + attribute("message", o.note) + "/>";
    xml += "</testcase>\n";
  }
  return xml + "  </testsuite>\n</testsuites>\n";
}

std::string json(std::span<outcome const> runs) {
  using nlohmann::ordered_json;
  auto const t = count(runs);
  ordered_json all{{"passed", t.passed}, {"failed", t.failed}, {"errors", t.errors}, {"skipped", t.skipped}};
  auto& list = all["scenarios"] = ordered_json::array();
  for (auto const& o : runs) {
    ordered_json one{{"path", o.path},
                     {"title", o.title},
                     {"from", o.from},
                     {"level", o.must ? "must" : "should"},
                     {"verdict", name_of(o.result)},
                     {"seed", o.seed},
                     {"stage", o.wire ? "wire" : "virtual"},
                     {"steps", o.steps},
                     {"steps_played", o.steps_played},
                     {"unchecked", o.unchecked},
                     {"covered_s", static_cast<double>(o.covered.count()) / 1e6},
                     {"wall_s", static_cast<double>(o.spent.count()) / 1e6},
                     {"repeat", o.repeat}};
    if (!o.note.empty()) one["note"] = o.note;
    if (o.why) {
      one["failure"] = {{"path", o.why->path}, {"line", o.why->line},         {"column", o.why->column},
                        {"step", o.why->step}, {"expected", o.why->expected}, {"actual", o.why->actual}};
      auto& last = one["failure"]["last"] = ordered_json::object();
      for (auto const& conversation : o.why->last) last[conversation.actor] = conversation.lines;
    }
    for (auto const& c : o.complaints)
      one["complaints"].push_back(
          {{"path", c.path}, {"line", c.line}, {"column", c.column}, {"expected", c.expected}, {"found", c.found}});
    list.push_back(std::move(one));
  }
  return all.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace signalbox::player
