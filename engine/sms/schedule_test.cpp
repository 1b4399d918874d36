#include "engine/sms/schedule.hpp"

#include <gtest/gtest.h>

#include "engine/base/deadlines.hpp"

namespace signalbox::sms {
namespace {

TEST(schedule, delays_double_up_to_the_maximum) {
  centre_settings const s;
  std::vector<duration> delays;
  duration previous{};
  for (int i = 0; i < 11; ++i) delays.push_back(previous = next_delay(s, previous));
  EXPECT_EQ(delays,
            (std::vector<duration>{300s, 600s, 1200s, 2400s, 4800s, 9600s, 19200s, 38400s, 76800s, 86400s, 86400s}));
  centre_settings constant;
  constant.due_delay_multiplier = 100;
  EXPECT_EQ(next_delay(constant, next_delay(constant, 0s)), 300s);
}

TEST(schedule, validity_is_defaulted_cut_and_never_in_the_past) {
  centre_settings const s;
  wall const now{1000h};
  EXPECT_EQ(validity(s, std::nullopt, now), now + 72h);
  EXPECT_EQ(validity(s, now + 5min, now), now + 5min);
  EXPECT_EQ(validity(s, now + 300h, now), now + 240h);
  EXPECT_EQ(validity(s, now - 1s, now), now + 240h);
}

}  // namespace
}  // namespace signalbox::sms
