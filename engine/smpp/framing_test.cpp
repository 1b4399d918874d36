#include "engine/smpp/check_codec.hpp"

namespace signalbox::smpp {
namespace {

octets const link = wire("00000010 00000015 00000000 00000001");
octets const nack = wire("00000010 80000000 00000003 00000002");

TEST(smpp_framing, hands_out_whole_pdus_where_they_lie) {
  octets chunk = link;
  chunk.insert(chunk.end(), nack.begin(), nack.end());
  framer f;
  f.feed(chunk);
  auto const first = f.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->data(), chunk.data());
  auto const second = f.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->data(), chunk.data() + 16);
  EXPECT_FALSE(f.next());
  EXPECT_EQ(f.pending(), 0u);
}

TEST(smpp_framing, keeps_only_the_tail) {
  octets chunk = link;
  chunk.insert(chunk.end(), nack.begin(), nack.begin() + 5);
  framer f;
  f.feed(chunk);
  EXPECT_TRUE(f.next());
  EXPECT_FALSE(f.next());
  EXPECT_EQ(f.pending(), 5u);
  chunk.assign(nack.begin() + 5, nack.end());
  chunk.insert(chunk.end(), link.begin(), link.end());
  f.feed(chunk);
  auto const joined = f.next();
  ASSERT_TRUE(joined);
  EXPECT_EQ(octets(joined->begin(), joined->end()), nack);
  EXPECT_EQ(f.pending(), 0u);
  auto const third = f.next();
  ASSERT_TRUE(third);
  EXPECT_EQ(third->data(), chunk.data() + 11);
  EXPECT_FALSE(f.next());
}

TEST(smpp_framing, empty_chunks_change_nothing) {
  framer f;
  EXPECT_FALSE(f.next());
  f.feed({});
  EXPECT_FALSE(f.next());
  f.feed(octet_view(link).first(20 - 16));
  EXPECT_FALSE(f.next());
  f.feed({});
  EXPECT_FALSE(f.next());
  EXPECT_EQ(f.pending(), 4u);
}

TEST(smpp_framing, gives_back_what_a_long_pdu_and_a_held_chunk_needed) {
  octets const whole = [] {
    octets pdu(20'000);
    pdu[2] = 20'000 >> 8;
    pdu[3] = 20'000 & 0xFF;
    return pdu;
  }();
  framer f;
  f.feed(octet_view(whole).first(10'000));
  EXPECT_FALSE(f.next());
  f.feed(octet_view(whole).subspan(10'000));
  EXPECT_EQ(f.next()->size(), whole.size());
  EXPECT_FALSE(f.next());
  EXPECT_LE(f.reserved(), 1000u);
  f.feed(whole);
  f.hold();
  f.feed({});
  EXPECT_EQ(f.next()->size(), whole.size());
  EXPECT_FALSE(f.next());
  EXPECT_LE(f.reserved(), 1000u);
}

struct bad_stream {
  char const* name;
  char const* header;
  std::uint32_t sequence_number;
};
constexpr bad_stream bad_streams[] = {
    {"0", "00000000 00000015 00000000 00000007", 7},
    {"15", "0000000F 00000015 00000000 00000007", 7},
    {"one more than the limit", "00011171 00000004 00000000 00000007", 7},
    {"a web browser", "48545450 2F312E31 20323030 204F4B0D", 0x204F4B0D},
    {"the largest there is", "FFFFFFFF 00000004 00000000 FFFFFFFF", 0xFFFFFFFF},
};

TEST(smpp_framing, wrong_command_length_breaks_the_stream) {
  for (auto const& bad : bad_streams) {
    for (std::size_t const step : {1u, 5u, 100u}) {
      SCOPED_TRACE(std::string(bad.name) + " in steps of " + std::to_string(step));
      octets stream = link;
      auto const header = wire(bad.header);
      stream.insert(stream.end(), header.begin(), header.end());
      framer f;
      std::size_t whole = 0;
      for (std::size_t at = 0; at < stream.size(); at += step) {
        EXPECT_EQ(f.broken(), nullptr) << "before the header is there";
        f.feed(octet_view(stream).subspan(at, std::min(step, stream.size() - at)));
        while (f.next()) ++whole;
      }
      EXPECT_EQ(whole, 1u);
      ASSERT_NE(f.broken(), nullptr);
      EXPECT_EQ(f.broken()->why.code, errc::bad_length);
      EXPECT_EQ(f.broken()->why.field, "command_length");
      EXPECT_EQ(f.broken()->head.sequence_number, bad.sequence_number);
      EXPECT_EQ(f.pending(), 0u);
      f.feed(link);
      EXPECT_FALSE(f.next()) << "nothing can be read any more";
    }
  }
}

TEST(smpp_framing, limit_is_the_callers) {
  framer f{20};
  auto const twenty = wire("00000014 80000004 00000000 00000001 '123' 00");
  f.feed(twenty);
  EXPECT_TRUE(f.next());
  auto const more = wire("00000015 80000004 00000000 00000002 '1234' 00");
  f.feed(more);
  EXPECT_FALSE(f.next());
  ASSERT_NE(f.broken(), nullptr);
  EXPECT_EQ(f.broken()->head.sequence_number, 2u);
}

}  // namespace
}  // namespace signalbox::smpp
