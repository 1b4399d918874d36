#include "engine/server/config.hpp"

#include <gtest/gtest.h>

namespace signalbox::server {
namespace {

configuration good(std::string_view text) {
  auto all = parse(text, "test.toml");
  EXPECT_TRUE(all) << all.error().detail;
  return all.value_or(configuration{});
}

TEST(config, an_empty_file_is_the_defaults) { EXPECT_EQ(good(""), configuration{}); }

TEST(config, a_file_with_every_table) {
  auto const all = good(R"(
[server]
smpp = "0.0.0.0:0"
smpp_tls = "[::1]:3550"
certificate = "c.pem"
private_key = "k.pem"
data = "d"
store = "sqlite"
log_level = "debug"
log_format = "json"
drain_timeout_s = 3

[smpp]
system_id = "centre"
bind_timeout_ms = 1500

[[esme]]
name = "alpha"
password = "secret"
sessions = 4

[[esme]]
name = "beta"
)");
  EXPECT_EQ(all.server.smpp, "0.0.0.0:0");
  EXPECT_EQ(all.server.smpp_tls, "[::1]:3550");
  EXPECT_EQ(all.server.store, store_kind::sqlite);
  EXPECT_EQ(all.server.log_level, core::severity::debug);
  EXPECT_TRUE(all.server.log_json);
  EXPECT_EQ(all.server.drain_timeout, 3s);
  EXPECT_EQ(all.engine.smpp.system_id, "centre");
  EXPECT_EQ(all.engine.smpp.bind_timeout, 1500ms);
  ASSERT_EQ(all.engine.esmes.size(), 2u);
  EXPECT_EQ(all.engine.esmes[0].name, "alpha");
  EXPECT_EQ(all.engine.esmes[0].password, "secret");
  EXPECT_EQ(all.engine.esmes[0].sessions, 4u);
  EXPECT_EQ(all.engine.esmes[1].name, "beta");
  EXPECT_TRUE(check(all));
}

struct mistake {
  char const* name;
  char const* text;
  char const* says;  // how the message begins
};

class config_mistakes : public testing::TestWithParam<mistake> {};

TEST_P(config_mistakes, are_told_with_their_place) {
  auto const all = parse(GetParam().text, "my.toml");
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().detail.substr(0, std::string_view(GetParam().says).size()), GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(
    files, config_mistakes,
    testing::Values(
        mistake{
            "unknown_key", "[server]\n\n  smppp = \"127.0.0.1:1\"\n",
            "my.toml:3:3: unknown key \"smppp\" in [server]; known: smpp, smpp_tls, certificate, private_key, data, "
            "store, log_level, log_format, drain_timeout_s"},
        mistake{"unknown_key_of_an_esme", "[[esme]]\nname = \"a\"\nnmae = \"b\"\n",
                "my.toml:3:1: unknown key \"nmae\" in [[esme]]; known: name, "},
        mistake{"unknown_table", "[smppp]\nx = 1\n",
                "my.toml:1:2: unknown table \"smppp\"; known: [server], [smpp], [sms], [[esme]]"},
        mistake{"key_outside_of_tables", "window = 4\n",
                "my.toml:1:1: unknown key \"window\"; known: [server], [smpp], [sms], [[esme]]"},
        mistake{"text_where_a_number_is_meant", "[smpp]\nbind_timeout_ms = \"5000\"\n",
                "my.toml:2:19: bind_timeout_ms in [smpp] takes a number of milliseconds"},
        mistake{"number_where_text_is_meant", "[server]\ndata = 5\n",
                "my.toml:2:8: data in [server] takes text in quotes"},
        mistake{"out_of_range", "[server]\ndrain_timeout_s = 4000\n",
                "my.toml:2:19: drain_timeout_s in [server]: 0 to 3600 seconds"},
        mistake{"bad_listener", "[server]\nsmpp = \"2775\"\n",
                "my.toml:2:8: smpp in [server]: \"2775\" is not ADDRESS:PORT, such as 127.0.0.1:2775 or [::1]:2775"},
        mistake{"bad_pattern", "[[esme]]\nname = \"a\"\nrouting_range = \"(\"\n",
                "my.toml:3:17: routing_range in [[esme]]: missing ): ("},
        mistake{"bad_word", "[server]\nlog_level = \"loud\"\n",
                "my.toml:2:13: log_level in [server]: one of debug, info, warning, error"},
        mistake{"bad_store", "[server]\nstore = \"file\"\n",
                "my.toml:2:9: store in [server]: one of auto, log, sqlite"},
        mistake{"duplicate_key", "[server]\ndata = \"a\"\ndata = \"b\"\n", "my.toml:3:"},
        mistake{"duplicate_table", "[server]\n[smpp]\n[server]\n", "my.toml:3:"},
        mistake{"duplicate_esme", "[[esme]]\nname = \"a\"\n[[esme]]\nname = \"a\"\n",
                "my.toml:3:1: there is an [[esme]] \"a\" already"},
        mistake{"esme_without_name", "[[esme]]\npassword = \"a\"\n", "my.toml:1:1: an [[esme]] needs a name"},
        mistake{"esme_as_one_table", "[esme]\nname = \"a\"\n", "my.toml:1:2: esme is a list of tables: [[esme]]"},
        mistake{"table_as_value", "smpp = 4\n", "my.toml:1:1: smpp is a table: [smpp]"},
        mistake{"list_of_tables_where_one_is_meant", "[[smpp]]\n", "my.toml:1:3: smpp is a table: [smpp]"},
        mistake{"not_toml", "[server]\nsmpp = \n", "my.toml:2:"},
        mistake{"key_that_starts_with_none_of_its_characters", "\n[)server]\n", "my.toml:2:2: "},
        mistake{"letters_beyond_ascii_outside_of_strings", "[server]\ndata \xC3\xA9 = 5\n", "my.toml:2:6: "},
        mistake{"control_character", "[server]\nd\x01ata = 5\n", "my.toml:2:2: "},
        mistake{"the_first_mistake_is_told", "[smpp]\nzzz = 1\naaa = 1\n", "my.toml:2:1: unknown key \"zzz\""}),
    [](auto const& one) { return one.param.name; });

TEST(config, too_long_a_file_is_refused) {
  auto const all = parse(std::string(max_config_octets + 1, '#'), "big.toml");
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().detail, "big.toml:1:1: a configuration has at most 1048576 octets");
}

TEST(config, environment_is_above_the_file_and_below_flags) {
  auto all = good("[smpp]\nbind_timeout_ms = 1\nsystem_id = \"file\"\n");
  std::vector<std::string> const variables{"SIGNALBOX_SMPP_BIND_TIMEOUT_MS=2", "SIGNALBOX_SERVER_SMPP=127.0.0.1:9",
                                           "SIGNALBOX=/bin/signalbox", "SIGNALBOX_PROGRAM=x", "PATH=/bin"};
  ASSERT_TRUE(overlay_environment(all, variables));
  EXPECT_EQ(all.engine.smpp.bind_timeout, 2ms);
  EXPECT_EQ(all.engine.smpp.system_id, "file");
  EXPECT_EQ(all.server.smpp, "127.0.0.1:9");
  ASSERT_TRUE(set(all, "smpp.bind_timeout_ms", "3", "--set"));
  EXPECT_EQ(all.engine.smpp.bind_timeout, 3ms);
}

TEST(config, mistakes_outside_of_files_name_their_origin) {
  configuration all;
  std::vector<std::string> const variables{"SIGNALBOX_SMPP_NONSENSE=2"};
  auto const variable = overlay_environment(all, variables);
  ASSERT_FALSE(variable);
  EXPECT_TRUE(variable.error().detail.starts_with(
      "SIGNALBOX_SMPP_NONSENSE: unknown key \"nonsense\" in [smpp]; known: system_id, "))
      << variable.error().detail;

  std::vector<std::string> const typo{"SIGNALBOX_SMMP_SYSTEM_ID=x"};
  auto const table = overlay_environment(all, typo);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().detail,
            "SIGNALBOX_SMMP_SYSTEM_ID: no such setting; variables are named SIGNALBOX_<TABLE>_<KEY>, tables: SERVER, "
            "SMPP, SMS");

