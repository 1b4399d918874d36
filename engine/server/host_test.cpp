#include "engine/server/host.hpp"

#include <sys/resource.h>

#include "engine/server/test_support.hpp"
#include "engine/storage/memory_store.hpp"

namespace signalbox::server {
namespace {

using core::effects;

struct host_test : testing::Test {
  loop on;
  log words{core::severity::error};
  echo_node node;

  std::uint16_t listen(host& h, tls_context tls = {}) {
    auto const where = h.listen(core::service::smpp, {"127.0.0.1", 0}, std::move(tls));
    EXPECT_TRUE(where) << describe(where.error());
    return where->port;
  }
};

TEST_F(host_test, echoes_over_tcp) {
  host server(on, node, nullptr, words);
  raw_client client(listen(server));
  ASSERT_TRUE(client.connected());
  client.send("hello");
  std::string answer;
  EXPECT_TRUE(until(on, [&] { return client.take(answer), answer == "hello"; }));
  ASSERT_EQ(node.peers.size(), 1u);
  EXPECT_TRUE(node.peers[0].starts_with("127.0.0.1:")) << node.peers[0];
}

TEST_F(host_test, tells_the_node_of_the_peers_end) {
  host server(on, node, nullptr, words);
  {
    raw_client client(listen(server));
    ASSERT_TRUE(until(on, [&] { return node.accepted.size() == 1; }));
  }
  EXPECT_TRUE(until(on, [&] { return node.closed == node.accepted && server.connections() == 0; }));
}

TEST_F(host_test, connects_on_request_and_reports_what_could_not_be_opened) {
  host server(on, node, nullptr, words);
  auto const port = listen(server);
  echo_node caller;
  caller.greeting = "hi there";
  caller.reaction = [](connection_id id, octet_view, moment, effects& out) { out.close.push_back(id); };
  host client(on, caller, nullptr, words);
  auto const good = caller.next_connection(), bad = caller.next_connection(), unknown = caller.next_connection();
  std::uint16_t unused = 0;
  {
    echo_node other;
    host gone(on, other, nullptr, words);
    unused = listen(gone);
  }
  client.act([&](moment, effects& out) {
    out.connect.push_back({good, "127.0.0.1", port});
    out.connect.push_back({bad, "127.0.0.1", unused});
    out.connect.push_back({unknown, "no-such-host.invalid", port});
  });
  EXPECT_TRUE(until(on, [&] { return caller.heard == "hi there" && caller.closed.size() == 2; }));
  EXPECT_EQ(caller.opened, std::vector{good});
  EXPECT_TRUE(until(on, [&] { return node.closed.size() == 1; }));
  EXPECT_EQ(caller.closed.size(), 2u) << "closing is not reported to the node that asked for it";
}

struct tls_test : host_test {
  temporary_directory place;
  std::string certificate = place.file("certificate.pem"), key = place.file("key.pem");

