#include "hub/rule.h"

#include <algorithm>

namespace rt {

bool Rule::Allows(const Identity& who, std::string_view rest,
                  bool subscribed) const {
  const auto allows = [&](const Rule& part) {
    return part.Allows(who, rest, subscribed);
  };
  switch (kind) {
    case Kind::kServer:
    case Kind::kToken:
      return false;
    case Kind::kEveryone:
      return true;
    case Kind::kLoggedIn:
      return who.logged_in();
    case Kind::kSubscriber:
      return subscribed;
    case Kind::kOwner:
      return who.logged_in() && rest == who.user();
    case Kind::kPermission:
      return who.HasPermission(operand);
    case Kind::kRole:
      return who.HasRole(operand);
    case Kind::kAny:
      return std::any_of(parts.begin(), parts.end(), allows);
    case Kind::kAll:
      return !parts.empty() && std::all_of(parts.begin(), parts.end(), allows);
  }
  return false;
}

std::string Rule::Describe() const {
  switch (kind) {
    case Kind::kServer:
      return "server only";
    case Kind::kEveryone:
      return "everyone";
    case Kind::kLoggedIn:
      return "logged-in";
    case Kind::kOwner:
      return "owner";
    case Kind::kToken:
      return "token";
    case Kind::kSubscriber:
      return "subscriber";
    case Kind::kPermission:
      return "permission \"" + operand + "\"";
    case Kind::kRole:
      return "role \"" + operand + "\"";
    case Kind::kAny:
    case Kind::kAll:
      break;
  }
  std::string text = kind == Kind::kAny ? "any of (" : "all of (";
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += ", ";
    text += parts[i].Describe();
  }
  return text + ")";
}

}  // namespace rt
