// The ESME by itself, as a node that is given inputs. Conversations are in world/conversation_test.cpp.
#include "simulators/esme/esme.hpp"

#include <gtest/gtest.h>

namespace signalbox::simulators {
namespace {

constexpr moment start{};

std::vector<smpp::pdu> pdus(core::effects const& out) {
  std::vector<smpp::pdu> all;
  smpp::framer frames;
  for (auto const& each : out.send) {
    frames.feed(each.data);
    while (auto const whole = frames.next()) all.push_back(*smpp::decode(*whole));
  }
  return all;
}

octets bytes(smpp::pdu const& what) {
  octets data;
  EXPECT_TRUE(smpp::encode(what, data));
  return data;
}

struct rig {
  explicit rig(esme_options options = {}) : actor(options, chance) {}

  core::effects open() {  // connected, the bind sent
    core::effects out;
    actor.connect_and_bind("engine", 2775, start, out);
    EXPECT_EQ(out.connect.size(), 1u);
    id = out.connect.at(0).as;
    out.clear();
    actor.on_opened(id, start, out);
    return out;
  }
  core::effects bound() {
    open();
    return give({0, 1, smpp::bind_transceiver_resp{"engine", {}}});
  }
  core::effects give(smpp::pdu const& what, moment now = start) {
    core::effects out;
    actor.on_bytes(id, bytes(what), now, out);
    return out;
  }

  seeded_entropy chance{1};
  esme actor;
  connection_id id{};
};

TEST(esme, binds_as_its_options_say) {
  rig r({.system_id = "alpha", .password = "secret", .bind = smpp::command_id::bind_receiver, .address_range = "^44"});
  auto const sent = pdus(r.open());
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].body,
            smpp::body(smpp::bind_receiver{{.system_id = "alpha", .password = "secret", .address_range = "^44"}}));
  EXPECT_FALSE(r.actor.bound());
}

TEST(esme, answers_a_delivery_at_once_or_later_or_never) {
  smpp::deliver_sm message;
  message.destination_addr = "4477";
  struct {
    char const* name;
    esme_options options;
    std::optional<duration> after;  // nullopt: never
    std::uint32_t status;
  } const cases[] = {
      {"at once", {}, 0s, smpp::ESME_ROK},
      {"status", {.status = {8}}, 0s, 8},
      {"late", {.delay = {2s, 2s}}, 2s, smpp::ESME_ROK},
      {"by number", {.outcomes = *number_outcomes::parse("44*:0x64")}, 0s, 0x64},
      {"silence by number", {.outcomes = *number_outcomes::parse("44*:silence")}, std::nullopt, 0},
      {"manual", {.manual = true}, std::nullopt, 0},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    rig r(c.options);
    r.bound();
    auto out = r.give({0, 7, message});
    if (c.after != 0s) {
      EXPECT_TRUE(out.send.empty());
    }
    if (!c.after) {
      EXPECT_EQ(r.actor.deadline(start), std::nullopt);
      continue;
    }
    if (c.after > 0s) {
      EXPECT_EQ(r.actor.deadline(start), start.at + *c.after);
      r.actor.on_time(start + *c.after, out);
    }
    EXPECT_EQ(pdus(out), (std::vector<smpp::pdu>{{c.status, 7, smpp::deliver_sm_resp{}}}));
    EXPECT_EQ(r.actor.count().delivered, 1u);
  }
}

TEST(esme, submits_again_what_was_throttled_and_unbinds_when_done) {
  rig r({.window = 1, .send = {.count = 2, .text = "{n}"}, .unbind_when_done = true});
  auto const text = [](core::effects const& out) {
    auto const sent = pdus(out);
    auto const* submit = sent.size() == 1 ? std::get_if<smpp::submit_sm>(&sent[0].body) : nullptr;
    return submit != nullptr ? std::string(text_of(submit->short_message)) : std::string("none");
  };
  EXPECT_EQ(text(r.bound()), "1");
  EXPECT_EQ(text(r.give({smpp::ESME_RTHROTTLED, 2, smpp::submit_sm_resp{}})), "1");
  EXPECT_EQ(text(r.give({0, 3, smpp::submit_sm_resp{"a", {}}})), "2");
  EXPECT_FALSE(r.actor.done());
  EXPECT_EQ(pdus(r.give({0, 4, smpp::submit_sm_resp{"b", {}}})), (std::vector<smpp::pdu>{{0, 5, smpp::unbind{}}}));
  EXPECT_TRUE(r.actor.done());
  EXPECT_EQ(r.actor.count().submitted, 3u);
  EXPECT_EQ(r.actor.count().accepted, 2u);
  EXPECT_EQ(r.actor.count().throttled, 1u);
}

