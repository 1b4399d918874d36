#include <set>

#include "engine/smpp/check_codec.hpp"

namespace signalbox::smpp {
namespace {

std::string shown(tlv const& t) {
  std::string line;
  text_sink out{line};
  print_tlv(out, t);
  return line;
}

TEST(smpp_tlv, table_is_sound) {
  std::set<std::uint16_t> tags;
  std::set<std::string_view> names;
  for (auto const& row : tlv_rows()) {
    EXPECT_TRUE(tags.insert(row.tag).second) << row.name;
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_LE(row.min_octets, row.max_octets) << row.name;
    EXPECT_EQ(find_tlv_row(row.tag), &row);
    EXPECT_EQ(find_tlv_row(row.name), &row);
  }
  EXPECT_EQ(find_tlv_row(std::uint16_t{0x1400}), nullptr);
  EXPECT_EQ(find_tlv_row(std::uint16_t{0xFFFF}), nullptr);
  EXPECT_EQ(find_tlv_row("no_such_tlv"), nullptr);
}

TEST(smpp_tlv, makers_and_accessors) {
  tlv_list const list{make_u8(tag::message_state, 2),
                      make_u16(tag::source_port, 0x1234),
                      make_u32(tag::qos_time_to_live, 0xDEADBEEF),
                      make_cstr(tag::receipted_message_id, "42"),
                      make_octets(tag::message_payload, wire("0102030405")),
                      make_u8(tag::message_state, 5),
                      make_octets(tag::source_network_id, wire("'no NUL'")),
                      {tag::set_dpf, {}}};
  EXPECT_EQ(list[1].value, wire("1234"));
  EXPECT_EQ(list[2].value, wire("DEADBEEF"));
  EXPECT_EQ(list[3].value, wire("'42' 00"));
  EXPECT_EQ(find_number(list, tag::message_state), 2u);  // the first of two
  EXPECT_EQ(find_number(list, tag::source_port), 0x1234u);
  EXPECT_EQ(find_number(list, tag::qos_time_to_live), 0xDEADBEEFu);
  EXPECT_EQ(find_number(list, tag::message_payload), std::nullopt);
  EXPECT_EQ(find_number(list, tag::set_dpf), std::nullopt);
  EXPECT_EQ(find_number(list, tag::dpf_result), std::nullopt);
  EXPECT_EQ(find_text(list, tag::receipted_message_id), "42");
  EXPECT_EQ(find_text(list, tag::source_network_id), "no NUL");
  EXPECT_EQ(find_text(list, tag::dpf_result), std::nullopt);
  EXPECT_EQ(find(list, tag::message_payload), &list[4]);
  EXPECT_EQ(find(list, tag::dpf_result), nullptr);
}

TEST(smpp_tlv, validate) {
  struct {
    char const* name;
    tlv value;
    std::optional<errc> fault;
  } const cases[] = {
      {"u8", make_u8(tag::message_state, 9), {}},
      {"u8 of no octets", {tag::message_state, {}}, errc::too_short},
      {"u8 of two octets", make_u16(tag::message_state, 1), errc::too_long},
      {"u16 of one octet", make_u8(tag::source_port, 1), errc::too_short},
      {"u32", make_u32(tag::qos_time_to_live, 1), {}},
      {"text", make_cstr(tag::additional_status_info_text, std::string(255, 'x')), {}},
      {"text too long", make_cstr(tag::additional_status_info_text, std::string(256, 'x')), errc::too_long},
      {"text without NUL", make_octets(tag::receipted_message_id, wire("'42'")), errc::unterminated},
      {"octets", make_octets(tag::network_error_code, wire("030001")), {}},
      {"octets too short", make_octets(tag::callback_num, wire("010101")), errc::too_short},
      {"flag", {tag::alert_on_message_delivery, {}}, {}},
      {"flag with the octet of 5.0", make_u8(tag::alert_on_message_delivery, 1), {}},
      {"flag with two octets", make_u16(tag::alert_on_message_delivery, 1), errc::too_long},
      {"ms_validity of 3.4", make_u8(tag::ms_validity, 0), {}},
      {"ms_validity of 5.0", make_octets(tag::ms_validity, wire("04 01 0005")), {}},
      {"ms_validity of neither", make_u16(tag::ms_validity, 4), errc::bad_length},
      {"unknown", {0x1400, octets(300)}, {}},
      {"payload of 65535 octets", {tag::message_payload, octets(65'535)}, {}},
  };
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const ok = validate(c.value);
    EXPECT_EQ(ok.has_value(), !c.fault);
    if (ok || !c.fault) continue;
    EXPECT_EQ(name_of(ok.error().code), name_of(*c.fault));
    EXPECT_EQ(ok.error().field, find_tlv_row(c.value.tag)->name);
  }
}

TEST(smpp_tlv, prints_by_name_and_type) {
  EXPECT_EQ(shown(make_u8(tag::message_state, 2)), "message_state=DELIVERED");
  EXPECT_EQ(shown(make_u8(tag::message_state, 77)), "message_state=77");
  EXPECT_EQ(shown(make_u16(tag::source_port, 9200)), "source_port=9200");
  EXPECT_EQ(shown(make_cstr(tag::receipted_message_id, "42")), "receipted_message_id=42");
  EXPECT_EQ(shown(make_octets(tag::receipted_message_id, wire("3432"))), "receipted_message_id=0x3432");
  EXPECT_EQ(shown(make_octets(tag::network_error_code, wire("030001"))), "network_error_code=0x030001");
  EXPECT_EQ(shown({tag::alert_on_message_delivery, {}}), "alert_on_message_delivery=present");
  EXPECT_EQ(shown(make_u8(tag::alert_on_message_delivery, 1)), "alert_on_message_delivery=high");
  EXPECT_EQ(shown(make_octets(tag::ms_validity, wire("04010005"))), "ms_validity=0x04010005");
  EXPECT_EQ(shown(make_u16(0x1400, 0xBEEF)), "tag_0x1400=0xbeef");
}

}  // namespace
}  // namespace signalbox::smpp
