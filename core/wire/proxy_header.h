// The PROXY protocol: what a proxy that passes bytes on, and cannot add an HTTP
// header, says before them of whom they come from. Versions 1 (a line of text)
// and 2 (binary), read incrementally, as HAProxy's specification has them
// (proxy-protocol.txt, 2020/03/05). Pure and bounded.
//
// One ProxyHeaderReader belongs to one connection and one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/ip_address.h"

namespace rt {

// Of version 2's addresses and extensions. The format allows 65,535; proxies
// send some hundred. Above: failed.
inline constexpr size_t kMaxProxyHeaderBytes = 4096;

class ProxyHeaderReader {
 public:
  enum class State {
    kMore,      // needs more bytes
    kComplete,  // source() is what it said
    kFailed,    // no such header: close, whoever it is
  };

  // Takes bytes as they come. `*used` is how many belong to the header; the
  // rest is the client's. REQUIRES: state() is kMore.
  State Read(std::string_view bytes, size_t* used);

  [[nodiscard]] State state() const { return state_; }
  // The client's address. Not known where the proxy speaks for itself (LOCAL,
  // as its health checks do), does not know (UNKNOWN, UNSPEC), or got it by a
  // unix socket: then the connection's own peer is as good as it gets.
  [[nodiscard]] const IpAddress& source() const { return source_; }

 private:
  State ReadText();
  State ReadBinary();
  [[nodiscard]] bool ParseLine(std::string_view line);
  [[nodiscard]] bool ParseAddresses();

  State state_ = State::kMore;
  std::string head_;    // all that decides; extensions are not kept
  size_t to_skip_ = 0;  // extensions still to come
  bool skipping_ = false;
  IpAddress source_;
};

}  // namespace rt
