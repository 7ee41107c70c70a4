// The broker's API: methods with JSON parameters and JSON answers, the same
// over HTTP and over the link from PHP. Runs on the sequencer's thread.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>

#include "broker/site_notice.h"
#include "broker/site_registry.h"
#include "hub/sequencer.h"
#include "wire/json_fields.h"

namespace rt {

class IdentityService;

// The answer of a publish with all that a receipt says.
[[nodiscard]] std::string ReceiptJson(const Sequencer::Receipt& receipt,
                                      bool with_receivers);
[[nodiscard]] std::string ErrorJson(const ProtocolError& error);
[[nodiscard]] std::string ErrorJson(uint32_t code, std::string_view message);

class Api {
 public:
  // Who calls, and for which site.
  struct Caller {
    BrokerSitePtr site;    // null: none selected, or several to choose from
    bool is_link = false;  // PHP, admitted by its uid
    uid_t uid = 0;         // of a link
    std::string secret;    // that a link selected its site with
  };

  // What the node is like just now; {"clients":…} made by the broker.
  struct NodeInfo {
    uint64_t clients = 0;
    uint64_t connections = 0;
    uint64_t subscriptions = 0;
    uint64_t links = 0;
    uint64_t uptime_s = 0;
    std::string node;  // its id
  };

  // Told of what changed in Drupal, when no cache knows the old state any more.
  using OnNotice =
      std::function<void(uint32_t site_id, const SiteNotice& notice)>;

  // All outlive it.
  Api(Sequencer* sequencer, SiteRegistry* sites, IdentityService* identities,
      std::function<NodeInfo()> node_info, OnNotice on_notice);

  // {"result":…} or {"error":{"code":…,"message":…}}, never anything else.
  // `*known` is false for a method that is not there.
  std::string Call(const Caller& caller, std::string_view method,
                   std::string_view params, bool* known);

 private:
  std::string Publish(const Caller& caller, const JsonFields& params);
  std::string Broadcast(const Caller& caller, const JsonFields& params);
  std::string Info(const Caller& caller);
  std::string SiteCall(const Caller& caller, const JsonFields& params);
  std::string RegisterSite(const Caller& caller, std::string_view document,
                           const JsonFields& params);
  std::string RemoveSite(const Caller& caller, const std::string& key,
                         const JsonFields& params);
  std::string Notice(const Caller& caller, std::string_view notice,
                     const JsonFields& params);
  std::string ListSites(const Caller& caller);

  Sequencer* sequencer_;
  SiteRegistry* sites_;
  IdentityService* identities_;
  std::function<NodeInfo()> node_info_;
  OnNotice on_notice_;
};

}  // namespace rt
