// The engine driven by hand: connections, octets and storage answers in; effects out. Longer dialogues are scenarios.
#include "engine/core/engine_bench.hpp"
#include "engine/sms/receipts.hpp"

namespace signalbox::core {
namespace {

using namespace smpp;

TEST(engine, binds_are_checked_in_order) {
  struct row {
    char const* name;
    char const* system_id;
    char const* password;
    std::uint32_t status;
  };
  for (auto const& r : {row{"good", "alpha", "secret", ESME_ROK}, row{"unknown", "gamma", "secret", ESME_RINVSYSID},
                        row{"wrong password", "alpha", "wrong", ESME_RINVPASWD}}) {
    SCOPED_TRACE(r.name);
    bench b;
    auto const id = b.connect();
    bind_transceiver bind;
    bind.system_id = r.system_id;
    bind.password = r.password;
    b.give(id, {0, 1, bind});
    EXPECT_EQ(b.last(id).command_status, r.status);
    EXPECT_EQ(b.closed.size(), r.status == ESME_ROK ? 0u : 1u);
  }
  bench b;
  b.bind("alpha");
  EXPECT_EQ(b.last(b.bind("alpha")).command_status, ESME_RINVSYSID) << "any host, and its one session is taken";
}

TEST(engine, an_entry_for_one_host_says_that_it_is_taken) {
  auto s = two_esmes();
  s.esmes[0].host = "192.0.2.1";
  bench b(s);
  b.bind("alpha");
  EXPECT_EQ(b.last(b.bind("alpha")).command_status, ESME_RALYBND);
  auto const elsewhere = b.connect("198.51.100.1:1");
  bind_transceiver bind;
  bind.system_id = "alpha";
  b.give(elsewhere, {0, 1, bind});
  EXPECT_EQ(b.last(elsewhere).command_status, ESME_RINVSYSID);
}

TEST(engine, the_answer_waits_for_the_store) {
  bench b;
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("5555")});
  EXPECT_EQ(b.said[alpha].size(), 1u) << "only the bind is answered yet";
  b.stored();
  EXPECT_EQ(b.last(alpha), (pdu{0, 2, submit_sm_resp{"1", {}}}));
  EXPECT_EQ(b.messages_kept(), 1u);
}

TEST(engine, what_cannot_be_stored_is_refused_and_forgotten) {
  bench b;
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("5555")});
  b.stored(false);
  EXPECT_EQ(b.last(alpha).command_status, ESME_RSUBMITFAIL);
  EXPECT_EQ(b.e->count().stored, 0u);
  EXPECT_EQ(b.e->count().accepted, 0u);
  b.give(alpha, {0, 3, to("5555")});
  b.stored();
  EXPECT_EQ(b.last(alpha).command_status, ESME_ROK) << "the next one is a new chance";
}

TEST(engine, a_message_goes_from_one_esme_to_the_other_and_its_receipt_comes_back) {
  bench b;
  auto const alpha = b.bind("alpha");
  auto const beta = b.bind("beta");
  auto m = to("5555", "Hello!");
  m.registered_delivery = 1;
  b.give(alpha, {0, 2, m});
  b.stored();
  auto const delivered = as<deliver_sm>(b.last(beta));
  EXPECT_EQ(text_of(delivered.short_message), "Hello!");
  EXPECT_EQ(delivered.source_addr, "6666");
  EXPECT_EQ(delivered.destination_addr, "5555");
  b.give(beta, {0, b.last(beta).sequence_number, deliver_sm_resp{}});
  b.stored();
  auto const receipt = as<deliver_sm>(b.last(alpha));
  EXPECT_EQ(receipt.esm_class, 0x04);
  EXPECT_EQ(receipt.source_addr, "5555");
  EXPECT_EQ(text_of(receipt.short_message),
            "id:1 sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:Hello!");
  b.give(alpha, {0, b.last(alpha).sequence_number, deliver_sm_resp{}});
  b.stored();
  EXPECT_EQ(b.messages_kept(), 0u);
  EXPECT_EQ(b.e->count().delivered, 2u);
  EXPECT_EQ(b.e->count().receipts, 1u);
}

TEST(engine, no_route_is_said_at_once) {
  bench b;
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("7777")});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RINVDSTADR);
  EXPECT_EQ(find_text(as<submit_sm_resp>(b.last(alpha)).tlvs, tag::additional_status_info_text),
            "no route to '7777' in network 0");
}

