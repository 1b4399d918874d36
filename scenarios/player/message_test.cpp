// PDUs from arguments, and arguments against PDUs: one table each, through the parser's own lexer.
#include <gtest/gtest.h>

#include "engine/smpp/decode_tool.hpp"
#include "scenarios/player/lexer.hpp"
#include "scenarios/player/match.hpp"

namespace signalbox::player {

namespace {

std::vector<argument> arguments(std::string_view line) {
  std::vector<argument> all;
  for (auto const& t : lex(line, {}, {}).tokens) all.push_back({t.at, t.name, t.how, t.what});
  return all;
}

std::string built(std::string_view message, std::string_view line, spelling const& how = {}) {
  auto const p = build({.body = empty_body(*message_named(message))}, arguments(line), {}, how);
  if (!p) return std::to_string(p.error().index) + ": " + p.error().expected + ", " + p.error().found;
  return smpp::to_text(*p);
}

smpp::pdu deliver(std::string text, std::uint8_t esm_class = 0) {
  smpp::deliver_sm d;
  d.source_addr_ton = 1, d.source_addr_npi = 1, d.source_addr = "447700900001";
  d.destination_addr = "6666";
  d.esm_class = esm_class;
  d.short_message = octets_of(text);
  d.tlvs.push_back(smpp::make_cstr(smpp::tag::receipted_message_id, "42"));
  return {.sequence_number = 9, .body = d};
}

constexpr char const* receipt =
    "id:1001 sub:001 dlvrd:001 submit date:1602051200 done date:1602051201 stat:DELIVRD err:000 text:Hello you!";

std::string matched(smpp::pdu const& p, std::string_view line, names const& known = {}) {
  auto const outcome = match(p, arguments(line), known, {});
  std::string words;
  for (auto const& d : outcome.differences) words += d.expected + " / " + d.actual + "\n";
  for (auto const& [name, text] : outcome.bound) words += name + ":=" + text + "\n";
  return words;
}

}  // namespace

TEST(build, samples) {
  struct sample {
    char const *message, *line, *expected;
  };
  sample const samples[] = {
      {"submit_sm", "dest=+447700900001 source=Acme text=\"hi\"",
       "submit_sm source_addr_ton=5 source_addr=Acme dest_addr_ton=1 dest_addr_npi=1 destination_addr=447700900001 "
       "short_message=\"hi\""},
      {"submit_sm", "dest=6666 source=2/8/0123",
       "submit_sm source_addr_ton=2 source_addr_npi=8 source_addr=0123 destination_addr=6666"},
      {"submit_sm", "text=\"ж\"", "submit_sm data_coding=8 short_message=0x0436"},
      {"submit_sm", "text=\"€\"", "submit_sm short_message=0xe282ac"},
      {"submit_sm", "text=\"€\" encoding=gsm7", "submit_sm short_message=0x1b65"},
      {"submit_sm", "text=\"é\" data_coding=4", "submit_sm data_coding=4 short_message=0xe9"},
      {"submit_sm", "text=\"x\" udh=0x050003010201 esm_class=3",
       "submit_sm esm_class=67 short_message=0x05000301020178"},
      {"submit_sm", "short_message=0x0001ff", "submit_sm short_message=0x0001ff"},
      {"submit_sm", "validity=5m schedule=1h",
       "submit_sm schedule_delivery_time=000000010000000R validity_period=000000000500000R"},
      {"data_sm", "text=\"hi\"", "data_sm message_payload=\"hi\""},
      {"submit_sm", "user_message_reference=7 tag_0x1501=0xab source_port=9",
       "submit_sm user_message_reference=7 tag_0x1501=0xab source_port=9"},
      {"submit_multi", "dest=+4477,list:friends,12", "3"},
      {"deliver_sm_resp", "status=ESME_RX_T_APPN sequence_number=12", "deliver_sm_resp seq=12 status=ESME_RX_T_APPN"},
      {"submit_sm", "esm_class=1 dest_addr_ton=alphanumeric priority_flag=300", "2: a number up to 255, \"300\""},
      {"submit_sm", "text=\"a\" udh=zz", "1: a user data header as 0x.., \"zz\""},
  };
  for (auto const& s : samples) {
    SCOPED_TRACE(s.line);
    auto const text = built(s.message, s.line);
    if (std::string_view(s.expected) == "3") {
      auto const p = build({.body = smpp::submit_multi{}}, arguments(s.line), {}, {});
      ASSERT_TRUE(p.has_value());
      auto const& list = std::get<smpp::submit_multi>(p->body).dest_address;
      ASSERT_EQ(list.size(), 3u);
      EXPECT_EQ(list[0].dest_addr_ton, 1);
      EXPECT_EQ(list[1].dl_name, "friends");
      EXPECT_EQ(list[2].destination_addr, "12");
    } else {
      EXPECT_EQ(text, s.expected);
    }
  }
}

TEST(build, puts_long_text_into_the_payload) {
  auto const text = built("submit_sm", "text=\"" + std::string(255, 'x') + "\"");
  EXPECT_NE(text.find("message_payload="), text.npos) << text;
  EXPECT_EQ(text.find("short_message="), text.npos) << text;
}

TEST(match, samples) {
  struct sample {
    smpp::pdu pdu;
    char const *line, *expected;
  };
  sample const samples[] = {
      {deliver("hi"), "text=\"hi\" source=+447700900001 dest=6666 esm_class=0 sequence_number=9", ""},
      {deliver("hi"), "source=447700900001 source_addr_ton=international", ""},
      {deliver("hi"), "source=1/2/447700900001", "source=1/2/447700900001 / source=\"+447700900001\"\n"},
      {deliver("hi"), "text=\"ho\" status=ESME_RSYSERR",
       "text=\"ho\" / text=\"hi\"\nstatus=ESME_RSYSERR / status=ESME_ROK\n"},
      {deliver("hi"), "text~\"^h\" text!~\"x$\" esm_class<1 esm_class!=1 short_message=0x6869", ""},
      {deliver("hi"), "esm_class>=1", "esm_class>=1 / esm_class=0\n"},
      {deliver("hi"), "receipted_message_id=$id receipted_message_id=$id", "id:=42\n"},
      {deliver("hi"), "user_message_reference=absent receipted_message_id=present", ""},
      {deliver("hi"), "receipted_message_id=absent", "receipted_message_id=absent / receipted_message_id=\"42\"\n"},
      {deliver("hi"), "user_message_reference=1", "user_message_reference=1 / user_message_reference is absent\n"},
      {deliver("hi"), "receipt_of=1001", "receipt_of=1001 / no receipt (esm_class)\n"},
      {deliver(receipt, 4),
       "receipt_of=1001 state=DELIVERED sub=001 dlvrd=001 submit_date=1602051200 done_date=1602051201 err=000 "
       "receipt_text=\"Hello you!\"",
       ""},
      {deliver(receipt, 4), "state=DELIVRD receipt_of=$id", "id:=1001\n"},
      {deliver(receipt, 4), "state=UNDELIVERABLE", "state=UNDELIVERABLE / state=\"DELIVERED\"\n"},
      {deliver("\x05\x01\x02\x03\x04\x05hi", 0x40), "text=\"hi\" udh=0x050102030405", ""},
  };
  for (auto const& s : samples) {
    SCOPED_TRACE(s.line);
    EXPECT_EQ(matched(s.pdu, s.line), s.expected);
  }
}

TEST(match, compares_with_what_was_bound) {
  names known;
  known.bind("id", "42");
  EXPECT_EQ(matched(deliver("hi"), "receipted_message_id=$id", known), "");
  known.bind("id", "43");
  EXPECT_EQ(matched(deliver("hi"), "receipted_message_id=$id", known),
            "receipted_message_id=43 / receipted_message_id=\"42\"\n");
}

TEST(match, reaches_into_lists) {
  smpp::submit_multi_resp r;
  r.unsuccess.push_back({7, 1, "5555", smpp::ESME_RINVDSTTON});
  smpp::pdu const p{.body = r};
  EXPECT_EQ(matched(p,
                    "no_unsuccess=1 unsuccess_sme[0].error_status_code=ESME_RINVDSTTON "
                    "unsuccess_sme[0].destination_addr=5555 unsuccess_sme[1].destination_addr=absent"),
            "");
}

}  // namespace signalbox::player
