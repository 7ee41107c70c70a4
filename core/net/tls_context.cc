#include "net/tls_context.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <system_error>

#include "base/check.h"

namespace rt {

namespace {

// What a ticket is good for.
constexpr long kTicketSeconds = 3'600;
// With TLS 1.3 one may come with each handshake; one is enough.
constexpr size_t kTickets = 1;

// In the form of the wire: lengths before names.
constexpr unsigned char kAlpn[] = "\x08http/1.1";
constexpr unsigned kAlpnBytes = sizeof kAlpn - 1;

// The first thing that OpenSSL complained of on this thread: the cause of the
// others.
std::string Complaint() {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) {
    return std::generic_category().message(ERR_GET_REASON(code));
  }
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "unknown error" : reason;
}

// Nobody is there to be asked for one.
int NoPassphrase(char*, int, int, void*) { return -1; }

int SelectAlpn(SSL*, const unsigned char** chosen, unsigned char* length,
               const unsigned char* offered, unsigned offered_length, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, length, kAlpn, kAlpnBytes, offered,
                            offered_length) != OPENSSL_NPN_NEGOTIATED) {
    // Somebody who speaks only what we do not (RFC 7301 section 3.2).
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

void SetRules(SSL_CTX* context, bool only_1_3) {
  const int version = only_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
  RT_CHECK(SSL_CTX_set_min_proto_version(context, version) == 1);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // An idle connection keeps no buffers.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_timeout(context, kTicketSeconds);
  RT_CHECK(SSL_CTX_set_num_tickets(context, kTickets) == 1);
  SSL_CTX_set_alpn_select_cb(context, SelectAlpn, nullptr);
}

}  // namespace

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

Result<TlsContextPtr> TlsContext::Load(const Options& options) {
  ERR_clear_error();
  SSL_CTX* made = SSL_CTX_new(TLS_server_method());
  RT_CHECK(made != nullptr);
  const std::shared_ptr<TlsContext> context(new TlsContext(made));
  SetRules(made, options.only_1_3);
  SSL_CTX_set_default_passwd_cb(made, NoPassphrase);
  const std::string& certificate = options.certificate_file;
  if (SSL_CTX_use_certificate_chain_file(made, certificate.c_str()) != 1) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("{} holds no certificate in PEM that can be "
                             "read: {}",
                             certificate, Complaint())};
  }
  if (SSL_CTX_use_PrivateKey_file(made, options.key_file.c_str(),
                                  SSL_FILETYPE_PEM) != 1) {
    const bool other =
        ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    if (other) {
      ERR_clear_error();
      return Error{ErrorCode::kInvalid,
                   fmt::format("the key in {} is not that of the first "
                               "certificate in {}",
                               options.key_file, certificate)};
    }
    return Error{ErrorCode::kInvalid,
                 fmt::format("{} holds no private key in PEM, without a "
                             "passphrase, that can be read: {}",
                             options.key_file, Complaint())};
  }
  return TlsContextPtr(context);
}

std::string TlsContext::Describe() const {
  const X509* certificate = SSL_CTX_get0_certificate(context_);
  BIO* out = BIO_new(BIO_s_mem());
  RT_CHECK(certificate != nullptr && out != nullptr);
  X509_NAME_print_ex(out, X509_get_subject_name(certificate), 0,
                     XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  BIO_puts(out, ", until ");
  ASN1_TIME_print(out, X509_get0_notAfter(certificate));
  char* text = nullptr;
  const long length = BIO_get_mem_data(out, &text);
  std::string described(text, static_cast<size_t>(length));
  BIO_free(out);
  return described;
}

}  // namespace rt
