// The verb: files and folders in, words and exit status out.
#include "scenarios/player/replay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "scenarios/player/files.hpp"
#include "scenarios/player/parser.hpp"

namespace signalbox::player {

namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class replay_verb : public ::testing::Test {
 protected:
  void SetUp() override {
    auto const* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) / (std::string("signalbox_replay_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "sub");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string file(std::string const& name, std::string_view text) {
    auto const path = (folder_ / name).generic_string();
    EXPECT_TRUE(write_file(path, text).has_value());
    return path;
  }
  int run(replay_options const& options) {
    printed_.clear();
    complained_.clear();
    environment const around{[this] { return clock_ += 1ms; },
                             [](core::settings const&) -> result<std::unique_ptr<simulators::stage>> {
                               return failed(errc::io, 0, "listen", "no port is free");
                             },
                             [this](std::string_view text) { printed_ += text; },
                             [this](std::string_view text) { complained_ += text; }};
    return replay(options, around);
  }

  static constexpr std::string_view good = "given esme alpha\nalpha -> enquire_link\nalpha <- enquire_link_resp\n";
  static constexpr std::string_view bad =
      "given esme alpha\nalpha -> enquire_link\nalpha <- enquire_link_resp status=ESME_RSYSERR\n";

  fs::path folder_;
  std::string printed_, complained_;
  duration clock_{};
};

}  // namespace

TEST_F(replay_verb, walks_folders_in_order) {
  file("b.scn", good);
  file("sub/a.scn", good);
  file("sub/part.inc", "nonsense");
  EXPECT_EQ(run({.paths = {folder_.generic_string()}}), 0);
  auto const b = printed_.find("b.scn"), a = printed_.find("sub/a.scn");
  EXPECT_LT(b, a);
  EXPECT_THAT(printed_, HasSubstr("2 passed, 0 failed\n"));
}

TEST_F(replay_verb, exit_status_says_what_kind_of_trouble) {
  auto const ok = file("ok.scn", good), fails = file("fails.scn", bad), broken = file("broken.scn", "alpha ->\n");
  EXPECT_EQ(run({.paths = {ok}}), 0);
  EXPECT_EQ(run({.paths = {ok, fails}}), 1);
  EXPECT_THAT(printed_, HasSubstr("fails.scn:3:"));
  EXPECT_THAT(printed_, HasSubstr("again     signalbox replay " + fails + " --seed 1\n"));
  EXPECT_EQ(run({.paths = {ok, fails, broken}}), 2);
  EXPECT_THAT(printed_, HasSubstr("broken.scn:1:1: expected"));
  EXPECT_EQ(run({.paths = {folder_.generic_string() + "/none.scn"}}), 2);
  EXPECT_THAT(complained_, HasSubstr("no such file or folder"));
  EXPECT_EQ(run({.paths = {(folder_ / "sub").generic_string()}}), 2);
  EXPECT_THAT(complained_, HasSubstr("no scenario"));
  EXPECT_EQ(run({.paths = {ok}, .wire = true}), 3);
  EXPECT_EQ(run({.paths = {ok}, .junit = folder_.generic_string() + "/no/such/folder.xml"}), 3);
}

TEST_F(replay_verb, writes_the_reports_asked_for) {
  auto const ok = file("ok.scn", good);
  auto const at = [&](char const* name) { return (folder_ / name).generic_string(); };
  EXPECT_EQ(run({.paths = {ok}, .junit = at("j.xml"), .html = at("h.html"), .pcap = at("p.pcapng"), .json = true}), 0);
  EXPECT_THAT(printed_, HasSubstr("\"verdict\": \"passed\""));
  EXPECT_THAT(*read_file(at("j.xml")), HasSubstr("<testsuites tests=\"1\""));
  EXPECT_THAT(*read_file(at("h.html")), HasSubstr("<!DOCTYPE html>"));
  EXPECT_EQ(read_file(at("p.pcapng"))->substr(0, 4), "\x0A\x0D\x0D\x0A");
}

TEST_F(replay_verb, prints_traces) {
  auto const ok = file("ok.scn", good);
  EXPECT_EQ(run({.paths = {ok}, .trace = "-"}), 0);
  EXPECT_THAT(printed_, HasSubstr("-> enquire_link seq=2\n"));
}

TEST_F(replay_verb, rewrites_until_it_passes) {
  auto const fails = file("fails.scn", bad);
  EXPECT_EQ(run({.paths = {fails}, .rewrite = true}), 0);
  EXPECT_EQ(*read_file(fails), "given esme alpha\nalpha -> enquire_link\nalpha <- enquire_link_resp status=ESME_ROK\n");
  EXPECT_EQ(run({.paths = {fails}, .wire = true, .rewrite = true}), 2);
}

TEST_F(replay_verb, sends_load_scenarios_to_load) {
  auto const path = file("a.load", "given esme gen\ntraffic t from gen count=1 dest=5 text=x\n");
  EXPECT_EQ(run({.paths = {path}}), 2);
  EXPECT_THAT(printed_, HasSubstr("a.load:2:9: expected a scenario of steps (this is a load scenario: signalbox load"));
}

// Every file of the repository can be read, says what it shows and where that is documented, and passes.
TEST(scenarios, documented_ones_pass_and_name_their_source) {
  auto const files = find_scenarios({SIGNALBOX_SOURCE_DIR "/scenarios/documented"});
  ASSERT_TRUE(files.has_value());
  ASSERT_GE(files->size(), 10u);
  for (auto const& path : *files) {
    SCOPED_TRACE(path);
    auto const parsed = parse(path, *read_file(path), read_file);
    ASSERT_TRUE(parsed.has_value()) << to_text(parsed.error());
    EXPECT_NE(parsed->title, path);
    EXPECT_FALSE(parsed->from.empty());
    auto const o = play(*parsed, {});
    EXPECT_EQ(o.result, verdict::passed) << (o.why ? o.why->expected + " / " + o.why->actual : "");
  }
}

}  // namespace signalbox::player
