// What happens when much waits: texts that sleep in the store, work done a part at a time, intake that is slowed down,
// a start that reads back while it serves.
#include <algorithm>

#include "engine/core/engine_bench.hpp"

namespace signalbox::core {
namespace {

using namespace smpp;

settings sleeping(std::uint64_t octets_in_memory = 0) {
  auto s = two_esmes();
  s.sms.max_octets_in_memory = octets_in_memory;
  return s;
}

// Answers every deliver_sm of a connection until none comes any more; their texts, in order.
std::vector<std::string> take_all(bench& b, connection_id id, std::uint32_t status = ESME_ROK) {
  std::vector<std::string> texts;
  b.stored();
  for (std::size_t seen = 0; seen < b.said[id].size(); ++seen) {
    auto const p = b.said[id][seen];
    if (auto const* d = std::get_if<deliver_sm>(&p.body)) {
      texts.emplace_back(text_of(d->short_message));
      b.give(id, {status, p.sequence_number, deliver_sm_resp{}});
      b.stored();
    }
  }
  b.said[id].clear();
  return texts;
}

void submit(bench& b, connection_id from, std::uint32_t count, std::string const& digits, std::string const& prefix) {
  for (std::uint32_t i = 0; i < count; ++i) {
    b.give(from, {0, 1000 + i, to(digits, prefix + std::to_string(i))});
    b.stored();
  }
}

std::vector<std::string> numbered(std::string const& prefix, std::size_t count) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(prefix + std::to_string(i));
  return all;
}

TEST(backlog, texts_beyond_the_limit_sleep_and_are_read_back_in_order) {
  bench b(sleeping());
  auto const alpha = b.bind("alpha");
  submit(b, alpha, 300, "5555", "m");
  EXPECT_EQ(b.e->count().stored, 300u);
  EXPECT_EQ(b.e->count().asleep, 300u);
  auto const beta = b.bind("beta");
  EXPECT_EQ(take_all(b, beta), numbered("m", 300));
  EXPECT_EQ(b.e->count().asleep, 0u);
  EXPECT_EQ(b.messages_kept(), 0u);
}

TEST(backlog, only_what_exceeds_the_limit_sleeps) {
  bench b(sleeping(4000));
  auto const alpha = b.bind("alpha");
  submit(b, alpha, 100, "5555", "m");
  EXPECT_GT(b.e->count().asleep, 50u);
  EXPECT_LT(b.e->count().asleep, 100u);
}

TEST(backlog, what_waits_for_long_leaves_room_to_what_is_due) {
  auto s = sleeping(100'000);
  s.esmes.push_back({.name = "gone", .password = "secret", .routing_range = "4.*"});
  bench b(s);
  auto const alpha = b.bind("alpha");
  auto const beta = b.bind("beta");
  submit(b, alpha, 400, "4444", "nobody takes it");
  EXPECT_GT(b.e->count().asleep, 100u);
  auto const before = b.requests.size() + b.asked.size();
  submit(b, alpha, 50, "5555", "m");
  EXPECT_EQ(take_all(b, beta).size(), 50u);
  for (auto const& [number, request] : b.asked)
    EXPECT_TRUE(number <= before || request.reads.empty()) << "no text had to be read back";
}

TEST(backlog, sleeping_messages_are_found_replaced_and_cancelled) {
  bench b(sleeping());
  auto const alpha = b.bind("alpha");
  submit(b, alpha, 3, "5555", "m");
  b.give(alpha, {0, 2, query_sm{"2", 0, 0, "6666"}});
  EXPECT_EQ(as<query_sm_resp>(b.last(alpha)).message_state, 1);
  b.give(alpha, {0, 3, query_sm{"2", 0, 0, "6667"}});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RINVMSGID) << "not its source";
  replace_sm r;
  r.message_id = "2";
  r.source_addr = "6666";
  r.short_message = octets_of("new");
  b.give(alpha, {0, 4, r});
  b.stored();
  EXPECT_EQ(b.last(alpha).sequence_number, 4u);
  EXPECT_EQ(b.last(alpha).command_status, ESME_ROK);
  cancel_sm c;
  c.message_id = "1";
  c.source_addr = "6666";
  b.give(alpha, {0, 5, c});
  for (auto const n : b.requests) EXPECT_TRUE(b.asked[n].reads.empty()) << "a cancelled message needs no text";
  b.stored();
  EXPECT_EQ(b.last(alpha).command_status, ESME_ROK);
  EXPECT_EQ(take_all(b, b.bind("beta")), (std::vector<std::string>{"new", "m2"}));
}

TEST(backlog, the_receipt_of_a_sleeping_message_quotes_it) {
  bench b(sleeping());
  auto const alpha = b.bind("alpha");
  auto m = to("5555", "remember me");
  m.registered_delivery = 1;
  b.give(alpha, {0, 2, m});
  b.stored();
  ASSERT_EQ(b.e->count().asleep, 1u);
  b.later(std::chrono::hours{72});
  b.said[alpha].clear();
  auto const texts = take_all(b, alpha);
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_NE(texts[0].find("text:remember me"), std::string::npos) << texts[0];
  EXPECT_EQ(b.messages_kept(), 0u);
}

TEST(backlog, those_behind_a_message_cancelled_while_it_is_read_back_go_on) {
  bench b(sleeping());
  auto const alpha = b.bind("alpha");
  auto const beta = b.bind("beta");
  b.give(alpha, {0, 2, to("5555", "first")});
  b.give(alpha, {0, 3, to("5555", "second")});
  b.answer_one();  // first is ready, and its text is asked for
  b.answer_one();  // second is ready behind it
  cancel_sm c;
  c.message_id = "1";
  c.source_addr = "6666";
  b.give(alpha, {0, 4, c});
  EXPECT_EQ(take_all(b, beta), (std::vector<std::string>{"second"}));
  b.give(alpha, {0, 5, query_sm{"1", 0, 0, "6666"}});
  EXPECT_EQ(as<query_sm_resp>(b.last(alpha)).message_state, 4) << "DELETED";
  EXPECT_EQ(b.e->count().failed, 0u);
}

TEST(backlog, a_replacement_is_answered_though_its_message_ends_while_it_is_read_back) {
  bench b(sleeping());
  auto const alpha = b.bind("alpha");
  submit(b, alpha, 1, "5555", "m");
  replace_sm r;
  r.message_id = "1";
  r.source_addr = "6666";
  r.short_message = octets_of("new");
  b.unreadable[sms::key_of(sms::record_kind::message, sms::record_of({1}, 0).value)] = errc::io;
  b.give(alpha, {0, 7, r});
  b.stored();
  cancel_sm c;
  c.message_id = "1";
  c.source_addr = "6666";
  b.give(alpha, {0, 8, c});
  b.stored();
  b.later(1s);
  b.stored();
  auto const answered = std::ranges::find(b.said[alpha], 7u, &pdu::sequence_number);
  ASSERT_NE(answered, b.said[alpha].end());
  EXPECT_NE(answered->command_status, ESME_ROK);
}

TEST(backlog, a_damaged_text_is_named_and_its_record_stays) {
  bench b(sleeping());
  auto const alpha = b.bind("alpha");
  submit(b, alpha, 3, "5555", "m");
  b.unreadable[sms::key_of(sms::record_kind::message, sms::record_of({2}, 0).value)] = errc::corrupt;
  b.notices.clear();
  EXPECT_EQ(take_all(b, b.bind("beta")), (std::vector<std::string>{"m0", "m2"}));
  EXPECT_EQ(b.messages_kept(), 1u);
  auto const told = [&](std::string_view words) {
    return std::ranges::any_of(b.notices, [&](auto const& n) { return n.find(words) != n.npos; });
  };
  EXPECT_TRUE(told("message 2 is lost, its record stays where it is"));
}

TEST(backlog, a_text_that_cannot_be_read_now_is_read_later) {
  bench b(sleeping());
  auto const alpha = b.bind("alpha");
  submit(b, alpha, 3, "5555", "m");
  auto const second = sms::key_of(sms::record_kind::message, sms::record_of({2}, 0).value);
  b.unreadable[second] = errc::io;
  auto const beta = b.bind("beta");
  EXPECT_EQ(take_all(b, beta), (std::vector<std::string>{"m0"})) << "the order holds";
  b.unreadable.clear();
  b.later(1s);
  EXPECT_EQ(take_all(b, beta), (std::vector<std::string>{"m1", "m2"}));
}

TEST(backlog, an_engine_that_sleeps_says_what_one_says_that_does_not) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    auto const play = [seed](std::uint64_t octets_in_memory) {
      seeded_entropy chance{seed};
      bench b(sleeping(octets_in_memory));
      auto const alpha = b.bind("alpha");
      std::optional<connection_id> beta;
      std::map<std::string, std::string> story;  // between destinations the order is free
      auto const tell = [&](connection_id id) {
        for (auto const& p : b.said[id])
          if (auto const* d = std::get_if<deliver_sm>(&p.body))
            story[d->source_addr + " to " + d->destination_addr] += std::string(text_of(d->short_message)) + '\n';
          else if (id == alpha && id_of(p.body) != command_id::enquire_link)
            story["answers"] += to_text(p) + '\n';
        b.said[id].clear();
      };
      for (std::uint32_t n = 10; n < 120; ++n) {
        auto const id = std::to_string(chance.between(1, n - 9));
        switch (chance.below(10)) {
          case 0: {
            replace_sm r;
            r.message_id = id;
            r.source_addr = "6666";
            r.short_message = octets_of("r" + std::to_string(n));
            b.give(alpha, {0, n, r});
            break;
          }
          case 1: {
            cancel_sm c;
            if (chance.one_in(2)) c.message_id = id;
            c.source_addr = "6666";
            c.destination_addr = "555" + std::to_string(chance.below(3));
            b.give(alpha, {0, n, c});
            break;
          }
          case 2: b.give(alpha, {0, n, query_sm{id, 0, 0, "6666"}}); break;
          case 3:
            if (beta) {
              b.give(*beta, {0, 5000 + n, unbind{}});
              b.stored();
              tell(*beta);
              beta.reset();
            } else {
              beta = b.bind("beta");
            }
            break;
          case 4:  b.later(duration{static_cast<std::int64_t>(chance.below(400'000'000))}); break;
          default: {
            auto m = to("555" + std::to_string(chance.below(3)), "t" + std::to_string(n));
            m.registered_delivery = static_cast<std::uint8_t>(chance.below(4));
            b.give(alpha, {0, n, m});
          }
        }
        b.stored();
        for (auto const id_of_link : {alpha, beta.value_or(alpha)}) {
          auto const heard = b.said[id_of_link];
          auto const status = chance.one_in(4) ? ESME_RSYSERR : ESME_ROK;
          for (auto const& p : heard)
            if (std::holds_alternative<deliver_sm>(p.body))
              b.give(id_of_link, {status, p.sequence_number, deliver_sm_resp{}});
          b.stored();
          tell(id_of_link);
        }
      }
      return story;
    };
    ASSERT_EQ(play(0), play(1 << 30)) << "seed " << seed;
  }
}

