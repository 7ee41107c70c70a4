// Who may do a thing in a channel: one rule of a namespace, as the site
// document writes it. Immutable; any thread may ask.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drupal/identity.h"

namespace rt {

struct Rule {
  enum class Kind {
    kServer,    // nobody but PHP and the API
    kEveryone,  // anonymous visitors too
    kLoggedIn,
    kOwner,       // the channel's rest is the user's id in decimal
    kToken,       // a subscription token
    kSubscriber,  // whoever is subscribed to the channel now
    kPermission,  // `operand` names it
    kRole,        // `operand` is its id
    kAny,         // one of `parts`
    kAll,         // every one of `parts`
  };

  Kind kind = Kind::kServer;
  std::string operand;
  std::vector<Rule> parts;

  // May `who` do it in the channel whose part behind the first colon is
  // `rest`? `subscribed`: is the asking session a subscriber of it already?
  // kToken is never true here: tokens are checked where they arrive.
  [[nodiscard]] bool Allows(const Identity& who, std::string_view rest,
                            bool subscribed = false) const;

  // For errors and logs: `permission "post comments"`.
  [[nodiscard]] std::string Describe() const;
};

}  // namespace rt
