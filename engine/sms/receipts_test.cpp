#include "engine/sms/receipts.hpp"

#include <gtest/gtest.h>

namespace signalbox::sms {
namespace {

wall at(int year, int month, int day, int hour, int minute) { return *wall_of({year, month, day, hour, minute, 0, 0}); }

message original() {
  message m;
  m.id = record_of({1001}, 0);
  m.origin = "alpha";
  m.origin_network = {1};
  m.network = {2};
  m.source = {1, 1, "6666"};
  m.destination = {1, 1, "5555"};
  m.esm_class = 3;
  m.registered_delivery = 1;
  m.body = octets_of("Hello!");
  m.submitted = at(2016, 2, 5, 12, 0);
  return m;
}

TEST(receipts, the_fixed_text_form) {
  struct row {
    char const* name;
    message_state state;
    error_code code;
    char const* text;
  };
  row const rows[] = {
      {"delivered", message_state::delivered, error_code::none,
       "id:1001 sub:001 dlvrd:001 submit date:1602051200 done date:1602051200 stat:DELIVRD err:000 text:Hello!"},
      {"failed", message_state::undeliverable, error_code{8},
       "id:1001 sub:001 dlvrd:000 submit date:1602051200 done date:1602051200 stat:UNDELIV err:008 text:Hello!"},
      {"expired", message_state::expired, error_code::validity_expired,
       "id:1001 sub:001 dlvrd:000 submit date:1602051200 done date:1602051200 stat:UNDELIV err:127 text:Hello!"},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.name);
    auto const receipt = receipt_for(original(), r.state, r.code, at(2016, 2, 5, 12, 0), {});
    EXPECT_EQ(text_of(receipt.body), r.text);
    EXPECT_EQ(receipt.source, original().destination);
    EXPECT_EQ(receipt.destination, original().source);
    EXPECT_EQ(receipt.esm_class, 0x07);
    EXPECT_EQ(receipt.registered_delivery, 0);
    EXPECT_EQ(receipt.data_coding, 0);
    EXPECT_EQ(receipt.network, network_id{2});
    EXPECT_EQ(receipt.expires, at(2016, 2, 6, 12, 0));
  }
}

TEST(receipts, twenty_characters_of_text_without_its_header) {
  auto m = original();
  m.body = octets_of("123456789012345678901234");
  EXPECT_TRUE(text_of(receipt_for(m, message_state::delivered, {}, m.submitted, {}).body)
                  .ends_with("text:12345678901234567890"));
  m.esm_class = 0x43;
  m.body = *from_hex("050003290202 48656c6c6f");
  EXPECT_TRUE(text_of(receipt_for(m, message_state::delivered, {}, m.submitted, {}).body).ends_with("text:Hello"));
  m.esm_class = 3;
  m.data_coding = 8;
  m.body = *from_hex("20ac 0041");
  EXPECT_TRUE(text_of(receipt_for(m, message_state::delivered, {}, m.submitted, {}).body)
                  .ends_with("text:\xE2\x82\xAC"
                             "A"));
}

TEST(receipts, options) {
  centre_settings s;
  s.receipt_to_origin_network = true;
  s.receipt_tlvs = true;
  auto const r = receipt_for(original(), message_state::delivered, {}, original().submitted, s);
  EXPECT_EQ(r.network, network_id{1});
  EXPECT_EQ(r.parameters, (std::vector<parameter>{{0x001E, *from_hex("3130303100")}, {0x0427, {2}}}));
}

TEST(receipts, who_wants_one) {
  struct row {
    std::uint8_t registered_delivery;
    bool success, failure;
  };
  for (auto const& r :
       {row{0, false, false}, row{1, true, true}, row{2, false, true}, row{3, true, false}, row{0x11, true, true}}) {
    EXPECT_EQ(wants_receipt(r.registered_delivery, message_state::delivered), r.success);
    EXPECT_EQ(wants_receipt(r.registered_delivery, message_state::undeliverable), r.failure);
    EXPECT_EQ(wants_receipt(r.registered_delivery, message_state::expired), r.failure);
    EXPECT_FALSE(wants_receipt(r.registered_delivery, message_state::deleted));
  }
}

TEST(receipts, what_peers_send_is_read) {
  struct row {
    char const* name;
    char const* text;
    char const* id;
    char const* state;
    char const* error;
    char const* words;
  };
  row const rows[] = {
      {"as ours",
       "id:1001 sub:001 dlvrd:001 submit date:1602051200 done date:1602051201 stat:DELIVRD err:000 text:Hello!", "1001",
       "DELIVRD", "000", "Hello!"},
      {"other case, seconds, no text",
       "ID:00000A1F SUB:001 DLVRD:000 SUBMIT DATE:160205120000 DONE DATE:160205120059 STAT:EXPIRED ERR:0a1", "00000A1F",
       "EXPIRED", "0a1", ""},
      {"empty text, label in text",
       "id:7 sub:001 dlvrd:001 submit date:1602051200 done date:1602051200 stat:DELIVRD err:000 Text:stat:x", "7",
       "DELIVRD", "000", "stat:x"},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.name);
    auto const read = parse_receipt(r.text);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(read->id, r.id);
    EXPECT_EQ(read->state, r.state);
    EXPECT_EQ(read->error, r.error);
    EXPECT_EQ(read->text, r.words);
  }
}

TEST(receipts, dates) {
  auto const date = at(2016, 2, 5, 12, 34) + 56s;
  EXPECT_EQ(format_receipt_date(date), "1602051234");
  EXPECT_EQ(format_receipt_date(date, 12), "160205123456");
  auto const done = [](std::string const& date_text) {
    return parse_receipt("id:1 sub:001 dlvrd:001 submit date:1602051200 done date:" + date_text + " stat:X err:0");
  };
  EXPECT_EQ(done("1602051234")->done_date, at(2016, 2, 5, 12, 34));
  EXPECT_EQ(done("160205123456")->done_date, date);
  EXPECT_EQ(done("")->done_date, std::nullopt);
  for (auto const* wrong : {"16020512345", "16020512x4", "1613051234", "1602301234", "1602052400", "160205123460"})
    EXPECT_FALSE(done(wrong)) << wrong;
}

TEST(receipts, what_is_no_receipt_says_where_it_stops_being_one) {
  struct row {
    char const* text;
    errc code;
    char const* field;
  };
  for (auto const& r :
       {row{"", errc::missing, "id"}, row{"hello id:1", errc::missing, "sub"},
        row{"id:1 sub:001 dlvrd:001 submit date:1602051200 done date:16 stat:X err:0", errc::bad_syntax, "done date"},
        row{"id:1 sub:x dlvrd:001 submit date: done date: stat:X err:0", errc::bad_syntax, "sub:"}}) {
    auto const read = parse_receipt(r.text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, r.code);
    EXPECT_EQ(read.error().field, r.field);
  }
}

}  // namespace
}  // namespace signalbox::sms
