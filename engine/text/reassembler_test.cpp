// Collecting parts: interleaved senders, repetitions, conflicts, expiry and the bounds of memory.
#include "engine/text/reassembler.hpp"

#include <gtest/gtest.h>

namespace signalbox::text {
namespace {

using answer = result<std::optional<std::string>>;
answer const nothing_yet = std::nullopt;
instant at(duration d) { return instant{d}; }

piece part_of(std::uint8_t part, std::uint8_t parts, std::string_view body, std::uint16_t reference = 9) {
  return {representation::latin1, {}, concatenation{reference, parts, part, false}, octets_of(body)};
}

TEST(reassembler, a_message_without_parts_passes) {
  reassembler box;
  EXPECT_EQ(box.add("a", {representation::utf8, {}, {}, octets_of("hello")}, at(0s)), answer("hello"));
  EXPECT_EQ(box.unfinished(), 0u);
}

TEST(reassembler, senders_references_and_totals_are_kept_apart) {
  reassembler box;
  EXPECT_EQ(box.add("a", part_of(2, 2, "2"), at(0s)), nothing_yet);
  EXPECT_EQ(box.add("b", part_of(1, 2, "x"), at(0s)), nothing_yet);
  EXPECT_EQ(box.add("a", part_of(1, 2, "y", 8), at(0s)), nothing_yet);
  EXPECT_EQ(box.add("a", part_of(1, 3, "z"), at(0s)), nothing_yet);
  EXPECT_EQ(box.unfinished(), 4u);
  EXPECT_EQ(box.add("a", part_of(1, 2, "1"), at(0s)), answer("12"));
  EXPECT_EQ(box.unfinished(), 3u);
}

TEST(reassembler, a_repetition_is_ignored_and_a_conflict_refused) {
  reassembler box;
  EXPECT_EQ(box.add("a", part_of(1, 2, "1"), at(0s)), nothing_yet);
  EXPECT_EQ(box.add("a", part_of(1, 2, "1"), at(1s)), nothing_yet);
  EXPECT_EQ(box.add("a", part_of(1, 2, "!"), at(1s)).error().code, errc::duplicate);
  auto other = part_of(2, 2, "22");
  other.as = representation::utf16;
  EXPECT_EQ(box.add("a", other, at(1s)).error().field, "data_coding");
  EXPECT_EQ(box.add("a", part_of(0, 2, ""), at(1s)).error().field, "part");
  EXPECT_EQ(box.add("a", part_of(2, 2, "2"), at(1s)), answer("12"));
}

TEST(reassembler, a_body_that_cannot_be_decoded_ends_its_message) {
  reassembler box;
  auto first = part_of(1, 2, "a"), second = part_of(2, 2, "\xFF");
  first.as = second.as = representation::utf8;
  EXPECT_EQ(box.add("a", first, at(0s)), nothing_yet);
  EXPECT_EQ(box.add("a", second, at(0s)).error().offset, 1u);
  EXPECT_EQ(box.unfinished(), 0u);
}

TEST(reassembler, expires_from_the_first_part_on) {
  reassembler box({.age = 60s});
  EXPECT_EQ(box.deadline(), std::nullopt);
  EXPECT_EQ(box.add("a", part_of(1, 3, "1"), at(0s)), nothing_yet);
  EXPECT_EQ(box.add("b", part_of(1, 3, "1"), at(10s)), nothing_yet);
  EXPECT_EQ(box.add("a", part_of(2, 3, "2"), at(50s)), nothing_yet);
  EXPECT_EQ(box.deadline(), at(60s));
  EXPECT_EQ(box.expire(at(60s) - 1us), 0u);
  EXPECT_EQ(box.expire(at(60s)), 1u);
  EXPECT_EQ(box.deadline(), at(70s));
  EXPECT_EQ(box.expire(at(24h)), 1u);
  EXPECT_EQ(box.deadline(), std::nullopt);
  EXPECT_EQ(box.pushed_out(), 0u);
}

TEST(reassembler, the_oldest_give_way) {
  reassembler box({.messages = 2});
  EXPECT_EQ(box.add("a", part_of(1, 2, "1"), at(0s)), nothing_yet);
  EXPECT_EQ(box.add("b", part_of(1, 2, "1"), at(0s)), nothing_yet);
  EXPECT_EQ(box.add("c", part_of(1, 2, "1"), at(0s)), nothing_yet);
  EXPECT_EQ(box.unfinished(), 2u);
  EXPECT_EQ(box.pushed_out(), 1u);
  EXPECT_EQ(box.add("b", part_of(2, 2, "2"), at(0s)), answer("12"));
  EXPECT_EQ(box.add("a", part_of(2, 2, "2"), at(0s)), nothing_yet);  // its first part is gone
}

TEST(reassembler, parts_are_bounded_too) {
  reassembler box({.parts = 3});
  for (std::uint8_t part = 1; part <= 200; ++part) {
    EXPECT_EQ(box.add("a", part_of(part, 255, "x"), at(0s)), nothing_yet);
    EXPECT_EQ(box.add("b", part_of(part, 255, "x"), at(0s)), nothing_yet);
  }
  EXPECT_LE(box.unfinished(), 2u);
  EXPECT_GT(box.pushed_out(), 100u);
}

TEST(reassembler, is_a_value) {
  reassembler box;
  EXPECT_EQ(box.add("a", part_of(1, 2, "1"), at(0s)), nothing_yet);
  auto copy = box;
  EXPECT_EQ(box.add("a", part_of(2, 2, "2"), at(0s)), answer("12"));
  EXPECT_EQ(copy.add("a", part_of(2, 2, "3"), at(0s)), answer("13"));
}

}  // namespace
}  // namespace signalbox::text
