// The namespaces of one site, compiled for look-up, with the channels that
// every site has: `user:UID` for its owner, `role:ID` for who holds the role,
// `site` for everyone who may connect; only the server publishes there.
// Immutable once made, so sessions of all threads share it.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "drupal/identity.h"
#include "hub/namespace_options.h"

namespace rt {

enum class ChannelAction { kSubscribe, kPublish, kPresence, kHistory };

class Namespaces {
 public:
  // `insecure`: unknown namespaces exist, and everyone may do everything.
  explicit Namespaces(std::vector<NamespaceOptions> options,
                      bool insecure = false);

  // The channel's options; null where there is no such namespace.
  [[nodiscard]] const NamespaceOptions* Find(std::string_view channel) const;

  // May `who` do it in `channel`, being subscribed there or not? REQUIRES:
  // `options` is Find(channel).
  [[nodiscard]] bool Allows(const NamespaceOptions& options,
                            ChannelAction action, const Identity& who,
                            std::string_view channel,
                            bool subscribed = false) const;

  // The rule that decides, for logs.
  [[nodiscard]] static const Rule& RuleFor(const NamespaceOptions& options,
                                           ChannelAction action);

 private:
  bool insecure_;
  NamespaceOptions anything_;  // what an unknown namespace is when insecure
  NamespaceOptions site_;
  std::unordered_map<std::string, NamespaceOptions> by_name_;
};

}  // namespace rt
