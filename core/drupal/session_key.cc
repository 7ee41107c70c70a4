#include "drupal/session_key.h"

#include <algorithm>

#include "base/digest.h"

namespace rt {

namespace {

constexpr size_t kMaxIdBytes = 256;

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::string HashBase64(std::string_view bytes) {
  const auto digest = Sha256(bytes);
  return Base64UrlEncode(std::string_view(
      reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::optional<std::string> SessionKey(std::string_view id) {
  if (id.empty() || id.size() > kMaxIdBytes ||
      std::any_of(id.begin(), id.end(), IsControl)) {
    return std::nullopt;
  }
  return HashBase64(id);
}

bool IsPhpSessionId(std::string_view id) {
  return !id.empty() &&
         id.find_first_of("\r\n\t <>'\"\\") == std::string_view::npos;
}

}  // namespace rt
