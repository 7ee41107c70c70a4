#include "hub/roster.h"

#include <cstring>
#include <utility>

namespace rt {

size_t Roster::Hash::operator()(const Uuid& uuid) const {
  // Random already, but for a few bits of its first half.
  size_t half = 0;
  std::memcpy(&half, uuid.data() + 8, sizeof half);
  return half;
}

bool Roster::Join(const Uuid& client, ClientInfo info, bool announced) {
  if (const auto back = lost_.find(info.user); back != lost_.end()) {
    const Uuid former = back->second;
    lost_.erase(back);
    const auto at = members_.find(former);
    info.client = at->second.info.client;
    const bool known = at->second.announced;
    members_.erase(at);
    members_.insert_or_assign(client,
                              Member{std::move(info), announced || known});
    return !known && announced;
  }
  if (members_.contains(client)) return false;
  ++users_[info.user];
  members_.emplace(client, Member{std::move(info), announced});
  return true;
}

std::optional<Roster::Member> Roster::Leave(const Uuid& client) {
  const auto at = members_.find(client);
  if (at == members_.end()) return std::nullopt;
  return Erase(at);
}

bool Roster::Lose(const Uuid& client) {
  const auto at = members_.find(client);
  if (at == members_.end() || at->second.lost) return false;
  at->second.lost = true;
  // One without a login cannot be told from any other.
  if (!at->second.info.user.empty())
    lost_.emplace(at->second.info.user, client);
  return true;
}

std::optional<Roster::Member> Roster::Expire(const Uuid& client) {
  const auto at = members_.find(client);
  if (at == members_.end() || !at->second.lost) return std::nullopt;
  return Erase(at);
}

Roster::Member Roster::Erase(Members::iterator at) {
  if (at->second.lost) ForgetLost(at->first, at->second.info.user);
  Member member = std::move(at->second);
  members_.erase(at);
  const auto user = users_.find(member.info.user);
  if (--user->second == 0) users_.erase(user);
  return member;
}

void Roster::ForgetLost(const Uuid& client, const std::string& user) {
  const auto [from, to] = lost_.equal_range(user);
  for (auto at = from; at != to; ++at) {
    if (at->second != client) continue;
    lost_.erase(at);
    return;
  }
}

const ClientInfo* Roster::Find(const Uuid& client) const {
  const auto at = members_.find(client);
  return at == members_.end() ? nullptr : &at->second.info;
}

PresenceResult Roster::All() const {
  PresenceResult all;
  for (const auto& [client, member] : members_) {
    all.emplace(member.info.client, member.info);
  }
  return all;
}

PresenceStats Roster::Stats() const {
  return {static_cast<uint32_t>(members_.size()),
          static_cast<uint32_t>(users_.size())};
}

}  // namespace rt