TEST(backlog, a_bind_for_which_very_many_wait_is_served_a_part_at_a_time_and_in_order) {
  bench b;
  auto const alpha = b.bind("alpha");
  submit(b, alpha, 7000, "5555", "m");
  ASSERT_EQ(b.e->count().waiting, 7000u);
  auto const beta = b.bind("beta");
  EXPECT_EQ(b.e->deadline(b.now), b.now.at) << "not done yet";
  std::size_t inputs = 0;
  while (b.e->deadline(b.now) == b.now.at && inputs < 100) {
    b.later(0s);
    ++inputs;
  }
  EXPECT_GE(inputs, 2u);
  EXPECT_LE(inputs, 10u);
  submit(b, alpha, 1, "5555", "last");
  auto expected = numbered("m", 7000);
  expected.push_back("last0");
  EXPECT_EQ(take_all(b, beta), expected);
}

TEST(backlog, what_a_bind_pulled_forward_goes_back_when_the_receiver_refuses) {
  bench b;
  auto const alpha = b.bind("alpha");
  submit(b, alpha, 5000, "5555", "m");
  auto const beta = b.bind("beta");
  for (int i = 0; i < 10; ++i) b.later(0s);
  auto const tried = take_all(b, beta, ESME_RSYSERR);
  EXPECT_EQ(tried.size(), 100u) << "what stands behind a failure waits with it";
  for (int i = 0; i < 10; ++i) b.later(0s);
  b.stored();
  EXPECT_TRUE(take_all(b, beta).empty());
  b.later(2h);
  for (int i = 0; i < 10; ++i) b.later(0s);
  EXPECT_EQ(take_all(b, beta).size(), 5000u);
}

