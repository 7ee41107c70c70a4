// Who a browser is to Drupal: the answer of a login look-up. Immutable once
// made, so sessions, caches and threads share it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "drupal/permissions.h"
#include "drupal/role_list.h"

namespace rt {

struct Identity {
  uint32_t uid = 0;  // 0: anonymous
  // The account that the session or token names, also where it may not log
  // in; 0: none.
  uint32_t account = 0;
  std::string name;  // the account's name as stored; empty for anonymous
  // Who a token says this is, where that is no Drupal user's id.
  std::string subject;
  // Drupal's role ids, for 7 the rids in decimal; "anonymous" or
  // "authenticated" first, the others sorted behind.
  RoleList roles;
  bool admin = false;  // holds every permission
  // What the roles grant; may be empty where `admin` is true.
  Permissions permissions;
  // The stored key of the session that says so (its hash, never the id);
  // empty without one. For notices and sweeps, not for logs in full.
  std::string session_key;
  // Its very id, where the site finds sessions by nothing else: a secret that
  // is never logged nor sent, and kept only so that the session can be looked
  // up again for as long as anybody holds this identity.
  std::shared_ptr<const std::string> session_id;
  // Why it is anonymous ("no cookie", "no session row", "blocked", …), for
  // operators; empty for a user.
  std::string reason;

  [[nodiscard]] bool logged_in() const { return uid != 0 || !subject.empty(); }
  // As the protocol names the user: the uid in decimal, empty for anonymous.
  [[nodiscard]] std::string user() const;
  [[nodiscard]] bool HasPermission(std::string_view permission) const;
  [[nodiscard]] bool HasRole(std::string_view role) const;
  // Is there nothing that one may, or is, and the other not? The reason of an
  // anonymous one does not count.
  [[nodiscard]] bool SameAs(const Identity& other) const;
};

using IdentityPtr = std::shared_ptr<const Identity>;

}  // namespace rt
