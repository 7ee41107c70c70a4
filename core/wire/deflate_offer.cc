// The negotiation of permessage-deflate (RFC 7692 section 7.1, in the grammar
// of RFC 6455 section 9.1).
#include <algorithm>
#include <charconv>
#include <string>

#include "wire/deflate.h"
#include "wire/http_grammar.h"

namespace rt {

namespace {

constexpr std::string_view kName = "permessage-deflate";

// Reads one extension, sign by sign.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  // Takes the sign where it is next, with the spaces around it.
  bool Take(char sign) {
    SkipSpace();
    if (!rest_.starts_with(sign)) return false;
    rest_.remove_prefix(1);
    SkipSpace();
    return true;
  }

  // Empty where there is none.
  std::string_view TakeToken() {
    size_t length = 0;
    while (length < rest_.size() && IsHttpTokenByte(rest_[length])) ++length;
    const std::string_view token = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return token;
  }

  // A token, as such or in quotes; empty where there is none.
  std::string_view TakeValue() {
    const bool quoted = rest_.starts_with('"');
    if (quoted) rest_.remove_prefix(1);
    const std::string_view value = TakeToken();
    if (!quoted) return value;
    if (!rest_.starts_with('"')) return {};
    rest_.remove_prefix(1);
    return value;
  }

  void SkipSpace() {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) {
      rest_.remove_prefix(1);
    }
  }

 private:
  std::string_view rest_;
};

struct Offer {
  bool server_no_takeover = false;
  bool client_no_takeover = false;
  std::optional<int> server_bits;
  std::optional<int> client_bits;  // 0: named without a value
};

// 8 to 15, without leading zeros; nothing else.
std::optional<int> WindowBits(std::string_view value) {
  int bits = 0;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, bits);
  if (value.starts_with('0') || read.ec != std::errc() || read.ptr != end ||
      bits < 8 || bits > 15) {
    return std::nullopt;
  }
  return bits;
}

bool SetOnce(bool* flag) {
  if (*flag) return false;
  *flag = true;
  return true;
}

bool SetOnce(std::optional<int>* place, std::optional<int> value) {
  if (place->has_value() || !value.has_value()) return false;
  *place = value;
  return true;
}

// False where the parameter is unknown, repeated or malformed.
bool ReadParameter(Scanner* scanner, Offer* offer) {
  const std::string_view name = scanner->TakeToken();
  const bool has_value = scanner->Take('=');
  std::string_view value;
  if (has_value) {
    value = scanner->TakeValue();
    if (value.empty()) return false;
  }
  if (name == "server_no_context_takeover") {
    return !has_value && SetOnce(&offer->server_no_takeover);
  }
  if (name == "client_no_context_takeover") {
    return !has_value && SetOnce(&offer->client_no_takeover);
  }
  if (name == "server_max_window_bits") {
    const std::optional<int> bits = WindowBits(value);
    return bits != 8 && SetOnce(&offer->server_bits, bits);
  }
  if (name == "client_max_window_bits") {
    return SetOnce(&offer->client_bits, has_value ? WindowBits(value) : 0);
  }
  return false;
}

bool ReadOffer(std::string_view text, Offer* offer) {
  Scanner scanner(text);
  scanner.SkipSpace();
  if (scanner.TakeToken() != kName) return false;
  while (scanner.Take(';')) {
    if (!ReadParameter(&scanner, offer)) return false;
  }
  scanner.SkipSpace();
  return scanner.at_end();
}

// Takes what is before the next comma that is not in quotes.
std::string_view TakeOffer(std::string_view* offers) {
  bool quoted = false;
  size_t at = 0;
  for (; at < offers->size(); ++at) {
    const char sign = (*offers)[at];
    if (sign == '"') quoted = !quoted;
    if (sign == '\\' && quoted) ++at;
    if (sign == ',' && !quoted) break;
  }
  const std::string_view offer = offers->substr(0, at);
  offers->remove_prefix(std::min(at + 1, offers->size()));
  return offer;
}

DeflateParams Accept(const Offer& offer, std::string* response) {
  DeflateParams params;
  // The client is told to keep no context either, so that one inflater serves
  // all; section 7.1.1.2 lets a server say so unasked.
  *response = kName;
  *response += "; server_no_context_takeover; client_no_context_takeover";
  if (offer.server_bits.has_value()) {
    params.server_window_bits = static_cast<uint8_t>(*offer.server_bits);
    *response += "; server_max_window_bits=";
    *response += std::to_string(*offer.server_bits);
  }
  // Without a value the client leaves the size to us, and any is as good.
  if (offer.client_bits.value_or(0) > 0) {
    params.client_window_bits = static_cast<uint8_t>(*offer.client_bits);
    *response += "; client_max_window_bits=";
    *response += std::to_string(*offer.client_bits);
  }
  return params;
}

}  // namespace

std::optional<DeflateParams> NegotiateDeflate(std::string_view offers,
                                              std::string* response) {
  while (!offers.empty()) {
    Offer offer;
    if (ReadOffer(TakeOffer(&offers), &offer)) return Accept(offer, response);
  }
  return std::nullopt;
}

}  // namespace rt