TEST(backlog, submits_are_throttled_while_too_much_is_ready_for_a_bound_receiver) {
  auto s = two_esmes();
  s.sms.throttle_backlog = 10;
  s.esmes[1].window = 1;
  bench b(s);
  auto const alpha = b.bind("alpha");
  auto const beta = b.bind("beta");
  submit(b, alpha, 11, "5555", "m");  // one is under way
  EXPECT_EQ(b.last(alpha).command_status, ESME_ROK);
  b.give(alpha, {0, 50, to("5555")});
  EXPECT_EQ(b.last(alpha).command_status, ESME_RTHROTTLED);
  submit_multi m;
  m.source_addr = "6666";
  m.dest_address = {{1, 0, 0, "5555", {}}};
  b.give(alpha, {0, 51, m});
  EXPECT_EQ(as<submit_multi_resp>(b.last(alpha)).unsuccess,
            (std::vector<unsuccess_sme>{{0, 0, "5555", ESME_RTHROTTLED}}));
  b.give(beta, {0, 52, to("6000")});
  b.stored();
  EXPECT_EQ(b.last(beta).command_status, ESME_ROK) << "another receiver's messages are taken";
  EXPECT_EQ(b.e->count().throttled, 2u);
  EXPECT_EQ(take_all(b, beta).size(), 11u);
  submit(b, alpha, 1, "5555", "again");
  EXPECT_EQ(b.last(alpha).command_status, ESME_ROK);
}

