// A client under TLS: OpenSSL's own, over the blocking client of loopback.h.
#pragma once

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>
#include <string_view>

#include "core/net/loopback.h"

namespace rt {

class TlsClient {
 public:
  struct Options {
    int max_version = 0;             // 0: the newest
    std::string alpn;                // one name
    SSL_SESSION* session = nullptr;  // to resume
    int receive_buffer = 0;
  };

  explicit TlsClient(Loopback* to) : TlsClient(to, Options()) {}
  TlsClient(Loopback* to, const Options& options)
      : to_(to), client_(to, options.receive_buffer) {
    context_ = SSL_CTX_new(TLS_client_method());
    if (options.max_version != 0) {
      // As old a client as it takes.
      SSL_CTX_set_security_level(context_, 0);
      SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
      SSL_CTX_set_max_proto_version(context_, options.max_version);
    }
    ssl_ = SSL_new(context_);
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_, in_, out_);
    if (options.session != nullptr) SSL_set_session(ssl_, options.session);
    if (!options.alpn.empty()) {
      const std::string wire =
          static_cast<char>(options.alpn.size()) + options.alpn;
      SSL_set_alpn_protos(ssl_,
                          reinterpret_cast<const unsigned char*>(wire.data()),
                          static_cast<unsigned>(wire.size()));
    }
    SSL_set_connect_state(ssl_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }

  // Did it come to an agreement?
  bool Handshake() {
    to_->TurnUntil([this] {
      Move();
      return SSL_is_init_finished(ssl_) == 1 || failed_ || client_.ended();
    });
    Move();
    return SSL_is_init_finished(ssl_) == 1 && !failed_;
  }

  void Send(std::string_view plain) {
    EXPECT_GT(SSL_write(ssl_, plain.data(), static_cast<int>(plain.size())), 0);
    Move();
  }

  const std::string& Until(std::string_view enough) {
    EXPECT_TRUE(to_->TurnUntil([&] {
      Move();
      return seen_.find(enough) != std::string::npos;
    })) << "\""
        << enough << "\" is not in what came";
    return seen_;
  }
  // Until the connection ends; true where TLS said so before.
  bool UntilEnd() {
    EXPECT_TRUE(to_->TurnUntil([&] {
      Move();
      return client_.ended();
    }));
    Move();
    return told_end_;
  }
  // Says that no more will come.
  void End() {
    SSL_shutdown(ssl_);
    Move();
  }

  [[nodiscard]] const std::string& seen() const { return seen_; }
  // Records with data, as counted on the wire.
  [[nodiscard]] size_t records() const { return records_; }
  [[nodiscard]] SSL* ssl() { return ssl_; }
  [[nodiscard]] Client& socket() { return client_; }
  [[nodiscard]] std::string Subject() const {
    X509* certificate = SSL_get1_peer_certificate(ssl_);
    char name[256] = "";
    X509_NAME_oneline(X509_get_subject_name(certificate), name, sizeof name);
    X509_free(certificate);
    return name;
  }

 private:
  // What came to OpenSSL, what it has to say to the socket.
  void Move() {
    client_.Receive();
    if (!client_.seen().empty()) {
      BIO_write(in_, client_.seen().data(),
                static_cast<int>(client_.seen().size()));
      client_.Forget();
    }
    ERR_clear_error();
    char bytes[65536];
    for (;;) {
      const int got = SSL_read(ssl_, bytes, sizeof bytes);
      if (got > 0) {
        ++records_;
        seen_.append(bytes, static_cast<size_t>(got));
        continue;
      }
      const int error = SSL_get_error(ssl_, got);
      told_end_ = told_end_ || error == SSL_ERROR_ZERO_RETURN;
      failed_ = failed_ || error == SSL_ERROR_SSL;
      break;
    }
    for (;;) {
      const int waiting = BIO_read(out_, bytes, sizeof bytes);
      if (waiting <= 0) return;
      client_.Send({bytes, static_cast<size_t>(waiting)});
    }
  }

  Loopback* to_;
  Client client_;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  BIO* in_ = nullptr;
  BIO* out_ = nullptr;
  std::string seen_;
  size_t records_ = 0;
  bool told_end_ = false;
  bool failed_ = false;
};

}  // namespace rt
