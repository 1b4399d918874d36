#include "engine/server/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "engine/server/clock.hpp"

namespace signalbox::server {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
}

connection::connection(owner& by, connection_id id, tcp::socket socket, shared_tls tls)
    : owner_(&by), id_(id), socket_(std::move(socket)), tls_context_(std::move(tls)) {
  if (tls_context_) {
    tls_ = std::make_unique<asio::ssl::stream<tcp::socket&>>(socket_, *tls_context_);
    tls_chunk_.resize(tls_chunk_octets);
  }
}

// -- opening ------------------------------------------------------------------------------------------------------

void connection::accept() {
  accepted_ = true;
  error_code error;
  auto const remote = socket_.remote_endpoint(error);
  auto address = remote.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  peer_ = to_text(endpoint{address.to_string(), remote.port()});
  if (!tls_) return establish();
  owner_->watch(*this, now().at + owner_->limits().opening);
  asio::co_spawn(socket_.get_executor(), handshake(shared_from_this()), asio::detached);
}

void connection::connect(std::string host, std::uint16_t port) {
  peer_ = to_text(endpoint{host, port});
  owner_->watch(*this, now().at + owner_->limits().opening);
  asio::co_spawn(socket_.get_executor(), resolve_and_connect(shared_from_this(), std::move(host), port),
                 asio::detached);
}

asio::awaitable<void> connection::resolve_and_connect(std::shared_ptr<connection>, std::string host,
                                                      std::uint16_t port) {
  tcp::resolver resolver(socket_.get_executor());
  auto const [unknown, found] =
      co_await resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service, quietly);
  if (phase_ == phase::closed) co_return;
  if (unknown) co_return fail(unknown.message());
  auto const [error, endpoint] = co_await asio::async_connect(socket_, found, quietly);
  if (phase_ == phase::closed) co_return;
  if (error) co_return fail(error.message());
  if (!tls_) co_return establish();
  owner_->watch(*this, now().at + owner_->limits().opening);
  auto const [refused] = co_await tls_->async_handshake(asio::ssl::stream_base::client, quietly);
  if (phase_ == phase::closed) co_return;
  if (refused) co_return fail("TLS handshake: " + refused.message());
  establish();
}

asio::awaitable<void> connection::handshake(std::shared_ptr<connection>) {
  auto const [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, quietly);
  if (phase_ == phase::closed) co_return;
  if (error) co_return fail("TLS handshake: " + error.message());
  establish();
}

void connection::establish() {
  error_code error;
  socket_.set_option(tcp::no_delay(true), error);
  socket_.non_blocking(true, error);
  owner_->watch(*this, {});
  phase_ = phase::open;
  owner_->established(*this);
  start_reading();
}

// -- reading ------------------------------------------------------------------------------------------------------

void connection::start_reading() {
  if (reading_ || !may_read()) return;
  reading_ = true;
  if (tls_)
    asio::co_spawn(socket_.get_executor(), read_tls(shared_from_this()), asio::detached);
  else
    wait_for_octets();
}

bool connection::may_read() const {
  return phase_ == phase::lingering || (phase_ == phase::open && wanted_ && !choked_);
}

// A plain connection waits without a buffer of its own, reads into the one that all share, and keeps no coroutine
// alive meanwhile: their frames are a kilobyte, a third of what an idle session costs.
void connection::wait_for_octets() {
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this()](error_code const& error) { self->readable(error); });
}

void connection::readable(error_code error) {
  for (int turn = 0; !error && turn < reads_in_a_row && may_read(); ++turn) {
    auto const chunk = owner_->chunk();
    auto const n = socket_.read_some(asio::buffer(chunk.data(), chunk.size()), error);
    if (n > 0 && phase_ == phase::open) owner_->arrived(*this, chunk.first(n));
    if (n < chunk.size()) break;
  }
  if (error == asio::error::would_block || error == asio::error::interrupted) error.clear();
  if (error || !may_read()) return stop_reading(error);
  wait_for_octets();
}

// OpenSSL needs the place for what it reads during the wait.
asio::awaitable<void> connection::read_tls(std::shared_ptr<connection>) {
  error_code error;
  while (!error && may_read()) {
    auto const [failed, n] = co_await tls_->async_read_some(asio::buffer(tls_chunk_), quietly);
    error = failed;
    if (phase_ == phase::open && n > 0) owner_->arrived(*this, octet_view(tls_chunk_).first(n));
  }
  stop_reading(error);
}

