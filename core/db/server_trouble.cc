#include "db/server_trouble.h"

#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "wire/utf8.h"

namespace rt {

namespace {

// A server's message. Above: cut.
constexpr size_t kMaxMessageBytes = 512;

// One line, without what would break a log.
std::string OneLine(std::string_view message) {
  std::string line;
  for (const char c : message.substr(0, kMaxMessageBytes)) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

std::string_view WhatToChange(ServerTrouble trouble) {
  switch (trouble) {
    case ServerTrouble::kNoGrant:
      return " (the broker's database account has to be allowed to read it: "
             "doc/databases.md lists the grants)";
    case ServerTrouble::kLogin:
      return " (username, password and database are those of the site "
             "document)";
    case ServerTrouble::kCertificate:
      return " (database.tls.ca has to hold the certificate that signed the "
             "server's, and database.host a name that the server's is for)";
    case ServerTrouble::kTls:
      return " (database.tls asks for an encrypted connection: the server has "
             "to offer one)";
    default:
      return "";
  }
}

ErrorCode CodeOf(ServerTrouble trouble) {
  switch (trouble) {
    case ServerTrouble::kNoTable:
      return ErrorCode::kNotFound;
    case ServerTrouble::kTooLarge:
      return ErrorCode::kLimit;
    case ServerTrouble::kNoValue:
      return ErrorCode::kInvalid;
    default:
      return ErrorCode::kUnavailable;
  }
}

}  // namespace

Error ServerError(std::string_view driver, ServerTrouble trouble,
                  std::string_view message) {
  std::string text(driver);
  text += ": ";
  // The servers quote the value in this one.
  text += trouble == ServerTrouble::kNoValue
              ? "a parameter that its column cannot hold"
              : OneLine(message);
  text += WhatToChange(trouble);
  return {CodeOf(trouble), std::move(text)};
}

Status CheckParameters(const Database::Parameters& parameters) {
  for (const Database::Parameter& parameter : parameters) {
    const auto* text = std::get_if<std::string>(&parameter);
    if (text == nullptr) continue;
    if (!IsUtf8(*text) || text->find('\0') != std::string::npos) {
      return Error{ErrorCode::kInvalid, "a parameter is no text"};
    }
  }
  return Status();
}

Status CheckTlsFiles(const DatabaseConfig& config) {
  if (!config.tls) return Status();
  const std::pair<const char*, const std::string&> files[] = {
      {"ca", config.tls_ca},
      {"cert", config.tls_cert},
      {"key", config.tls_key}};
  for (const auto& [name, path] : files) {
    if (path.empty() || access(path.c_str(), R_OK) == 0) continue;
    return Error{ErrorCode::kUnavailable,
                 std::string("database.tls.") + name + ": " + path + ": " +
                     std::generic_category().message(errno)};
  }
  return Status();
}

}  // namespace rt
