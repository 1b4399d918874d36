// An engine driven by hand, for tests: connections, octets and storage answers in; effects out.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/core/engine.hpp"
#include "engine/smpp/decode_tool.hpp"
#include "engine/smpp/session.hpp"
#include "engine/sms/records.hpp"

namespace signalbox::core {

using namespace smpp;

inline constexpr moment start{instant{}, wall{std::chrono::seconds{1'767'225'600}}};

inline settings two_esmes() {
  settings s;
  s.esmes.push_back({.name = "alpha", .password = "secret", .routing_range = "6.*"});
  s.esmes.push_back({.name = "beta", .password = "secret", .routing_range = "5.*"});
  return s;
}

// An engine, its connections and a store that answers when the test says so.
struct bench {
  seeded_entropy chance{1};
  std::unique_ptr<engine> e;
  moment now = start;
  effects out;
  std::map<connection_id, std::vector<pdu>> said;
  std::map<connection_id, framer> frames;
  std::vector<connection_id> closed;
  std::vector<std::string> notices;
  std::vector<effects::flow_change> flow;
  std::vector<std::uint64_t> requests;
  std::map<storage::key, octets> kept;
  std::map<std::uint64_t, storage::request> asked;
  std::map<storage::key, errc> unreadable;

  explicit bench(settings s = two_esmes()) : e(std::make_unique<engine>(std::move(s), chance)) {
    e->start(now, out);
    act();
  }

  void act() {
    for (auto const& s : out.send) {
      auto& f = frames[s.to];
      f.feed(s.data);
      while (auto const whole = f.next()) said[s.to].push_back(*decode(*whole));
    }
    closed.insert(closed.end(), out.close.begin(), out.close.end());
    flow.insert(flow.end(), out.flow.begin(), out.flow.end());
    for (auto const& n : out.notices) notices.push_back(n.text);
    if (out.store) {
      requests.push_back(out.store->number);
      asked[out.store->number] = *out.store;
    }
    out.clear();
  }

  connection_id connect(std::string_view peer = "192.0.2.1:4711") {
    auto const id = e->next_connection();
    e->on_accepted(id, service::smpp, peer, now, out);
    act();
    return id;
  }
  void give(connection_id id, pdu const& p) {
    octets data;
    ASSERT_TRUE(encode(p, data));
    e->on_bytes(id, data, now, out);
    act();
  }
  connection_id bind(std::string name, body kind = bind_transceiver{}) {
    auto const id = connect();
    std::visit(
        [&](auto& b) {
          if constexpr (std::is_base_of_v<bind_fields, std::remove_reference_t<decltype(b)>>) {
            b.system_id = name;
            b.password = "secret";
          }
        },
        kind);
    give(id, {0, 1, kind});
    return id;
  }
  pdu last(connection_id id) { return said[id].empty() ? pdu{} : said[id].back(); }
  void stored(bool durable = true) {  // answers every open request, and those that follow from the answers
    while (!requests.empty()) answer_one(durable);
  }
  void answer_one(bool durable = true) {
    auto const n = requests.front();
    requests.erase(requests.begin());
    for (auto const& o : asked[n].operations) {
      if (!durable) break;
      if (o.what == storage::operation::verb::put)
        kept[o.where] = o.value;
      else
        kept.erase(o.where);
    }
    storage::answer what{durable ? result<void>{} : failed(errc::io, 0, "store", "disk full"), {}};
    for (auto const where : asked[n].reads)
      what.values.emplace_back(where, unreadable.contains(where)
                                          ? result<octets>(failed(unreadable[where], 0, "segment", "damaged"))
                                      : kept.contains(where) ? result<octets>(kept.at(where))
                                                             : failed(errc::not_found, 0, "segment", "no record"));
    e->on_stored(n, what, now, out);
    act();
  }
  // As after a restart: what the other had stored.
  void take_over(bench const& before, settings s) {
    e = std::make_unique<engine>(std::move(s), chance);
    kept = before.kept;
    for (auto const& [key, value] : kept) {
      if (!e->announce(key)) continue;
      ASSERT_TRUE(e->restore(key, value));
    }
    e->start(now, out);
    act();
  }
  std::size_t messages_kept() const {
    std::size_t n = 0;
    for (auto const& [k, v] : kept) n += k.kind == static_cast<std::uint8_t>(sms::record_kind::message);
    return n;
  }
  void later(duration d) {
    now = now + d;
    e->on_time(now, out);
    act();
  }
};

inline submit_sm to(std::string digits, std::string text = "hi") {
  submit_sm m;
  m.source_addr = "6666";
  m.destination_addr = std::move(digits);
  m.short_message = octets_of(text);
  return m;
}

template <class Body>
Body const& as(pdu const& p) {
  auto const* b = std::get_if<Body>(&p.body);
  if (b == nullptr) throw std::runtime_error("not expected: " + to_text(p));
  return *b;
}

}  // namespace signalbox::core
