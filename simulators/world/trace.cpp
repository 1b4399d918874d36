#include "simulators/world/trace.hpp"

#include <algorithm>

#include "engine/smpp/decode_tool.hpp"

namespace signalbox::simulators {

namespace {

void pad(std::string& line, std::size_t width) { line.append(line.size() < width ? width - line.size() : 1, ' '); }

std::string content(trace_entry const& e) {
  if (e.readable)
    if (auto const decoded = smpp::decode(e.data)) return smpp::to_text(*decoded);
  return "octets " + to_hex(e.data);
}

}  // namespace

std::string to_text(trace_entry const& e, instant start) {
  auto line = "+" + signalbox::to_text(e.when.at - start);
  pad(line, 15);
  line += e.actor;
  pad(line, 23);
  switch (e.what) {
    case trace_entry::kind::sent:    return line + "-> " + content(e);
    case trace_entry::kind::reached: return line + "<- " + content(e);
    case trace_entry::kind::opened:  line += "-- connection opened"; break;
    case trace_entry::kind::refused: line += "-- connection refused"; break;
    case trace_entry::kind::closed:  line += "-- connection closed"; break;
    case trace_entry::kind::cut:     line += "-- connection cut"; break;
    case trace_entry::kind::fault:   line += "!! fault"; break;
    case trace_entry::kind::notice:  line += "## notice"; break;
  }
  if (!e.words.empty()) line += " " + e.words;
  return line;
}

void trace::add(trace_entry e) {
  auto const mix = [this](std::uint8_t octet) { digest_ = (digest_ ^ octet) * 0x100000001b3u; };
  auto const mix_number = [&](std::uint64_t value) {
    for (int n = 0; n < 8; ++n) mix(static_cast<std::uint8_t>(value >> (8 * n)));
  };
  mix(static_cast<std::uint8_t>(e.what));
  mix_number(static_cast<std::uint64_t>(e.when.at.time_since_epoch().count()));
  mix_number(e.link);
  for (auto const c : view_of(e.actor)) mix(c);
  for (auto const c : e.data) mix(c);
  for (auto const c : view_of(e.words)) mix(c);
  ++total_;
  kept_.push_back(std::move(e));
  while (kept_.size() > limit_) kept_.pop_front();
}

std::vector<trace_entry const*> trace::last(std::string_view actor, std::size_t count) const {
  std::vector<trace_entry const*> found;
  for (auto e = kept_.rbegin(); e != kept_.rend() && found.size() < count; ++e)
    if (e->actor == actor) found.push_back(&*e);
  std::reverse(found.begin(), found.end());
  return found;
}

std::string trace::text() const {
  std::string all;
  if (total_ > kept_.size()) all += "(" + std::to_string(total_ - kept_.size()) + " earlier entries are not kept)\n";
  for (auto const& e : kept_) all += to_text(e, instant{}) + "\n";
  return all;
}

}  // namespace signalbox::simulators
