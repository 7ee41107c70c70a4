// The keys of the broker's own tokens: the configuration's, and what the files
// that it names hold. Blocking; for start-up and the command line.
#pragma once

#include <optional>

#include "base/result.h"
#include "broker/config.h"
#include "token/token_verifier.h"

namespace rt {

struct TokenKeys {
  TokenOptions connections;
  std::optional<TokenOptions> subscriptions;  // absent: as of connections
};

// kInvalid for a file that cannot be read, or a key that is none; the message
// names the configuration's key.
Result<TokenKeys> ReadTokenKeys(const ClientConfig& client);

}  // namespace rt