TEST(esme, goes_no_faster_than_its_rate) {
  rig r({.window = 100, .send = {.count = 3, .rate_per_s = 2}});
  EXPECT_EQ(pdus(r.bound()).size(), 1u);
  EXPECT_EQ(r.actor.deadline(start), instant{500ms});
  core::effects out;
  r.actor.on_time(start + 1s, out);
  EXPECT_EQ(pdus(out).size(), 2u);
}

TEST(esme, comes_back_after_a_loss_and_sends_what_was_not_answered) {
  rig r({.reconnect = 5s, .send = {.count = 1, .text = "only"}});
  EXPECT_EQ(pdus(r.bound()).size(), 1u);
  core::effects out;
  r.actor.on_closed(r.id, start, out);
  EXPECT_FALSE(r.actor.connected());
  EXPECT_EQ(r.actor.deadline(start), instant{5s});
  r.actor.on_time(start + 5s, out);
  ASSERT_EQ(out.connect.size(), 1u);
  EXPECT_NE(out.connect[0].as, r.id);
  r.id = out.connect[0].as;
  out.clear();
  r.actor.on_opened(r.id, start + 5s, out);
  auto const sent = pdus(r.give({0, 1, smpp::bind_transceiver_resp{"engine", {}}}, start + 5s));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(text_of(std::get<smpp::submit_sm>(sent[0].body).short_message), "only");
  EXPECT_EQ(r.actor.count().unanswered, 1u);
}

TEST(esme, counts_repetitions_and_receipts) {
  rig r;
  r.bound();
  smpp::deliver_sm a;
  a.short_message = octets_of("a");
  auto receipt = a;
  receipt.esm_class = smpp::esm::type_delivery_receipt;
  for (std::uint32_t n = 2; auto const& each : {a, receipt, a}) r.give({0, n++, each});
  EXPECT_EQ(r.actor.count().delivered, 2u);
  EXPECT_EQ(r.actor.count().receipts, 1u);
  EXPECT_EQ(r.actor.count().duplicates, 1u);
}

TEST(esme, binds_as_receiver_on_outbind) {
  rig r({.system_id = "rx", .password = "pw"});
  core::effects out;
  r.id = r.actor.next_connection();
  r.actor.on_accepted(r.id, core::service::smpp, "centre", start, out);
  EXPECT_TRUE(out.empty());
  auto const sent = pdus(r.give({0, 1, smpp::outbind{"centre", "x"}}));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(smpp::id_of(sent[0]), smpp::command_id::bind_receiver);
}

TEST(esme, takes_one_connection_at_a_time) {
  rig r;
  r.bound();
  core::effects out;
  auto const second = r.actor.next_connection();
  r.actor.on_accepted(second, core::service::smpp, "other", start, out);
  EXPECT_EQ(out.close, std::vector{second});
  EXPECT_TRUE(r.actor.bound());
}

TEST(esme, sends_anything_when_asked_and_says_why_it_cannot) {
  rig r;
  core::effects out;
  EXPECT_EQ(r.actor.send(smpp::submit_sm{}, start, out).error().code, errc::not_supported);
  r.open();
  EXPECT_EQ(r.actor.send(smpp::submit_sm{}, start, out).error().detail, "not bound for sending");
  EXPECT_TRUE(r.actor.send_pdu({0, 99, smpp::submit_sm{}}, start, out));
  EXPECT_EQ(pdus(out), (std::vector<smpp::pdu>{{0, 99, smpp::submit_sm{}}}));
  r.give({0, 1, smpp::bind_transceiver_resp{"engine", {}}});
  auto const sequence_number = r.actor.send(smpp::query_sm{"1", 0, 0, "6666"}, start, out);
  EXPECT_EQ(sequence_number, result<std::uint32_t>(2u));
  smpp::submit_sm too_long;
  too_long.source_addr = std::string(40, '1');
  EXPECT_EQ(r.actor.send(too_long, start, out).error().code, errc::too_long);
}

TEST(esme_rows, every_row_takes_back_what_it_says) {
  for (auto const& row : esme_rows()) {
    esme_options options;
    auto const words = row.get(options);
    EXPECT_TRUE(row.set(options, words)) << row.name << "=" << words;
    EXPECT_EQ(row.get(options), words) << row.name;
    EXPECT_FALSE(row.help.empty()) << row.name;
    EXPECT_EQ(core::find_row(esme_rows(), row.name), &row) << row.name << " stands twice";
  }
  esme_options options;
  EXPECT_TRUE(core::find_row(esme_rows(), "bind")->set(options, "transmitter"));
  EXPECT_EQ(options.bind, smpp::command_id::bind_transmitter);
  EXPECT_EQ(core::find_row(esme_rows(), "bind")->set(options, "sender").error().code, errc::bad_value);
}

}  // namespace
}  // namespace signalbox::simulators