TEST(engine, submit_multi_lists_the_bad_and_takes_the_good) {
  bench b;
  auto const alpha = b.bind("alpha");
  submit_multi m;
  m.source_addr = "6666";
  m.dest_address = {{1, 1, 1, "5555", {}}, {1, 1, 1, "7777", {}}, {1, 1, 1, "5556", {}}};
  b.give(alpha, {0, 2, m});
  b.stored();
  auto const r = as<submit_multi_resp>(b.last(alpha));
  EXPECT_EQ(r.message_id, "1");
  EXPECT_EQ(r.unsuccess, (std::vector<unsuccess_sme>{{1, 1, "7777", ESME_RINVDSTADR}}));
  EXPECT_EQ(b.e->count().stored, 2u);
}

TEST(engine, a_submit_multi_of_which_nothing_is_good_fails) {
  bench b;
  auto const alpha = b.bind("alpha");
  submit_multi m;
  m.source_addr = "6666";
  m.dest_address = {{1, 1, 1, "7777", {}}};
  b.give(alpha, {0, 2, m});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RSUBMITFAIL);
  EXPECT_EQ(as<submit_multi_resp>(b.last(alpha)).unsuccess,
            (std::vector<unsuccess_sme>{{1, 1, "7777", ESME_RINVDSTADR}}));
}

TEST(engine, a_replacement_that_cannot_be_stored_is_undone) {
  bench b;
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("5555", "old")});
  b.stored();
  replace_sm r;
  r.message_id = "1";
  r.source_addr = "6666";
  r.short_message = octets_of("new");
  b.give(alpha, {0, 3, r});
  b.stored(false);
  EXPECT_EQ(b.last(alpha).command_status, ESME_RREPLACEFAIL);
  auto const beta = b.bind("beta");
  EXPECT_EQ(text_of(as<deliver_sm>(b.last(beta)).short_message), "old");
}

TEST(engine, retries_follow_the_schedule_and_a_bind_ends_the_wait) {
  bench b;
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("5555")});
  b.stored();
  EXPECT_EQ(b.e->count().attempts, 1u);
  b.later(299s);
  EXPECT_EQ(b.e->count().attempts, 1u);
  b.later(1s);
  EXPECT_EQ(b.e->count().attempts, 2u);
  b.later(600s);
  EXPECT_EQ(b.e->count().attempts, 3u);
  b.stored();
  auto const beta = b.bind("beta");
  EXPECT_EQ(text_of(as<deliver_sm>(b.last(beta)).short_message), "hi");
}

TEST(engine, a_transactional_message_is_answered_with_its_outcome) {
  bench b;
  auto const alpha = b.bind("alpha");
  auto m = to("5555");
  m.esm_class = 2;
  b.give(alpha, {0, 2, m});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RDELIVERYFAILURE) << "nobody is bound";
  EXPECT_EQ(find_number(as<submit_sm_resp>(b.last(alpha)).tlvs, tag::delivery_failure_reason), 3u);
  auto const beta = b.bind("beta");
  b.give(alpha, {0, 3, m});
  EXPECT_EQ(b.said[alpha].size(), 2u) << "not answered yet";
  b.give(beta, {0, b.last(beta).sequence_number, deliver_sm_resp{}});
  EXPECT_EQ(b.last(alpha).command_status, ESME_ROK);
  EXPECT_EQ(b.messages_kept(), 0u);
}

TEST(engine, query_cancel_and_replace) {
  bench b;
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("5555")});
  b.stored();
  b.give(alpha, {0, 3, query_sm{"1", 0, 0, "6666"}});
  EXPECT_EQ(b.last(alpha), (pdu{0, 3, query_sm_resp{"1", "", 1, 0}}));
  b.give(alpha, {0, 4, query_sm{"1", 0, 0, "9999"}});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RINVMSGID) << "another source";
  replace_sm r;
  r.message_id = "1";
  r.source_addr = "6666";
  r.short_message = octets_of("new");
  b.give(alpha, {0, 5, r});
  b.stored();
  EXPECT_EQ(b.last(alpha), (pdu{0, 5, replace_sm_resp{}}));
  cancel_sm c;
  c.message_id = "1";
  c.source_addr = "6666";
  b.give(alpha, {0, 6, c});
  EXPECT_EQ(b.last(alpha).sequence_number, 5u) << "cancelled only when the store has forgotten it";
  b.stored();
  EXPECT_EQ(b.last(alpha), (pdu{0, 6, cancel_sm_resp{}}));
  EXPECT_EQ(b.messages_kept(), 0u);
  b.give(alpha, {0, 7, query_sm{"1", 0, 0, "6666"}});
  EXPECT_EQ(as<query_sm_resp>(b.last(alpha)).message_state, 4) << "DELETED";
  b.give(alpha, {0, 8, c});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RCANCELFAIL);
}