  tls_context server_context() {
    EXPECT_TRUE(ensure_self_signed(certificate, key));
    auto context = make_tls_server(certificate, key);
    EXPECT_TRUE(context) << describe(context.error());
    return *context;
  }
};

TEST_F(tls_test, echoes_much_over_tls) {
  host server(on, node, nullptr, words);
  auto const port = listen(server, server_context());
  echo_node caller;
  std::string big(3'000'000, ' ');
  for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>('a' + i % 23);
  caller.greeting = big;
  caller.reaction = [&](connection_id id, octet_view, moment, effects& out) {
    if (caller.heard_octets == big.size()) out.close.push_back(id);
  };
  host client(on, caller, nullptr, words, {.connect_tls = make_tls_client()});
  client.act([&](moment, effects& out) { out.connect.push_back({caller.next_connection(), "localhost", port}); });
  EXPECT_TRUE(
      until(on, [&] { return server.connections() == 0 && client.connections() == 0 && !caller.heard.empty(); }));
  EXPECT_EQ(caller.heard.size(), big.size());
  EXPECT_TRUE(caller.heard == big);
  EXPECT_EQ(node.closed.size(), 1u);
}

TEST_F(tls_test, a_slow_stranger_does_not_hold_up_others) {
  host server(on, node, nullptr, words, {.max_handshakes = 2});
  auto const port = listen(server, server_context());
  raw_client silent(port);
  echo_node caller;
  caller.greeting = "in time";
  host client(on, caller, nullptr, words, {.connect_tls = make_tls_client()});
  client.act([&](moment, effects& out) { out.connect.push_back({caller.next_connection(), "127.0.0.1", port}); });
  EXPECT_TRUE(until(on, [&] { return caller.heard == "in time"; }));
  EXPECT_EQ(node.accepted.size(), 1u) << "the node does not hear of a connection before its handshake is done";
  EXPECT_EQ(server.connections(), 2u);
  silent.send("GET / HTTP/1.1\r\n\r\n");
  std::string answer;
  EXPECT_TRUE(until(on, [&] { return !silent.take(answer); }));
  EXPECT_TRUE(node.closed.empty()) << "nor of one whose handshake failed";
}

TEST_F(tls_test, handshakes_under_way_are_limited) {
  host server(on, node, nullptr, words, {.max_handshakes = 1});
  auto const port = listen(server, server_context());
  raw_client first(port);
  ASSERT_TRUE(until(on, [&] { return server.connections() == 1; }));
  raw_client second(port);
  std::string answer;
  EXPECT_TRUE(until(on, [&] { return !second.take(answer); }));
  EXPECT_TRUE(first.take(answer));
}

TEST_F(tls_test, a_handshake_has_a_limit) {
  host server(on, node, nullptr, words, {.limits = {.opening = 50ms}});
  raw_client silent(listen(server, server_context()));
  std::string answer;
  EXPECT_TRUE(until(on, [&] { return !silent.take(answer); }));
  EXPECT_TRUE(node.accepted.empty() && node.closed.empty());
}

TEST_F(tls_test, bad_files_are_named) {
  auto const missing = make_tls_server(place.file("absent.pem"), key);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().detail.find("absent.pem"), std::string::npos);
  ASSERT_TRUE(ensure_self_signed(certificate, key));
  ASSERT_TRUE(ensure_self_signed(place.file("other.pem"), place.file("other_key.pem")));
  auto const foreign = make_tls_server(certificate, place.file("other_key.pem"));
  ASSERT_FALSE(foreign);
  EXPECT_NE(foreign.error().detail.find("other_key.pem"), std::string::npos);
}

TEST_F(host_test, close_comes_after_what_was_sent) {
  std::string const last_words(5'000'000, 'x');
  node.reaction = [&](connection_id id, octet_view, moment, effects& out) {
    out.send.push_back({id, octets_of(last_words)});
    out.close.push_back(id);
  };
  host server(on, node, nullptr, words);
  raw_client client(listen(server));
  client.send("go");
  ASSERT_TRUE(until(on, [&] { return node.heard == "go"; }));
  client.send("this is never read by the node, and must not turn the close into a reset");
  std::string answer;
  EXPECT_TRUE(until(on, [&] { return !client.take(answer); }));
  EXPECT_TRUE(client.ended());
  EXPECT_FALSE(client.reset());
  EXPECT_EQ(answer.size(), last_words.size());
  EXPECT_EQ(node.heard, "go");
  client.close_write();
  EXPECT_TRUE(until(on, [&] { return server.connections() == 0; }));
  EXPECT_TRUE(node.closed.empty());
}

TEST_F(host_test, a_paused_connection_is_not_read) {
  node.reaction = [](connection_id, octet_view, moment, effects&) {};
  host server(on, node, nullptr, words);
  raw_client client(listen(server));
  ASSERT_TRUE(until(on, [&] { return node.accepted.size() == 1; }));
  auto const id = node.accepted[0];
  server.act([&](moment, effects& out) { out.flow.push_back({id, false}); });
  std::string const block(64 * 1024, 'p');
  std::size_t sent = 0;
  // The kernel's buffers fill; then nothing more goes in, however long the loop runs.
  for (int idle = 0; idle < 20;) {
    auto const n = client.send(block);
    sent += n;
    idle = n == 0 ? idle + 1 : 0;
    on.run_until(now().at + 5ms, [] { return false; });
  }
  EXPECT_LE(node.heard_octets, 64u * 1024) << "at most what was being read already";
  server.act([&](moment, effects& out) { out.flow.push_back({id, true}); });
  EXPECT_TRUE(until(on, [&] { return node.heard_octets == sent; }));
}

TEST_F(host_test, a_peer_that_takes_nothing_is_no_longer_read) {
  host server(on, node, nullptr, words);
  raw_client client(listen(server), 4096);
  std::string const block(64 * 1024, 'e');
  std::size_t sent = 0;
  for (int idle = 0; idle < 20;) {
    auto const n = client.send(block);
    sent += n;
    idle = n == 0 ? idle + 1 : 0;
    on.run_until(now().at + 5ms, [] { return false; });
  }
  // The echo of everything read waits here or in the kernel; what waits here is bounded.
  EXPECT_LT(node.heard_octets, sent);
  std::string back;
  EXPECT_TRUE(until(on, [&] { return client.take(back), back.size() == sent; })) << "and goes on when it takes again";
}

TEST_F(host_test, output_without_progress_ends_the_connection) {
  node.reaction = [](connection_id id, octet_view, moment, effects& out) {
    out.send.push_back({id, octets(20'000'000, 'x')});
  };
  host server(on, node, nullptr, words, {.limits = {.output = 50ms}});
  raw_client client(listen(server), 4096);
  client.send("go");
  ASSERT_TRUE(until(on, [&] { return node.heard == "go"; }));
  EXPECT_TRUE(until(on, [&] { return node.closed == node.accepted; }));
}

TEST_F(host_test, a_peer_that_does_not_close_is_not_waited_for_long) {
  node.reaction = [](connection_id id, octet_view, moment, effects& out) { out.close.push_back(id); };
  host server(on, node, nullptr, words, {.limits = {.linger = 50ms}});
  raw_client client(listen(server));
  client.send("go");
  ASSERT_TRUE(until(on, [&] { return node.heard == "go"; }));
  EXPECT_TRUE(until(on, [&] { return server.connections() == 0; }));
  std::string answer;
  EXPECT_FALSE(client.take(answer));
}

TEST_F(host_test, more_connections_than_allowed_are_closed_at_once) {
  host server(on, node, nullptr, words, {.max_connections = 1});
  auto const port = listen(server);
  raw_client first(port);
  ASSERT_TRUE(until(on, [&] { return node.accepted.size() == 1; }));
  raw_client second(port);
  std::string answer;
  EXPECT_TRUE(until(on, [&] { return !second.take(answer); }));
  EXPECT_TRUE(first.take(answer));
  EXPECT_EQ(node.accepted.size(), 1u);
}

TEST_F(host_test, running_out_of_descriptors_does_not_end_the_listener) {
  host server(on, node, nullptr, words);
  auto const port = listen(server);
  raw_client client(port);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  // No descriptor above the client's may be made: the connection waits in the backlog.
  rlimit const none{static_cast<rlim_t>(dup(0)), before.rlim_max};
  close(static_cast<int>(none.rlim_cur));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  words.set(core::severity::error, log_format::plain);
  auto const turns_before = now().at;
  std::size_t turns = 0;
  on.run_until(turns_before + 300ms, [&] { return ++turns, false; });
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(node.accepted.empty());
  EXPECT_LT(turns, 50u) << "it waits between its attempts";
  EXPECT_TRUE(until(on, [&] { return node.accepted.size() == 1; }));
}

TEST_F(host_test, time_is_given_at_the_deadline) {
  auto const start = now().at;
  std::optional<instant> rang;
  node.alarm = [&](moment at, effects&) { rang = at.at; };
  host server(on, node, nullptr, words);
  server.act([&](moment at, effects&) { node.due = at.at + 20ms; });
  ASSERT_TRUE(until(on, [&] { return rang.has_value(); }));
  EXPECT_GE(*rang - start, 20ms);
  rang.reset();
  server.act([&](moment at, effects&) { node.due = at.at + std::chrono::hours{10}; });
  server.act([&](moment at, effects&) { node.due = at.at + 1ms; });
  EXPECT_TRUE(until(on, [&] { return rang.has_value(); })) << "a nearer deadline replaces a far one";
}

TEST_F(host_test, storage_answers_come_back_in_order_and_with_their_effects) {
  storage::memory_store store;
  node.reaction = [this, request = std::uint64_t{0}](connection_id, octet_view data, moment, effects& out) mutable {
    (void)this;
    ++request;
    out.store = {request, {storage::operation::put({1, request}, {data.begin(), data.end()})}, {}};
  };
  node.after_stored = [this](std::uint64_t request, effects& out) {
    out.send.push_back({node.accepted[0], octets_of(std::to_string(request) + ";")});
  };
  host server(on, node, &store, words);
  raw_client client(listen(server));
  std::string answers, expected;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    client.send("record");
    ASSERT_TRUE(until(on, [&] { return node.heard_octets == 6 * i; }));
    expected += std::to_string(i) + ";";
  }
  EXPECT_TRUE(until(on, [&] { return client.take(answers), answers.size() >= expected.size(); }));
  EXPECT_EQ(answers, expected);
}

TEST_F(host_test, cut_ends_every_connection_and_tells_the_node) {
  host server(on, node, nullptr, words);
  raw_client client(listen(server));
  ASSERT_TRUE(until(on, [&] { return node.accepted.size() == 1; }));
  server.cut();
  std::string answer;
  EXPECT_TRUE(until(on, [&] { return node.closed.size() == 1 && !client.take(answer); }));
}

TEST_F(host_test, a_taken_port_is_a_clear_fault) {
  host server(on, node, nullptr, words);
  auto const port = listen(server);
  auto const again = server.listen(core::service::smpp, {"127.0.0.1", port});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().detail, fmt::format("cannot listen on 127.0.0.1:{}: Address already in use", port));
}

}  // namespace
}  // namespace signalbox::server
