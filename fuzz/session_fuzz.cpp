// The SMPP session machine under any octets, times and wishes: it never answers a response, never owes more than it was
// asked, and every request of ours ends exactly once, answered or expired.
// Input: commands of one octet with their arguments. Reproduce: build/fuzz/fuzz/session_fuzz FILE.
#include <cstdlib>
#include <set>

#include "engine/smpp/session.hpp"

using namespace signalbox;
using namespace signalbox::smpp;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  reader in{octet_view{data, size}};
  auto const first = in.u8();
  session_settings settings;
  settings.side = (first & 1) != 0 ? role::esme : role::smsc;
  settings.window = 1 + (first >> 1) % 8;
  settings.request_window = 4;
  settings.inactivity_timeout = (first & 0x40) != 0 ? 60s : 0s;
  instant now{};
  session s(settings, now);
  octets out;
  std::vector<happening> events;
  std::set<token> open;
  token next = 1;
  bool ended = false;
  std::uint32_t binding = 0;

  auto const look = [&] {
    framer frames;
    frames.feed(out);
    while (auto const whole = frames.next())
      if (!decode(*whole)) std::abort();  // we never send what we could not read
    if (frames.broken() != nullptr || frames.pending() != 0) std::abort();
    for (auto const& e : events) {
      if (ended) std::abort();  // nothing happens after the end
      if (auto const* b = std::get_if<event::bind_requested>(&e)) binding = b->sequence_number;
      if (auto const* a = std::get_if<event::answered>(&e); a != nullptr && open.erase(a->request) != 1) std::abort();
      if (auto const* x = std::get_if<event::expired>(&e); x != nullptr && open.erase(x->request) != 1) std::abort();
      ended = ended || std::holds_alternative<event::ended>(e);
    }
    if (ended && (!open.empty() || s.deadline())) std::abort();
    out.clear();
    events.clear();
  };

  while (in.left() > 0 && !ended) {
    switch (in.u8() % 11) {
      case 0:
      case 1:
      case 2: s.on_bytes(in.take(std::min<std::size_t>(in.u8(), in.left())), now, out, events); break;
      case 3: now += std::chrono::milliseconds{in.u16()}; [[fallthrough]];
      case 4: s.on_time(now, out, events); break;
      case 5:
        if (settings.side == role::smsc)
          s.accept_bind(binding, "fuzz", settings.window, now, out);
        else
          s.bind(command_id::bind_transceiver, {}, now, out);
        break;
      case 6: {
        auto const sent = s.request(deliver_sm{}, next, now, out);
        if (!sent) std::abort();
        if (*sent) open.insert(next++);
        break;
      }
      case 7:
        if (s.waiting() > 0 && !s.answer(in.u32(), ESME_ROK, submit_sm_resp{"1", {}}, out)) std::abort();
        break;
      case 8:  s.unbind(now, out, events); break;
      default: s.refuse_bind(binding, ESME_RBINDFAIL, now, out, events);
    }
    look();
  }
  s.on_closed(now, events);
  look();
  if (!ended) std::abort();
  return 0;
}
