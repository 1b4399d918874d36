// See checks.hpp.
#include "scenarios/player/checks.hpp"

#include "engine/smpp/decode_tool.hpp"
#include "scenarios/player/counters.hpp"

namespace signalbox::player {

namespace {

check_result verdict_of(bool good, std::string words) {
  return good ? check_result{} : check_result{check_result::answer::no, std::move(words)};
}

check_result check_store(check_scene const& scene, act::check const& what) {
  if (scene.stage.engine() == nullptr) return {check_result::answer::unknown, {}};
  auto const stored = scene.stage.engine()->count().stored;
  return verdict_of(stored >= what.low && stored <= what.high, "the store holds " + std::to_string(stored));
}

check_result check_counters(check_scene const& scene, act::check const& what) {
  if (scene.stage.engine() == nullptr) return {check_result::answer::unknown, {}};
  auto const counters = scene.stage.engine()->count();
  std::string wrong;
  for (auto const& c : what.counters) {
    field_value const seen{{c.name, field_kind::number, UINT64_MAX}, counters.*find_counter(c.name)->member, {}, {}};
    if (!holds(seen, c.how, c.what.literal())) (wrong += wrong.empty() ? "" : " ") += c.name + "=" + to_text(seen);
  }
  return verdict_of(wrong.empty(), wrong);
}

check_result check_received(check_scene const& scene, act::check const& what) {
  for (auto const& a : scene.actors) {
    if (a->name() != what.actor) continue;
    a->pull();
    auto const count = a->received(what.message);
    return verdict_of(count >= what.low && count <= what.high, a->name() + " received " + std::to_string(count));
  }
  return {check_result::answer::unknown, {}};
}

check_result check_nothing_else(check_scene const& scene) {
  std::string words;
  for (auto const& a : scene.actors) {
    if (a->esme() == nullptr) continue;  // a simulated SMSC receives answers all the time
    a->pull();
    for (auto const& m : a->messages()) {
      if (!words.empty()) words += "; ";
      words += a->name() + " <- " + (m.pdu ? smpp::to_text(*m.pdu) : "octets that are no PDU");
      if (words.size() > 500) break;
    }
  }
  return verdict_of(words.empty(), words);
}

}  // namespace

check_result check(check_scene const& scene, act::check const& what) {
  using kind = act::check::kind;
  switch (what.what) {
    case kind::store_holds:    return check_store(scene, what);
    case kind::counters:       return check_counters(scene, what);
    case kind::received:       return check_received(scene, what);
    case kind::nothing_else:   return check_nothing_else(scene);
    case kind::trace_contains:
    case kind::trace_lacks:    break;
  }
  bool const found = scene.trace().find(scene.known.resolve(what.text)) != std::string::npos;
  return verdict_of(found == (what.what == kind::trace_contains),
                    found ? "the trace contains it" : "the trace does not contain it");
}

}  // namespace signalbox::player
