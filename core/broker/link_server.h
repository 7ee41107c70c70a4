// PHP's door: the unix socket. Checks who comes in, reads frames, publishes
// events, answers calls. One connection per PHP process or thread, each with a
// site it has selected. Main thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "broker/api.h"
#include "hub/sequencer.h"
#include "net/connection.h"
#include "net/listener.h"
#include "wire/link_frame.h"

namespace rt {

class LinkServer;

// Events that were not published, by reason; read by the API.
struct LinkCounters {
  uint64_t events = 0;
  uint64_t refused = 0;  // no site, or not this caller's
  uint64_t malformed = 0;
};

// One PHP process.
class LinkConnection final : public ConnectionHandler, private LinkEvents {
 public:
  LinkConnection(LinkServer* server, Connection* connection, uid_t uid);
  ~LinkConnection() override;

  void OnBytes(char* bytes, size_t length) override;
  void OnPeerEnd() override;
  void OnSlow() override;
  void OnDeadline() override;

  // The list of sites, or what is meant without a selection, has changed.
  void OnSitesChanged();
  void Goodbye(uint16_t code, std::string_view reason);

  [[nodiscard]] Connection* connection() const { return connection_; }
  [[nodiscard]] uid_t uid() const { return uid_; }

 private:
  bool OnFrame(const LinkFrame& frame) override;
  bool OnHello(const LinkFrame& frame);
  bool OnSite(const LinkFrame& frame);
  bool OnPublish(const LinkFrame& frame);
  bool OnCall(const LinkFrame& frame);
  void Reply(uint32_t request_id, std::string_view json);
  // The site that events are for now; null, with the reason in refusal_.
  BrokerSitePtr CurrentSite();
  [[nodiscard]] std::string SitesJson() const;

  LinkServer* server_;
  Connection* connection_;
  uid_t uid_;
  LinkReader reader_;
  bool greeted_ = false;
  std::string key_;  // selected; empty: the uid's only site
  std::string secret_;
  std::string refusal_;
  std::string told_sites_;
};

class LinkServer {
 public:
  struct Options {
    std::string socket;
    std::string group;  // whose members are admitted; empty: none
    std::string node;   // the node's id
    bool insecure = false;
  };

  // All outlive it.
  LinkServer(Loop* loop, Options options, Sequencer* sequencer,
             SiteRegistry* sites, Api* api);
  ~LinkServer();

  Status Listen();
  void OnSitesChanged();
  // While workers are behind, PHP is not read: it waits, or is told false.
  void SetPaused(bool paused);
  void BeginDrain();
  void CloseAll();
  [[nodiscard]] bool closed() const { return listener_.closed(); }
  [[nodiscard]] size_t size() const { return listener_.size(); }
  [[nodiscard]] const LinkCounters& counters() const { return counters_; }

 private:
  friend class LinkConnection;

  std::unique_ptr<ConnectionHandler> Admit(Connection* connection);
  [[nodiscard]] bool Admits(uid_t uid, gid_t gid) const;

  Options options_;
  Sequencer* sequencer_;
  SiteRegistry* sites_;
  Api* api_;
  LinkCounters counters_;
  bool paused_ = false;
  std::vector<LinkConnection*> links_;
  Listener listener_;
};

}  // namespace rt
