// The HTML report: a summary, and for every scenario its text with the failing line marked and its run as a message
// sequence (SVG, drawn here). One file, no scripts, nothing fetched; everything that came from outside is escaped.
#include <algorithm>
#include <map>

#include "engine/smpp/decode_tool.hpp"
#include "engine/text/markup.hpp"
#include "scenarios/player/report.hpp"

namespace signalbox::player {

namespace {

using simulators::trace_entry;

constexpr std::size_t most_entries = 400;  // of one sequence; longer runs are cut, and say so

constexpr std::string_view style = R"(
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.05rem;margin:0;display:inline}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #dde2e8}
th{font-weight:600;color:#566}td.n{text-align:right;font-variant-numeric:tabular-nums}
.passed{color:#12703a}.failed,.error{color:#b3201b;font-weight:600}.skipped{color:#7a6a12}
details{border:1px solid #dde2e8;border-radius:6px;margin:.7rem 0;padding:.5rem .8rem}summary{cursor:pointer}
pre{background:#f6f7f9;padding:.6rem;overflow:auto;font:13px/1.4 ui-monospace,monospace;border-radius:4px}
pre .bad{background:#ffd9d6;display:block}.meta{color:#566;margin:.3rem 0}
svg{max-width:100%;height:auto;font:12px ui-monospace,monospace}svg .life{stroke:#c3cad3;stroke-dasharray:3 3}
svg .arrow{stroke:#2a5db0;fill:#2a5db0}svg .note{fill:#8a4b08}svg .time{fill:#7b8794}
)";

std::string number(std::size_t n) { return std::to_string(n); }

std::string source_with_mark(outcome const& o) {
  std::size_t bad = o.why && o.why->path == o.path ? o.why->line : 0;
  if (!o.complaints.empty() && o.complaints.front().path == o.path) bad = o.complaints.front().line;
  std::string html = "<pre>";
  std::string_view rest = o.source;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    auto const end = std::min(rest.find('\n'), rest.size());
    auto const text = text::escape_markup(rest.substr(0, end));
    html += line == bad ? "<span class=\"bad\">" + text + "</span>" : text + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return html + "</pre>\n";
}

// What stands on an arrow, and what the reader sees when pointing at it.
struct label {
  std::string brief, whole;
};
label label_of(trace_entry const& e) {
  if (e.what != trace_entry::kind::sent && e.what != trace_entry::kind::reached) {
    constexpr std::string_view words[] = {"", "", "opened", "refused", "closed", "cut", "fault", "notice"};
    auto text = std::string(words[static_cast<std::size_t>(e.what)]);
    if (!e.words.empty()) text += ": " + e.words;
    return {text, text};
  }
  auto const decoded = e.readable ? smpp::decode(e.data) : failed(errc::corrupt, 0, {});
  if (!decoded)
    return {number(e.data.size()) + " octets",
            to_hex(octet_view(e.data).first(std::min<std::size_t>(e.data.size(), 200)))};
  label l{std::string(name_of(smpp::id_of(*decoded))) + " " + number(decoded->sequence_number),
          smpp::to_text(*decoded)};
  if (decoded->command_status != 0) {
    auto const status = find_name(smpp::statuses, decoded->command_status);
    l.brief += " " + (status.empty() ? number(decoded->command_status) : std::string(status));
  }
  return l;
}

class sequence {
 public:
  explicit sequence(outcome const& o) : run_(o) {
    for (auto const& e : o.trace)
      if (!e.actor.empty() && lanes_.size() < 12 && std::ranges::find(lanes_, e.actor) == lanes_.end())
        lanes_.push_back(e.actor);
    lanes_.push_back("system");
  }

  std::string svg() {
    auto const shown = std::min(run_.trace.size(), most_entries);
    auto const height = 50 + shown * step;
    std::string body;
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      auto const at = number(x(lane));
      body += "<line class=\"life\" x1=\"" + at + "\" x2=\"" + at + "\" y1=\"24\" y2=\"" + number(height) + "\"/>" +
              "<text x=\"" + at + "\" y=\"16\" text-anchor=\"middle\">" + text::escape_markup(lanes_[lane]) +
              "</text>\n";
    }
    std::size_t y = 44;
    for (std::size_t i = 0; i < shown; ++i, y += step) body += row(run_.trace[i], y);
    auto html = "<svg role=\"img\" viewBox=\"0 0 " + number(x(lanes_.size() - 1) + 140) + " " + number(height) + "\">" +
                body + "</svg>\n";
    if (shown < run_.trace.size())
      html += "<p class=\"meta\">" + number(run_.trace.size() - shown) + " more entries are not drawn.</p>\n";
    return html;
  }

 private:
  static constexpr std::size_t step = 22, first = 190, between = 300;
  static std::size_t x(std::size_t lane) { return first + lane * between; }

  std::string row(trace_entry const& e, std::size_t y) {
    auto const found = std::ranges::find(lanes_, e.actor);
    auto const lane = static_cast<std::size_t>((found == lanes_.end() ? lanes_.end() - 1 : found) - lanes_.begin());
    auto const what = label_of(e);
    auto const text = [&](std::string_view kind, std::size_t at, std::string_view anchor, std::string_view words) {
      return "<text class=\"" + std::string(kind) + "\" x=\"" + number(at) + "\" y=\"" + number(y - 4) +
             "\" text-anchor=\"" + std::string(anchor) + "\">" + text::escape_markup(words) + "</text>";
    };
    auto svg = "<g><title>" + text::escape_markup(what.whole) + "</title>" +
               text("time", 4, "start", "+" + signalbox::to_text(e.when.at - run_.started));
    bool const there = e.what == trace_entry::kind::sent;
    if (!there && e.what != trace_entry::kind::reached)
      return svg + text("note", x(lane) + 8, "start", what.brief) + "</g>\n";
    auto const from = there ? x(lane) : x(lanes_.size() - 1), to = there ? x(lanes_.size() - 1) : x(lane);
    auto const head = there ? to - 8 : to + 8;
    auto const level = number(y);
    svg += "<line class=\"arrow\" x1=\"" + number(from) + "\" x2=\"" + number(to) + "\" y1=\"" + level + "\" y2=\"" +
           level + "\"/>" + "<path class=\"arrow\" d=\"M" + number(to) + " " + level + "L" + number(head) + " " +
           number(y - 4) + "L" + number(head) + " " + number(y + 4) + "z\"/>";
    return svg + text("label", x(lane) + 12, "start", what.brief) + "</g>\n";
  }

  outcome const& run_;
  std::vector<std::string> lanes_;
};

std::string one(outcome const& o, std::size_t index) {
  auto const verdict_name = std::string(name_of(o.result));
  auto html = "<details id=\"s" + number(index) + "\"" +
              (o.result == verdict::failed || o.result == verdict::error ? " open" : "") + "><summary><h2>" +
              text::escape_markup(o.title) + "</h2> <span class=\"" + verdict_name + "\">" + verdict_name +
              "</span></summary>\n";
  html += "<p class=\"meta\">" + text::escape_markup(o.path) +
          (o.from.empty() ? "" : " · from " + text::escape_markup(o.from)) + " · seed " + std::to_string(o.seed) +
          (o.note.empty() ? "" : " · " + text::escape_markup(o.note)) + "</p>\n";
  if (auto const failure = failure_text(o); !failure.empty())
    html += "<pre>" + text::escape_markup(failure) + "</pre>\n";
  html += source_with_mark(o);
  if (!o.trace.empty()) html += sequence(o).svg();
  return html + "</details>\n";
}

}  // namespace

std::string html(std::span<outcome const> runs) {
  auto const t = count(runs);
  auto page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signalbox scenarios</title><style>" +
      std::string(style) + "</style></head><body>\n<h1>Scenarios: " + number(t.passed) + " passed, " +
      number(t.failed + t.errors) + " failed" + (t.skipped > 0 ? ", " + number(t.skipped) + " skipped" : "") +
      "</h1>\n" +
      "<table><thead><tr><th>scenario</th><th>steps</th><th>covered</th><th>wall</th><th>verdict</th></tr></thead><tbody>\n";
  std::size_t index = 0;
  for (auto const& o : runs) {
    auto const verdict_name = std::string(name_of(o.result));
    page += "<tr><td><a href=\"#s" + number(index++) + "\">" + text::escape_markup(o.title) +
            "</a></td><td class=\"n\">" + number(o.steps_played) + "/" + number(o.steps) + "</td><td class=\"n\">" +
            signalbox::to_text(o.covered) + "</td><td class=\"n\">" + signalbox::to_text(o.spent) +
            "</td><td class=\"" + verdict_name + "\">" + verdict_name + "</td></tr>\n";
  }
  page += "</tbody></table>\n";
  index = 0;
  for (auto const& o : runs) page += one(o, index++);
  return page + "</body></html>\n";
}

}  // namespace signalbox::player
