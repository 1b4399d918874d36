// Lines on a pipe that a test reads or does not read.
#include "engine/server/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "engine/server/clock.hpp"

namespace signalbox::server {
namespace {

using core::severity;

struct log_test : testing::Test {
  log_test() {
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    EXPECT_EQ(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
  }
  ~log_test() override {
    ::close(ends[0]);
    ::close(ends[1]);
  }

  std::string taken() {
    std::string all;
    char chunk[65536];
    for (ssize_t n = 0; (n = read(ends[0], chunk, sizeof chunk)) > 0;) all.append(chunk, static_cast<std::size_t>(n));
    return all;
  }
  moment later(duration by) const { return {start.at + by, start.date + by}; }

  int ends[2]{};
  moment const start = now();
};

std::ptrdiff_t count(std::string const& all, std::string_view what) {
  std::ptrdiff_t n = 0;
  for (auto at = all.find(what); at != all.npos; at = all.find(what, at + what.size())) ++n;
  return n;
}

TEST_F(log_test, a_reader_that_does_not_read_loses_lines_and_is_told_how_many) {
  std::string const text(1000, 'x');
  {
    log words(severity::info, log_format::plain, ends[1]);
    for (int n = 0; n < 1000; ++n) words.write(severity::info, text, later(n * 10ms));  // a blocking write would hang
    auto const first = taken();
    EXPECT_TRUE(first.ends_with("x\n"));
    auto const kept = count(first, " info x");
    EXPECT_GT(kept, 30);
    EXPECT_LT(kept, 100);
    words.write(severity::info, "again", later(20s));
    auto const second = taken();
    EXPECT_NE(second.find(" warning " + std::to_string(1000 - kept) + " lines dropped\n"), second.npos) << second;
    EXPECT_TRUE(second.ends_with(" info again\n")) << second;
    EXPECT_EQ(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0) << "the description may be shared with others";
  }
  EXPECT_EQ(taken(), "");
}

TEST_F(log_test, a_flood_is_cut_by_severity_and_told) {
  log words(severity::info, log_format::plain, ends[1]);
  for (int n = 0; n < 500; ++n) words.write(severity::warning, "w", start);
  words.write(severity::info, "i", start);
  for (int n = 0; n < 201; ++n) words.write(severity::error, "e", start);
  auto const first = taken();
  EXPECT_EQ(count(first, " warning w\n"), 200);
  EXPECT_EQ(count(first, " info i\n"), 1);
  EXPECT_EQ(count(first, " error e\n"), 200) << "errors have a limit of their own";
  EXPECT_EQ(count(first, "suppressed"), 0);
  words.write(severity::info, "next second", later(1s));
  auto const second = taken();
  EXPECT_EQ(count(second, " warning 300 lines suppressed\n"), 1) << second;
  EXPECT_EQ(count(second, " error 1 lines suppressed\n"), 1) << second;
  words.write(severity::warning, "w", later(1s));
  EXPECT_EQ(count(taken(), " warning w\n"), 1) << "the limit is of one second";
}

TEST_F(log_test, what_was_suppressed_is_told_at_the_end) {
  {
    log words(severity::info, log_format::plain, ends[1]);
    for (int n = 0; n < 203; ++n) words.write(severity::info, "i", start);
    taken();
  }
  EXPECT_EQ(count(taken(), " info 3 lines suppressed\n"), 1);
}

TEST_F(log_test, a_long_text_is_cut_to_what_a_pipe_takes_whole) {
  log words(severity::info, log_format::json, ends[1]);
  std::string text = "x";
  while (text.size() < 9000) text += "\xD0\x9F";  // two octets a character
  for (auto const& [name, t] : {std::pair{"letters", text}, {"escaped", std::string(9000, '\x01')}}) {
    SCOPED_TRACE(name);
    words.write(severity::info, t, start);
    auto const line = taken();
    EXPECT_LE(line.size(), max_line_octets);
    EXPECT_GT(line.size(), max_line_octets - 40);
    EXPECT_TRUE(line.ends_with("...\"}\n")) << line.substr(line.size() - 20);
    EXPECT_EQ(line.find("\xEF\xBF\xBD"), line.npos) << "no character is cut in two";
  }
}

}  // namespace
}  // namespace signalbox::server
