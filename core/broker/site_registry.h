// Keeps the sites: takes their documents from files, from the store and from
// PHP, numbers them, and makes a new picture (SiteSet) of each change. A bad
// document changes nothing. Main thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "broker/site_set.h"
#include "broker/site_store.h"
#include "hub/namespaces.h"

namespace rt {

class SiteRegistry {
 public:
  // Called with the new picture and the changed site's number.
  using OnChange = std::function<void(const SiteSetPtr&, uint32_t site_id)>;

  // `own` are the namespaces of the broker's own site. `store` may be absent:
  // nothing outlives the process then.
  SiteRegistry(Namespaces own, bool insecure,
               std::vector<std::string> allowed_origins,
               std::optional<SiteStore> store);

  // The broker's own site's tokens; `subscriptions`: where those differ. Before
  // anything is connected. kInvalid for a key that is none.
  Status SetOwnTokens(TokenOptions tokens,
                      std::optional<TokenOptions> subscriptions);

  void set_on_change(OnChange on_change) { on_change_ = std::move(on_change); }

  // A document from a file of the operator's. Not persisted; PHP cannot
  // replace it.
  Status AddFile(const std::string& path);
  // What the store kept. Bad records are logged and left out.
  void LoadStored();

  // Registers or replaces, on behalf of `uid`. kDenied where the key or a host
  // belongs to another uid's site (root may do all), or the secret is wrong.
  Result<BrokerSitePtr> Register(std::string_view json, uid_t uid,
                                 std::string_view current_secret);
  // kNotFound, or kDenied as above.
  Status Remove(std::string_view key, uid_t uid, std::string_view secret);

  // May `uid` act for the site, given the secret?
  [[nodiscard]] static Status Admits(const BrokerSite& site, uid_t uid,
                                     std::string_view secret);

  // The keys of the uid's sites, sorted. Root sees all.
  [[nodiscard]] std::vector<std::string> KeysOf(uid_t uid) const;

  [[nodiscard]] const SiteSetPtr& current() const { return current_; }
  // For the sequencer: null for a site that is gone.
  [[nodiscard]] const Namespaces* NamespacesOf(uint32_t site_id) const;

 private:
  Result<BrokerSitePtr> Compile(std::string_view json, uid_t uid,
                                bool from_file);
  Status CheckConflicts(const BrokerSite& made) const;
  void Put(BrokerSitePtr site);
  void Publish(uint32_t site_id);
  uint32_t IdOf(const std::string& key);

  BrokerSitePtr own_;
  std::vector<std::string> allowed_origins_;
  std::optional<SiteStore> store_;
  OnChange on_change_;
  SiteSetPtr current_;
  std::vector<BrokerSitePtr> sites_;
  std::unordered_map<std::string, uint32_t> ids_;
  std::unordered_map<uint32_t, SitePtr> by_id_;
  uint32_t next_id_ = 1;
};

}  // namespace rt
