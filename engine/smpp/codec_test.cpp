// One wire sample or more for every PDU of SMPP 3.4 and 5.0, written from the specification's layouts, and the
// inputs that must fault, each with its place.
#include <set>

#include "engine/smpp/check_codec.hpp"

namespace signalbox::smpp {
namespace {

struct sample {
  char const* name;
  pdu value;
  char const* wire;
};

submit_sm hello() {
  return {.service_type = "CMT",
          .source_addr_ton = ton::alphanumeric,
          .source_addr = "alpha",
          .dest_addr_ton = ton::international,
          .dest_addr_npi = npi::isdn,
          .destination_addr = "447700900001",
          .registered_delivery = registered::success_or_failure,
          .short_message = octets_of("hello")};
}

std::vector<sample> samples() {
  return {
      {"bind_receiver",
       {.sequence_number = 1, .body = bind_receiver{{.system_id = "esme", .password = "secret08"}}},
       "00000023 00000001 00000000 00000001 'esme' 00 'secret08' 00 00 34 00 00 00"},
      {"bind_transmitter: every field at its limit",
       {.sequence_number = 0x7FFFFFFF,
        .body = bind_transmitter{{.system_id = "abcdefghijklmno",
                                  .password = "12345678",
                                  .system_type = "ABCDEFGHIJKL",
                                  .interface_version = version_5_0,
                                  .addr_ton = ton::national,
                                  .addr_npi = npi::private_plan,
                                  .address_range = "0123456789012345678901234567890123456789"}}},
       "00000062 00000002 00000000 7FFFFFFF 'abcdefghijklmno' 00 '12345678' 00 'ABCDEFGHIJKL' 00 50 02 09"
       "'0123456789012345678901234567890123456789' 00"},
      {"bind_transceiver: system_type ABC (T-1)",
       {.sequence_number = 2, .body = bind_transceiver{{.system_id = "a", .password = "b", .system_type = "ABC"}}},
       "0000001C 00000009 00000000 00000002 6100 6200 41424300 34 00 00 00"},
      {"bind_receiver_resp: 3.3, no optional parameters",
       {.sequence_number = 1, .body = bind_receiver_resp{.system_id = "smsc"}},
       "00000015 80000001 00000000 00000001 'smsc' 00"},
      {"bind_transmitter_resp: refused, no body",
       {.command_status = ESME_RINVPASWD, .sequence_number = 1, .body = bind_transmitter_resp{}},
       "00000010 80000002 0000000E 00000001"},
      {"bind_transceiver_resp: with version",
       {.sequence_number = 2,
        .body = bind_transceiver_resp{.system_id = "RestCommSMSC", .tlvs = {make_u8(tag::sc_interface_version, 0x34)}}},
       "00000022 80000009 00000000 00000002 'RestCommSMSC' 00 0210 0001 34"},
      {"outbind",
       {.sequence_number = 1, .body = outbind{.system_id = "smsc", .password = "pw"}},
       "00000018 0000000B 00000000 00000001 'smsc' 00 'pw' 00"},
      {"unbind", {.sequence_number = 3, .body = unbind{}}, "00000010 00000006 00000000 00000003"},
      {"unbind_resp", {.sequence_number = 3, .body = unbind_resp{}}, "00000010 80000006 00000000 00000003"},
      {"generic_nack",
       {.command_status = ESME_RINVCMDLEN, .sequence_number = 0, .body = generic_nack{}},
       "00000010 80000000 00000002 00000000"},
      {"enquire_link", {.sequence_number = 4, .body = enquire_link{}}, "00000010 00000015 00000000 00000004"},
      {"enquire_link_resp", {.sequence_number = 4, .body = enquire_link_resp{}}, "00000010 80000015 00000000 00000004"},
      {"submit_sm",
       {.sequence_number = 5, .body = hello()},
       "0000003A 00000004 00000000 00000005 'CMT' 00 05 00 'alpha' 00 01 01 '447700900001' 00"
       "00 00 00 00 00 01 00 00 00 05 'hello'"},
      {"submit_sm: times, header, TLVs known and unknown, twice the same",
       {.sequence_number = 6,
        .body = submit_sm{.destination_addr = "1",
                          .esm_class = esm::udhi | esm::mode_store_and_forward,
                          .protocol_id = 0x7F,
                          .priority_flag = 3,
                          .schedule_delivery_time = "160205120000004+",
                          .validity_period = "000000000500000R",
                          .replace_if_present_flag = 1,
                          .data_coding = coding::ucs2,
                          .sm_default_msg_id = 9,
                          .short_message = {5, 0, 3, 1, 2, 1, 0x20, 0xAC},
                          .tlvs = {{0x1400, {0xFF}},
                                   make_u16(tag::source_port, 9200),
                                   {0x1400, {}},
                                   {tag::alert_on_message_delivery, {}}}}},
       "0000005D 00000004 00000000 00000006 00 00 00 00 00 00 '1' 00 43 7F 03 '160205120000004+' 00"
       "'000000000500000R' 00 00 01 08 09 08 0500030102 01 20AC  1400 0001 FF  020A 0002 23F0  1400 0000  130C 0000"},
      {"submit_sm_resp",
       {.sequence_number = 5, .body = submit_sm_resp{.message_id = "1001"}},
       "00000015 80000004 00000000 00000005 '1001' 00"},
      {"submit_sm_resp: refused, no body",
       {.command_status = ESME_RTHROTTLED, .sequence_number = 5, .body = submit_sm_resp{}},
       "00000010 80000004 00000058 00000005"},
      {"submit_sm_resp: refused with a reason",
       {.command_status = ESME_RINVDCS,
        .sequence_number = 5,
        .body = submit_sm_resp{.tlvs = {make_cstr(tag::additional_status_info_text, "12")}}},
       "00000018 80000004 00000104 00000005 00 001D 0003 '12' 00"},
      {"submit_multi: an address and a list",
       {.sequence_number = 7,
        .body = submit_multi{.source_addr = "77",
                             .dest_address = {{.dest_addr_ton = 1, .dest_addr_npi = 1, .destination_addr = "5555"},
                                              {.dest_flag = dest_flag_list, .dl_name = "friends"}},
                             .data_coding = coding::latin1,
                             .short_message = {0xE9}}},
       "00000033 00000021 00000000 00000007 00 00 00 '77' 00 02 01 01 01 '5555' 00 02 'friends' 00"
       "00 00 00 00 00 00 00 03 00 01 E9"},
      {"submit_multi_resp: T-6",
       {.sequence_number = 7,
        .body = submit_multi_resp{.message_id = "1",
                                  .unsuccess = {{.dest_addr_ton = 7,
                                                 .dest_addr_npi = 1,
                                                 .destination_addr = "5555",
                                                 .error_status_code = ESME_RINVDSTTON}}}},
       "0000001E 80000021 00000000 00000007 '1' 00 01 07 01 '5555' 00 00000050"},
      {"deliver_sm: a receipt",
       {.sequence_number = 8,
        .body = deliver_sm{.source_addr = "2",
                           .destination_addr = "1",
                           .esm_class = esm::type_delivery_receipt,
                           .short_message = octets_of("id:1"),
                           .tlvs = {make_cstr(tag::receipted_message_id, "1"),
                                    make_u8(tag::message_state, message_state::delivered)}}},
       "00000032 00000005 00000000 00000008 00 00 00 '2' 00 00 00 '1' 00 04 00 00 00 00 00 00 00 00 04 'id:1'"
       "001E 0002 '1' 00 0427 0001 02"},
      {"deliver_sm_resp", {.sequence_number = 8, .body = deliver_sm_resp{}}, "00000011 80000005 00000000 00000008 00"},
      {"deliver_sm_resp: an error keeps its body",
       {.command_status = ESME_RX_T_APPN, .sequence_number = 8, .body = deliver_sm_resp{}},
       "00000011 80000005 00000064 00000008 00"},
      {"data_sm: an address of 30 characters",
       {.sequence_number = 9,
        .body = data_sm{.service_type = "WAP",
                        .source_addr = "012345678901234567890123456789",
                        .dest_addr_npi = npi::internet,
                        .destination_addr = "127.0.0.1",
                        .esm_class = esm::mode_transaction,
                        .registered_delivery = 1,
                        .data_coding = coding::octets,
                        .tlvs = {make_octets(tag::message_payload, wire("CAFE"))}}},
       "0000004A 00000103 00000000 00000009 'WAP' 00 00 00 '012345678901234567890123456789' 00 00 0E '127.0.0.1' 00"
       "02 01 04 0424 0002 CAFE"},
      {"data_sm_resp: T-14",
       {.command_status = ESME_RDELIVERYFAILURE,
        .sequence_number = 9,
        .body = data_sm_resp{.message_id = "5", .tlvs = {make_u8(tag::delivery_failure_reason, 3)}}},
       "00000017 80000103 000000FE 00000009 '5' 00 0425 0001 03"},
      {"query_sm",
       {.sequence_number = 10, .body = query_sm{.message_id = "1001", .source_addr_ton = 1, .source_addr = "77"}},
       "0000001A 00000003 00000000 0000000A '1001' 00 01 00 '77' 00"},
      {"query_sm_resp: no final state yet",
       {.sequence_number = 10, .body = query_sm_resp{.message_id = "1001", .message_state = message_state::enroute}},
       "00000018 80000003 00000000 0000000A '1001' 00 00 01 00"},
      {"query_sm_resp: expired",
       {.sequence_number = 10,
        .body = query_sm_resp{.message_id = "1",
                              .final_date = "160205120000004+",
                              .message_state = message_state::expired,
                              .error_code = 127}},
       "00000025 80000003 00000000 0000000A '1' 00 '160205120000004+' 00 03 7F"},
      {"cancel_sm",
       {.sequence_number = 11,
        .body = cancel_sm{.service_type = "CMT", .source_addr = "77", .dest_addr_ton = 1, .destination_addr = "5555"}},
       "00000021 00000008 00000000 0000000B 'CMT' 00 00 00 00 '77' 00 01 00 '5555' 00"},
      {"cancel_sm_resp",
       {.command_status = ESME_RCANCELFAIL, .sequence_number = 11, .body = cancel_sm_resp{}},
       "00000010 80000008 00000011 0000000B"},
      {"replace_sm",
       {.sequence_number = 12,
        .body = replace_sm{.message_id = "42",
                           .source_addr = "77",
                           .validity_period = "000001000000000R",
                           .registered_delivery = 1,
                           .short_message = octets_of("new")}},
       "00000030 00000007 00000000 0000000C '42' 00 00 00 '77' 00 00 '000001000000000R' 00 01 00 03 'new'"},
      {"replace_sm: 5.0, text in a TLV",
       {.sequence_number = 12,
        .body = replace_sm{.message_id = "42", .tlvs = {make_octets(tag::message_payload, wire("'new'"))}}},
       "00000022 00000007 00000000 0000000C '42' 00 00 00 00 00 00 00 00 00 0424 0003 'new'"},
      {"replace_sm_resp", {.sequence_number = 12, .body = replace_sm_resp{}}, "00000010 80000007 00000000 0000000C"},
      {"alert_notification",
       {.sequence_number = 13,
        .body = alert_notification{.source_addr_ton = 1,
                                   .source_addr_npi = 1,
                                   .source_addr = "447700900001",
                                   .esme_addr = "77",
                                   .tlvs = {make_u8(tag::ms_availability_status, 0)}}},
       "00000029 00000102 00000000 0000000D 01 01 '447700900001' 00 00 00 '77' 00 0422 0001 00"},
      {"broadcast_sm",
       {.sequence_number = 14,
        .body = broadcast_sm{.service_type = "CBS",
                             .source_addr = "77",
                             .priority_flag = 1,
                             .tlvs = {make_octets(tag::broadcast_area_identifier, wire("00 'town'")),
                                      make_octets(tag::broadcast_content_type, wire("01 0010")),
                                      make_u16(tag::broadcast_rep_num, 3),
                                      make_octets(tag::broadcast_frequency_interval, wire("08 003C"))}}},
       "0000003D 00000111 00000000 0000000E 'CBS' 00 00 00 '77' 00 00 01 00 00 00 00 00"
       "0606 0005 00 'town' 0601 0003 01 0010 0604 0002 0003 0605 0003 08 003C"},
      {"broadcast_sm_resp",
       {.sequence_number = 14, .body = broadcast_sm_resp{.message_id = "b1"}},
       "00000013 80000111 00000000 0000000E 'b1' 00"},
      {"query_broadcast_sm",
       {.sequence_number = 15,
        .body =
            query_broadcast_sm{
                .message_id = "b1", .source_addr = "77", .tlvs = {make_u16(tag::user_message_reference, 258)}}},
       "0000001E 00000112 00000000 0000000F 'b1' 00 00 00 '77' 00 0204 0002 0102"},
      {"query_broadcast_sm_resp",
       {.sequence_number = 15,
        .body = query_broadcast_sm_resp{.message_id = "b1",
                                        .tlvs = {make_u8(tag::message_state, message_state::scheduled),
                                                 make_u8(tag::broadcast_area_success, 100)}}},
       "0000001D 80000112 00000000 0000000F 'b1' 00 0427 0001 00 0608 0001 64"},
      {"cancel_broadcast_sm",
       {.sequence_number = 16, .body = cancel_broadcast_sm{.message_id = "b1", .source_addr = "77"}},
       "00000019 00000113 00000000 00000010 00 'b1' 00 00 00 '77' 00"},
      {"cancel_broadcast_sm_resp",
       {.sequence_number = 16, .body = cancel_broadcast_sm_resp{}},
       "00000010 80000113 00000000 00000010"},
  };
}

TEST(smpp_codec, samples) {
  for (auto const& s : samples()) {
    SCOPED_TRACE(s.name);
    check_codec(s.value, wire(s.wire));
  }
}

TEST(smpp_codec, every_command_has_a_sample) {
  std::set<command_id> seen;
  for (auto const& s : samples()) seen.insert(id_of(s.value));
  for (auto const& c : commands) EXPECT_TRUE(seen.contains(static_cast<command_id>(c.code))) << c.name;
  EXPECT_EQ(seen.size(), body_ids.size());
}

TEST(smpp_codec, samples_in_one_stream) {
  octets stream;
  std::vector<std::string> each;
  for (auto const& s : samples()) {
    auto const bytes = wire(s.wire);
    each.push_back(to_hex(bytes));
    stream.insert(stream.end(), bytes.begin(), bytes.end());
  }
  for (std::size_t const step : {1u, 2u, 3u, 7u, 15u, 16u, 17u, 64u, 1000u, 100000u}) {
    SCOPED_TRACE(step);
    EXPECT_EQ(framed(stream, step), each);
  }
}

TEST(smpp_codec, accepts_absent_bodies) {
  struct {
    char const* name;
    char const* wire;
    pdu value;
  } const cases[] = {
      {"deliver_sm_resp", "00000010 80000005 00000000 00000001", {.sequence_number = 1, .body = deliver_sm_resp{}}},
      {"data_sm_resp", "00000010 80000103 00000000 00000001", {.sequence_number = 1, .body = data_sm_resp{}}},
      {"submit_multi_resp with an error",
       "00000010 80000021 00000045 00000001",
       {.command_status = ESME_RSUBMITFAIL, .sequence_number = 1, .body = submit_multi_resp{}}},
      {"query_sm_resp with an error",
       "00000010 80000003 00000067 00000001",
       {.command_status = ESME_RQUERYFAIL, .sequence_number = 1, .body = query_sm_resp{}}},
      {"bind_receiver_resp with an error and a body",
       "00000011 80000001 0000000F 00000001 00",
       {.command_status = ESME_RINVSYSID, .sequence_number = 1, .body = bind_receiver_resp{}}},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const read = decode(wire(c.wire));
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(*read, c.value);
  }
}

TEST(smpp_codec, faults) {
  struct {
    char const* name;
    char const* wire;
    errc code;
    std::size_t offset;
    char const* field;
  } const cases[] = {
      {"nothing", "", errc::truncated, 0, "command_length"},
      {"half a header", "00000010 00000015 0000", errc::truncated, 8, "command_status"},
      {"command_length 15", "0000000F 00000015 00000000 00000001", errc::bad_length, 0, "command_length"},
      {"command_length of a web browser", "48545450 2F312E31 20323030 204F4B0D", errc::bad_length, 0, "command_length"},
      {"less than command_length", "00000011 80000005 00000000 00000001", errc::truncated, 16, "command_length"},
      {"more than command_length", "00000010 00000015 00000000 00000001 00", errc::trailing_octets, 16,
       "command_length"},
      {"unknown request", "00000010 00000016 00000000 00000001", errc::unknown_command, 4, "command_id"},
      {"unknown id in the slot of a known one", "00000010 00010004 00000000 00000001", errc::unknown_command, 4,
       "command_id"},
      {"outbind has no response", "00000010 8000000B 00000000 00000001", errc::unknown_command, 4, "command_id"},
      {"a body where none belongs", "00000012 00000006 00000000 00000001 0000", errc::trailing_octets, 16, ""},
      {"positive submit_sm_resp without body", "00000010 80000004 00000000 00000001", errc::truncated, 16,
       "message_id"},
      {"request without body, whatever its status", "00000010 00000004 00000001 00000001", errc::truncated, 16,
       "service_type"},
      {"system_id without end", "00000014 80000009 00000000 00000001 'smsc'", errc::truncated, 16, "system_id"},
      {"system_id of 16 characters", "00000021 80000009 00000000 00000001 'abcdefghijklmnop' 00", errc::unterminated,
       16, "system_id"},
      {"password of 9 characters", "0000001B 0000000B 00000000 00000001 00 '123456789' 00", errc::unterminated, 17,
       "password"},
      {"sm_length beyond the body",
       "00000023 00000004 00000000 00000001 00 0000 00 0000 00 00 00 00 00 00 00 00 00 00 05 '12'", errc::truncated, 33,
       "short_message"},
      {"dest_flag 3", "0000001B 00000021 00000000 00000001 00 00 00 00 01 03 01 01 3500 00", errc::bad_value, 21,
       "dest_flag"},
      {"number_of_dests beyond the body", "0000001C 00000021 00000000 00000001 00 00 00 00 FF 01 01 01 3500 01 01",
       errc::truncated, 28, "dest_addr_npi"},
      {"half a TLV header", "00000014 80000004 00000000 00000001 00 001D00", errc::truncated, 19, "tlvs"},
      {"known TLV longer than the body", "00000016 80000004 00000000 00000001 00 001D FFFF 41", errc::truncated, 21,
       "additional_status_info_text"},
      {"unknown TLV longer than the body", "00000016 80000004 00000000 00000001 00 1400 0002 41", errc::truncated, 21,
       "tlvs"},
      {"query_sm_resp knows no TLVs", "0000001A 80000003 00000000 00000001 00 00 02 00 04270001 02 00",
       errc::trailing_octets, 20, "error_code"},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const read = decode(wire(c.wire));
    ASSERT_FALSE(read);
    EXPECT_EQ(name_of(read.error().code), name_of(c.code));
    EXPECT_EQ(read.error().offset, c.offset);
    EXPECT_EQ(read.error().field, c.field);
  }
}

TEST(smpp_codec, encode_refuses_and_appends_nothing) {
  auto long_destination = hello();
  long_destination.destination_addr = std::string(21, '1');
  auto nul_inside = hello();
  nul_inside.source_addr = std::string("a\0b", 3);
  auto long_text = hello();
  long_text.short_message.resize(256);
  auto long_tlv = hello();
  long_tlv.tlvs.push_back({tag::message_payload, octets(65'536)});
  auto long_pdu = hello();
  long_pdu.tlvs.assign(2, {tag::message_payload, octets(40'000)});
  struct {
    char const* name;
    smpp::body value;
    errc code;
    char const* field;
  } const cases[] = {
      {"destination_addr of 21 characters", long_destination, errc::too_long, "destination_addr"},
      {"NUL inside text", nul_inside, errc::bad_value, "source_addr"},
      {"short_message of 256 octets", long_text, errc::too_long, "short_message"},
      {"TLV of 65536 octets", long_tlv, errc::too_long, "tlvs"},
      {"PDU beyond the limit", long_pdu, errc::too_long, "command_length"},
      {"256 destinations", submit_multi{.dest_address = std::vector<destination>(256)}, errc::too_long,
       "number_of_dests"},
      {"dest_flag 0", submit_multi{.dest_address = {{.dest_flag = 0}}}, errc::bad_value, "dest_flag"},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    octets out{0xAA};
    auto const done = encode({.body = c.value}, out);
    ASSERT_FALSE(done);
    EXPECT_EQ(name_of(done.error().code), name_of(c.code));
    EXPECT_EQ(done.error().field, c.field);
    EXPECT_EQ(out, octets{0xAA});
  }
}

TEST(smpp_codec, encode_appends) {
  octets out{0xAA};
  ASSERT_TRUE(encode({.sequence_number = 1, .body = unbind{}}, out));
  EXPECT_EQ(out, wire("AA 00000010 00000006 00000000 00000001"));
}

TEST(smpp_codec, a_payload_of_64_KiB_fits) {
  auto message = hello();
  message.short_message.clear();
  message.tlvs = {make_octets(tag::message_payload, octets(65'535, 'x'))};
  pdu const p{.sequence_number = 1, .body = message};
  auto const bytes = encoded(p);
  EXPECT_EQ(framed(bytes, 4096), std::vector{to_hex(bytes)});
  EXPECT_EQ(*decode(bytes), p);
}

TEST(smpp_types, answers) {
  EXPECT_EQ(response_to(command_id::submit_sm), command_id::submit_sm_resp);
  EXPECT_EQ(response_to(command_id::cancel_broadcast_sm), command_id::cancel_broadcast_sm_resp);
  EXPECT_EQ(response_to(command_id::outbind), command_id::generic_nack);
  EXPECT_EQ(response_to(command_id::alert_notification), command_id::generic_nack);
  EXPECT_EQ(response_to(command_id::submit_sm_resp), command_id::generic_nack);
  EXPECT_EQ(response_to(static_cast<command_id>(0x16)), command_id::generic_nack);
  EXPECT_TRUE(is_response(command_id::generic_nack));
  EXPECT_FALSE(is_response(command_id::alert_notification));
  EXPECT_FALSE(is_known(static_cast<command_id>(0x0A)));
}

TEST(smpp_types, code_spaces_have_no_row_twice) {
  for (auto const& table : {std::span<code_name const>{statuses}, std::span<code_name const>{commands},
                            std::span<code_name const>{message_states}, std::span<code_name const>{tons},
                            std::span<code_name const>{npis}, std::span<code_name const>{codings}}) {
    std::set<std::uint32_t> codes;
    for (auto const& row : table) EXPECT_TRUE(codes.insert(row.code).second) << row.name;
  }
  EXPECT_EQ(find_name(statuses, 0x58), "ESME_RTHROTTLED");
  EXPECT_EQ(find_code(statuses, "ESME_RINVDCS"), 0x104u);
  EXPECT_EQ(find_name(statuses, 0x400), "");
}

}  // namespace
}  // namespace signalbox::smpp