  struct {
    char const *name, *value, *says;
  } const flags[] = {
      {"smpp.nonsense", "1", "--set: unknown key \"nonsense\" in [smpp]; known: "},
      {"nonsense", "1", "--set: unknown table \"nonsense\"; settings are named TABLE.KEY, tables: server, smpp, sms"},
      {"esme.name", "1", "--set: unknown table \"esme\""},
      {"smpp.bind_timeout_ms", "soon", "--set: bind_timeout_ms in [smpp]: "},
  };
  for (auto const& f : flags) {
    SCOPED_TRACE(f.name);
    auto const done = set(all, f.name, f.value, "--set");
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().detail.starts_with(f.says)) << done.error().detail;
  }
  EXPECT_EQ(all, configuration{});
}

TEST(config, what_no_single_setting_sees_is_checked) {
  EXPECT_TRUE(check(configuration{}));
  struct {
    char const *name, *text, *says;
  } const files[] = {
      {"certificate alone", "[server]\ncertificate = \"c.pem\"\n",
       "test.toml:2:15: [server] certificate and private_key go together: one of them is missing"},
      {"both there", "[sms]\nmax_validity_s = 10\ndefault_validity_s = 100\n",
       "test.toml:3:22: sms.default_validity_s: longer than max_validity_s"},
      {"the other one", "\n[sms]\nmax_validity_s = 10\n",
       "test.toml:3:18: sms.default_validity_s: longer than max_validity_s"},
      {"the second ESME",
       "[[esme]]\nname = \"a\"\n[[esme]]\nname = \"b\"\noutbind_host = \"h\"\n[[esme]]\nname = \"c\"\n",
       "test.toml:3:1: esme.outbind_port: of 'b', which has outbind_host"},
      {"its network",
       "[[esme]]\nname = \"a\"\n[[esme]]\nname = \"b\"\ncluster = \"a\"\nnetwork = 7\n[[esme]]\nname = \"c\"\n",
       "test.toml:6:11: esme.network: 'b' has network 7, its cluster 'a' has 0"},
  };
  for (auto const& f : files) {
    SCOPED_TRACE(f.name);
    auto const done = check(good(f.text));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().detail, f.says);
  }
  configuration all;
  ASSERT_TRUE(set(all, "sms.max_validity_s", "10", "--set sms.max_validity_s"));
  auto const flag = check(all);
  ASSERT_FALSE(flag);
  EXPECT_EQ(flag.error().detail, "--set sms.max_validity_s: sms.default_validity_s: longer than max_validity_s");
}