TEST(engine, a_cancel_that_cannot_be_stored_leaves_the_message) {
  bench b;
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("5555")});
  b.stored();
  cancel_sm c;
  c.message_id = "1";
  c.source_addr = "6666";
  b.give(alpha, {0, 3, c});
  b.stored(false);
  EXPECT_EQ(b.last(alpha).command_status, ESME_RCANCELFAIL);
  b.later(2s);
  b.stored();
  EXPECT_EQ(b.messages_kept(), 1u);
  auto const beta = b.bind("beta");
  EXPECT_EQ(text_of(as<deliver_sm>(b.last(beta)).short_message), "hi");
}

TEST(engine, messages_survive_a_restart) {
  bench before;
  auto const alpha = before.bind("alpha");
  for (std::uint32_t i = 0; i < 3; ++i) before.give(alpha, {0, 2 + i, to("5555", std::to_string(i))});
  before.stored();
  bench after;
  after.take_over(before, two_esmes());
  after.stored();
  auto const beta = after.bind("beta");
  ASSERT_EQ(after.said[beta].size(), 4u);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(text_of(as<deliver_sm>(after.said[beta][i + 1]).short_message), std::to_string(i));
  auto const again = after.bind("alpha");
  after.give(again, {0, 2, to("5555")});
  after.stored();
  EXPECT_EQ(as<submit_sm_resp>(after.last(again)).message_id, "1001")
      << "numbers may have been given out up to the reserve";
}

TEST(engine, drain_answers_what_is_in_flight_and_unbinds) {
  bench b;
  auto const alpha = b.bind("alpha");
  auto const beta = b.bind("beta");
  b.give(alpha, {0, 2, to("5555")});
  b.stored();
  b.e->drain(b.now, b.out);
  b.act();
  EXPECT_FALSE(b.e->drained());
  EXPECT_EQ(id_of(b.last(alpha).body), command_id::unbind);
  EXPECT_EQ(id_of(b.last(beta).body), command_id::deliver_sm) << "still unanswered";
  b.give(beta, {0, b.last(beta).sequence_number, deliver_sm_resp{}});
  EXPECT_EQ(id_of(b.last(beta).body), command_id::unbind);
  for (auto const id : {alpha, beta}) b.give(id, {0, b.last(id).sequence_number, unbind_resp{}});
  b.stored();
  EXPECT_TRUE(b.e->drained());
  EXPECT_EQ(b.messages_kept(), 0u);
}

TEST(engine, reload_unbinds_who_is_gone_and_reroutes_the_rest) {
  bench b;
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("5555")});
  b.stored();
  auto changed = two_esmes();
  changed.esmes[1] = {.name = "gamma", .password = "secret", .routing_range = "5.*"};
  b.e->reload(changed, b.now, b.out);
  b.act();
  auto const gamma = b.bind("gamma");
  EXPECT_EQ(text_of(as<deliver_sm>(b.last(gamma)).short_message), "hi");
  changed.esmes.erase(changed.esmes.begin());
  b.e->reload(changed, b.now, b.out);
  b.act();
  EXPECT_EQ(id_of(b.last(alpha).body), command_id::unbind);
}

TEST(engine, a_session_being_unbound_after_a_reload_is_served_nothing) {
  bench b;
  auto const alpha = b.bind("alpha");
  auto const beta = b.bind("beta");
  auto from_beta = to("6666");
  b.give(beta, {0, 2, from_beta});
  b.stored();
  ASSERT_EQ(id_of(b.last(alpha).body), command_id::deliver_sm) << "unanswered, so alpha's unbind waits";
  auto changed = two_esmes();
  changed.esmes.erase(changed.esmes.begin());
  b.e->reload(changed, b.now, b.out);
  b.act();
  b.give(alpha, {0, 2, to("5555")});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RINVBNDSTS);
  b.give(alpha, {0, 3, query_sm{"1", 0, 0, "6666"}});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RINVBNDSTS);
}

