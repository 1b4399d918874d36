// The program as a process: started, asked, signalled, ended. What it prints and its exit status are the contract.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "engine/server/data_directory.hpp"
#include "engine/server/test_support.hpp"

namespace signalbox::server {
namespace {

std::string content(std::string const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

bool eventually(std::function<bool()> const& holds) {
  auto const limit = now().at + patience;
  while (!holds()) {
    if (now().at > limit) return false;
    poll(nullptr, 0, 2);
  }
  return true;
}

class program {
 public:
  program(temporary_directory const& place, std::vector<std::string> arguments, std::string const& input = {},
          std::vector<std::string> variables = {}, std::string out = {})
      : out_(out.empty() ? place.file("out" + std::to_string(++started_)) : out),
        err_(place.file("err" + std::to_string(started_))) {
    auto const in = place.file("in" + std::to_string(started_));
    std::ofstream(in) << input;
    arguments.insert(arguments.begin(), SIGNALBOX_PROGRAM);
    std::vector<char*> argv, env;
    for (auto& a : arguments) argv.push_back(a.data());
    argv.push_back(nullptr);
    for (auto& v : variables) env.push_back(v.data());
    env.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, in.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&files, 2, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    EXPECT_EQ(posix_spawn(&pid_, SIGNALBOX_PROGRAM, &files, nullptr, argv.data(), env.data()), 0);
    posix_spawn_file_actions_destroy(&files);
  }
  ~program() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  program(program const&) = delete;
  program& operator=(program const&) = delete;

  void kill(int number) { ::kill(pid_, number); }
  // The exit status, or -1: it did not end, or by a signal.
  int end() {
    int status = 0;
    if (!eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; })) return -1;
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string out() const { return content(out_); }
  std::string err() const { return content(err_); }

 private:
  static inline int started_ = 0;
  std::string out_, err_;
  pid_t pid_ = -1;
};

std::uint16_t port_in(std::string const& ready) {
  auto const at = ready.find("\"port\":");
  return at == ready.npos ? std::uint16_t{0} : static_cast<std::uint16_t>(std::stoi(ready.substr(at + 7)));
}

struct serve_test : testing::Test {
  temporary_directory place;
  std::string ready = place.file("ready.json"), data = place.file("data");

