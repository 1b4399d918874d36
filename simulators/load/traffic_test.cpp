#include "simulators/load/traffic.hpp"

#include <gtest/gtest.h>

namespace signalbox::load {
namespace {

traffic plain(std::string before, std::string behind = {}, bool counts = false) {
  traffic t;
  t.name = "t";
  t.destination = "9960200000";
  t.before = std::move(before);
  t.behind = std::move(behind);
  t.counts = counts;
  t.base.esm_class = 3;
  return t;
}

smpp::submit_sm const& made(message_maker& m, drawn d, std::uint32_t segment = 0) {
  return std::get<smpp::submit_sm>(m.make(d, segment));
}

// T-72: 250 characters with a concatenation header, 100 to a segment.
TEST(traffic, splits_with_header_at_the_length_asked_for) {
  auto t = plain(std::string(250, 'x'));
  t.split = splitting::udh;
  t.segment = 100;
  message_maker m(t);
  ASSERT_EQ(m.segments({1, 0}), 3u);
  std::size_t const sizes[] = {106, 106, 56};
  for (std::uint32_t n = 0; n < 3; ++n) {
    auto const& part = made(m, {1, 0}, n);
    EXPECT_EQ(part.esm_class, 0x43);
    EXPECT_EQ(part.short_message.size(), sizes[n]);
    EXPECT_EQ(to_hex(octet_view(part.short_message).first(6)),
              "0500030103"
              "0" +
                  std::to_string(n + 1));
  }
}

// T-73: what fits stays one message without a header.
TEST(traffic, does_not_split_what_fits) {
  auto t = plain(std::string(100, 'x'));
  t.split = splitting::udh;
  t.segment = 100;
  message_maker m(t);
  ASSERT_EQ(m.segments({1, 0}), 1u);
  EXPECT_EQ(made(m, {1, 0}).short_message.size(), 100u);
  EXPECT_EQ(made(m, {1, 0}).esm_class, 3);
}

TEST(traffic, splits_with_parameters_at_the_default_length) {
  struct {
    text::charset set;
    std::size_t characters;
    std::uint32_t segments;
  } const rows[] = {
      {text::charset::gsm7, 160, 1},    {text::charset::gsm7, 161, 2}, {text::charset::octets8, 140, 1},
      {text::charset::octets8, 141, 2}, {text::charset::ucs2, 70, 1},  {text::charset::ucs2, 133, 3},
  };
  for (auto const& r : rows) {
    SCOPED_TRACE(r.characters);
    auto t = plain(std::string(r.characters, 'x'));
    t.split = splitting::sar;
    t.set = r.set;
    t.spelled = r.set == text::charset::ucs2 ? text::representation::utf16 : text::representation::latin1;
    message_maker m(t);
    ASSERT_EQ(m.segments({257, 0}), r.segments);
    auto const& last = made(m, {257, 0}, r.segments - 1);
    EXPECT_EQ(last.esm_class, 3);
    if (r.segments == 1) continue;
    EXPECT_EQ(smpp::find_number(last.tlvs, smpp::tag::sar_msg_ref_num), 2u);  // 1..255, then 1 again
    EXPECT_EQ(smpp::find_number(last.tlvs, smpp::tag::sar_total_segments), r.segments);
    EXPECT_EQ(smpp::find_number(last.tlvs, smpp::tag::sar_segment_seqnum), r.segments);
  }
}

TEST(traffic, carries_its_number_and_reads_it_back) {
  for (auto const spelled : {text::representation::utf8, text::representation::utf16}) {
    auto t = plain("№ ", " привет", true);
    t.spelled = spelled;
    message_maker m(t);
    auto const body = made(m, {1'234'567, 0}).short_message;
    EXPECT_EQ(body, text::encode_body("№ 1234567 привет", spelled).data);
    EXPECT_EQ(m.number_in(body), 1'234'567u);
    EXPECT_EQ(m.number_in(octet_view(body).subspan(1)), std::nullopt);
  }
  message_maker other(plain("Hello "));
  EXPECT_EQ(other.number_in(view_of("Hello 7")), std::nullopt);  // it counts nothing
}

TEST(traffic, has_the_length_asked_for) {
  auto t = plain("n", " and so on", true);
  t.shortest = t.longest = 25;
  message_maker m(t);
  EXPECT_EQ(text_of(made(m, {1, 0}).short_message), "n1 and so on and so on an");
  EXPECT_EQ(text_of(made(m, {123456, 0}).short_message), "n123456 and so on and so ");
  t.shortest = 10;
  message_maker between(t);
  std::size_t least = 99, most = 0;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    auto const size = made(between, {1, n}).short_message.size();
    least = std::min(least, size);
    most = std::max(most, size);
  }
  EXPECT_EQ(least, 10u);
  EXPECT_EQ(most, 25u);
}

TEST(traffic, draws_destinations_from_the_whole_range) {
  auto t = plain("x");
  t.destination = "9960209999";
  t.destinations = 3;
  message_maker m(t);
  EXPECT_EQ(made(m, {1, 0}).destination_addr, "9960209999");
  EXPECT_EQ(made(m, {1, 1}).destination_addr, "9960210000");
  EXPECT_EQ(made(m, {1, 5}).destination_addr, "9960210001");
}

TEST(traffic, long_text_travels_in_message_payload) {
  message_maker m(plain(std::string(255, 'x')));
  auto const& p = made(m, {1, 0});
  EXPECT_TRUE(p.short_message.empty());
  ASSERT_NE(smpp::find(p.tlvs, smpp::tag::message_payload), nullptr);
  EXPECT_EQ(smpp::find(p.tlvs, smpp::tag::message_payload)->value.size(), 255u);
  EXPECT_EQ(made(m, {2, 0}).tlvs.size(), 1u);  // not one more each time
}

}  // namespace
}  // namespace signalbox::load
