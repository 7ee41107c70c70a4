// The few questions that login asks, as text for any driver (sql_text.h). One
// parameter at most. Pure.
#pragma once

#include <string_view>

namespace rt {

// With their parameter and columns.
enum class LoginQuery {
  kSession,        // key        → key, session data, uid
  kSecureSession,  // key, the same for https; another column only in 7
  kAccount,        // uid        → name, status
  kAccountRoles,   // uid        → role id
  kRoles,          // (nothing)  → 8+: config name, data; 7: rid, permission
};

[[nodiscard]] std::string_view LoginSql(LoginQuery query, int schema);

}  // namespace rt
