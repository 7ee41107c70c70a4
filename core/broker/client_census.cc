#include "broker/client_census.h"

#include <algorithm>

#include "hub/channel_name.h"

namespace rt {

namespace {
// A site's user, as a channel is a site's.
std::string KeyOf(uint32_t site_id, const std::string& user) {
  return ChannelKey(site_id, user);
}

void CountDown(const std::string& key,
               std::unordered_map<std::string, uint64_t>* counts) {
  const auto found = counts->find(key);
  if (found != counts->end() && --found->second == 0) counts->erase(found);
}
}  // namespace

bool ClientCensus::AddUser(uint32_t site_id, const std::string& user,
                           uint64_t limit) {
  const std::lock_guard lock(mutex_);
  if (!user.empty()) {
    User& entry = users_[KeyOf(site_id, user)];
    if (limit > 0 && entry.connections >= limit) return false;
    ++entry.connections;
  }
  ++clients_[site_id];
  return true;
}

void ClientCensus::RemoveUser(uint32_t site_id, const std::string& user) {
  const std::lock_guard lock(mutex_);
  --clients_[site_id];
  if (user.empty()) return;
  const auto found = users_.find(KeyOf(site_id, user));
  if (found != users_.end() && --found->second.connections == 0) {
    users_.erase(found);
  }
}

bool ClientCensus::TakeCommand(uint32_t site_id, const std::string& user,
                               int64_t now_ms, double per_second,
                               double burst) {
  if (user.empty() || per_second <= 0) return true;
  const std::lock_guard lock(mutex_);
  const auto found = users_.find(KeyOf(site_id, user));
  return found == users_.end() ||
         found->second.commands.Take(now_ms, per_second, burst);
}

size_t ClientCensus::users() const {
  const std::lock_guard lock(mutex_);
  return users_.size();
}

size_t ClientCensus::users(uint32_t site_id) const {
  const std::string prefix = KeyOf(site_id, {});
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(std::count_if(
      users_.begin(), users_.end(),
      [&](const auto& entry) { return entry.first.starts_with(prefix); }));
}

uint64_t ClientCensus::clients(uint32_t site_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(site_id);
  return found == clients_.end() ? 0 : found->second;
}

void ClientCensus::AddSession(uint32_t site_id, const std::string& address) {
  const std::lock_guard lock(mutex_);
  ++sites_[site_id].sessions;
  if (address.empty()) return;
  ++addresses_[address];
  ++site_addresses_[KeyOf(site_id, address)];
}

void ClientCensus::RemoveSession(uint32_t site_id, const std::string& address) {
  const std::lock_guard lock(mutex_);
  --sites_[site_id].sessions;
  if (address.empty()) return;
  CountDown(address, &addresses_);
  CountDown(KeyOf(site_id, address), &site_addresses_);
}

bool ClientCensus::TakesSession(uint32_t site_id, const SiteLimits& limits,
                                const std::string& address, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  SiteCount& site = sites_[site_id];
  if (limits.connection_limit > 0 &&
      site.sessions >= static_cast<uint64_t>(limits.connection_limit)) {
    return false;
  }
  if (limits.address_connection_limit > 0 && !address.empty()) {
    const auto found = site_addresses_.find(KeyOf(site_id, address));
    if (found != site_addresses_.end() &&
        found->second >=
            static_cast<uint64_t>(limits.address_connection_limit)) {
      return false;
    }
  }
  const auto rate = static_cast<double>(limits.connection_rate_limit);
  return rate == 0 || site.connections.Take(now_ms, rate, rate);
}

uint64_t ClientCensus::of_address(const std::string& address) const {
  const std::lock_guard lock(mutex_);
  const auto found = addresses_.find(address);
  return found == addresses_.end() ? 0 : found->second;
}

bool ClientCensus::TakeConnection(int64_t now_ms, double per_second) {
  if (per_second <= 0) return true;
  const std::lock_guard lock(mutex_);
  return connections_.Take(now_ms, per_second, per_second);
}

void ClientCensus::AddName(const std::string& name, Place place) {
  const std::lock_guard lock(mutex_);
  names_[name] = place;
}

void ClientCensus::RemoveName(const std::string& name) {
  const std::lock_guard lock(mutex_);
  names_.erase(name);
}

std::optional<ClientCensus::Place> ClientCensus::Find(
    const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(name);
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

}  // namespace rt
