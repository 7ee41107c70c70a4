#include "broker/token_keys.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

#include "base/limits.h"

namespace rt {

namespace {

// Reads the key set and tries the keys. `name`: the options' in the
// configuration.
Status Complete(const char* name, const std::string& jwks_file,
                TokenOptions* options) {
  if (!jwks_file.empty()) {
    errno = 0;
    std::ifstream file(jwks_file, std::ios::binary);
    std::string text(kMaxKeySetBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(file.gcount()));
    if (text.empty() || text.size() > kMaxKeySetBytes) {
      const char* why = errno != 0     ? std::strerror(errno)
                        : text.empty() ? "it is empty"
                                       : "it is larger than 1 MiB";
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}.jwks_file: {} cannot be read: {}", name,
                               jwks_file, why)};
    }
    options->jwks_json = std::move(text);
  }
  const auto tried = TokenVerifier::Make(*options);
  if (tried.ok()) return {};
  return Error{ErrorCode::kInvalid,
               fmt::format("{}.{}", name, tried.error().message)};
}

}  // namespace

Result<TokenKeys> ReadTokenKeys(const ClientConfig& client) {
  TokenKeys keys;
  keys.connections = client.token;
  Status good =
      Complete("client.token", client.token_jwks_file, &keys.connections);
  if (!good.ok()) return good.error();
  if (!client.subscription_token_enabled) return keys;
  keys.subscriptions = client.subscription_token;
  good = Complete("client.subscription_token",
                  client.subscription_token_jwks_file, &*keys.subscriptions);
  if (!good.ok()) return good.error();
  return keys;
}

}  // namespace rt