  std::vector<std::string> serving(std::vector<std::string> more = {}) const {
    std::vector<std::string> all{"serve", "--data", data, "--smpp", "127.0.0.1:0", "--ready-file", ready};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  bool is_ready() const {
    return eventually([&] { return !content(ready).empty(); });
  }
};

TEST_F(serve_test, a_first_start_without_configuration_serves_two_demonstration_esmes) {
  std::string password;
  {
    program server(place, serving());
    ASSERT_TRUE(is_ready()) << server.err();
    auto const words = server.out();
    auto const at = words.find("system_id demo   password ");
    ASSERT_NE(at, words.npos) << words;
    password = words.substr(at + 26, 8);
    EXPECT_NE(content(data + "/demo.toml").find("password = \"" + password + "\""), std::string::npos);
    struct stat there{};
    ASSERT_EQ(stat(data.c_str(), &there), 0);
    EXPECT_EQ(there.st_mode & 0777, 0700u);
    ASSERT_EQ(stat((data + "/demo.toml").c_str(), &there), 0);
    EXPECT_EQ(there.st_mode & 0777, 0600u);

    auto const peer = "127.0.0.1:" + std::to_string(port_in(content(ready)));
    program good(place, {"simulate", "esme", "--connect", peer, "--system-id", "demo", "--password", password,
                         "--count", "20", "--json", "--seed", "1"});
    EXPECT_EQ(good.end(), 0) << good.err();
    EXPECT_NE(good.out().find("\"accepted\":20,"), std::string::npos) << good.out();
    program wrong(place, {"simulate", "esme", "--connect", peer, "--system-id", "demo", "--password", "wrong"});
    EXPECT_EQ(wrong.end(), 3);
    EXPECT_NE(wrong.err().find("could not bind at " + peer + " as demo"), std::string::npos) << wrong.err();
    server.kill(SIGTERM);
    EXPECT_EQ(server.end(), 0) << server.err();
  }
  std::filesystem::remove(ready);
  program again(place, serving());
  ASSERT_TRUE(is_ready()) << again.err();
  EXPECT_NE(again.out().find(password), std::string::npos) << "the password is kept";
  EXPECT_NE(again.err().find(" records in the store"), std::string::npos) << again.err();
  again.kill(SIGINT);
  EXPECT_EQ(again.end(), 0);
}

TEST_F(serve_test, delivers_from_one_esme_to_the_other_over_tls) {
  program server(place, {"serve", "--data", data, "--smpp", "", "--smpp-tls", "127.0.0.1:0", "--ready-file", ready});
  ASSERT_TRUE(is_ready()) << server.err();
  auto const text = content(data + "/demo.toml");
  auto const password_of = [&](std::string const& name) {
    auto const at = text.find("password = \"", text.find("name = \"" + name + "\"")) + 12;
    return text.substr(at, 8);
  };
  auto const peer = "127.0.0.1:" + std::to_string(port_in(content(ready)));
  auto const bound = place.file("bound.json");
  program phone(place, {"simulate", "esme", "--tls", "--connect", peer, "--system-id", "phone", "--password",
                        password_of("phone"), "--ready-file", bound, "--json"});
  ASSERT_TRUE(eventually([&] { return !content(bound).empty(); })) << phone.err();
  program demo(place, {"simulate", "esme", "--tls", "--connect", peer, "--system-id", "demo", "--password",
                       password_of("demo"), "--count", "200", "--window", "50", "--sessions", "3", "--stay", "100ms"});
  EXPECT_EQ(demo.end(), 0) << demo.err();
  phone.kill(SIGTERM);
  EXPECT_EQ(phone.end(), 0) << phone.err();
  EXPECT_NE(phone.out().find("\"delivered\":200,"), std::string::npos) << phone.out();
  server.kill(SIGTERM);
  EXPECT_EQ(server.end(), 0) << server.err();
}

TEST_F(serve_test, what_is_taken_is_said) {
  program server(place, serving());
  ASSERT_TRUE(is_ready()) << server.err();
  auto const port = std::to_string(port_in(content(ready)));
  program same_port(place, {"serve", "--data", place.file("other"), "--smpp", "127.0.0.1:" + port});
  EXPECT_EQ(same_port.end(), 3);
  EXPECT_NE(same_port.err().find("cannot listen on 127.0.0.1:" + port + ": Address already in use"), std::string::npos)
      << same_port.err();
  program same_data(place, serving());
  EXPECT_EQ(same_data.end(), 3);
  EXPECT_NE(same_data.err().find("data directory " + data + " is in use by another process"), std::string::npos)
      << same_data.err();
  server.kill(SIGTERM);
  EXPECT_EQ(server.end(), 0);
}

TEST_F(serve_test, reload_takes_a_good_file_and_keeps_away_from_a_bad_one) {
  auto const file = place.file("s.toml");
  std::ofstream(file) << "[[esme]]\nname = \"alpha\"\npassword = \"one\"\n";
  program server(place, serving({"--config", file}));
  ASSERT_TRUE(is_ready()) << server.err();
  auto const peer = "127.0.0.1:" + std::to_string(port_in(content(ready)));
  std::ofstream(file) << "[[esme]]\nname = \"alpha\"\npasword = \"two\"\n";
  server.kill(SIGHUP);
  EXPECT_TRUE(eventually([&] {
    return server.err().find("stays as it is: " + file + ":3:1: unknown key \"pasword\"") != std::string::npos;
  })) << server.err();
  program still(place, {"simulate", "esme", "--connect", peer, "--system-id", "alpha", "--password", "one", "--count",
                        "0", "--duration", "200ms"});
  EXPECT_EQ(still.end(), 0) << still.err();
  std::ofstream(file) << "[[esme]]\nname = \"alpha\"\npassword = \"two\"\n";
  server.kill(SIGHUP);
  EXPECT_TRUE(eventually([&] { return server.err().find("configuration read again") != std::string::npos; }))
      << server.err();
  program old(place, {"simulate", "esme", "--connect", peer, "--system-id", "alpha", "--password", "one"});
  EXPECT_EQ(old.end(), 3);
  program fresh(place, {"simulate", "esme", "--connect", peer, "--system-id", "alpha", "--password", "two",
                        "--duration", "200ms"});
  EXPECT_EQ(fresh.end(), 0) << fresh.err();
  server.kill(SIGTERM);
  EXPECT_EQ(server.end(), 0);
}

TEST_F(serve_test, mistakes_end_with_status_2_and_their_place) {
  auto const file = place.file("bad.toml");
  std::ofstream(file) << "[smpp]\n\nwindwo = 5\n";
  program server(place, serving({"--config", file}));
  EXPECT_EQ(server.end(), 2);
  EXPECT_NE(server.err().find(file + ":3:1: unknown key \"windwo\" in [smpp]; known: "), std::string::npos)
      << server.err();
  program variable(place, serving(), {}, {"SIGNALBOX_SMS_NONSENSE=1"});
  EXPECT_EQ(variable.end(), 2);
  EXPECT_NE(variable.err().find("SIGNALBOX_SMS_NONSENSE: unknown key"), std::string::npos) << variable.err();
  program flag(place, serving({"--set", "smpp.bind_timeout_ms=soon"}));
  EXPECT_EQ(flag.end(), 2);
  program unknown(place, {"serve", "--nonsense"});
  EXPECT_EQ(unknown.end(), 2);
  program nothing(place, {});
  EXPECT_EQ(nothing.end(), 2);
  program verb(place, {"nope"});
  EXPECT_EQ(verb.end(), 2);
  EXPECT_NE(verb.err().find("unknown verb \"nope\"; known: serve, replay, "), std::string::npos) << verb.err();
  program kind(place, {"simulate", "phone"});
  EXPECT_EQ(kind.end(), 2);
  EXPECT_NE(kind.err().find("signalbox simulate: unknown verb \"phone\"; known: esme, smsc"), std::string::npos)
      << kind.err();
  program seed(place, {"replay", "--seed=-1", file});
  EXPECT_EQ(seed.end(), 2);
  EXPECT_NE(seed.err().find("--seed: a whole number from 0 to "), std::string::npos) << seed.err();
}

TEST_F(serve_test, what_is_left_unanswered_at_the_end_of_the_drain_is_status_1) {
  auto const file = place.file("s.toml");
  std::ofstream(file) << "[server]\ndrain_timeout_s = 1\n[[esme]]\nname = \"alpha\"\n";
  program server(place, serving({"--config", file}));
  ASSERT_TRUE(is_ready()) << server.err();
  raw_client silent(port_in(content(ready)));  // binds, and never answers the unbind
  silent.send({"\0\0\0\x1c\0\0\0\x09\0\0\0\0\0\0\0\1alpha\0\0\0\x34\0\0\0", 28});
  std::string heard;
  ASSERT_TRUE(eventually([&] { return !silent.take(heard) || !heard.empty(); }));
  server.kill(SIGTERM);
  EXPECT_EQ(server.end(), 1);
  EXPECT_NE(server.err().find("drain_timeout_s is over before everything was answered, 1 connections are left"),
            std::string::npos)
      << server.err();
}

TEST_F(serve_test, a_store_that_cannot_be_read_whole_is_not_served) {
  {
    program server(place, serving({"--set", "server.store=sqlite"}));
    ASSERT_TRUE(is_ready()) << server.err();
    auto const text = content(data + "/demo.toml");
    program demo(
        place, {"simulate", "esme", "--connect", "127.0.0.1:" + std::to_string(port_in(content(ready))), "--system-id",
                "demo", "--password", text.substr(text.find("password = \"") + 12, 8), "--count", "300"});
    EXPECT_EQ(demo.end(), 0) << demo.err();
    server.kill(SIGTERM);
    EXPECT_EQ(server.end(), 0) << server.err();
  }
  {
    std::fstream store(data + "/messages.db", std::ios::in | std::ios::out | std::ios::binary);
    store.seekp(0, std::ios::end);
    auto const size = static_cast<std::size_t>(store.tellp());
    ASSERT_GT(size, 32'768u);
    store.seekp(16'384);
    store << std::string(size - 16'384, '\xFF');
  }
  program again(place, serving({"--set", "server.store=sqlite"}));
  EXPECT_EQ(again.end(), 3) << again.err();
  EXPECT_NE(again.err().find("cannot be read whole: "), std::string::npos) << again.err();
  EXPECT_EQ(again.err().find("listens on"), std::string::npos) << again.err();
}

TEST_F(serve_test, the_ready_file_is_there_while_the_server_is_ready) {
  std::ofstream(ready) << "left by a process that was killed";
  auto const absent = place.file("absent.pem");
  program broken(place, serving({"--smpp-tls", "127.0.0.1:0", "--set", "server.certificate=" + absent, "--set",
                                 "server.private_key=" + absent}));
  EXPECT_EQ(broken.end(), 3);
  EXPECT_NE(broken.err().find("certificate " + absent), std::string::npos) << broken.err();
  EXPECT_EQ(broken.err().find("listens on"), std::string::npos) << "the certificate is looked at first";
  EXPECT_FALSE(std::filesystem::exists(ready));
  program server(place, serving());
  ASSERT_TRUE(is_ready()) << server.err();
  server.kill(SIGTERM);
  EXPECT_EQ(server.end(), 0);
  EXPECT_FALSE(std::filesystem::exists(ready));
}

TEST(data_directory_test, is_held_by_one) {
  temporary_directory place;
  auto const path = place.file("deep/data");
  {
    auto const first = data_directory::open(path);
    ASSERT_TRUE(first) << first.error().detail;
    EXPECT_FALSE(data_directory::open(path));
  }
  EXPECT_TRUE(data_directory::open(path)) << "free again when the first is gone";
}

TEST(program_test, help_of_every_verb_names_its_exit_statuses) {
  temporary_directory place;
  for (std::vector<std::string> verb : {std::vector<std::string>{},
                                        {"serve"},
                                        {"replay"},
                                        {"simulate", "esme"},
                                        {"simulate", "smsc"},
                                        {"decode", "smpp"},
                                        {"text"}}) {
    SCOPED_TRACE(testing::PrintToString(verb));
    verb.emplace_back("--help");
    program help(place, verb);
    EXPECT_EQ(help.end(), 0);
    EXPECT_NE(help.out().find("Exit status: 0 "), std::string::npos) << help.out();
  }
  program version(place, {"--version"});
  EXPECT_EQ(version.end(), 0);
  EXPECT_EQ(version.out(), "signalbox 0.1.0\n");
}

TEST(program_test, decode_and_text_answer_line_by_line) {
  temporary_directory place;
  program good(place, {"decode", "smpp"}, "# a comment\n\n00000010 00000015 00000000 00000001\n");
  EXPECT_EQ(good.end(), 0);
  EXPECT_NE(good.out().find("\"command_id_name\":\"enquire_link\""), std::string::npos) << good.out();
  program bad(place, {"decode", "smpp"}, "00000010 00000015 00000000 0000\n00000010 00000015 00000000 00000001\n");
  EXPECT_EQ(bad.end(), 1);
  auto const lines = bad.out();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  program missing(place, {"decode", "smpp", place.file("absent")});
  EXPECT_EQ(missing.end(), 2);
  program text(place, {"text", "-"}, "{\"op\":\"count\",\"text\":\"hello\"}\n");
  EXPECT_EQ(text.end(), 0) << text.out();
  program nonsense(place, {"text"}, "nonsense\n");
  EXPECT_EQ(nonsense.end(), 1);
  program huge(place, {"decode", "smpp"}, std::string(1'100'000, '0') + "\n00000010 00000015 00000000 00000001");
  EXPECT_EQ(huge.end(), 1);
  EXPECT_NE(huge.out().find("\"field\":\"line\""), std::string::npos);
  EXPECT_NE(huge.out().find("enquire_link"), std::string::npos)
      << "the lines behind it are read, the last without its end too";
}

TEST(program_test, esmes_and_a_message_centre_talk_to_each_other) {
  temporary_directory place;
  auto const ready = place.file("ready.json");
  program centre(place, {"simulate", "smsc", "--listen", "127.0.0.1:0", "--ready-file", ready, "--json",
                         "--receipt-delay", "1ms"});
  ASSERT_TRUE(eventually([&] { return !content(ready).empty(); })) << centre.err();
  program clients(
      place, {"simulate", "esme", "--connect", "127.0.0.1:" + std::to_string(port_in(content(ready))), "--sessions",
              "4", "--count", "101", "--registered-delivery", "1", "--stay", "300ms", "--json"});
  EXPECT_EQ(clients.end(), 0) << clients.err();
  EXPECT_NE(clients.out().find("\"accepted\":101,"), std::string::npos) << clients.out();
  EXPECT_NE(clients.out().find("\"receipts\":101,"), std::string::npos) << clients.out();
  centre.kill(SIGTERM);
  EXPECT_EQ(centre.end(), 0);
  EXPECT_NE(centre.out().find("\"submitted\":101,"), std::string::npos) << centre.out();
}

TEST(program_test, replay_plays_over_real_sockets) {
  temporary_directory place;
  program wire(place, {"replay", "--wire", SIGNALBOX_SOURCE_DIR "/scenarios/documented/smpp/submit_and_deliver.scn"});
  EXPECT_EQ(wire.end(), 0) << wire.out() << wire.err();
  EXPECT_NE(wire.out().find("1 passed, 0 failed"), std::string::npos) << wire.out();
  program nowhere(place, {"replay", place.file("absent.scn")});
  EXPECT_EQ(nowhere.end(), 2);
  program typo(place, {"replay", "--target", "nonsense", place.file("absent.scn")});
  EXPECT_EQ(typo.end(), 2);
}

TEST(program_test, an_unreachable_peer_is_status_3) {
  temporary_directory place;
  program client(place, {"simulate", "esme", "--connect", "127.0.0.1:1"});
  EXPECT_EQ(client.end(), 3);
  program typo(place, {"simulate", "esme", "--window", "many"});
  EXPECT_EQ(typo.end(), 2);
  std::string const smpp = SIGNALBOX_SOURCE_DIR "/scenarios/documented/smpp/";
  for (std::string const file : {"submit_and_deliver.scn", "before_bind.scn"}) {  // binds first; connects in a step
    SCOPED_TRACE(file);
    program wire(place, {"replay", "--target", "127.0.0.1:1", smpp + file});
    EXPECT_EQ(wire.end(), 3);
    EXPECT_NE(wire.out().find("expected  somebody who answers at 127.0.0.1:1\n"), std::string::npos) << wire.out();
  }
}

TEST(program_test, output_that_is_not_taken_is_status_3) {
  temporary_directory place;
  struct {
    std::vector<std::string> arguments;
    char const* says;
  } const verbs[] = {
      {{"decode", "smpp"}, "signalbox decode smpp: cannot write to the standard output: No space left on device\n"},
      {{"text"}, "signalbox text: cannot write to the standard output: No space left on device\n"},
      {{"serve", "--print-config"}, "signalbox serve: cannot write to the standard output: No space left on device\n"},
      {{"replay", SIGNALBOX_SOURCE_DIR "/scenarios/documented/smpp/submit_and_deliver.scn"},
       "signalbox replay: cannot write to the standard output: No space left on device\n"},
  };
  for (auto const& v : verbs) {
    SCOPED_TRACE(v.arguments[0]);
    program full(place, v.arguments, "00000010 00000015 00000000 00000001\n", {}, "/dev/full");
    EXPECT_EQ(full.end(), 3);
    EXPECT_EQ(full.err(), v.says);
  }
}

}  // namespace
}  // namespace signalbox::server
