// TLS for the listeners (server side, TLS 1.2 and later) and for simulators that connect (client side, the peer's
// certificate is not checked: a test tool meets self-signed ones). Plain OpenSSL; Asio's stream takes the result.
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.hpp"

using SSL_CTX = struct ssl_ctx_st;

namespace signalbox::server {

using tls_context = std::shared_ptr<SSL_CTX>;

// PEM files: the certificate chain, and its private key. Fault: errc::io, the detail names the file and the reason.
result<tls_context> make_tls_server(std::string const& certificate_file, std::string const& private_key_file);
tls_context make_tls_client();

// A self-signed certificate (EC P-256, ten years, for localhost, 127.0.0.1 and ::1), made when the files are not there.
result<void> ensure_self_signed(std::string const& certificate_file, std::string const& private_key_file);

}  // namespace signalbox::server