TEST(backlog, nobody_is_throttled_for_a_receiver_that_is_not_bound) {
  auto s = two_esmes();
  s.sms.throttle_backlog = 10;
  bench b(s);
  auto const alpha = b.bind("alpha");
  submit(b, alpha, 30, "5555", "m");
  EXPECT_EQ(b.last(alpha).command_status, ESME_ROK);
  EXPECT_EQ(b.e->count().throttled, 0u);
}

// Receivers that answer at once, and a backlog all the same: a sender is not read from until its turn comes.
TEST(backlog, senders_to_crowded_receivers_that_keep_pace_are_read_in_turns) {
  auto s = two_esmes();
  s.sms.crowd = 5;
  s.esmes[1].window = 1;
  s.esmes[0].sessions = 3;
  bench b(s);
  auto const beta = b.bind("beta");
  std::vector<connection_id> const senders{b.bind("alpha"), b.bind("alpha"), b.bind("alpha")};
  auto const answer_one = [&] {
    b.give(beta, {0, b.last(beta).sequence_number, deliver_sm_resp{}});
    b.stored();
  };
  submit(b, senders[0], 5, "5555", "m");
  for (int i = 0; i < 5; ++i) {
    b.later(40ms);
    answer_one();
  }
  b.flow.clear();
  for (auto const id : senders) submit(b, id, 3, "5555", "m");
  ASSERT_EQ(b.flow, (std::vector<effects::flow_change>{{senders[1], false}, {senders[2], false}}));
  b.flow.clear();
  for (int i = 0; i < 4; ++i) answer_one();
  EXPECT_EQ(b.flow, (std::vector<effects::flow_change>{{senders[1], true}})) << "one turn for the room there is";
  submit(b, senders[1], 1, "5555", "m");
  for (int i = 0; i < 2; ++i) answer_one();
  EXPECT_EQ(b.flow.back(), (effects::flow_change{senders[2], true})) << "it has used its turn";
}