void connection::stop_reading(error_code error) {
  reading_ = false;
  if (error && phase_ != phase::closed)
    fail(error == asio::error::eof || error == asio::ssl::error::stream_truncated ? "closed by the peer"
                                                                                  : error.message());
}

void connection::read_on(bool wanted) {
  wanted_ = wanted;
  start_reading();
}

// -- writing ------------------------------------------------------------------------------------------------------

// Most output fits into the socket's buffer: written here and now. What does not is left to write().
void connection::flush() {
  if (phase_ != phase::open && phase_ != phase::flushing) return;
  if (writing_) {
    choked_ = choked_ || unsent() > unsent_high_octets;
    return;
  }
  if (output_.empty()) return written();
  if (!tls_) {
    error_code error;
    auto const n = socket_.write_some(asio::buffer(output_), error);
    if (error && error != asio::error::would_block && error != asio::error::interrupted) return fail(error.message());
    if (n == output_.size()) {
      output_.clear();
      return written();
    }
    sent_ = n;
  }
  writing_ = true;
  in_flight_.swap(output_);
  owner_->watch(*this, now().at + owner_->limits().output);
  choked_ = unsent() > unsent_high_octets;
  asio::co_spawn(socket_.get_executor(), write(shared_from_this()), asio::detached);
}

// Drains the queue: whatever was appended during one write is the next one.
asio::awaitable<void> connection::write(std::shared_ptr<connection>) {
  while (!in_flight_.empty()) {
    auto const rest = asio::buffer(in_flight_) + sent_;
    error_code error;
    std::size_t n = 0;
    if (tls_)
      std::tie(error, n) = co_await tls_->async_write_some(rest, quietly);
    else
      std::tie(error, n) = co_await socket_.async_write_some(rest, quietly);
    if (phase_ == phase::closed) co_return;
    if (error) co_return fail(error.message());
    owner_->watch(*this, now().at + owner_->limits().output);
    sent_ += n;
    if (sent_ == in_flight_.size()) {
      in_flight_.clear();
      sent_ = 0;
      in_flight_.swap(output_);
    }
    auto const limit = choked_ ? unsent_low_octets : unsent_high_octets;
    choked_ = unsent() > limit;
    start_reading();
  }
  writing_ = false;
  owner_->watch(*this, {});
  written();
}

// An idle connection keeps no more than its small talk.
void connection::written() {
  if (output_.capacity() > spare_octets_kept) output_ = octets();
  if (in_flight_.capacity() > spare_octets_kept) in_flight_ = octets();
  if (phase_ == phase::flushing) linger();
}

// -- closing ------------------------------------------------------------------------------------------------------

void connection::finish() {
  if (phase_ == phase::opening) {
    phase_ = phase::flushing;  // nobody is told
    return fail("closed while opening");
  }
  if (phase_ == phase::open) phase_ = phase::flushing;
}

void connection::linger() {
  phase_ = phase::lingering;
  owner_->watch(*this, now().at + owner_->limits().linger);
  if (tls_) {
    asio::co_spawn(socket_.get_executor(), shut(shared_from_this()), asio::detached);
    return;
  }
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  if (error) return fail(error.message());
  start_reading();
}

// Sends close_notify and waits for the peer's. A read that is still waiting would take it first, and then ends the
// connection itself.
asio::awaitable<void> connection::shut(std::shared_ptr<connection>) {
  (void)co_await tls_->async_shutdown(quietly);
  if (phase_ != phase::closed) fail("closed");
}

void connection::fail(std::string_view why) {
  if (phase_ == phase::closed) return;
  auto const last = std::exchange(phase_, phase::closed);
  error_code ignored;
  socket_.close(ignored);
  owner_->watch(*this, {});
  owner_->ended(*this, last, why);
}

void connection::expired() {
  switch (phase_) {
    case phase::opening:   return fail("not established in time");
    case phase::lingering: return fail("closed");
    default:               return fail("output not taken by the peer");
  }
}

void connection::abandon() {
  phase_ = phase::closed;
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace signalbox::server