TEST(engine, a_receipt_finds_its_originator_after_a_restart_too) {
  settings any;
  any.esmes.push_back({.name = "beta"});
  any.esmes.push_back({.name = "alpha"});
  any.sms.deliver_on_bind = false;
  any.smpp.enquire_link_after = 0s;
  bench before(any);
  auto const alpha = before.bind("alpha");
  auto const beta = before.bind("beta");
  auto m = to("5555");
  m.registered_delivery = 1;
  before.give(alpha, {0, 2, m});
  before.stored();
  before.give(alpha, {0, 3, unbind{}});
  before.give(beta, {0, before.last(beta).sequence_number, deliver_sm_resp{}});
  before.stored();
  ASSERT_EQ(before.messages_kept(), 1u) << "the receipt waits for alpha";
  bench after(any);
  after.take_over(before, any);
  after.stored();
  auto const beta_again = after.bind("beta");
  auto const alpha_again = after.bind("alpha");
  after.later(1h);
  for (auto const& p : after.said[beta_again]) EXPECT_NE(id_of(p.body), command_id::deliver_sm) << "not for beta";
  EXPECT_TRUE(text_of(as<deliver_sm>(after.last(alpha_again)).short_message).starts_with("id:1 "));
}

TEST(engine, a_reload_moves_waiting_messages_to_the_new_owner_of_their_route) {
  auto s = two_esmes();
  s.esmes[1].window = 1;
  bench b(s);
  auto const alpha = b.bind("alpha");
  auto const beta = b.bind("beta");
  for (std::uint32_t i = 0; i < 3; ++i) b.give(alpha, {0, 2 + i, to("5555", std::to_string(i))});
  b.stored();
  EXPECT_EQ(b.said[beta].size(), 2u);
  s.esmes[1].routing_range = "9.*";
  s.esmes.push_back({.name = "gamma", .password = "secret", .routing_range = "5.*"});
  b.e->reload(s, b.now, b.out);
  b.act();
  auto const gamma = b.bind("gamma");
  b.give(beta, {0, b.last(beta).sequence_number, deliver_sm_resp{}});
  b.stored();
  EXPECT_EQ(b.said[beta].size(), 2u) << "nothing more for beta";
  ASSERT_EQ(b.said[gamma].size(), 3u);
  EXPECT_EQ(text_of(as<deliver_sm>(b.said[gamma][1]).short_message), "1");
}

TEST(engine, what_a_short_bind_did_not_take_keeps_its_schedule) {
  auto s = two_esmes();
  s.esmes[1].window = 1;
  bench b(s);
  auto const alpha = b.bind("alpha");
  for (std::uint32_t i = 0; i < 3; ++i) b.give(alpha, {0, 2 + i, to("5555")});
  b.stored();
  EXPECT_EQ(b.e->count().attempts, 3u);
  auto const beta = b.bind("beta");
  EXPECT_EQ(b.said[beta].size(), 2u);
  b.e->on_closed(beta, b.now, b.out);
  b.act();
  EXPECT_EQ(b.e->count().attempts, 4u) << "only the one that was sent";
  b.later(300s);
  EXPECT_EQ(b.e->count().attempts, 6u) << "the other two, at their old time";
}

TEST(engine, an_unbind_waits_for_the_answers_before_it) {
  bench b;
  auto const alpha = b.bind("alpha");
  octets data;
  ASSERT_TRUE(encode({0, 2, to("5555")}, data));
  ASSERT_TRUE(encode({0, 3, unbind{}}, data));
  b.e->on_bytes(alpha, data, b.now, b.out);
  b.act();
  EXPECT_EQ(b.said[alpha].size(), 1u);
  b.stored();
  ASSERT_EQ(b.said[alpha].size(), 3u);
  EXPECT_EQ(b.said[alpha][1], (pdu{0, 2, submit_sm_resp{"1", {}}}));
  EXPECT_EQ(b.said[alpha][2], (pdu{0, 3, unbind_resp{}}));
  EXPECT_EQ(b.closed, std::vector{alpha});
}

