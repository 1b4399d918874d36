#include "engine/server/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstring>

#include "engine/server/data_directory.hpp"

namespace signalbox::server {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* it) const {
    Free(it);
  }
};
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

std::string why() {
  auto const code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "unknown reason";
  if (ERR_GET_LIB(code) == ERR_LIB_SYS) return std::strerror(ERR_GET_REASON(code));
  auto const* reason = ERR_reason_error_string(code);
  return reason == nullptr ? fmt::format("error {:x}", code) : reason;
}

std::unexpected<fault> broken(std::string detail) { return failed(errc::io, 0, {}, std::move(detail)); }

tls_context make(SSL_METHOD const* method) {
  tls_context context(SSL_CTX_new(method), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Buffers of idle connections are given back; thousands of them are the normal case.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

}  // namespace

result<tls_context> make_tls_server(std::string const& certificate_file, std::string const& private_key_file) {
  ERR_clear_error();
  auto context = make(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1)
    return broken(fmt::format("certificate {}: {}", certificate_file, why()));
  if (SSL_CTX_use_PrivateKey_file(context.get(), private_key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return broken(fmt::format("private key {}: {}", private_key_file, why()));
  if (SSL_CTX_check_private_key(context.get()) != 1)
    return broken(fmt::format("private key {} does not belong to certificate {}", private_key_file, certificate_file));
  return context;
}

tls_context make_tls_client() { return make(TLS_client_method()); }

result<void> ensure_self_signed(std::string const& certificate_file, std::string const& private_key_file) {
  struct stat there{};
  if (stat(certificate_file.c_str(), &there) == 0 && stat(private_key_file.c_str(), &there) == 0) return {};

  key_ptr const key(EVP_EC_gen("P-256"));
  certificate_ptr const certificate(X509_new());
  if (!key || !certificate) return broken("cannot make a key: " + why());

  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return broken("no random octets");
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 10L * 365 * 24 * 3600);
  X509_set_pubkey(certificate.get(), key.get());
  auto* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  for (auto const& [kind, value] :
       {std::pair{NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1"},
        std::pair{NID_basic_constraints, "critical,CA:FALSE"}, std::pair{NID_ext_key_usage, "serverAuth"}}) {
    extension_ptr const extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
    if (!extension || X509_add_ext(certificate.get(), extension.get(), -1) != 1)
      return broken("cannot make a certificate: " + why());
  }
  if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) return broken("cannot sign a certificate: " + why());

  auto const pem = [](auto write) {
    bio_ptr const memory(BIO_new(BIO_s_mem()));
    write(memory.get());
    char* data = nullptr;
    auto const length = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<std::size_t>(length));
  };
  // The key first: a crash between the two leaves no certificate, and the next start makes both anew.
  auto const key_text =
      pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  auto const certificate_text = pem([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); });
  if (auto done = write_atomically(private_key_file, key_text); !done) return done;
  return write_atomically(certificate_file, certificate_text);
}

}  // namespace signalbox::server
