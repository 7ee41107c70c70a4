// One connection's TLS, without its socket: bytes of the wire in, plain bytes
// out, and back. OpenSSL reads from what it is given and writes to a string
// here, so nothing blocks and nothing is kept but a record that is not whole.
//
// Belongs to a Connection and its thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "net/tls_context.h"

struct bio_st;
struct bio_method_st;
struct ssl_st;

namespace rt {

class TlsStream {
 public:
  enum class State {
    kHandshake,  // not agreed yet; nothing can be sealed
    kOpen,
    kEnded,   // the peer said that it will send no more
    kFailed,  // broken; what is in the output is the last of it
  };

  explicit TlsStream(TlsContextPtr context);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // Bytes of the peer's, which have to stay until Open() has returned 0 or
  // others are fed.
  void Feed(std::string_view wire) { input_ = wire; }
  // The next plain bytes of what was fed, at most `size`; 0: there are no more,
  // or the state says why. Goes through the handshake on the way.
  size_t Open(char* plain, size_t size);
  // Plain bytes to records, as few of them as will do. REQUIRES: can_seal().
  void Seal(std::span<const std::string_view> pieces);
  // Tells the peer that we will send no more; nothing where there is nobody to
  // tell.
  void SealEnd();

  [[nodiscard]] State state() const { return state_; }
  // Nothing more will come.
  [[nodiscard]] bool over() const {
    return state_ == State::kEnded || state_ == State::kFailed;
  }
  [[nodiscard]] bool can_seal() const {
    return (state_ == State::kOpen || state_ == State::kEnded) && !end_sealed_;
  }
  // What has to go to the peer by now: records, answers of the handshake,
  // alerts.
  [[nodiscard]] std::string TakeOutput() {
    return std::exchange(output_, std::string());
  }
  [[nodiscard]] size_t output_bytes() const { return output_.size(); }
  // Why it failed, for the log.
  [[nodiscard]] const char* failure() const { return failure_; }

 private:
  static const bio_method_st* Method();
  void SealRecord(std::string_view plain);
  void Fail();

  TlsContextPtr context_;
  ssl_st* ssl_;
  State state_ = State::kHandshake;
  bool end_sealed_ = false;
  const char* failure_ = "";
  std::string_view input_;
  std::string output_;
};

}  // namespace rt
