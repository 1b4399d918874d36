// The session machine, input by input: octets in, octets and events out. One maker per state.
#include "engine/smpp/session.hpp"

#include <gtest/gtest.h>

namespace signalbox::smpp {
namespace {

constexpr instant start{};

octets wire(pdu const& p) {
  octets out;
  EXPECT_TRUE(encode(p, out));
  return out;
}

std::vector<pdu> pdus(octet_view data) {
  std::vector<pdu> all;
  framer frames;
  frames.feed(data);
  while (auto const whole = frames.next()) {
    auto const p = decode(*whole);
    EXPECT_TRUE(p) << to_hex(*whole);
    if (p) all.push_back(*p);
  }
  return all;
}

// A session with its last output at hand.
struct bench {
  session s;
  octets out{};
  std::vector<happening> events{};

  explicit bench(role side, session_settings settings = {})
      : s([&] {
          settings.side = side;
          return session(settings, start);
        }()) {}

  bench& hears(pdu const& p, instant now = start) { return hears_octets(wire(p), now); }
  bench& hears_octets(octet_view data, instant now = start) {
    out.clear();
    events.clear();
    s.on_bytes(data, now, out, events);
    return *this;
  }
  bench& at(instant now) {
    out.clear();
    events.clear();
    s.on_time(now, out, events);
    return *this;
  }
  std::vector<pdu> said() const { return pdus(out); }
  template <class Event>
  Event const* told() const {
    for (auto const& e : events)
      if (auto const* found = std::get_if<Event>(&e)) return found;
    return nullptr;
  }
};

bind_transceiver bind_of(std::string id) {
  bind_transceiver b;
  b.system_id = std::move(id);
  return b;
}

bench open_smsc(session_settings settings = {}) { return bench(role::smsc, settings); }
bench binding_smsc(session_settings settings = {}) {
  auto b = open_smsc(settings);
  b.hears({0, 7, bind_of("alpha")});
  return b;
}
bench bound_smsc(session_settings settings = {}) {
  auto b = binding_smsc(settings);
  b.out.clear();
  b.events.clear();
  b.s.accept_bind(7, "centre", settings.window, start, b.out);
  return b;
}
bench binding_esme(session_settings settings = {}) {
  bench b(role::esme, settings);
  b.s.bind(command_id::bind_transceiver, bind_of("alpha"), start, b.out);
  return b;
}
bench bound_esme(session_settings settings = {}) {
  auto b = binding_esme(settings);
  b.hears({0, 1, bind_transceiver_resp{"centre", {}}});
  return b;
}

TEST(session, a_bind_is_put_to_the_owner) {
  auto const b = binding_smsc();
  EXPECT_EQ(b.s.state(), state::binding);
  ASSERT_TRUE(b.told<event::bind_requested>());
  EXPECT_EQ(b.told<event::bind_requested>()->fields.system_id, "alpha");
  EXPECT_TRUE(b.out.empty());
}

TEST(session, an_accepted_bind_says_which_version_is_spoken) {
  auto const b = bound_smsc();
  EXPECT_EQ(b.said(),
            (std::vector{pdu{0, 7, bind_transceiver_resp{"centre", {make_u8(tag::sc_interface_version, 0x34)}}}}));
  EXPECT_EQ(b.s.state(), state::bound_trx);
  EXPECT_TRUE(b.s.may_deliver());
}

TEST(session, a_peer_of_3_3_sees_no_optional_parameters) {
  auto b = open_smsc();
  auto bind = bind_of("alpha");
  bind.interface_version = 0x33;
  b.hears({0, 1, bind});
  b.s.accept_bind(1, "centre", 1, start, b.out);
  EXPECT_EQ(b.said(), (std::vector{pdu{0, 1, bind_transceiver_resp{"centre", {}}}}));
}

TEST(session, a_refused_bind_is_answered_and_ends_the_session) {
  auto b = binding_smsc();
  b.s.refuse_bind(7, ESME_RINVPASWD, start, b.out, b.events);
  EXPECT_EQ(b.said(), (std::vector{pdu{ESME_RINVPASWD, 7, bind_transceiver_resp{}}}));
  EXPECT_EQ(b.s.state(), state::closed);
}

TEST(session, the_kind_of_bind_decides_the_direction) {
  struct row {
    body bind;
    state becomes;
    bool delivers;
  };
  for (auto const& r : {row{bind_transmitter{}, state::bound_tx, false}, row{bind_receiver{}, state::bound_rx, true},
                        row{bind_transceiver{}, state::bound_trx, true}}) {
    auto b = open_smsc();
    b.hears({0, 1, r.bind});
    b.s.accept_bind(1, "centre", 1, start, b.out);
    EXPECT_EQ(b.s.state(), r.becomes);
    EXPECT_EQ(b.s.may_deliver(), r.delivers);
  }
}

// SMPP 3.4, 2.3: what may not be sent in a state is answered, and nothing moves.
TEST(session, requests_out_of_place_are_refused) {
  struct row {
    char const* name;
    bench (*make)();
    body request;
    std::uint32_t status;
  };
  auto const open = [] { return open_smsc(); };
  auto const bound = [] { return bound_smsc(); };
  auto const receiver = [] {
    auto b = open_smsc();
    b.hears({0, 1, bind_receiver{}});
    b.s.accept_bind(1, "centre", 1, start, b.out);
    return b;
  };
  auto const esme = [] { return bound_esme(); };
  row const rows[] = {
      {"submit before a bind", open, submit_sm{}, ESME_RINVBNDSTS},
      {"query before a bind", open, query_sm{}, ESME_RINVBNDSTS},
      {"unbind before a bind", open, unbind{}, ESME_RINVBNDSTS},
      {"submit by a receiver", receiver, submit_sm{}, ESME_RINVBNDSTS},
      {"data_sm by a receiver", receiver, data_sm{}, ESME_RINVBNDSTS},
      {"a second bind", bound, bind_of("alpha"), ESME_RALYBND},
      {"a bind to an ESME", esme, bind_of("alpha"), ESME_RINVBNDSTS},
      {"a submit to an ESME", esme, submit_sm{}, ESME_RINVBNDSTS},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.name);
    auto b = r.make();
    auto const before = b.s.state();
    b.hears({0, 9, r.request});
    ASSERT_EQ(b.said().size(), 1u);
    EXPECT_EQ(b.said()[0].command_status, r.status);
    EXPECT_EQ(b.said()[0].sequence_number, 9u);
    EXPECT_EQ(id_of(b.said()[0].body), response_to(id_of(r.request)));
    EXPECT_EQ(b.s.state(), before);
    EXPECT_TRUE(b.events.empty());
  }
}

TEST(session, requests_in_place_reach_the_owner) {
  auto b = bound_smsc();
  submit_sm m;
  m.destination_addr = "5555";
  b.hears({0, 3, m});
  ASSERT_TRUE(b.told<event::arrived>());
  EXPECT_EQ(b.told<event::arrived>()->request, (pdu{0, 3, m}));
  EXPECT_EQ(b.s.waiting(), 1u);
  EXPECT_TRUE(b.s.answer(3, ESME_ROK, submit_sm_resp{"1001", {}}, b.out));
  EXPECT_EQ(b.said(), (std::vector{pdu{0, 3, submit_sm_resp{"1001", {}}}}));
  EXPECT_EQ(b.s.waiting(), 0u);
}

TEST(session, too_many_unanswered_requests_are_throttled) {
  auto b = bound_smsc({.request_window = 2});
  for (std::uint32_t i = 1; i <= 4; ++i) EXPECT_TRUE(b.hears({0, i, submit_sm{}}).told<event::arrived>());
  b.hears({0, 5, submit_sm{}});
  EXPECT_EQ(b.said(), (std::vector{pdu{ESME_RTHROTTLED, 5, submit_sm_resp{}}}));
}

TEST(session, enquire_link_is_answered_in_every_state) {
  for (auto make : {+[] { return open_smsc(); }, +[] { return bound_smsc(); }, +[] { return binding_esme(); },
                    +[] { return bound_esme(); }}) {
    auto b = make();
    b.hears({0, 12, enquire_link{}});
    EXPECT_EQ(b.said(), (std::vector{pdu{0, 12, enquire_link_resp{}}}));
  }
}

TEST(session, silence_is_enquired_and_then_ends_the_session) {
  auto b = bound_smsc({.enquire_link_after = 30s, .enquire_link_timeout = 10s});
  EXPECT_EQ(b.s.deadline(), start + 30s);
  b.at(start + 30s);
  EXPECT_EQ(b.said(), (std::vector{pdu{0, 1, enquire_link{}}}));
  EXPECT_EQ(b.s.deadline(), start + 40s);
  b.hears({0, 1, enquire_link_resp{}}, start + 35s);
  EXPECT_EQ(b.s.deadline(), start + 65s);
  b.at(start + 65s).at(start + 75s);
  ASSERT_TRUE(b.told<event::ended>());
  EXPECT_EQ(b.told<event::ended>()->why, "enquire_link not answered in time");
}

TEST(session, a_connection_without_a_bind_ends) {
  auto b = open_smsc({.bind_timeout = 5s});
  EXPECT_EQ(b.s.deadline(), start + 5s);
  EXPECT_TRUE(b.at(start + 5s).told<event::ended>());
}

TEST(session, inactivity_counts_messages_not_enquiries) {
  auto b = bound_smsc({.enquire_link_after = 0s, .inactivity_timeout = 60s});
  b.hears({0, 1, enquire_link{}}, start + 50s);
  EXPECT_EQ(b.s.deadline(), start + 60s);
  b.hears({0, 2, submit_sm{}}, start + 55s);
  EXPECT_EQ(b.s.deadline(), start + 115s);
  EXPECT_TRUE(b.at(start + 115s).told<event::ended>());
}

TEST(session, responses_find_their_requests_in_any_order) {
  auto b = bound_smsc({.window = 3});
  for (token t : {11u, 12u, 13u}) EXPECT_EQ(b.s.request(deliver_sm{}, t, start, b.out), result<bool>(true));
  EXPECT_EQ(b.s.room(), 0u);
  EXPECT_EQ(b.s.request(deliver_sm{}, 14, start, b.out), result<bool>(false));
  b.hears({0, 3, deliver_sm_resp{}});
  ASSERT_TRUE(b.told<event::answered>());
  EXPECT_EQ(b.told<event::answered>()->request, 13u);
  b.hears({ESME_RMSGQFUL, 1, deliver_sm_resp{}});
  EXPECT_EQ(b.told<event::answered>()->request, 11u);
  EXPECT_EQ(b.told<event::answered>()->response.command_status, ESME_RMSGQFUL);
  EXPECT_EQ(b.s.room(), 2u);
  EXPECT_TRUE(b.hears({0, 1, deliver_sm_resp{}}).events.empty()) << "a second response answers nothing";
  EXPECT_TRUE(b.hears({0, 2, data_sm_resp{}}).events.empty()) << "the response of another request";
  EXPECT_TRUE(b.hears({0, 99, deliver_sm_resp{}}).events.empty()) << "a sequence number we never sent";
}

TEST(session, an_enquiry_of_the_owner_is_answered_like_any_request) {
  auto b = bound_esme();
  EXPECT_EQ(b.s.request(enquire_link{}, 9, start, b.out), result<bool>(true));
  b.hears({0, 2, enquire_link_resp{}});
  ASSERT_TRUE(b.told<event::answered>());
  EXPECT_EQ(b.told<event::answered>()->request, 9u);
  b.s.unbind(start, b.out, b.events);
  EXPECT_EQ(b.s.state(), state::unbinding) << "nothing is in flight any more";
}

TEST(session, a_generic_nack_answers_a_request) {
  auto b = bound_smsc();
  EXPECT_TRUE(b.s.request(deliver_sm{}, 5, start, b.out));
  b.hears({ESME_RINVCMDID, 1, generic_nack{}});
  ASSERT_TRUE(b.told<event::answered>());
  EXPECT_EQ(b.told<event::answered>()->response.command_status, ESME_RINVCMDID);
  EXPECT_TRUE(b.hears({ESME_RINVCMDID, 77, generic_nack{}}).said().empty());
}

TEST(session, requests_expire_one_by_one) {
  auto b = bound_smsc({.response_timeout = 30s, .enquire_link_after = 0s});
  EXPECT_TRUE(b.s.request(deliver_sm{}, 1, start, b.out));
  EXPECT_TRUE(b.s.request(deliver_sm{}, 2, start + 10s, b.out));
  EXPECT_EQ(b.s.deadline(), start + 30s);
  b.at(start + 30s);
  ASSERT_EQ(b.events, (std::vector<happening>{event::expired{1}}));
  EXPECT_EQ(b.s.deadline(), start + 40s);
  EXPECT_TRUE(b.hears({0, 1, deliver_sm_resp{}}, start + 31s).events.empty()) << "too late";
}

TEST(session, sequence_numbers_wrap_at_7fffffff) {
  auto b = bound_smsc({.window = 4, .first_sequence = 0x7FFFFFFE});
  b.out.clear();
  for (token t : {1u, 2u, 3u, 4u}) ASSERT_EQ(b.s.request(deliver_sm{}, t, start, b.out), result<bool>(true));
  std::vector<std::uint32_t> used;
  for (auto const& p : b.said()) used.push_back(p.sequence_number);
  EXPECT_EQ(used, (std::vector<std::uint32_t>{0x7FFFFFFE, 0x7FFFFFFF, 1, 2}));
  token next = 4;
  for (std::uint32_t sequence : {2u, 1u, 0x7FFFFFFFu, 0x7FFFFFFEu}) {
    b.hears({0, sequence, deliver_sm_resp{}});
    ASSERT_TRUE(b.told<event::answered>());
    EXPECT_EQ(b.told<event::answered>()->request, next--);
  }
}

TEST(session, what_was_in_flight_expires_when_the_session_ends) {
  auto b = bound_smsc();
  EXPECT_TRUE(b.s.request(deliver_sm{}, 21, start, b.out));
  EXPECT_TRUE(b.s.request(deliver_sm{}, 22, start, b.out));
  b.events.clear();
  b.s.on_closed(start, b.events);
  EXPECT_EQ(b.events,
            (std::vector<happening>{event::expired{21}, event::expired{22}, event::ended{"connection closed"}}));
}

TEST(session, unbind_of_the_peer_is_answered) {
  auto b = bound_smsc();
  b.hears({0, 8, unbind{}});
  EXPECT_EQ(b.said(), (std::vector{pdu{0, 8, unbind_resp{}}}));
  EXPECT_TRUE(b.told<event::ended>());
}

TEST(session, an_unbind_behind_requests_waits_for_their_answers) {
  auto b = bound_smsc();
  b.hears({0, 3, submit_sm{}}).hears({0, 8, unbind{}});
  EXPECT_TRUE(b.out.empty());
  EXPECT_EQ(b.s.state(), state::unbinding);
  EXPECT_EQ(b.hears({0, 9, submit_sm{}}).said().at(0).command_status, ESME_RINVBNDSTS) << "nothing new behind it";
  b.out.clear();
  EXPECT_TRUE(b.s.answer(3, ESME_ROK, submit_sm_resp{"1", {}}, b.out));
  b.s.go_on(start, b.out, b.events);
  EXPECT_EQ(b.said(), (std::vector{pdu{0, 3, submit_sm_resp{"1", {}}}, pdu{0, 8, unbind_resp{}}}));
  EXPECT_TRUE(b.told<event::ended>());
  auto never = bound_smsc({.response_timeout = 30s});
  never.hears({0, 3, submit_sm{}}).hears({0, 8, unbind{}});
  EXPECT_TRUE(never.at(start + 30s).told<event::ended>()) << "an owner that never answers";
}

TEST(session, what_follows_a_bind_waits_for_its_answer) {
  octets stream;
  for (auto const& p : {pdu{0, 1, bind_of("alpha")}, pdu{0, 2, submit_sm{}}, pdu{0, 3, enquire_link{}}}) {
    auto const one = wire(p);
    stream.insert(stream.end(), one.begin(), one.end());
  }
  for (std::size_t cut : {stream.size(), stream.size() - 16, stream.size() - 20, std::size_t{60}}) {
    auto b = open_smsc();
    b.hears_octets(octet_view(stream).first(cut));
    ASSERT_EQ(b.events.size(), 1u);
    EXPECT_TRUE(b.out.empty());
    b.s.on_bytes(octet_view(stream).subspan(cut), start, b.out, b.events);
    ASSERT_EQ(b.events.size(), 1u);
    b.events.clear();
    b.s.accept_bind(1, "centre", 1, start, b.out);
    b.s.go_on(start, b.out, b.events);
    ASSERT_EQ(b.said().size(), 2u);
    EXPECT_EQ(id_of(b.said()[0].body), command_id::bind_transceiver_resp);
    EXPECT_EQ(id_of(b.said()[1].body), command_id::enquire_link_resp);
    EXPECT_TRUE(b.told<event::arrived>());
  }
}

TEST(session, our_unbind_waits_for_what_is_in_flight) {
  auto b = bound_smsc();
  EXPECT_TRUE(b.s.request(deliver_sm{}, 1, start, b.out));
  b.out.clear();
  b.s.unbind(start, b.out, b.events);
  EXPECT_TRUE(b.out.empty());
  EXPECT_FALSE(b.s.may_deliver());
  b.hears({0, 1, deliver_sm_resp{}});
  EXPECT_EQ(b.said(), (std::vector{pdu{0, 2, unbind{}}}));
  EXPECT_TRUE(b.hears({0, 2, unbind_resp{}}).told<event::ended>());
}

TEST(session, an_unknown_command_is_nacked_and_the_session_goes_on) {
  auto b = bound_smsc();
  b.hears_octets(*from_hex("00000010 00000099 00000000 00000005"));
  EXPECT_EQ(b.said(), (std::vector{pdu{ESME_RINVCMDID, 5, generic_nack{}}}));
  EXPECT_EQ(b.s.state(), state::bound_trx);
  EXPECT_TRUE(b.hears_octets(*from_hex("00000010 80000099 00000000 00000005")).out.empty())
      << "no answer to a response";
}

TEST(session, a_wrong_length_is_nacked_after_the_header_and_ends_the_session) {
  for (auto const* length : {"48545450", "0000000f", "00000000", "ffffffff"}) {
    SCOPED_TRACE(length);
    auto b = bound_smsc();
    b.hears_octets(*from_hex(std::string(length) + "2f312e31 00000000 00000031"));
    EXPECT_EQ(b.said(), (std::vector{pdu{ESME_RINVCMDLEN, 0x31, generic_nack{}}}));
    EXPECT_TRUE(b.told<event::ended>());
  }
}

TEST(session, a_body_that_cannot_be_read_is_refused_by_field) {
  struct row {
    char const* name;
    char const* octets;
    std::uint32_t status;
  };
  row const rows[] = {
      {"nothing but a header", "00000010 00000004 00000000 00000006", ESME_RINVCMDLEN},
      {"service_type without its end", "00000017 00000004 00000000 00000006 41414141414141", ESME_RINVSERTYP},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.name);
    auto b = bound_smsc();
    b.hears_octets(*from_hex(r.octets));
    ASSERT_EQ(b.said().size(), 1u);
    EXPECT_EQ(b.said()[0], (pdu{r.status, 6, submit_sm_resp{}}));
    EXPECT_TRUE(b.told<event::malformed>());
    EXPECT_EQ(b.s.state(), state::bound_trx);
  }
}

