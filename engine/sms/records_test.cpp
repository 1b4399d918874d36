#include "engine/sms/records.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace signalbox::sms {
namespace {

RC_GTEST_PROP(records, a_message_comes_back_as_it_was, (std::uint64_t seed)) {
  seeded_entropy chance{seed};
  auto const m = any_message(chance);
  auto const back = decode_message(m.id, encode_record(m));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == m);
}

RC_GTEST_PROP(records, a_cut_record_is_a_fault_at_every_length, (std::uint64_t seed)) {
  seeded_entropy chance{seed};
  auto const whole = encode_record(any_message(chance));
  for (std::size_t n = 0; n < whole.size(); ++n) RC_ASSERT(!decode_message({}, octet_view(whole).first(n)));
}

TEST(records, progress_and_counter_come_back) {
  progress const p{wall{5s}, 300s, 7};
  EXPECT_EQ(decode_progress(encode_record(p)), result<progress>(p));
  EXPECT_EQ(decode_counter(encode_counter({1001})), result<message_number>(message_number{1001}));
}

TEST(records, what_this_version_does_not_know_is_refused) {
  auto newer = encode_record(message{});
  newer[0] = 2;
  auto const r = decode_message({}, newer);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::not_supported);
  EXPECT_EQ(r.error().field, "version");
  EXPECT_FALSE(decode_counter(octets(8))) << "no number is 0";
  EXPECT_FALSE(decode_counter(octets(7)));
  auto longer = encode_record(progress{});
  longer.push_back(0);
  EXPECT_EQ(decode_progress(longer).error().code, errc::trailing_octets);
}

}  // namespace
}  // namespace signalbox::sms
