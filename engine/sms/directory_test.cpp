#include "engine/sms/directory.hpp"

#include <gtest/gtest.h>

namespace signalbox::sms {
namespace {

directory three() {
  std::vector<esme> all(3);
  all[0].name = "alpha";
  all[1].name = "beta";
  all[1].routing_range = "5[0-9]*";
  all[2].name = "gamma";
  all[2].network = {1};
  return directory(all);
}

TEST(directory, routes_by_network_then_range_then_order_and_never_to_the_sender) {
  auto const d = three();
  EXPECT_EQ(d.route({1, 1, "5555"}, {0}, "alpha"), 1u);
  EXPECT_EQ(d.route({1, 1, "5555"}, {0}, "beta"), 0u) << "the first whose range matches";
  EXPECT_EQ(d.route({1, 1, "7777"}, {0}, "alpha"), std::nullopt);
  EXPECT_EQ(d.route({1, 1, "7777"}, {1}, "alpha"), 2u);
  EXPECT_EQ(d.route({1, 1, "55x5"}, {0}, "alpha"), std::nullopt) << "the whole destination must match";
  EXPECT_EQ(d.route({1, 1, "5555"}, {0}, {}, "beta"), 1u) << "the originator of a receipt comes first if it matches";
  EXPECT_EQ(d.route({1, 1, "7777"}, {0}, {}, "beta"), 0u);
}

TEST(directory, a_transmitter_is_no_destination) {
  std::vector<esme> all(1);
  all[0].name = "sender";
  all[0].bind = binds_transmitter;
  EXPECT_EQ(directory(all).route({1, 1, "5"}, {0}, {}), std::nullopt);
}

TEST(directory, types_and_plans_are_checked_when_set) {
  std::vector<esme> all(1);
  all[0].name = "a";
  all[0].source_ton = 1;
  all[0].routing_npi = 1;
  directory const d(all);
  EXPECT_TRUE(d.may_send_from(0, {1, 0, "6666"}));
  EXPECT_FALSE(d.may_send_from(0, {0, 0, "6666"}));
  EXPECT_FALSE(d.may_send_from(0, {1, 0, "+6666"})) << "the default range has letters and digits only";
  EXPECT_TRUE(d.route({0, 1, "5"}, {0}, {}));
  EXPECT_FALSE(d.route({0, 2, "5"}, {0}, {}));
}

TEST(directory, admission_in_the_order_of_the_checks) {
  std::vector<esme> all(1);
  auto& e = all[0];
  e.name = "a";
  e.password = "p";
  e.bind = binds_receiver;
  e.ton = 1;
  e.address_range = "66";
  e.sessions = 2;
  directory const d(all);
  bind_attempt good{.kind = binds_receiver,
                    .system_id = "a",
                    .password = "p",
                    .host = "h",
                    .address_range = "66",
                    .ton = 1,
                    .npi = 0};
  std::uint32_t const none[] = {0}, one[] = {1}, two[] = {2};
  auto const with = [&](auto change) {
    auto attempt = good;
    change(attempt);
    return d.admit(attempt, none);
  };
  EXPECT_EQ(d.admit(good, one), 0u);
  EXPECT_EQ(d.admit(good, two), std::unexpected(bind_refusal::no_such_esme))
      << "an entry for any host counts while free";
  EXPECT_EQ(with([](auto& a) { a.kind = binds_transmitter; }), std::unexpected(bind_refusal::no_such_esme));
  EXPECT_EQ(with([](auto& a) { a.password = "q"; }), std::unexpected(bind_refusal::wrong_password));
  EXPECT_EQ(with([](auto& a) { a.ton = 2; }), std::unexpected(bind_refusal::wrong_address));
  EXPECT_EQ(with([](auto& a) { a.address_range = "67"; }), std::unexpected(bind_refusal::wrong_address));
  EXPECT_EQ(with([](auto& a) { a.address_range = ""; }), 0u) << "the configured range is adopted";
}

TEST(directory, a_pattern_that_does_not_compile_says_why) {
  EXPECT_TRUE(check_pattern("^[0-9a-zA-Z]*"));
  ASSERT_FALSE(check_pattern("(5"));
  EXPECT_NE(check_pattern("(5").error().detail.find("missing"), std::string::npos);
}

}  // namespace
}  // namespace signalbox::sms
