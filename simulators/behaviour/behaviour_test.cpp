#include <gtest/gtest.h>

#include "simulators/behaviour/answers.hpp"
#include "simulators/behaviour/burst_rows.hpp"
#include "simulators/behaviour/journal.hpp"

namespace signalbox::simulators {
namespace {

TEST(answers, patterns) {
  struct {
    char const* pattern;
    char const* text;
    bool fits;
  } const cases[] = {
      {"*", "", true},
      {"", "", true},
      {"", "1", false},
      {"44*", "4477", true},
      {"44*", "4", false},
      {"*77", "4477", true},
      {"*77", "44778", false},
      {"4?7*9", "44712349", true},
      {"4?7*9", "4471234", false},
      {"*1*2*", "000100200", true},
      {"*1*2*", "002001", false},
  };
  for (auto const& c : cases) EXPECT_EQ(matches(c.pattern, c.text), c.fits) << c.pattern << " and " << c.text;
}

TEST(answers, read_and_written_the_same) {
  EXPECT_EQ(status_mix::parse("10%ESME_RTHROTTLED,1%silence")->text(), "10%ESME_RTHROTTLED,1%silence");
  EXPECT_EQ(number_outcomes::parse("4477*:0x58,5?:silence")->text(), "4477*:ESME_RTHROTTLED,5?:silence");
  EXPECT_EQ(delay_law::parse("50ms..2s")->text(), "0.050s..2s");
  EXPECT_EQ(delay_law::parse("3s")->text(), "3s");
  EXPECT_EQ(answer_status::parse("silence")->text(), "silence");
}

TEST(answers, faults_say_where) {
  struct {
    fault got;
    errc code;
    std::size_t offset;
  } const cases[] = {
      {status_mix::parse("10%ESME_ROK,ESME_ROK").error(), errc::bad_syntax, 12},
      {status_mix::parse("101%ESME_ROK").error(), errc::bad_value, 0},
      {status_mix::parse("60%silence,60%silence").error(), errc::bad_value, 11},
      {status_mix::parse("6%ESME_NOPE").error(), errc::bad_value, 2},
      {number_outcomes::parse("44").error(), errc::bad_syntax, 0},
      {number_outcomes::parse("1:ESME_ROK,44:x").error(), errc::bad_value, 14},
      {delay_law::parse("2s..1s").error(), errc::bad_value, 4},
      {delay_law::parse("2s..x").error(), errc::bad_syntax, 4},
  };
  for (auto const& c : cases) {
    EXPECT_EQ(c.got.code, c.code) << describe(c.got);
    EXPECT_EQ(c.got.offset, c.offset) << describe(c.got);
  }
}

TEST(answers, outcomes_are_stronger_than_the_mix_and_shares_are_kept) {
  seeded_entropy chance(1);
  answer_profile const p{{}, *status_mix::parse("10%0x58,5%silence"), *number_outcomes::parse("99*:8,98:silence"), {}};
  EXPECT_EQ(p.status_for("9912", chance), 8u);
  EXPECT_EQ(p.status_for("98", chance), std::nullopt);
  int throttled = 0, silent = 0, good = 0;
  for (int n = 0; n < 10'000; ++n) {
    auto const status = p.status_for("1", chance);
    ++(!status ? silent : *status == 0x58 ? throttled : good);
  }
  EXPECT_NEAR(throttled, 1000, 150);
  EXPECT_NEAR(silent, 500, 100);
  EXPECT_EQ(good + throttled + silent, 10'000);
}

TEST(burst, numbers_texts_and_destinations) {
  seeded_entropy chance(3);
  burst const b{.destination = "+9960200098", .destinations = 5, .text = "no {n} of {n}"};
  std::string all;
  for (std::uint64_t n = 1; n <= 50; ++n) {
    auto const m = b.message<smpp::submit_sm>(n, chance);
    EXPECT_EQ(text_of(m.short_message), "no " + std::to_string(n) + " of " + std::to_string(n));
    EXPECT_GE(m.destination_addr, "+9960200098");
    EXPECT_LE(m.destination_addr, "+9960200102");
    all += m.destination_addr.back();
  }
  for (auto const digit : {'8', '9', '0', '1', '2'}) EXPECT_NE(all.find(digit), all.npos) << digit;
}

TEST(burst, a_long_text_travels_in_message_payload) {
  seeded_entropy chance(3);
  burst const b{.text = std::string(300, 'x')};
  auto const m = b.message<smpp::deliver_sm>(1, chance);
  EXPECT_TRUE(m.short_message.empty());
  ASSERT_NE(smpp::find(m.tlvs, smpp::tag::message_payload), nullptr);
  EXPECT_EQ(smpp::find(m.tlvs, smpp::tag::message_payload)->value.size(), 300u);
}

TEST(burst, pace) {
  EXPECT_EQ(pace({.rate_per_s = 0}, instant{5s}, 77), instant{5s});
  EXPECT_EQ(pace({.rate_per_s = 150}, instant{5s}, 300), instant{7s});
  EXPECT_EQ(pace({.rate_per_s = 0.5}, instant{}, 3), instant{6s});
}

TEST(burst_rows, every_row_takes_back_what_it_says) {
  for (auto const rows : {burst_rows(), mobile_burst_rows()})
    for (auto const& row : rows) {
      burst b;
      auto const words = row.get(b);
      EXPECT_TRUE(row.set(b, words)) << row.name;
      EXPECT_EQ(b, burst{}) << row.name;
    }
}

TEST(journal, keeps_the_numbers_of_entries_when_old_ones_go) {
  journal book(3);
  for (std::uint64_t n = 0; n < 10; ++n) book.add({.connection = connection_id{n}});
  EXPECT_EQ(book.size(), 10u);
  EXPECT_EQ(book.first(), 7u);
  EXPECT_EQ(book[8].connection, connection_id{8});
}

TEST(journal, a_tap_cuts_the_stream_into_pdus) {
  octets stream;
  ASSERT_TRUE(smpp::encode({0, 1, smpp::enquire_link{}}, stream));
  ASSERT_TRUE(smpp::encode({0, 2, smpp::unbind{}}, stream));
  stream.insert(stream.end(), {0x48, 0x54, 0x54, 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  journal book;
  journal_tap tap(book, connection_id{7});
  for (auto const& octet : stream) tap.received({&octet, 1}, {instant{1s}, wall{}});
  ASSERT_EQ(book.size(), 3u);
  EXPECT_EQ(book[0].pdu, (smpp::pdu{0, 1, smpp::enquire_link{}}));
  EXPECT_EQ(book[1].pdu, (smpp::pdu{0, 2, smpp::unbind{}}));
  EXPECT_EQ(book[2].what, journal_entry::kind::faulty);
  EXPECT_EQ(book[2].connection, connection_id{7});
}

}  // namespace
}  // namespace signalbox::simulators
