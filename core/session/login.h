// Who a connecting client is, and what said so.
#pragma once

#include <memory>

#include "drupal/identity.h"
#include "token/claims.h"
#include "wire/client_protocol.h"

namespace rt {

struct Login {
  IdentityPtr identity;
  // Of the token that said so; null where a cookie did.
  std::shared_ptr<const ConnectionClaims> claims;
  // Code other than 0: refused with this error, as with an expired token.
  ProtocolError error{};
};

}  // namespace rt