TEST(session, an_unreadable_response_is_as_good_as_none) {
  auto b = bound_smsc();
  EXPECT_TRUE(b.s.request(deliver_sm{}, 4, start, b.out));
  b.hears_octets(*from_hex("00000014 80000005 00000000 00000001 41414141"));
  EXPECT_TRUE(b.out.empty());
  ASSERT_TRUE(b.told<event::expired>());
  EXPECT_EQ(b.told<event::expired>()->request, 4u);
}

TEST(session, an_esme_binds_and_hears_the_answer) {
  auto b = binding_esme();
  EXPECT_EQ(b.said(), (std::vector{pdu{0, 1, bind_of("alpha")}}));
  b.hears({0, 1, bind_transceiver_resp{"centre", {}}});
  EXPECT_EQ(b.events, (std::vector<happening>{event::bound{"centre"}}));
  EXPECT_EQ(b.s.state(), state::bound_trx);
  auto refused = binding_esme();
  refused.hears({ESME_RINVSYSID, 1, bind_transceiver_resp{}});
  ASSERT_TRUE(refused.told<event::ended>());
  EXPECT_EQ(refused.told<event::ended>()->why, "bind refused: ESME_RINVSYSID");
}

TEST(session, outbind_makes_the_esme_bind_as_receiver) {  // SMPP 3.4, 2.2.1
  auto centre = open_smsc();
  centre.s.outbind_peer({"centre", "secret"}, start, centre.out);
  EXPECT_EQ(centre.s.state(), state::outbound);
  bench peer(role::esme);
  peer.hears_octets(centre.out);
  ASSERT_TRUE(peer.told<event::outbind_received>());
  peer.s.bind(command_id::bind_receiver, bind_of("alpha"), start, peer.out);
  centre.hears_octets(peer.out);
  EXPECT_TRUE(centre.told<event::bind_requested>());
  auto transmitter = open_smsc();
  transmitter.s.outbind_peer({"centre", "secret"}, start, transmitter.out);
  transmitter.hears({0, 1, bind_transmitter{}});
  EXPECT_EQ(transmitter.said().at(0).command_status, ESME_RINVBNDSTS);
}

