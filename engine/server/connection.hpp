// One stream connection, plain TCP or TLS, accepted or made: the same for every protocol. It moves octets and watches
// the three things no session can see: a handshake that does not end, output that nobody takes, a close that must
// first deliver what was written.
//
//   opening ----> open ----> flushing ----> lingering ----> closed
//      |           |            |               |             ^
//      +-----------+------------+---------------+-------------+   an error, the peer's end, or a time limit
//
// flushing: the node has closed it and forgotten it; what was written still goes out. lingering: our end is shut, what
// the peer still sends is read and thrown away, so that the kernel does not answer with a reset that would destroy our
// last words on their way.
//
// Only files of this folder that speak Asio include this one.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>

#include "engine/base/bytes.hpp"
#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/server/host.hpp"

namespace signalbox::server {

inline constexpr std::size_t tls_chunk_octets = 16 * 1024;                // the largest TLS record
inline constexpr std::size_t unsent_high_octets = 1024 * 1024;            // beyond it we stop reading from the peer
inline constexpr std::size_t unsent_low_octets = unsent_high_octets / 2;  // below it we go on
inline constexpr std::size_t spare_octets_kept = 256;                     // of each output buffer, once all is sent
inline constexpr int reads_in_a_row = 4;                                  // then the others have their turn

class connection : public std::enable_shared_from_this<connection> {
 public:
  using tcp = boost::asio::ip::tcp;
  using shared_tls = std::shared_ptr<boost::asio::ssl::context>;
  enum class phase : std::uint8_t { opening, open, flushing, lingering, closed };

  class owner {
   public:
    virtual void established(connection& one) = 0;
    virtual void arrived(connection& one, octet_view data) = 0;
    // It is closed; `last` is how far it had come, `why` is for the log. May come from inside the owner's own calls.
    virtual void ended(connection& one, phase last, std::string_view why) = 0;
    // expired() is wanted at that time; none: no longer.
    virtual void watch(connection& one, std::optional<instant> limit) = 0;
    virtual std::span<std::uint8_t> chunk() = 0;  // to read into, shared by all
    virtual connection_limits const& limits() const = 0;

   protected:
    ~owner() = default;
  };

  // `tls` null: plain.
  connection(owner& by, connection_id id, tcp::socket socket, shared_tls tls);

  void accept();                                       // the socket is connected: handshake if any, then established
  void connect(std::string host, std::uint16_t port);  // resolve, connect, handshake, then established

  octets& output() { return output_; }  // append here, then flush
  void flush();
  void read_on(bool wanted);        // the node's flow control
  void finish();                    // close after what was written has gone out
  void fail(std::string_view why);  // close now
  void expired();                   // the limit given to watch() has come
  void abandon();                   // the owner goes away: close now, tell nobody

  connection_id id() const { return id_; }
  bool secure() const { return tls_ != nullptr; }
  bool accepted() const { return accepted_; }
  std::string const& peer() const { return peer_; }  // "127.0.0.1:40123", "[::1]:40123"
  std::size_t unsent() const { return output_.size() + in_flight_.size() - sent_; }

  std::uint32_t expiry = UINT32_MAX;  // the owner's handle for watch()
  bool dirty = false;                 // the owner's mark: has output to flush

 private:
  boost::asio::awaitable<void> handshake(std::shared_ptr<connection> self);
  boost::asio::awaitable<void> resolve_and_connect(std::shared_ptr<connection> self, std::string host,
                                                   std::uint16_t port);
  boost::asio::awaitable<void> read_tls(std::shared_ptr<connection> self);
  boost::asio::awaitable<void> write(std::shared_ptr<connection> self);
  boost::asio::awaitable<void> shut(std::shared_ptr<connection> self);
  void establish();
  void start_reading();
  void wait_for_octets();
  void readable(boost::system::error_code error);
  void stop_reading(boost::system::error_code error);
  bool may_read() const;
  void written();
  void linger();

  owner* owner_;
  connection_id id_;
  tcp::socket socket_;
  shared_tls tls_context_;
  std::unique_ptr<boost::asio::ssl::stream<tcp::socket&>> tls_;  // null: plain, and nothing is kept for TLS
  octets tls_chunk_;
  octets output_;         // not yet given to the kernel, nor being given
  octets in_flight_;      // being given to the kernel by write()
  std::size_t sent_ = 0;  // of in_flight_
  std::string peer_;
  phase phase_ = phase::opening;
  bool accepted_ = false;
  bool wanted_ = true;    // the node wants to read
  bool reading_ = false;  // waits for octets, or takes them
  bool writing_ = false;  // write() runs
  bool choked_ = false;   // too much unsent: not reading
};

}  // namespace signalbox::server
