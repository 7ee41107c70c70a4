#include "net/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <utility>

#include "base/check.h"

namespace rt {

namespace {
// The most that a record holds (RFC 8446 section 5.1).
constexpr size_t kRecordBytes = 16 * 1024;
}  // namespace

// The two ends that OpenSSL sees: reads take from the stream's input, writes
// append to its output.
const BIO_METHOD* TlsStream::Method() {
  static const BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
    RT_CHECK(method != nullptr);
    BIO_meth_set_read_ex(
        method, [](BIO* bio, char* into, size_t size, size_t* got) {
          auto* self = static_cast<TlsStream*>(BIO_get_data(bio));
          BIO_clear_retry_flags(bio);
          *got = self->input_.copy(into, size);
          self->input_.remove_prefix(*got);
          if (*got > 0) return 1;
          BIO_set_retry_read(bio);
          return 0;
        });
    BIO_meth_set_write_ex(method, [](BIO* bio, const char* from, size_t size,
                                     size_t* put) {
      static_cast<TlsStream*>(BIO_get_data(bio))->output_.append(from, size);
      *put = size;
      return 1;
    });
    BIO_meth_set_ctrl(method, [](BIO*, int command, long, void*) -> long {
      return command == BIO_CTRL_FLUSH ? 1 : 0;
    });
    return method;
  }();
  return kMethod;
}

TlsStream::TlsStream(TlsContextPtr context)
    : context_(std::move(context)), ssl_(SSL_new(context_->get())) {
  BIO* bio = BIO_new(Method());
  RT_CHECK(ssl_ != nullptr && bio != nullptr);
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_, bio, bio);
  SSL_set_accept_state(ssl_);
}

TlsStream::~TlsStream() { SSL_free(ssl_); }

size_t TlsStream::Open(char* plain, size_t size) {
  if (state_ == State::kEnded || state_ == State::kFailed) return 0;
  ERR_clear_error();
  size_t got = 0;
  const int read = SSL_read_ex(ssl_, plain, size, &got);
  if (state_ == State::kHandshake && SSL_is_init_finished(ssl_) == 1) {
    state_ = State::kOpen;
  }
  if (read == 1) return got;
  const int error = SSL_get_error(ssl_, read);
  if (error == SSL_ERROR_ZERO_RETURN) {
    state_ = State::kEnded;
  } else if (error != SSL_ERROR_WANT_READ) {
    Fail();
  }
  return 0;
}

void TlsStream::Seal(std::span<const std::string_view> pieces) {
  // A record costs some 22 bytes and a pass of the cipher's, so small pieces
  // share one.
  char joined[kRecordBytes];
  size_t length = 0;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      if (length == 0 && piece.size() >= kRecordBytes) {
        SealRecord(piece.substr(0, kRecordBytes));
        piece.remove_prefix(kRecordBytes);
        continue;
      }
      const size_t taken = piece.copy(joined + length, kRecordBytes - length);
      piece.remove_prefix(taken);
      length += taken;
      if (length == kRecordBytes) {
        SealRecord({joined, std::exchange(length, 0)});
      }
    }
  }
  if (length > 0) SealRecord({joined, length});
}

void TlsStream::SealRecord(std::string_view plain) {
  if (!can_seal()) return;
  ERR_clear_error();
  size_t taken = 0;
  // The output takes all, so this is whole or broken.
  if (SSL_write_ex(ssl_, plain.data(), plain.size(), &taken) != 1) Fail();
}

void TlsStream::SealEnd() {
  if (!can_seal()) return;
  end_sealed_ = true;
  ERR_clear_error();
  SSL_shutdown(ssl_);
  ERR_clear_error();
}

void TlsStream::Fail() {
  state_ = State::kFailed;
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  failure_ = reason == nullptr ? "the stream is broken" : reason;
  ERR_clear_error();
  input_ = {};
}

}  // namespace rt
