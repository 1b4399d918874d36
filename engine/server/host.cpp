#include "engine/server/host.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <unordered_map>

#include "engine/base/deadlines.hpp"
#include "engine/server/clock.hpp"
#include "engine/server/connection.hpp"
#include "engine/server/group_committer.hpp"
#include "engine/server/loop_inside.hpp"

namespace signalbox::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr duration accept_pause = 200ms;  // after an error that will not go away by itself (no descriptors, no memory)

connection::shared_tls shared(tls_context const& context) {
  if (!context) return {};
  SSL_CTX_up_ref(context.get());  // Asio's context frees what it is given
  return std::make_shared<asio::ssl::context>(context.get());
}
}  // namespace

class host::inside final : public connection::owner, public std::enable_shared_from_this<host::inside> {
 public:
  inside(loop& on, core::node& runs, log& words, host_options options)
      : context_(on.in().context),
        node_(runs),
        log_(words),
        options_(std::move(options)),
        connect_tls_(shared(options_.connect_tls)),
        timer_(context_),
        chunk_(on.in().chunk) {}

  void store_in(storage::message_store& store) {
    committer_ = std::make_unique<group_committer>(store, [weak = weak_from_this(), this](auto answers) {
      asio::post(context_, [weak, answers = std::move(answers)] {
        if (auto const self = weak.lock()) self->stored(answers);
      });
    });
  }

  result<endpoint> listen(core::service what, endpoint const& where, tls_context const& tls);
  void replace_tls(tls_context const& tls) {
    auto const fresh = shared(tls);
    for (auto const& l : listeners_)
      if (l->tls) l->tls = fresh;
  }
  void limit(std::size_t connections) { options_.max_connections = connections; }
  void stop_accepting() {
    error_code ignored;
    for (auto const& l : listeners_) l->acceptor.close(ignored);
    listeners_.clear();
  }

  template <class Input>
  void input(Input const& give) {
    assert(scratch_.empty());
    give(now(), scratch_);
    absorb(scratch_);
  }
  void settle();

  void after_each(std::function<void()> watcher) { watcher_ = std::move(watcher); }
  std::size_t connections() const { return connections_.size(); }
  void cut();
  void shut();

 private:
  struct listener {
    core::service what;
    tcp::acceptor acceptor;
    connection::shared_tls tls;
  };

  // -- what connections tell
  void established(connection& one) override;
  void arrived(connection& one, octet_view data) override;
  void ended(connection& one, connection::phase last, std::string_view why) override;
  void watch(connection& one, std::optional<instant> limit) override;
  std::span<std::uint8_t> chunk() override { return chunk_; }
  connection_limits const& limits() const override { return options_.limits; }

  asio::awaitable<void> accept_all(std::shared_ptr<inside> self, std::shared_ptr<listener> from);
  void accepted(tcp::socket socket, listener const& from);
  void stored(group_committer::answers const& answers);
  void absorb(core::effects& out);
  void mark(std::shared_ptr<connection> const& one);
  void arm();
  void arm(instant when);
  void tick();

  asio::io_context& context_;
  core::node& node_;
  log& log_;
  host_options options_;
  connection::shared_tls connect_tls_;
  std::vector<std::shared_ptr<listener>> listeners_;

  struct member {
    std::shared_ptr<connection> it;
    core::service what{};
  };
  std::unordered_map<connection_id, member> connections_;
  std::size_t accepted_ = 0, handshakes_ = 0;
  std::optional<instant> refused_;                  // when a refusal was last logged
  deadlines<instant, connection_id> expiries_;      // what watch() was told
  std::vector<std::shared_ptr<connection>> dirty_;  // have output, or were closed
  std::vector<connection_id> lost_;                 // the node has to hear of them
  core::effects scratch_;
  bool settling_ = false;

  asio::steady_timer timer_;
  std::optional<instant> armed_;
  std::span<std::uint8_t> chunk_;
  std::function<void()> watcher_;
  std::unique_ptr<group_committer> committer_;  // last: its thread ends first
};

// -- from inputs to effects ---------------------------------------------------------------------------------------

