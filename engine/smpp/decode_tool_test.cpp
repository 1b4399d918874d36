#include "engine/smpp/check_codec.hpp"

namespace signalbox::smpp {
namespace {

std::string json_of(std::string_view notation) { return decode_line(to_hex(wire(notation))); }

TEST(smpp_decode_tool, a_header_alone) {
  EXPECT_EQ(decode_line("0x00000010 00:00:00:15 00000000 00000001"),
            R"({"command_id":21,"command_id_name":"enquire_link","command_length":16,"command_status":0,)"
            R"("command_status_name":"ESME_ROK","sequence_number":1})");
}

TEST(smpp_decode_tool, submit_sm) {
  EXPECT_EQ(json_of("00000040 00000004 00000000 00000005 'CMT' 00 05 00 'alpha' 00 01 01 '447700900001' 00"
                    "00 00 00 00 00 01 00 00 00 02 'hi' 0427 0001 02 1400 0000"),
            R"({"command_id":4,"command_id_name":"submit_sm","command_length":64,"command_status":0,)"
            R"("command_status_name":"ESME_ROK","sequence_number":5,"service_type":"CMT",)"
            R"("source_addr_ton":5,"source_addr_ton_name":"alphanumeric","source_addr_npi":0,)"
            R"("source_addr_npi_name":"unknown","source_addr":"alpha","dest_addr_ton":1,)"
            R"("dest_addr_ton_name":"international","dest_addr_npi":1,"dest_addr_npi_name":"isdn",)"
            R"("destination_addr":"447700900001","esm_class":0,"protocol_id":0,"priority_flag":0,)"
            R"("schedule_delivery_time":"","validity_period":"","registered_delivery":1,)"
            R"("replace_if_present_flag":0,"data_coding":0,"data_coding_name":"default_alphabet",)"
            R"("sm_default_msg_id":0,"sm_length":2,"short_message":"6869","short_message_text":"hi",)"
            R"("tlvs":[{"tag":1063,"name":"message_state","length":1,"value":2,"value_name":"DELIVERED"},)"
            R"({"tag":5120,"length":0,"value":""}]})");
}

TEST(smpp_decode_tool, lists_and_wrong_tlvs) {
  EXPECT_EQ(json_of("00000021 80000021 00000000 00000007 '1' 00 01 07 01 '5' 00 00000050 001E 0002 '42'"),
            R"({"command_id":2147483681,"command_id_name":"submit_multi_resp","command_length":33,)"
            R"("command_status":0,"command_status_name":"ESME_ROK","sequence_number":7,"message_id":"1",)"
            R"("no_unsuccess":1,"unsuccess_sme":[{"dest_addr_ton":7,"dest_addr_npi":1,)"
            R"("dest_addr_npi_name":"isdn","destination_addr":"5","error_status_code":80,)"
            R"("error_status_code_name":"ESME_RINVDSTTON"}],)"
            R"("tlvs":[{"tag":30,"name":"receipted_message_id","length":2,"value":"3432","fault":"unterminated"}]})");
}

// The message text that the tool shows for a deliver_sm with this esm_class, data_coding and short_message.
std::optional<std::string> text_shown(std::uint8_t esm_class, std::uint8_t data_coding, std::string_view message) {
  auto const bytes =
      encoded({.body = deliver_sm{.esm_class = esm_class, .data_coding = data_coding, .short_message = wire(message)}});
  auto const json = decode_line(to_hex(bytes));
  std::string_view const label = R"("short_message_text":")";
  auto const from = json.find(label);
  if (from == json.npos) return std::nullopt;
  auto const start = from + label.size();
  return json.substr(start, json.find(R"(","tlvs")", start) - start);
}

TEST(smpp_decode_tool, text_by_data_coding) {
  EXPECT_EQ(text_shown(0, coding::default_alphabet, "'a@b'"), "a@b");
  EXPECT_EQ(text_shown(0, coding::default_alphabet, "E282AC"), "€");
  EXPECT_EQ(text_shown(0, coding::default_alphabet, "1B65 00"), "€@");
  EXPECT_EQ(text_shown(0, coding::default_alphabet, "E9"), std::nullopt);
  EXPECT_EQ(text_shown(0, coding::ia5, "'x@'"), "x@");
  EXPECT_EQ(text_shown(0, coding::ia5, "80"), std::nullopt);
  EXPECT_EQ(text_shown(0, coding::latin1, "E9"), "é");
  EXPECT_EQ(text_shown(0, coding::ucs2, "20AC D83D DE00"), "€😀");
  EXPECT_EQ(text_shown(0, coding::ucs2, "20AC D8"), std::nullopt);
  EXPECT_EQ(text_shown(0, coding::octets, "'abc'"), std::nullopt);
  EXPECT_EQ(text_shown(esm::udhi, coding::ucs2, "05 00 03 01 02 01 20AC"), "€");
  EXPECT_EQ(text_shown(esm::udhi, coding::ucs2, "09 00 03 01 02 01 20AC"), std::nullopt);
  EXPECT_EQ(text_shown(esm::udhi, coding::ucs2, ""), std::nullopt);
}

TEST(smpp_decode_tool, payload_text) {
  auto const json = json_of("00000020 00000103 00000000 00000009 00 0000 00 0000 00 00 00 08 0424 0002 20AC");
  EXPECT_NE(json.find(R"({"tag":1060,"name":"message_payload","length":2,"value":"20ac","text":"€"})"), json.npos)
      << json;
}

TEST(smpp_decode_tool, faults) {
  EXPECT_EQ(decode_line("0000 00x0"),
            R"({"fault":{"code":"bad syntax","offset":7,"field":"hex","detail":"not a hexadecimal digit"}})");
  EXPECT_EQ(decode_line(""), R"({"fault":{"code":"truncated","offset":0,"field":"command_length","detail":""}})");
  EXPECT_EQ(decode_line("00000010 00000016 00000000 00000001"),
            R"({"fault":{"code":"unknown command","offset":4,"field":"command_id","detail":"22"},)"
            R"("header":{"command_id":22,"command_length":16,"command_status":0,"command_status_name":"ESME_ROK",)"
            R"("sequence_number":1}})");
}

TEST(smpp_decode_tool, help_shows_what_the_tool_prints) {
  EXPECT_NE(help().find("short_message_text"), std::string_view::npos);
  EXPECT_NE(help().find(R"("command_id":21,"command_id_name":"enquire_link")"), std::string_view::npos);
}

TEST(smpp_to_text, leaves_out_what_says_nothing) {
  struct {
    pdu value;
    char const* line;
  } const cases[] = {
      {{.sequence_number = 1, .body = enquire_link{}}, "enquire_link seq=1"},
      {{.sequence_number = 1, .body = enquire_link_resp{}}, "enquire_link_resp seq=1 status=ESME_ROK"},
      {{.command_status = ESME_RINVCMDLEN, .body = generic_nack{}}, "generic_nack status=ESME_RINVCMDLEN"},
      {{.command_status = 0x401, .sequence_number = 2, .body = submit_sm_resp{}}, "submit_sm_resp seq=2 status=1025"},
      {{.sequence_number = 3,
        .body = submit_sm{.source_addr_ton = ton::alphanumeric,
                          .source_addr = "my shop",
                          .destination_addr = "447700900001",
                          .registered_delivery = 1,
                          .short_message = octets_of("say \"hi\""),
                          .tlvs = {make_u8(tag::delivery_failure_reason, 0), {tag::message_payload, {}}}}},
       R"(submit_sm seq=3 source_addr_ton=5 source_addr="my shop" destination_addr=447700900001 )"
       R"(registered_delivery=1 short_message="say \"hi\"" delivery_failure_reason=0 message_payload="")"},
      {{.sequence_number = 4, .body = deliver_sm{.data_coding = 8, .short_message = wire("20AC")}},
       "deliver_sm seq=4 data_coding=8 short_message=0x20ac"},
      {{.sequence_number = 5, .body = query_sm_resp{.message_id = "1", .message_state = message_state::delivered}},
       "query_sm_resp seq=5 status=ESME_ROK message_id=1 message_state=DELIVERED"},
      {{.sequence_number = 6, .body = submit_multi_resp{.message_id = "1"}},
       "submit_multi_resp seq=6 status=ESME_ROK message_id=1"},
      {{.sequence_number = 7,
        .body = submit_multi{.dest_address = {{.dest_addr_ton = 1, .destination_addr = "5555"},
                                              {.dest_flag = dest_flag_list, .dl_name = "all"}}}},
       "submit_multi seq=7 number_of_dests=2 "
       "dest_address=[[dest_flag=1 dest_addr_ton=1 destination_addr=5555] [dest_flag=2 dl_name=all]]"},
  };
  for (auto const& c : cases) EXPECT_EQ(to_text(c.value), c.line);
}

}  // namespace
}  // namespace signalbox::smpp
