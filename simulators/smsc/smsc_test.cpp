// Receipts in every spelling, and the option tables of both actors. Conversations are in world/conversation_test.cpp.
#include <gtest/gtest.h>

#include "simulators/smsc/options.hpp"

namespace signalbox::simulators {
namespace {

smpp::submit_sm original() {
  smpp::submit_sm m;
  m.source_addr_ton = 1;
  m.source_addr = "6666";
  m.dest_addr_npi = 1;
  m.destination_addr = "5555";
  m.short_message = octets_of("Hello, this is more than twenty octets");
  return m;
}

TEST(receipts, spellings) {
  wall const noon = *wall_of({2016, 2, 5, 12, 0, 7, 0});
  struct {
    char const* name;
    receipt_style style;
    std::uint8_t state;
    std::uint32_t error;
    char const* text;
    std::size_t tlvs;
  } const cases[] = {
      {"the original's",
       {},
       smpp::message_state::delivered,
       0,
       "id:1001 sub:001 dlvrd:001 submit date:1602051200 done date:1602051200 stat:DELIVRD err:000 "
       "text:Hello, this is more ",
       0},
      {"failed",
       {},
       smpp::message_state::undeliverable,
       8,
       "id:1001 sub:001 dlvrd:000 submit date:1602051200 done date:1602051200 stat:UNDELIV err:008 "
       "text:Hello, this is more ",
       0},
      {"hex, twelve digits, no quote",
       {.id = id_spelling::hex_lower, .quotes_message = false, .date_digits = 12},
       smpp::message_state::delivered,
       0,
       "id:3e9 sub:001 dlvrd:001 submit date:160205120007 done date:160205120007 stat:DELIVRD err:000",
       0},
      {"padded, own word",
       {.id = id_spelling::padded, .quotes_message = false, .state_word = "ACKED"},
       smpp::message_state::delivered,
       0,
       "id:0000001001 sub:001 dlvrd:001 submit date:1602051200 done date:1602051200 stat:ACKED err:000",
       0},
      {"TLVs alone", {.with_text = false, .id_tlv = true, .state_tlv = true}, smpp::message_state::expired, 0, "", 2},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const receipt = make_receipt(original(), {1001, noon, noon, c.state, c.error}, c.style);
    EXPECT_EQ(text_of(receipt.short_message), c.text);
    EXPECT_EQ(receipt.tlvs.size(), c.tlvs);
    EXPECT_EQ(receipt.source_addr, "5555");
    EXPECT_EQ(receipt.source_addr_npi, 1);
    EXPECT_EQ(receipt.destination_addr, "6666");
    EXPECT_EQ(receipt.dest_addr_ton, 1);
    EXPECT_EQ(receipt.esm_class, smpp::esm::type_delivery_receipt);
  }
  auto const tlvs = make_receipt(original(), {.id = 1001, .state = 3},
                                 {.id = id_spelling::hex_upper, .id_tlv = true, .state_tlv = true})
                        .tlvs;
  EXPECT_EQ(smpp::find_text(tlvs, smpp::tag::receipted_message_id), "3E9");
  EXPECT_EQ(smpp::find_number(tlvs, smpp::tag::message_state), 3u);
}

TEST(receipts, ids) {
  EXPECT_EQ(spell(0, id_spelling::hex_lower), "0");
  EXPECT_EQ(spell(0xABCDEF, id_spelling::hex_padded), "00abcdef");
  EXPECT_EQ(spell(UINT64_MAX, id_spelling::hex_upper), "FFFFFFFFFFFFFFFF");
  EXPECT_EQ(spell(UINT64_MAX, id_spelling::padded), "18446744073709551615");
}

TEST(smsc_rows, every_row_takes_back_what_it_says_and_refuses_nonsense) {
  for (auto const& row : smsc_rows()) {
    smsc_options options;
    auto const words = row.get(options);
    EXPECT_TRUE(row.set(options, words)) << row.name << "=" << words;
    EXPECT_EQ(row.get(options), words) << row.name;
    EXPECT_FALSE(row.help.empty()) << row.name;
    EXPECT_EQ(core::find_row(smsc_rows(), row.name), &row) << row.name << " stands twice";
    bool const free_text = row.kind == core::setting_kind::text && row.set(options, "no such word").has_value();
    if (!free_text) {
      EXPECT_FALSE(row.set(options, "no such word")) << row.name;
    }
  }
}

TEST(smsc_rows, values_arrive) {
  smsc_options options;
  for (auto const& [name, value] :
       std::initializer_list<std::pair<char const*, char const*>>{{"receipt_id", "HEX"},
                                                                  {"receipt_text", "no"},
                                                                  {"receipt_date_digits", "12"},
                                                                  {"mobile_count", "7"},
                                                                  {"mobile_rate", "0.5"},
                                                                  {"delay", "1s..3s"},
                                                                  {"throttle", "150"}}) {
    auto const* row = core::find_row(smsc_rows(), name);
    ASSERT_NE(row, nullptr) << name;
    EXPECT_TRUE(row->set(options, value)) << name;
  }
  EXPECT_EQ(options.style, (receipt_style{.id = id_spelling::hex_upper, .with_text = false, .date_digits = 12}));
  EXPECT_EQ(options.mobile.count, 7u);
  EXPECT_EQ(options.mobile.rate_per_s, 0.5);
  EXPECT_EQ(options.delay, (delay_law{1s, 3s}));
  EXPECT_EQ(options.throttle_per_s, 150u);
}

}  // namespace
}  // namespace signalbox::simulators