TEST(engine, what_follows_a_bind_in_the_same_octets_is_served) {
  bench b;
  auto const alpha = b.connect();
  bind_transceiver bind;
  bind.system_id = "alpha";
  bind.password = "secret";
  octets data;
  for (auto const& p : {pdu{0, 1, bind}, pdu{0, 2, enquire_link{}}, pdu{0, 3, to("5555")}})
    ASSERT_TRUE(encode(p, data));
  b.e->on_bytes(alpha, data, b.now, b.out);
  b.act();
  b.stored();
  ASSERT_EQ(b.said[alpha].size(), 3u);
  EXPECT_EQ(id_of(b.said[alpha][0].body), command_id::bind_transceiver_resp);
  EXPECT_EQ(id_of(b.said[alpha][1].body), command_id::enquire_link_resp);
  EXPECT_EQ(b.said[alpha][2], (pdu{0, 3, submit_sm_resp{"1", {}}}));
}

TEST(engine, a_link_that_ends_before_its_orders_were_sent_gives_them_back) {
  bench b;
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("5555")});
  b.stored();
  auto const beta = b.connect();
  octets data;
  bind_receiver bind;
  bind.system_id = "beta";
  bind.password = "secret";
  ASSERT_TRUE(encode({0, 1, bind}, data));
  ASSERT_TRUE(encode({0, 2, unbind{}}, data));
  b.e->on_bytes(beta, data, b.now, b.out);
  b.act();
  EXPECT_EQ(b.e->count().in_flight, 0u);
  EXPECT_EQ(text_of(as<deliver_sm>(b.last(b.bind("beta"))).short_message), "hi");
}

TEST(engine, limits_of_what_a_message_may_hold) {
  auto s = two_esmes();
  s.sms.max_stored_octets = 1'000'000;
  bench b(s);
  auto const alpha = b.bind("alpha");
  auto m = to("5555");
  m.tlvs.push_back(make_octets(0x1501, octets(20'000)));
  b.give(alpha, {0, 2, m});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RINVPARLEN);
  m.tlvs[0].value.resize(16'000);
  std::uint32_t sequence = 3;
  while (b.last(alpha).command_status != ESME_RMSGQFUL && sequence < 200) {
    b.give(alpha, {0, sequence++, m});
    b.stored();
  }
  EXPECT_EQ(b.e->count().stored, 62u);
}

TEST(engine, outbind_calls_an_esme_for_which_messages_wait) {
  auto s = two_esmes();
  s.esmes[1].outbind_host = "esme.example";
  s.esmes[1].outbind_port = 2775;
  bench b(s);
  auto const alpha = b.bind("alpha");
  b.give(alpha, {0, 2, to("5555")});
  auto const n = b.requests.front();
  b.requests.clear();
  b.e->on_stored(n, {}, b.now, b.out);
  ASSERT_EQ(b.out.connect.size(), 1u);
  auto const call = b.out.connect[0];
  EXPECT_EQ(call.host, "esme.example");
  b.act();
  b.e->on_opened(call.as, b.now, b.out);
  b.act();
  EXPECT_EQ(id_of(b.last(call.as).body), command_id::outbind);
  bind_receiver bind;
  bind.system_id = "beta";
  bind.password = "secret";
  b.give(call.as, {0, 1, bind});
  EXPECT_EQ(text_of(as<deliver_sm>(b.last(call.as)).short_message), "hi");
}

TEST(engine, a_crowded_peer_is_not_read_from_until_it_is_answered) {
  auto s = two_esmes();
  s.smpp.request_window = 2;
  bench b(s);
  auto const alpha = b.bind("alpha");
  octets data;
  for (std::uint32_t i = 2; i < 5; ++i) ASSERT_TRUE(encode({0, i, to("5555")}, data));
  b.e->on_bytes(alpha, data, b.now, b.out);
  ASSERT_EQ(b.out.flow.size(), 1u);
  EXPECT_EQ(b.out.flow[0], (effects::flow_change{alpha, false}));
  b.act();
  auto const n = b.requests.front();
  b.requests.clear();
  b.e->on_stored(n, {}, b.now, b.out);
  ASSERT_EQ(b.out.flow.size(), 1u);
  EXPECT_EQ(b.out.flow[0], (effects::flow_change{alpha, true}));
}

}  // namespace
}  // namespace signalbox::core