void host::inside::absorb(core::effects& out) {
  for (auto const& n : out.notices) log_.write(n.level, n.text);
  if (out.store) {
    assert(committer_ && "a node that stores needs a store");
    committer_->add(std::move(*out.store));
    out.store.reset();
  }
  for (auto& t : out.send) {
    auto const found = connections_.find(t.to);
    if (found == connections_.end()) continue;  // ended meanwhile; the node hears of it
    auto& waiting = found->second.it->output();
    if (waiting.empty())
      waiting.swap(t.data);
    else
      waiting.insert(waiting.end(), t.data.begin(), t.data.end());
    mark(found->second.it);
  }
  for (auto& c : out.connect) {
    auto const one = std::make_shared<connection>(*this, c.as, tcp::socket(context_), connect_tls_);
    connections_.emplace(c.as, member{one});
    one->connect(std::move(c.host), c.port);
  }
  for (auto const& f : out.flow)
    if (auto const found = connections_.find(f.of); found != connections_.end()) found->second.it->read_on(f.reading);
  for (auto const id : out.close)
    if (auto const found = connections_.find(id); found != connections_.end()) {
      auto const one = found->second.it;
      mark(one);
      one->finish();
    }
  out.notices.clear();
  out.send.clear();
  out.connect.clear();
  out.flow.clear();
  out.close.clear();
}

void host::inside::mark(std::shared_ptr<connection> const& one) {
  if (one->dirty) return;
  one->dirty = true;
  dirty_.push_back(one);
}

// Ends every handler: writes what was collected, tells the node what broke meanwhile, sets the timer.
void host::inside::settle() {
  if (settling_) return;  // an error found by a flush below; its news are taken up there
  settling_ = true;
  while (!dirty_.empty() || !lost_.empty()) {
    for (std::size_t i = 0; i < dirty_.size(); ++i) {
      auto const one = dirty_[i];
      one->dirty = false;
      one->flush();
    }
    dirty_.clear();
    for (std::size_t i = 0; i < lost_.size(); ++i)
      input([&](moment at, core::effects& out) { node_.on_closed(lost_[i], at, out); });
    lost_.clear();
  }
  settling_ = false;
  arm();
  if (watcher_) watcher_();
}

// -- what connections tell ----------------------------------------------------------------------------------------

void host::inside::established(connection& one) {
  auto const what = connections_.at(one.id()).what;
  if (one.accepted()) {
    if (one.secure()) --handshakes_;
    input([&](moment at, core::effects& out) { node_.on_accepted(one.id(), what, one.peer(), at, out); });
  } else {
    input([&](moment at, core::effects& out) { node_.on_opened(one.id(), at, out); });
  }
  settle();
}

void host::inside::arrived(connection& one, octet_view data) {
  input([&](moment at, core::effects& out) { node_.on_bytes(one.id(), data, at, out); });
  settle();
}

// May come from inside absorb() or settle(), so the news for the node wait for a settle().
void host::inside::ended(connection& one, connection::phase last, std::string_view why) {
  using enum connection::phase;
  log_.debug("connection {} ({}): {}", one.id().value, one.peer(), why);
  if (one.accepted()) --accepted_;
  if (last == opening && one.accepted() && one.secure()) --handshakes_;
  if (last == open || (last == opening && !one.accepted())) lost_.push_back(one.id());
  connections_.erase(one.id());
  if (!settling_)
    asio::post(context_, [weak = weak_from_this()] {
      if (auto const self = weak.lock()) self->settle();
    });
}

void host::inside::watch(connection& one, std::optional<instant> limit) {
  expiries_.cancel(std::exchange(one.expiry, expiries_.none));
  if (!limit) return;
  one.expiry = expiries_.add(*limit, one.id());
  arm(*limit);
}

// -- time and storage ---------------------------------------------------------------------------------------------

void host::inside::arm() {
  auto next = node_.deadline(now());
  if (auto const limit = expiries_.next(); limit && (!next || *limit < *next)) next = limit;
  if (next) arm(*next);
}

// A timer that fires too early costs a look; one that is set anew for every message costs more.
void host::inside::arm(instant when) {
  if (armed_ && *armed_ <= when) return;
  armed_ = when;
  timer_.expires_at(std::chrono::steady_clock::time_point(when.time_since_epoch()));
  timer_.async_wait([weak = weak_from_this()](error_code const& error) {
    if (error) return;
    if (auto const self = weak.lock()) self->tick();
  });
}

