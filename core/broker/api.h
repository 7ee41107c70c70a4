// The broker's API: methods with JSON parameters and JSON answers, the same
// over HTTP and over the link from PHP. Runs on the sequencer's thread.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "broker/revocations.h"
#include "broker/site_notice.h"
#include "broker/site_registry.h"
#include "broker/worker.h"
#include "hub/sequencer.h"
#include "wire/json_fields.h"

namespace rt {

class IdentityService;

// The answer of a publish with all that a receipt says.
[[nodiscard]] std::string ReceiptJson(const Sequencer::Receipt& receipt,
                                      bool with_receivers);
[[nodiscard]] std::string ErrorJson(const ProtocolError& error);
[[nodiscard]] std::string ErrorJson(uint32_t code, std::string_view message);
[[nodiscard]] std::string ResultJson(std::string_view result);
[[nodiscard]] std::string BadRequest(const Error& error);
// The parameter "channel"; kInvalid where it is none.
[[nodiscard]] Result<std::string> ChannelParam(const JsonFields& params);
// A whole number that may be negative; nothing where it is missing.
[[nodiscard]] Result<std::optional<int64_t>> IntegerParam(
    const JsonFields& params, std::string_view name);
// "user", as a string or as a number, because Drupal's ids are both.
[[nodiscard]] Result<std::optional<std::string>> UserParam(
    const JsonFields& params);

// What sweeps of the sites' logins came to.
struct SweepStats {
  uint64_t sweeps = 0;       // of one site each
  uint64_t connections = 0;  // that were looked at
  uint64_t changes = 0;      // of these
  uint64_t failures = 0;     // times that some could not be looked at
  uint64_t last_ms = 0;      // what the last one took
};

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
    uint64_t users = 0;  // logged in, each once
    uint64_t uptime_s = 0;
    std::string node;  // its id
    SweepStats sweep;
  };

  // Told of what changed in Drupal, when no cache knows the old state any more.
  using OnNotice =
      std::function<void(uint32_t site_id, const SiteNotice& notice)>;

  struct Wiring {
    // All outlive it.
    Sequencer* sequencer = nullptr;
    SiteRegistry* sites = nullptr;
    IdentityService* identities = nullptr;
    Revocations* revocations = nullptr;
    const RpcRegistry* rpcs = nullptr;
    const Clock* clock = nullptr;
    std::function<std::vector<std::string>()> listen;  // where browsers connect
    std::function<NodeInfo()> node_info;
    OnNotice on_notice;
    // Has `act` called for each client that is meant, on its worker's thread.
    std::function<void(ClientSelector which, std::function<void(Session*)> act)>
        for_clients;
    // Someone was blocked, or a token revoked.
    std::function<void()> on_revoked;
  };
  explicit Api(Wiring wiring);

  // {"result":…} or {"error":{"code":…,"message":…}}, never anything else.
  // `*known` is false for a method that is not there.
  std::string Call(const Caller& caller, std::string_view method,
                   std::string_view params, bool* known);

  // How often each method was called; for metrics.
  [[nodiscard]] const std::map<std::string, uint64_t>& calls() const {
    return calls_;
  }

 private:
  using Method = std::string (Api::*)(const Caller& caller,
                                      const JsonFields& params);
  // Null where there is none of that name.
  [[nodiscard]] static Method FindMethod(std::string_view name, bool is_link);

  std::string Publish(const Caller& caller, const JsonFields& params);
  std::string Broadcast(const Caller& caller, const JsonFields& params);
  std::string Info(const Caller& caller, const JsonFields& params);
  std::string Batch(const Caller& caller, const JsonFields& params);
  std::string Rpc(const Caller& caller, const JsonFields& params);
  // Of a channel (api_channels.cc).
  std::string Presence(const Caller& caller, const JsonFields& params);
  std::string PresenceStatsOf(const Caller& caller, const JsonFields& params);
  std::string History(const Caller& caller, const JsonFields& params);
  std::string RemoveHistory(const Caller& caller, const JsonFields& params);
  std::string Channels(const Caller& caller, const JsonFields& params);
  // Of clients (api_clients.cc).
  std::string Subscribe(const Caller& caller, const JsonFields& params);
  std::string Unsubscribe(const Caller& caller, const JsonFields& params);
  std::string Disconnect(const Caller& caller, const JsonFields& params);
  std::string Refresh(const Caller& caller, const JsonFields& params);
  // Of tokens and who may not come in (api_tokens.cc).
  std::string Token(const Caller& caller, const JsonFields& params);
  std::string RevokeToken(const Caller& caller, const JsonFields& params);
  std::string InvalidateUserTokens(const Caller& caller,
                                   const JsonFields& params);
  std::string BlockUser(const Caller& caller, const JsonFields& params);
  std::string UnblockUser(const Caller& caller, const JsonFields& params);
  [[nodiscard]] int64_t NowInSeconds() const;
  std::string Revoked(const Status& done);
  std::string SiteCall(const Caller& caller, const JsonFields& params);
  std::string RegisterSite(const Caller& caller, std::string_view document,
                           const JsonFields& params);
  std::string RemoveSite(const Caller& caller, const std::string& key,
                         const JsonFields& params);
  std::string Notice(const Caller& caller, std::string_view notice,
                     const JsonFields& params);
  std::string ListSites(const Caller& caller);

  const Wiring wiring_;
  Sequencer* const sequencer_;
  SiteRegistry* const sites_;
  IdentityService* const identities_;
  std::map<std::string, uint64_t> calls_;  // by method
};

}  // namespace rt
