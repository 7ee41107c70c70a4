// What the rows of Drupal's tables say: the steps from a session's key to an
// identity, over one connection. Three queries at most for a login. Used by
// one thread at a time, as the connection is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "db/database.h"
#include "db/login_sql.h"
#include "db/session_store.h"
#include "drupal/identity.h"
#include "drupal/role_map.h"
#include "drupal/site_login.h"

namespace rt {

struct LoginAnswer {
  // The user that the session names, also where the account is blocked or
  // gone: whom a notice about that user concerns. 0: nobody.
  uint32_t subject = 0;
  bool logged_in = false;
  bool stored = false;  // is there a session row at all?
  std::string name;
  std::vector<std::string> roles;  // of a user who is logged in
  const char* why = "";            // of one who is not; a literal
};

class LoginReader {
 public:
  // Adds to `*queries` for each one. All outlive the reader.
  LoginReader(const SiteLogin& site, Database* database, uint64_t* queries)
      : site_(site), database_(database), queries_(queries) {}

  // Whose is the session stored under `key`? `https`: which column of 7's
  // table. kUnavailable where the store does not answer.
  [[nodiscard]] Result<LoginAnswer> Login(const std::string& key, bool https);

  // The same where it is kept elsewhere, and this is what was found there.
  [[nodiscard]] Result<LoginAnswer> LoginFrom(const SessionRead& read);

  // The account and its roles, whose ever session it is.
  [[nodiscard]] Result<LoginAnswer> User(uint32_t uid);

  // Who grants what, from the database.
  [[nodiscard]] Result<RoleMap> Roles();

 private:
  [[nodiscard]] Result<std::vector<DatabaseRow>> Run(
      LoginQuery query, const Database::Parameters& parameters,
      size_t max_rows);
  [[nodiscard]] Result<LoginAnswer> Conclude(LoginAnswer answer);
  [[nodiscard]] Status Account(uint32_t uid, LoginAnswer* answer);
  // Fills in whose session has this data.
  void ReadData(std::string_view data, LoginAnswer* answer) const;

  const SiteLogin& site_;
  Database* database_;
  uint64_t* queries_;
};

// The map that rows of LoginQuery::kRoles say: name and data of each role, for
// 7 the rid and one permission.
[[nodiscard]] RoleMap ReadRoleRows(int schema, std::vector<DatabaseRow> rows);

// The identity of an answer.
[[nodiscard]] Identity MakeIdentity(const SiteLogin& site, LoginAnswer answer,
                                    const Grants& grants, std::string key);
[[nodiscard]] Identity MakeAnonymous(const Grants& grants, std::string why,
                                     std::string key, uint32_t account = 0);

}  // namespace rt
