// What is wrong between the broker and a database server, in sentences that
// say what to change: the parts that are the same for every such driver. No
// sentence holds a password or a value of a query.
#pragma once

#include <string_view>

#include "base/result.h"
#include "db/database.h"
#include "drupal/site_login.h"

namespace rt {

enum class ServerTrouble {
  kAway,         // no connection, or it broke
  kNoTable,      // no such table
  kNoGrant,      // the account may not read it
  kLogin,        // user, password or database are refused
  kCertificate,  // TLS: who the server is could not be verified
  kTls,          // TLS could not be had at all
  kTooLarge,     // an answer that is too large to take
  kNoValue,      // a parameter that its column cannot hold
  kOther,
};

// kNotFound for a missing table, kLimit and kInvalid for the two about sizes
// and values, else kUnavailable. `message` is the server's own.
[[nodiscard]] Error ServerError(std::string_view driver, ServerTrouble trouble,
                                std::string_view message);

// Can a server take these? Text has to be UTF-8 without NUL bytes. What is not
// equals nothing that is stored: kInvalid, and nobody has to be asked.
[[nodiscard]] Status CheckParameters(const Database::Parameters& parameters);

// Are the files that `tls` names there to be read? kUnavailable, by name.
[[nodiscard]] Status CheckTlsFiles(const DatabaseConfig& config);

}  // namespace rt