void host::inside::tick() {
  armed_.reset();
  auto const time = now();
  while (auto const due = expiries_.pop(time.at)) {
    auto const one = connections_.at(*due).it;
    one->expiry = expiries_.none;
    one->expired();
  }
  if (auto const due = node_.deadline(time); due && *due <= time.at)
    input([&](moment at, core::effects& out) { node_.on_time(at, out); });
  settle();
}

void host::inside::stored(group_committer::answers const& answers) {
  for (auto const& [request, what] : answers)
    input([&](moment at, core::effects& out) { node_.on_stored(request, what, at, out); });
  settle();
}

// -- listening ----------------------------------------------------------------------------------------------------

result<endpoint> host::inside::listen(core::service what, endpoint const& where, tls_context const& tls) {
  error_code error;
  auto const address = asio::ip::make_address(where.address, error);
  auto const name = to_text(where);
  if (error) return failed(errc::bad_value, 0, name, "not a numeric address");
  tcp::endpoint const at(address, where.port);
  tcp::acceptor acceptor(context_);
  acceptor.open(at.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(at, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return failed(errc::io, 0, {}, fmt::format("cannot listen on {}: {}", name, error.message()));
  endpoint const taken{where.address, acceptor.local_endpoint(error).port()};
  auto const one = std::make_shared<listener>(listener{what, std::move(acceptor), shared(tls)});
  listeners_.push_back(one);
  asio::co_spawn(context_, accept_all(shared_from_this(), one), asio::detached);
  return taken;
}

// Nothing that accept() answers ends the loop but the end of the listener. Out of descriptors or memory, it waits: the
// backlog keeps the strangers, and descriptors come back when connections end.
asio::awaitable<void> host::inside::accept_all(std::shared_ptr<inside>, std::shared_ptr<listener> from) {
  asio::steady_timer pause(context_);
  while (from->acceptor.is_open()) {
    auto [error, socket] = co_await from->acceptor.async_accept(quietly);
    if (!from->acceptor.is_open() || error == asio::error::operation_aborted) co_return;
    if (!error) {
      accepted(std::move(socket), *from);
    } else if (error != asio::error::connection_aborted) {
      log_.warning("cannot accept a connection: {}", error.message());
      pause.expires_after(accept_pause);
      co_await pause.async_wait(quietly);
    }
  }
}

void host::inside::accepted(tcp::socket socket, listener const& from) {
  bool const crowded = accepted_ >= options_.max_connections;
  if (crowded || (from.tls && handshakes_ >= options_.max_handshakes)) {
    auto const time = now().at;
    if (!refused_ || time - *refused_ >= 1s) {
      log_.warning("connection refused: {}",
                   crowded ? "connection limit reached" : "too many TLS handshakes under way");
      refused_ = time;
    }
    return;  // closes it
  }
  ++accepted_;
  if (from.tls) ++handshakes_;
  auto const one = std::make_shared<connection>(*this, node_.next_connection(), std::move(socket), from.tls);
  connections_.emplace(one->id(), member{one, from.what});
  one->accept();
}

// -- the end ------------------------------------------------------------------------------------------------------

void host::inside::cut() {
  std::vector<std::shared_ptr<connection>> all;
  for (auto const& [id, m] : connections_) all.push_back(m.it);
  for (auto const& one : all) one->fail("cut");
}

void host::inside::shut() {
  watcher_ = {};
  stop_accepting();
  timer_.cancel();
  committer_.reset();
  for (auto const& [id, m] : connections_) m.it->abandon();
  connections_.clear();
}

// -- the outside --------------------------------------------------------------------------------------------------

host::host(loop& on, core::node& runs, storage::message_store* store, log& words, host_options options)
    : in_(std::make_shared<inside>(on, runs, words, std::move(options))) {
  if (store != nullptr) in_->store_in(*store);
}

host::~host() { in_->shut(); }

result<endpoint> host::listen(core::service what, endpoint const& where, tls_context tls) {
  return in_->listen(what, where, tls);
}
void host::replace_tls(tls_context tls) { in_->replace_tls(tls); }
void host::set_max_connections(std::size_t limit) { in_->limit(limit); }
void host::stop_accepting() { in_->stop_accepting(); }

void host::act(std::function<void(moment, core::effects&)> const& wish) {
  in_->input(wish);
  in_->settle();
}
void host::after_each(std::function<void()> watcher) { in_->after_each(std::move(watcher)); }

std::size_t host::connections() const { return in_->connections(); }
void host::cut() { in_->cut(); }

}  // namespace signalbox::server