TEST(config, what_is_printed_reads_back) {
  for (auto const* text :
       {"", "[server]\nsmpp = \"127.0.0.1:7\"\nlog_format = \"json\"\n[smpp]\nsystem_id = \"x \\\"y\\\"\"\n",
        "[[esme]]\nname = \"a\"\nrouting_range = \"^\\\\d+$\"\n[[esme]]\nname = \"b\"\nwindow = 7\n"}) {
    SCOPED_TRACE(text);
    auto const all = good(text);
    EXPECT_EQ(good(print(all)), all);
  }
}

// Every line that is commented out is a setting with its default: taken in, nothing changes.
TEST(config, what_is_commented_out_are_the_defaults) {
  std::string all;
  std::string const printed = print({});
  for (std::size_t at = 0; at < printed.size();) {
    auto const end = printed.find('\n', at);
    auto const line = printed.substr(at, end - at);
    if (line.starts_with("# [[esme]]")) break;
    auto const name_end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789", 2);
    if (line.starts_with("# ") && name_end != line.npos && line.compare(name_end, 3, " = ") == 0)
      all += line.substr(2) + "\n";
    else
      all += line + "\n";
    at = end + 1;
  }
  EXPECT_NE(all.find("\nsmpp = \"127.0.0.1:2775\"\n"), all.npos) << all;
  EXPECT_EQ(good(all), configuration{}) << all;
}

}  // namespace
}  // namespace signalbox::server