TEST(session, octets_one_by_one_or_merged_are_the_same) {
  octets stream;
  for (auto const& p : {pdu{0, 1, bind_of("alpha")}, pdu{0, 2, enquire_link{}}, pdu{0, 3, submit_sm{}}}) {
    auto const one = wire(p);
    stream.insert(stream.end(), one.begin(), one.end());
  }
  // As an owner does: the bind is accepted at once, and the session goes on.
  auto const owner = [](bench& b, octets& out, std::vector<happening>& all) {
    while (!b.events.empty()) {
      auto const told = std::exchange(b.events, {});
      for (auto const& e : told)
        if (auto const* bind = std::get_if<event::bind_requested>(&e))
          b.s.accept_bind(bind->sequence_number, "centre", 1, start, out);
      all.insert(all.end(), told.begin(), told.end());
      b.s.go_on(start, out, b.events);
    }
  };
  auto merged = open_smsc();
  auto single = open_smsc();
  octets merged_out, single_out;
  std::vector<happening> merged_events, single_events;
  merged.s.on_bytes(stream, start, merged_out, merged.events);
  owner(merged, merged_out, merged_events);
  for (auto octet : stream) {
    single.s.on_bytes({&octet, 1}, start, single_out, single.events);
    owner(single, single_out, single_events);
  }
  EXPECT_EQ(single_out, merged_out);
  EXPECT_EQ(single_events, merged_events);
}

}  // namespace
}  // namespace signalbox::smpp
