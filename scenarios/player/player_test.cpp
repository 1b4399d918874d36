// Scenarios played in the virtual world: against a simulated SMSC, and against the engine.
#include "scenarios/player/player.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/player/parser.hpp"
#include "scenarios/player/report.hpp"
#include "scenarios/player/rewrite.hpp"

namespace signalbox::player {

namespace {

using ::testing::HasSubstr;

scenario parsed(std::string text) {
  auto s = parse("t.scn", std::move(text), [](std::string const& path) -> result<std::string> {
    return failed(errc::not_found, 0, path, "no such file");
  });
  if (!s) throw std::runtime_error(to_text(s.error()));
  return std::move(*s);
}

outcome played(std::string text, std::optional<std::uint64_t> seed = {}) {
  return play(parsed(std::move(text)), {seed, {}});
}

constexpr std::string_view with_smsc =
    "given smsc cloud\n"
    "given esme alpha connects to cloud\n";

constexpr std::string_view with_engine =
    "given engine enquire_link_after=0\n"
    "given esme alpha routing_range=1111\n"
    "given esme beta  routing_range=2222\n";

std::string operator+(std::string_view head, char const* steps) { return std::string(head) + steps; }

}  // namespace

TEST(player, passes_what_happens) {
  auto const o = played(with_smsc +
                        "+1s alpha -> submit_sm dest=5555 source=6666 text=\"hi\" registered_delivery=1 as=m\n"
                        "+0  alpha <- submit_sm_resp status=ESME_ROK message_id=$id to=m\n"
                        "+0..1s alpha <- deliver_sm receipt_of=$id state=DELIVERED\n"
                        "then alpha received 1 deliver_sm\n"
                        "then for 1h nothing else arrives\n");
  EXPECT_EQ(o.result, verdict::passed) << failure_text(o);
  EXPECT_EQ(o.steps_played, 5u);
  EXPECT_GT(o.covered, std::chrono::hours{1});
}

TEST(player, tells_what_differs) {
  auto const o = played(with_smsc +
                        "alpha -> submit_sm dest=5555 text=\"hi\"\n"
                        "alpha <- submit_sm_resp status=ESME_RTHROTTLED message_id=7\n");
  ASSERT_EQ(o.result, verdict::failed);
  EXPECT_EQ(o.why->line, 4u);
  EXPECT_EQ(o.why->column, 25u);
  EXPECT_EQ(o.why->step, "alpha <- submit_sm_resp status=ESME_RTHROTTLED message_id=7");
  EXPECT_EQ(o.why->expected, "status=ESME_RTHROTTLED, message_id=7");
  EXPECT_THAT(o.why->actual, HasSubstr("status=ESME_ROK, message_id=\"1\"\n"));
  auto const words = failure_text(o);
  EXPECT_THAT(words, HasSubstr("t.scn:4:25: failed\n"));
  EXPECT_THAT(words, HasSubstr("last of alpha\n"));
  EXPECT_THAT(words, HasSubstr("-> submit_sm seq=2 "));
  EXPECT_THAT(words, HasSubstr("again     signalbox replay t.scn --seed 1\n"));
}

TEST(player, tells_what_came_instead) {
  auto const o = played(with_smsc +
                        "alpha -> submit_sm dest=5555 text=\"hi\"\n"
                        "alpha <- deliver_sm\n");
  ASSERT_EQ(o.result, verdict::failed);
  EXPECT_THAT(o.why->actual, HasSubstr("submit_sm_resp seq="));
}

TEST(player, tells_that_nothing_came) {
  auto const o = played(with_smsc + "+0..2s alpha <- deliver_sm\n");
  ASSERT_EQ(o.result, verdict::failed);
  EXPECT_EQ(o.why->expected, "deliver_sm until @2s");
  EXPECT_EQ(o.why->actual, "nothing until @2s");
}

TEST(player, measures_times) {
  std::string const slow =
      "given smsc cloud delay=3s\ngiven esme alpha connects to cloud\nalpha -> submit_sm dest=1 text=\"x\"\n";
  EXPECT_EQ(played(slow + "+3s alpha <- submit_sm_resp\n").result, verdict::passed);
  EXPECT_EQ(played(slow + "+2s within 2s alpha <- submit_sm_resp\n").result, verdict::passed);
  EXPECT_EQ(played(slow + "@3s alpha <- submit_sm_resp\n").result, verdict::passed);
  EXPECT_EQ(played(slow + "+2s alpha <- nothing\n+1s alpha <- submit_sm_resp\n").result, verdict::passed);
  auto const early = played(slow + "+4s alpha <- submit_sm_resp\n");
  ASSERT_EQ(early.result, verdict::failed);
  EXPECT_THAT(early.why->expected, HasSubstr("submit_sm_resp between @3.900s and @4.100s"));
  EXPECT_EQ(early.why->column, 1u);
  EXPECT_EQ(played(slow + "+4s alpha <- nothing\n").result, verdict::failed);
}

TEST(player, takes_arrivals_in_order_unless_told_otherwise) {
  std::string const two =
      "given smsc cloud\ngiven esme alpha connects to cloud\n"
      "+0 cloud -> deliver_sm source=1 dest=2 text=\"a\"\n"
      "+0 cloud -> deliver_sm source=1 dest=2 text=\"b\"\n";
  EXPECT_EQ(played(two + "+0 alpha <- deliver_sm text=\"a\"\n+0 alpha <- deliver_sm text=\"b\"\n").result,
            verdict::passed);
  EXPECT_EQ(played(two + "+0 alpha <- deliver_sm text=\"b\"\n+0 alpha <- deliver_sm text=\"a\"\n").result,
            verdict::failed);
  auto const any = two + "+0 alpha <- deliver_sm unordered text=\"b\"\n";
  EXPECT_EQ(played(any + "+0 alpha <- deliver_sm unordered text=\"a\"\nthen nothing else arrives\n").result,
            verdict::passed);
  EXPECT_EQ(played(any + "then nothing else arrives\n").result, verdict::failed);
  EXPECT_EQ(played(any + "+0 cloud <- deliver_sm_resp repeat=2\n").result, verdict::passed);
}

TEST(player, repeats_with_a_counter) {
  auto const o = played(with_smsc +
                        "alpha -> submit_sm repeat=50 source=${n} dest=9 text=\"m${n}\"\n"
                        "+0..1s alpha <- submit_sm_resp repeat=50 message_id=${n}\n"
                        "+0..1s cloud <- submit_sm repeat=50 source=${n} text=\"m${n}\"\n"
                        "then cloud received 50 submit_sm\n");
  EXPECT_EQ(o.result, verdict::passed) << failure_text(o);
}

TEST(player, answers_by_hand) {
  auto const o = played(
      "given smsc cloud\ngiven esme alpha manual connects to cloud\n"
      "+0 cloud -> deliver_sm source=1 dest=2 text=\"a\"\n"
      "+0 alpha <- deliver_sm text=\"a\" as=a\n"
      "+2s alpha -> deliver_sm_resp status=ESME_RX_T_APPN to=a\n"
      "+0 cloud <- deliver_sm_resp status=ESME_RX_T_APPN\n");
  EXPECT_EQ(o.result, verdict::passed) << failure_text(o);
}

TEST(player, a_run_needs_its_actors_bound) {
  auto const o = played("given esme alpha password=right actor.password=wrong\nalpha -> enquire_link\n");
  ASSERT_EQ(o.result, verdict::failed);
  EXPECT_EQ(o.why->line, 1u);
  EXPECT_EQ(o.why->expected, "alpha is bound before the first step");
  EXPECT_THAT(o.why->actual, HasSubstr("bind_transceiver_resp seq=1 status=ESME_RINVPASWD"));
}

TEST(player, stops_at_the_limit) {
  auto const o = played("# t\n# limit: 1h\n" + std::string(with_smsc) + "+2h alpha -> enquire_link\n");
  EXPECT_EQ(o.result, verdict::error);
}

TEST(player, looks_into_the_engine) {
  auto const o = played(with_engine +
                        "+0 alpha -> submit_sm source=1111 dest=2222 text=\"hi\" registered_delivery=1\n"
                        "+0 alpha <- submit_sm_resp status=ESME_ROK message_id=$id\n"
                        "+0 beta  <- deliver_sm text=\"hi\"\n"
                        "+0 alpha <- deliver_sm receipt_of=$id state=DELIVERED\n"
                        "then within 1s store is empty\n"
                        "then engine delivered=2 failed=0 receipts=1\n"
                        "then trace contains \"id:${id} \"\n"
                        "then trace lacks \"UNDELIV\"\n");
  EXPECT_EQ(o.result, verdict::passed) << failure_text(o);
}

TEST(player, gives_the_same_trace_for_the_same_seed) {
  auto const steps = with_engine +
                     "+0 alpha -> submit_sm repeat=20 source=1111 dest=2222 text=\"hi ${n}\"\n"
                     "+0..5s beta <- deliver_sm repeat=20 unordered\n"
                     "+1h alpha <- submit_sm_resp\n";
  auto const first = played(steps, 7), again = played(steps, 7), other = played(steps, 8);
  EXPECT_EQ(trace_text(first), trace_text(again));
  EXPECT_NE(trace_text(first), trace_text(other));
}

TEST(player, skips_on_the_wire_what_needs_the_virtual_world) {
  stage_factory const never = [](core::settings const&) -> result<std::unique_ptr<simulators::stage>> {
    return failed(errc::io, 0, "stage", "no sockets here");
  };
  EXPECT_EQ(play(parsed("# t\n# wire: no (slow)\n" + std::string(with_engine) + "alpha -> unbind\n"), {{}, never}).note,
            "slow");
  EXPECT_EQ(play(parsed(with_smsc + "alpha -> unbind\n"), {{}, never}).result, verdict::skipped);
  EXPECT_EQ(play(parsed(with_engine + "+1h alpha <- nothing\nthen for 1m nothing else arrives\n"), {{}, never}).note,
            "takes 1h1m of real time");
  auto const tried = play(parsed(with_engine + "alpha -> unbind\n"), {{}, never});
  EXPECT_EQ(tried.result, verdict::error);
  EXPECT_EQ(tried.repeat, "signalbox replay t.scn --seed 1 --wire");
}

TEST(rewrite, writes_down_what_came) {
  struct sample {
    char const *name, *before, *after;
  };
  sample const samples[] = {
      {"field", "+0 alpha <- submit_sm_resp status=ESME_RSYSERR message_id=x   # kept\n",
       "+0 alpha <- submit_sm_resp status=ESME_ROK message_id=\"1\"   # kept\n"},
      {"operator", "+0 alpha <- submit_sm_resp status!=0\n", "+0 alpha <- submit_sm_resp status=ESME_ROK\n"},
      {"message", "+0 alpha <- deliver_sm text=\"hi\"  # kept\n", "+0 alpha <- submit_sm_resp  # kept\n"},
      {"something", "+5s alpha <- nothing\n", "+0s alpha <- submit_sm_resp\n"},
      {"nothing", "+0 alpha <- submit_sm_resp\n+1s alpha <- deliver_sm text=\"x\"\n",
       "+0 alpha <- submit_sm_resp\n+1s alpha <- nothing\n"},
  };
  std::string const head =
      "given smsc cloud\ngiven esme alpha connects to cloud\nalpha -> submit_sm dest=1 text=\"x\"\n";
  for (auto const& s : samples) {
    SCOPED_TRACE(s.name);
    auto text = head + s.before;
    for (int n = 0; n < 3; ++n) {
      auto const what = parsed(text);
      auto const o = play(what, {});
      if (auto const better = rewrite(what, o)) text = *better;
    }
    EXPECT_EQ(text, head + s.after);
  }
  std::string const slow =
      "given smsc cloud delay=3s\ngiven esme alpha connects to cloud\nalpha -> submit_sm dest=1 text=\"x\"\n";
  auto const late = parsed(slow + "+4s alpha <- submit_sm_resp\n");
  auto const better = rewrite(late, play(late, {}));
  ASSERT_TRUE(better.has_value());
  EXPECT_EQ(play(parsed(*better), {}).result, verdict::passed) << *better;
}

}  // namespace signalbox::player
