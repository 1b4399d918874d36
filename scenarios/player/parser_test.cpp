// Files that can be read, and for each that cannot: the exact place and words.
#include "scenarios/player/parser.hpp"

#include <gtest/gtest.h>

namespace signalbox::player {

namespace {

result<std::string> no_files(std::string const& path) { return failed(errc::not_found, 0, path, "no such file"); }

std::expected<scenario, std::vector<complaint>> read(std::string text) {
  return parse("a/t.scn", std::move(text), no_files);
}

std::string complaints(std::string text) {
  auto const parsed = read(std::move(text));
  return parsed ? "" : to_text(parsed.error());
}

std::string with_esme(std::string_view line) { return "given esme alpha\n" + std::string(line) + "\n"; }

}  // namespace

TEST(scenario_parser, reads_the_head) {
  auto const s = read(
      "# A title.\n# from: SMSC notes, 7       level: should    seed: 42\n# Prose: not a fact.\n"
      "# wire: no (too slow)  limit: 4d\n\ngiven esme alpha\nalpha -> enquire_link\n");
  ASSERT_TRUE(s.has_value()) << to_text(s.error());
  EXPECT_EQ(s->title, "A title.");
  EXPECT_EQ(s->from, "SMSC notes, 7");
  EXPECT_EQ(s->level, scenario::level_kind::should);
  EXPECT_EQ(s->seed, 42u);
  EXPECT_FALSE(s->wire);
  EXPECT_EQ(s->wire_reason, "too slow");
  EXPECT_EQ(s->limit, std::chrono::hours{96});
}

TEST(scenario_parser, reads_who_takes_part) {
  auto const s = read(
      "given engine second_due_delay=5m enquire_link_after_ms=0\n"
      "given date 2016-02-05T12:00:00Z\n"
      "given account primary network 3\n"
      "given esme alpha transmitter of primary password=secret system_id=A1\n"
      "given esme twin like alpha unbound\n"
      "given esme wrong unbound actor.password=guess password=right\n"
      "given esme idle only configured\n"
      "given smsc cloud delay=50ms\n"
      "given esme gamma connects to cloud system_id=g manual\n"
      "given link gamma delay=20ms bytewise\n"
      "alpha -> enquire_link\n");
  ASSERT_TRUE(s.has_value()) << to_text(s.error());
  EXPECT_EQ(s->engine.sms.second_due_delay, 300s);
  EXPECT_EQ(s->engine.smpp.enquire_link_after, 0s);
  ASSERT_EQ(s->engine.esmes.size(), 3u);
  EXPECT_EQ(s->engine.esmes[0].network, network_id{3});
  ASSERT_EQ(s->esmes.size(), 4u);
  EXPECT_EQ(s->esmes[0].options.system_id, "A1");
  EXPECT_EQ(s->esmes[0].options.bind, smpp::command_id::bind_transmitter);
  EXPECT_EQ(s->esmes[1].options.password, "secret");
  EXPECT_FALSE(s->esmes[1].binds_first);
  EXPECT_EQ(s->esmes[2].options.password, "guess");
  EXPECT_EQ(s->engine.esmes[1].password, "right");
  EXPECT_EQ(s->esmes[3].target, "cloud");
  EXPECT_TRUE(s->esmes[3].options.manual);
  ASSERT_EQ(s->links.size(), 2u);
  EXPECT_EQ(s->links[0].name + s->links[0].value + s->links[1].name, "delay20msbytewise");
  EXPECT_EQ(signalbox::to_text(*s->date), "2016-02-05T12:00:00.000Z");
}

TEST(scenario_parser, reads_steps) {
  auto const s = read(
      "set who = alpha\n"
      "given esme ${who}\n"
      "+2s    alpha  ->  submit_sm dest=+4477 text=\"a \\\"b\\\" \\x41 # ${who}\" as=first repeat=3   # remark\n"
      "@1h30m within 2s alpha <- submit_sm_resp status=ESME_ROK message_id=$id to=first\n"
      "+0..5s alpha <- deliver_sm unordered receipt_of=$id text~\"id:${id}\"\n"
      "alpha <- nothing\n"
      "+1s fault delay alpha 3s\n"
      "then within 5s store holds 1..3\n"
      "then for 2m nothing else arrives\n"
      "then engine delivered>=1 failed=0\n");
  ASSERT_TRUE(s.has_value()) << to_text(s.error());
  ASSERT_EQ(s->steps.size(), 8u);

  auto const& sent = std::get<act::send>(s->steps[0].what);
  EXPECT_EQ(s->steps[0].when.earliest, 2s);
  EXPECT_EQ(sent.label, "first");
  EXPECT_EQ(sent.repeat, 3u);
  ASSERT_EQ(sent.fields.size(), 2u);
  EXPECT_EQ(sent.fields[1].what.literal(), "a \"b\" A # alpha");
  EXPECT_EQ(sent.fields[1].at.column, 40u);
  EXPECT_TRUE(s->steps[0].text.ends_with("repeat=3")) << s->steps[0].text;

  auto const& answer = std::get<act::expect>(s->steps[1].what);
  EXPECT_EQ(s->steps[1].when.from, timing::origin::start);
  EXPECT_EQ(s->steps[1].when.latest, std::chrono::minutes{90});
  EXPECT_EQ(s->steps[1].when.tolerance, std::optional<duration>(2s));
  EXPECT_EQ(answer.answer_to, "first");
  EXPECT_EQ(answer.fields[1].what.binding(), std::optional<std::string>("id"));

  auto const& receipt = std::get<act::expect>(s->steps[2].what);
  EXPECT_TRUE(s->steps[2].when.window);
  EXPECT_TRUE(receipt.unordered);
  EXPECT_EQ(receipt.fields[1].how, comparison::matches);

  auto const& fault = std::get<act::fault>(s->steps[4].what);
  EXPECT_EQ(fault.name, "delay");
  EXPECT_EQ(fault.words, (std::vector<std::string>{"alpha", "3s"}));

  auto const& store = std::get<act::check>(s->steps[5].what);
  EXPECT_EQ(store.how, act::check::patience::within);
  EXPECT_EQ(store.low, 1u);
  EXPECT_EQ(store.high, 3u);
  EXPECT_EQ(std::get<act::check>(s->steps[6].what).how, act::check::patience::throughout);
  EXPECT_EQ(std::get<act::check>(s->steps[7].what).counters[0].how, comparison::at_least);
}

TEST(scenario_parser, places_every_complaint) {
  struct sample {
    char const* name;
    std::string text;
    char const* expected;
  };
  sample const samples[] = {
      {"level", "# t\n# level: may\n" + with_esme("alpha -> unbind"),
       "a/t.scn:2:10: expected must or should, found \"may\"\n"},
      {"seed", "# t\n# from: x   seed: y\n" + with_esme("alpha -> unbind"),
       "a/t.scn:2:19: expected a number, found \"y\"\n"},
      {"wire", "# t\n# wire: no\n" + with_esme("alpha -> unbind"),
       "a/t.scn:2:9: expected yes, or no (reason), found \"no\"\n"},
      {"no steps", "given esme alpha\n", "a/t.scn:1:1: expected at least one step, found none\n"},
      {"unknown word", "forever quiet\n", "a/t.scn:1:1: expected an actor given before, found \"forever\"\n"},
      {"unknown actor", with_esme("+1s beta -> unbind"),
       "a/t.scn:2:5: expected an actor given before, found \"beta\"\n"},
      {"no arrow", with_esme("alpha submit_sm"), "a/t.scn:2:7: expected -> or <-, found \"submit_sm\"\n"},
      {"nothing sent", with_esme("alpha ->"),
       "a/t.scn:2:9: expected connect, close, octets 0x.. or a message such as submit_sm, found the end of the line\n"},
      {"unknown message", with_esme("alpha -> submit"),
       "a/t.scn:2:10: expected connect, close, octets 0x.. or a message such as submit_sm, found \"submit\"\n"},
      {"unknown field", with_esme("alpha -> submit_sm dst=1"),
       "a/t.scn:2:20: expected a field of submit_sm, found \"dst\"\n"},
      {"number", with_esme("alpha -> submit_sm esm_class=256"),
       "a/t.scn:2:30: expected a number up to 255, found \"256\"\n"},
      {"status", with_esme("alpha <- submit_sm_resp status=ESME_FINE"),
       "a/t.scn:2:32: expected a number up to 4294967295 or a name such as ESME_RINVMSGLEN, found \"ESME_FINE\"\n"},
      {"duration", with_esme("+2 alpha -> unbind"),
       "a/t.scn:2:1: expected a time such as +2s, @3d or +0..5s, found \"+2\"\n"},
      {"window backwards", with_esme("+5s..2s alpha <- unbind"),
       "a/t.scn:2:1: expected a time such as +2s, @3d or +0..5s, found \"+5s..2s\"\n"},
      {"window before a send", with_esme("+0..5s alpha -> unbind"),
       "a/t.scn:2:1: expected one time, not a window, before ->, found a window\n"},
      {"unbound name", with_esme("alpha -> query_sm message_id=$id"),
       "a/t.scn:2:30: expected a name bound by a step before, found \"$id\"\n"},
      {"unknown variable", with_esme("alpha -> submit_sm text=\"${x}\""),
       "a/t.scn:2:25: expected a variable that is set or bound before, found \"${x}\"\n"},
      {"unknown label", with_esme("alpha <- submit_sm_resp to=first"),
       "a/t.scn:2:28: expected a label given by as= before, found \"first\"\n"},
      {"regex", with_esme("alpha <- deliver_sm text~\"(\""),
       "a/t.scn:2:26: expected a regular expression (missing ): (), found \"(\"\n"},
      {"open quote", with_esme("alpha -> submit_sm text=\"abc"),
       "a/t.scn:2:25: expected a closing quote on the same line, found the end of the line\n"},
      {"escape", with_esme("alpha -> submit_sm text=\"a\\q\""),
       "a/t.scn:2:27: expected one of \\\" \\\\ \\$ \\n \\r \\t \\xNN, found \"\\\\q\\\"\"\n"},
      {"column counts characters", with_esme("alpha -> submit_sm text=\"Привет\" dst=1"),
       "a/t.scn:2:34: expected a field of submit_sm, found \"dst\"\n"},
      {"address", with_esme("alpha -> submit_sm dest=+44x"),
       "a/t.scn:2:25: expected an address such as +447700900001, Acme or 2/8/0123, found \"+44x\"\n"},
      {"too long", with_esme("alpha -> bind_receiver unordered"),
       "a/t.scn:2:24: expected a field as name=value, found \"unordered\"\n"},
      {"given too late", with_esme("alpha -> unbind\ngiven date 2026-01-01"),
       "a/t.scn:3:7: expected a step (given lines stand before the first step), found \"date\"\n"},
      {"given what", "given phone x\n",
       "a/t.scn:1:7: expected engine, date, account, esme, smsc, link, target or generator, found \"phone\"\n"},
      {"engine key", "given engine speed=9\n" + with_esme("alpha -> unbind"),
       "a/t.scn:1:14: expected a setting of the engine, found \"speed\"\n"},
      {"esme key", "given esme alpha colour=red\nalpha -> unbind\n",
       "a/t.scn:1:18: expected a setting of an ESME, found \"colour\"\n"},
      {"account", "given esme alpha of nobody\n", "a/t.scn:1:21: expected an account given before, found \"nobody\"\n"},
      {"date", "given date 2026-02-30\n" + with_esme("alpha -> unbind"),
       "a/t.scn:1:12: expected a date such as 2026-01-01T00:00:00Z, found \"2026-02-30\"\n"},
      {"include", "include \"x.inc\"\n" + with_esme("alpha -> unbind"),
       "a/t.scn:1:9: expected a file that can be read, found \"a/x.inc\" (no such file)\n"},
      {"counter", with_esme("then engine sold=3"),
       "a/t.scn:2:13: expected one of connections, bound, stored, waiting, in_flight, asleep, accepted, rejected, "
       "throttled, delivered, failed, expired, cancelled, attempts, temporary_failures, receipts, receipts_unroutable, found \"sold\"\n"},
      {"then what", with_esme("then all is well"),
       "a/t.scn:2:6: expected store, engine, an actor given before, nothing else arrives, or trace, found \"all\"\n"},
      {"timed then", with_esme("+1s then store is empty"),
       "a/t.scn:2:1: expected no time before `then` (write `then within 5s ...`), found a time\n"},
      {"more words", with_esme("alpha <- closed now"), "a/t.scn:2:17: expected the end of the line, found \"now\"\n"},
      {"control character", with_esme("alpha -> unbind\x01"),
       "a/t.scn:2:16: expected text, found a control character\n"},
      {"UTF-8", "# t\ngiven esme \xFF\n", "a/t.scn:2:12: expected UTF-8 text, found an octet that cannot stand here\n"},
      {"field twice", with_esme("alpha -> submit_sm source=1 source=2"),
       "a/t.scn:2:29: expected each field once, found \"source\"\n"},
      {"actor with a word of the language", "given esme engine\n" + with_esme("alpha -> unbind"),
       "a/t.scn:1:12: expected a name that is no word of the language, found \"engine\"\n"},
      {"simulated SMSC with a word of the language", "given smsc then\n" + with_esme("alpha -> unbind"),
       "a/t.scn:1:12: expected a name that is no word of the language, found \"then\"\n"},
      {"unknown fault", with_esme("fault explode alpha"),
       "a/t.scn:2:7: expected a fault that can be had: no fault is called \"explode\"; there are cut, refuse, stall, delay, "
       "bytewise, rechunk, merge, random, calm, storage, crash, drain, found \"explode\"\n"},
      {"fault without its words", with_esme("+1s fault delay alpha"),
       "a/t.scn:2:11: expected a fault that can be had: wrong number of arguments; usage: delay ACTOR DURATION, found "
       "\"delay\"\n"},
      {"fault of nobody", with_esme("fault cut beta"),
       "a/t.scn:2:11: expected a fault that can be had: no actor is called \"beta\"; usage: cut ACTOR, found \"beta\"\n"},
      {"fault with a bad word", with_esme("fault storage fail many"),
       "a/t.scn:2:20: expected a fault that can be had: wants a whole number from 0 to 18446744073709551615; usage: storage "
       "fail COUNT | storage delay DURATION | storage stall DURATION, found \"many\"\n"},
      {"link", "given esme alpha\ngiven link alpha delay=soon\nalpha -> unbind\n",
       "a/t.scn:2:24: expected a fault that can be had: wants a duration such as 300ms, 1.5s, 2h or 3d1h, not \"soon\"; "
       "usage: delay ACTOR DURATION, found \"soon\"\n"},
      {"long line", "#" + std::string(9000, 'x') + "\n" + with_esme("alpha -> unbind"),
       "a/t.scn:1:1: expected at most 8192 octets in a line, found 9001\n"},
  };
  for (auto const& s : samples) {
    SCOPED_TRACE(s.name);
    EXPECT_EQ(complaints(s.text), s.expected);
  }
}

TEST(scenario_parser, passes_over_a_byte_order_mark) {
  auto const s = read("\xEF\xBB\xBF# A title.\n" + with_esme("alpha -> enquire_link"));
  ASSERT_TRUE(s.has_value()) << to_text(s.error());
  EXPECT_EQ(s->title, "A title.");
  EXPECT_EQ(s->steps[0].at.offset, s->source.find("alpha ->")) << "rewriting finds its place";
  EXPECT_EQ(complaints("\xEF\xBB\xBFgiven phone x\n"),
            "a/t.scn:1:7: expected engine, date, account, esme, smsc, link, target or generator, found \"phone\"\n");
}

// Each variable is ten of the one before: without limits the last would have 10^30 octets.
TEST(scenario_parser, variables_do_not_grow_without_limit) {
  std::string text = "set v0 = 0123456789\n";
  for (int n = 1; n < 30; ++n) {
    text += "set v" + std::to_string(n) + " = ";
    for (int i = 0; i < 10; ++i) text += "${v" + std::to_string(n - 1) + "}";
    text += "\n";
  }
  auto const said = complaints(text + with_esme("alpha -> unbind"));
  EXPECT_TRUE(said.starts_with("a/t.scn:5:40: expected a value of at most 65536 octets, found \"${v3}")) << said;

  std::string many = "set long = " + std::string(8000, 'x') + "\ngiven esme alpha\n";
  for (int n = 0; n < 2100; ++n) many += "alpha -> data_sm message_payload=\"${long}\"\n";
  auto const all = complaints(many);
  EXPECT_TRUE(all.starts_with("a/t.scn:2100:35: expected at most 16777216 octets from variables in a scenario, found "))
      << all.substr(0, 200);
}

TEST(scenario_parser, tells_everything_that_is_wrong) {
  EXPECT_EQ(complaints(with_esme("alpha -> x\nbeta -> y")),
            "a/t.scn:2:10: expected connect, close, octets 0x.. or a message such as submit_sm, found \"x\"\n"
            "a/t.scn:3:1: expected an actor given before, found \"beta\"\n");
}

TEST(scenario_parser, includes_other_files_in_place) {
  auto const load = [](std::string const& path) -> result<std::string> {
    if (path == "common/two.inc") return "given esme alpha\nset n_sent = 3\n";
    if (path == "a/loop.inc") return "include \"loop.inc\"\n";
    if (path == "a/bad.inc") return "\n  beta -> unbind\n";
    return failed(errc::not_found, 0, path, "no such file");
  };
  auto const good = parse("a/t.scn", "include \"../common/two.inc\"\nalpha -> submit_sm repeat=${n_sent}\n", load);
  ASSERT_TRUE(good.has_value()) << to_text(good.error());
  EXPECT_EQ(good->files, (std::vector<std::string>{"a/t.scn", "common/two.inc"}));
  EXPECT_EQ(std::get<act::send>(good->steps[0].what).repeat, 3u);

  auto const loop = parse("a/t.scn", "include \"loop.inc\"\n", load);
  ASSERT_FALSE(loop.has_value());
  EXPECT_EQ(to_text(loop.error()),
            "a/loop.inc:1:9: expected a file that does not include itself, found \"a/loop.inc\"\n");
  auto const bad = parse("a/t.scn", "include \"bad.inc\"\n", load);
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(to_text(bad.error()), "a/bad.inc:2:3: expected an actor given before, found \"beta\"\n");
}

}  // namespace signalbox::player
