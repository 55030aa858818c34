// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "core_lib/error/error.hpp"

namespace core_lib::net {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

/// What OpenSSL says about its last failure. Leaves its queue empty.
std::string last_failure() {
  char text[256] = "no reason given";
  if (const unsigned long code = ERR_peek_last_error(); code != 0) {
    const char* reason = ERR_reason_error_string(code);
    if (reason != nullptr) return ERR_clear_error(), std::string(reason);
    ERR_error_string_n(code, text, sizeof text);
  }
  ERR_clear_error();
  return text;
}

/// The bytes below TLS. Exceptions must not pass through OpenSSL, so they wait here.
struct Transport {
  std::unique_ptr<Stream> stream;
  Deadline deadline{};
  std::exception_ptr failure{};
};

Transport& transport_of(BIO* bio) { return *static_cast<Transport*>(BIO_get_data(bio)); }

int read_below(BIO* bio, char* data, int size) {
  Transport& transport = transport_of(bio);
  try {
    const auto into = std::as_writable_bytes(std::span(data, static_cast<std::size_t>(size)));
    return static_cast<int>(transport.stream->read_some(into, transport.deadline));
  } catch (...) {
    transport.failure = std::current_exception();
    return -1;
  }
}

int write_below(BIO* bio, const char* data, int size) {
  Transport& transport = transport_of(bio);
  try {
    transport.stream->write(std::as_bytes(std::span(data, static_cast<std::size_t>(size))), transport.deadline);
    return size;
  } catch (...) {
    transport.failure = std::current_exception();
    return -1;
  }
}

long control_below(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* transport_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "core_lib stream");
    BIO_meth_set_read(made, read_below);
    BIO_meth_set_write(made, write_below);
    BIO_meth_set_ctrl(made, control_below);
    return made;
  }();
  return method;
}

class TlsStream final : public Stream {
 public:
  TlsStream(SSL_CTX* context, std::unique_ptr<Stream> plain) : ssl_(SSL_new(context)) {
    transport_.stream = std::move(plain);
    BIO* const bio = BIO_new(transport_method());
    BIO_set_data(bio, &transport_);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
  }

  void expect_host(const std::string& host) {
    X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl_.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl_.get(), host.c_str());
  }

  void shake_hands(const std::string& host, Deadline deadline) {
    transport_.deadline = deadline;
    ASN1_OCTET_STRING* const address = a2i_IPADDRESS(host.c_str());
    ASN1_OCTET_STRING_free(address);
    if (address == nullptr) {  // SSL_set_tlsext_host_name without its C cast
      SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
    }
    ERR_clear_error();
    if (SSL_connect(ssl_.get()) == 1) return;
    if (transport_.failure) std::rethrow_exception(transport_.failure);
    const long verdict = SSL_get_verify_result(ssl_.get());
    const std::string reason =
        verdict != X509_V_OK ? "its certificate is not trusted: " + std::string(X509_verify_cert_error_string(verdict))
                             : last_failure();
    ERR_clear_error();
    throw ConnectionLost("TLS with " + host + " failed: " + reason, {.breaks_connection = true});
  }

  std::size_t read_some(std::span<std::byte> into, Deadline deadline) override {
    transport_.deadline = deadline;
    ERR_clear_error();
    std::size_t count = 0;
    if (SSL_read_ex(ssl_.get(), into.data(), into.size(), &count) == 1) return count;
    if (SSL_get_error(ssl_.get(), 0) == SSL_ERROR_ZERO_RETURN) return 0;
    fail("reading from");
    return 0;
  }

  void write(std::span<const std::byte> bytes, Deadline deadline) override {
    transport_.deadline = deadline;
    while (!bytes.empty()) {
      ERR_clear_error();
      std::size_t count = 0;
      if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count) != 1) {
        fail("writing to");
        throw ConnectionLost("the server has closed the TLS connection",
                             {.retryable = true, .breaks_connection = true});
      }
      bytes = bytes.subspan(count);
    }
  }

  bool is_closed_by_peer() const noexcept override { return transport_.stream->is_closed_by_peer(); }
  void set_read_timeout(std::chrono::milliseconds timeout) override { transport_.stream->set_read_timeout(timeout); }

 private:
  /// Throws, except where the peer has closed without the words that TLS has for it: Bolt has its own.
  void fail(const char* doing) {
    if (transport_.failure) std::rethrow_exception(std::exchange(transport_.failure, nullptr));
    if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return ERR_clear_error();
    throw ConnectionLost("lost the connection while " + std::string(doing) + " it through TLS: " + last_failure(),
                         {.retryable = true, .breaks_connection = true});
  }

  Transport transport_;  // before the SSL, which uses it until its end
  std::unique_ptr<SSL, Free> ssl_;
};

int give_password(char* buffer, int size, int, void* password) {
  const auto& text = *static_cast<const std::string*>(password);
  const std::size_t count = std::min(text.size(), static_cast<std::size_t>(std::max(size, 0)));
  text.copy(buffer, count);
  return static_cast<int>(count);
}

}  // namespace

struct TlsContext::State {
  std::unique_ptr<SSL_CTX, Free> context{SSL_CTX_new(TLS_client_method())};
  bool verify = true;

  void trust(const std::vector<std::string>& files) const {
    if (files.empty() && SSL_CTX_set_default_verify_paths(context.get()) != 1) {
      throw ConfigError("cannot read the system's certificate authorities: " + last_failure());
    }
    for (const std::string& file : files) {
      if (SSL_CTX_load_verify_locations(context.get(), file.c_str(), nullptr) != 1) {
        throw ConfigError("cannot read certificates from " + file + ": " + last_failure());
      }
    }
  }

  void show(const TlsOptions& options) const {
    SSL_CTX_set_default_passwd_cb(context.get(), give_password);
    SSL_CTX_set_default_passwd_cb_userdata(context.get(), const_cast<std::string*>(&options.key_password));
    const bool good = SSL_CTX_use_certificate_chain_file(context.get(), options.certificate_file.c_str()) == 1 &&
                      SSL_CTX_use_PrivateKey_file(context.get(), options.key_file.c_str(), SSL_FILETYPE_PEM) == 1 &&
                      SSL_CTX_check_private_key(context.get()) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context.get(), nullptr);
    if (!good) {
      throw ConfigError("cannot use the client certificate " + options.certificate_file + " with the key " +
                        options.key_file + ": " + last_failure());
    }
  }
};

TlsContext::TlsContext(const TlsOptions& options) : state_(std::make_unique<State>()) {
  SSL_CTX* const context = state_->context.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_read_ahead(context, 1);
  state_->verify = options.verify;
  SSL_CTX_set_verify(context, options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (options.verify) state_->trust(options.ca_files);
  if (!options.certificate_file.empty()) state_->show(options);
}

TlsContext::~TlsContext() = default;

std::unique_ptr<Stream> TlsContext::wrap(std::unique_ptr<Stream> plain, const std::string& host,
                                         Deadline deadline) const {
  auto stream = std::make_unique<TlsStream>(state_->context.get(), std::move(plain));
  if (state_->verify) stream->expect_host(host);
  stream->shake_hands(host, deadline);
  return stream;
}

}  // namespace core_lib::net