TEST(backlog, behind_a_receiver_that_is_slow_turns_come_at_a_steady_rate) {
  auto s = two_esmes();
  s.sms.crowd = 5;
  s.esmes[1].window = 1;
  s.esmes[0].sessions = 2;
  bench b(s);
  auto const first = b.bind("alpha");
  auto const second = b.bind("alpha");
  b.bind("beta");
  submit(b, first, 6, "5555", "m");
  submit(b, second, 1, "5555", "m");
  EXPECT_EQ(b.flow, (std::vector<effects::flow_change>{{first, false}, {second, false}}));
  b.flow.clear();
  b.later(1ms);
  EXPECT_EQ(b.flow, (std::vector<effects::flow_change>{{first, true}}));
  b.later(1ms);
  EXPECT_EQ(b.flow.back(), (effects::flow_change{second, true}));
}

TEST(backlog, who_waits_for_a_turn_gets_it_when_the_receiver_stops_answering) {
  auto s = two_esmes();
  s.sms.crowd = 2;
  s.esmes[1].window = 1;
  bench b(s);
  auto const alpha = b.bind("alpha");
  auto const beta = b.bind("beta");
  submit(b, alpha, 3, "5555", "m");
  for (int i = 0; i < 3; ++i) {
    b.later(60ms);
    b.give(beta, {0, b.last(beta).sequence_number, deliver_sm_resp{}});
    b.stored();
  }
  b.flow.clear();
  submit(b, alpha, 4, "5555", "m");
  ASSERT_EQ(b.flow, (std::vector<effects::flow_change>{{alpha, false}}));
  for (int i = 0; i < 6; ++i) b.later(*b.e->deadline(b.now) - b.now.at);
  EXPECT_EQ(b.flow.back(), (effects::flow_change{alpha, true}));
}

TEST(backlog, a_start_serves_while_it_reads_back_and_delivers_when_all_is_known) {
  bench before;
  submit(before, before.bind("alpha"), 1200, "5555", "m");
  bench after;
  after.take_over(before, two_esmes());
  EXPECT_EQ(after.e->count().stored, 1200u);
  auto const alpha = after.bind("alpha");
  auto const beta = after.bind("beta");
  EXPECT_EQ(after.last(beta).command_status, ESME_ROK);
  after.give(alpha, {0, 2, query_sm{"1200", 0, 0, "6666"}});
  EXPECT_EQ(after.last(alpha).command_status, ESME_RQUERYFAIL) << "not known yet";
  after.give(alpha, {0, 3, to("5555", "new")});
  EXPECT_EQ(after.said[beta].size(), 1u) << "nothing is delivered yet";
  auto expected = numbered("m", 1200);
  expected.push_back("new");
  EXPECT_EQ(take_all(after, beta), expected);
  auto const r = std::ranges::find(after.said[alpha], 3u, &pdu::sequence_number);
  ASSERT_NE(r, after.said[alpha].end());
  EXPECT_EQ(as<submit_sm_resp>(*r).message_id, "2001") << "behind all that may have been given out";
}

TEST(backlog, a_start_from_a_disk_that_fails_for_a_while_loses_nothing) {
  bench before;
  submit(before, before.bind("alpha"), 20, "5555", "m");
  bench after;
  for (std::uint64_t n = 3; n < 9; ++n)
    after.unreadable[sms::key_of(sms::record_kind::message, sms::record_of({n}, 0).value)] = errc::io;
  after.take_over(before, two_esmes());
  auto const beta = after.bind("beta");
  EXPECT_TRUE(take_all(after, beta).empty());
  after.later(1s);
  EXPECT_TRUE(take_all(after, beta).empty()) << "still failing";
  after.unreadable.clear();
  after.later(1s);
  EXPECT_EQ(take_all(after, beta), numbered("m", 20));
}

}  // namespace
}  // namespace signalbox::core
