// A certificate with its key and the rules of TLS, read from files: what all
// connections of a listener begin with. Immutable and thread-safe; connections
// that began with one keep it, whatever comes after.
//
// TLS 1.2 or later, OpenSSL's own choice of ciphers, ALPN for HTTP/1.1 alone,
// no renegotiation, no early data. Resumption is by tickets, which need no
// memory here; each context has ticket keys of its own, so that a new
// certificate begins new tickets.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

// OpenSSL's, so that its headers stay out of this one.
struct ssl_ctx_st;

namespace rt {

class TlsContext;
using TlsContextPtr = std::shared_ptr<const TlsContext>;

class TlsContext {
 public:
  struct Options {
    std::string certificate_file;  // PEM: ours first, then those that sign it
    std::string key_file;          // PEM, not encrypted
    bool only_1_3 = false;
  };

  // Fails with kInvalid where a file cannot be read, holds something else, or
  // the key is another certificate's; the message names the file.
  [[nodiscard]] static Result<TlsContextPtr> Load(const Options& options);

  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] ssl_ctx_st* get() const { return context_; }
  // Of the certificate, for the log: "CN = example.test, until Jan 1 …".
  [[nodiscard]] std::string Describe() const;

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}

  ssl_ctx_st* context_;
};

}  // namespace rt
