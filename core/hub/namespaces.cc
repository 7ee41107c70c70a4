#include "hub/namespaces.h"

#include <utility>

#include "hub/channel_name.h"

namespace rt {

namespace {

constexpr std::string_view kUser = "user";
constexpr std::string_view kRole = "role";
constexpr std::string_view kSite = "site";

NamespaceOptions BuiltIn(std::string_view name, Rule::Kind subscribe) {
  NamespaceOptions options;
  options.name = name;
  options.subscribe.kind = subscribe;
  options.presence_for.kind = Rule::Kind::kServer;
  options.history_for.kind = subscribe;
  return options;
}

}  // namespace

Namespaces::Namespaces(std::vector<NamespaceOptions> options, bool insecure)
    : insecure_(insecure), site_(BuiltIn(kSite, Rule::Kind::kEveryone)) {
  by_name_.emplace(kUser, BuiltIn(kUser, Rule::Kind::kOwner));
  // Held against the channel's rest in Allows().
  by_name_.emplace(kRole, BuiltIn(kRole, Rule::Kind::kRole));
  for (NamespaceOptions& one : options) {
    std::string name = one.name;
    by_name_.insert_or_assign(std::move(name), std::move(one));
  }
}

const NamespaceOptions* Namespaces::Find(std::string_view channel) const {
  const ChannelParts parts = SplitChannel(channel);
  if (!parts.has_namespace && channel == kSite) return &site_;
  // The personal channel `#UID` is another spelling of `user:UID`.
  const std::string name(!channel.empty() && channel[0] == '#' ? kUser
                         : parts.has_namespace ? parts.name_space
                                               : std::string_view());
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return &found->second;
  return insecure_ ? &anything_ : nullptr;
}

const Rule& Namespaces::RuleFor(const NamespaceOptions& options,
                                ChannelAction action) {
  switch (action) {
    case ChannelAction::kSubscribe:
      return options.subscribe;
    case ChannelAction::kPublish:
      return options.publish;
    case ChannelAction::kPresence:
      return options.presence_for;
    case ChannelAction::kHistory:
      break;
  }
  return options.history_for;
}

bool Namespaces::Allows(const NamespaceOptions& options, ChannelAction action,
                        const Identity& who, std::string_view channel,
                        bool subscribed) const {
  if (insecure_) return true;
  const ChannelParts parts = SplitChannel(channel);
  const std::string_view rest =
      channel[0] == '#' ? channel.substr(1) : parts.rest;
  const Rule& rule = RuleFor(options, action);
  // `role:ID`: the role is the channel's rest, so the rule carries none.
  if (rule.kind == Rule::Kind::kRole && rule.operand.empty()) {
    return who.HasRole(rest);
  }
  return rule.Allows(who, rest, subscribed);
}

}  // namespace rt
