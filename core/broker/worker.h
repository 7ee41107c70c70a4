// A worker: a thread's loop with its share of the browsers, their sessions and
// its own table of subscribers. Talks to the sequencer through two mailboxes,
// one each way, and to nobody else.
//
// Made and started by the broker. Everything runs on the worker's thread but
// the constructor and what says otherwise.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/slot_map.h"
#include "broker/client_census.h"
#include "broker/config.h"
#include "broker/revocations.h"
#include "broker/site_notice.h"
#include "broker/site_set.h"
#include "db/identity_service.h"
#include "hub/mailbox.h"
#include "hub/message.h"
#include "hub/subscriber_table.h"
#include "net/http_connection.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/tls_context.h"
#include "session/session_host.h"
#include "wire/ip_address.h"

namespace rt {

// Read by the main thread at any time.
struct WorkerCounters {
  std::atomic<uint64_t> clients{0};      // sessions that are connected
  std::atomic<uint64_t> connections{0};  // sockets
  std::atomic<uint64_t> subscriptions{0};
  std::atomic<uint64_t> delivered{0};      // pushes to a subscriber each
  std::atomic<uint64_t> refused{0};        // handshakes, with 503
  std::atomic<uint64_t> backlog_bytes{0};  // publications not taken yet
  std::atomic<bool> drained{false};
};

class Worker;

// What all workers share; each part is thread-safe, or fixed before they run.
struct WorkerShared {
  std::string node;
  std::atomic<int64_t> sessions{0};
  ClientCensus census;
  RpcRegistry rpcs;
  Revocations* revocations = nullptr;
  // Has `task` run on another worker's thread.
  std::function<void(WorkerId, std::function<void(Worker*)> task)> post;
};

// Which clients a call of the API means; all given parts must fit.
struct ClientSelector {
  uint32_t site_id = 0;
  std::string user;  // empty with any_user: whoever
  bool any_user = false;
  std::string client;               // empty: any
  std::string session;              // empty: any
  std::vector<std::string> spared;  // clients that are not meant
};

class Worker final : public SessionHost,
                     public HttpService,
                     private TurnListener {
 public:
  struct Wiring {
    WorkerId id = 0;
    const Config* config = nullptr;
    Loop* loop = nullptr;
    IdentityService* identities = nullptr;
    Mailbox<HubOrder>* orders = nullptr;  // to the sequencer
    // Where the API is on the public listener: answers a request on the
    // sequencer's thread and posts the answer back. Null: not there.
    std::function<void(Worker* asker, HttpRequestHead head, std::string body,
                       HttpAnswer answer)>
        ask_internal;
    // Runs on the worker's thread when it has taken most of a backlog that
    // held publishers up.
    std::function<void()> caught_up;
    WorkerShared* shared = nullptr;
    SiteSetPtr sites;
  };

  explicit Worker(Wiring wiring);
  ~Worker() override;

  // On the loop's thread, or before it runs.
  Status Listen();
  // What connections under TLS begin with from now on.
  void SetTls(TlsContextPtr context) { tls_ = std::move(context); }

  // The port of the address of `listen` with that number.
  [[nodiscard]] int port(size_t address) const {
    return listeners_[address]->port();
  }

  // From the sequencer's thread: takes all of `*events`.
  void Deliver(std::vector<HubEvent>* events);
  // From any thread: runs soon on the worker's.
  void PostTask(WorkerTask task);

  void SetSites(SiteSetPtr sites, uint32_t changed_id);
  // Something changed in Drupal: ended sessions are closed, and whoever it may
  // concern is looked up again.
  void OnNotice(uint32_t site_id, const SiteNotice& notice);
  // Who is connected: of each site, whoever the site's tables may know.
  [[nodiscard]] std::vector<std::vector<SweptLogin>> CollectLogins(
      const std::vector<uint32_t>& site_ids) const;
  // The worker where the connection is that the handle means.
  [[nodiscard]] static WorkerId WorkerOfHandle(uint64_t handle);
  // Connections of this worker that are not whom they were.
  void OnSwept(const std::vector<SweepChange>& changes);
  // Calls `act` for each client that is meant and connected.
  void ForClients(const ClientSelector& which,
                  const std::function<void(Session*)>& act);
  // Users were blocked, or tokens revoked: those whom it concerns are ended.
  void OnRevoked();
  // Takes no more connections, and bids those there are farewell in batches.
  void BeginDrain();
  // Drops what is left. The loop must run a little further.
  void CloseAll();
  [[nodiscard]] bool closed() const;

  [[nodiscard]] const WorkerCounters& counters() const { return counters_; }
  // From any thread.
  [[nodiscard]] const SessionMetrics& session_metrics() const {
    return metrics_;
  }

  // SessionHost.
  [[nodiscard]] const Clock& clock() const override { return loop_->clock(); }
  [[nodiscard]] const SessionLimits& limits() const override { return limits_; }
  [[nodiscard]] TimerWheel& timers() override { return loop_->timers(); }
  [[nodiscard]] SubscriberTable& subscribers() override { return table_; }
  uint64_t Register(Session* session, uint32_t site_id,
                    const std::string& address) override;
  void Unregister(uint64_t id, uint32_t site_id,
                  const std::string& address) override;
  [[nodiscard]] const std::string& node() const override {
    return shared_->node;
  }
  void RegisterEmulated(const std::string& name, uint64_t id) override;
  void UnregisterEmulated(const std::string& name) override;
  void Authenticate(uint64_t session_id, const SitePtr& site,
                    const Handshake& handshake,
                    const ConnectRequest& request) override;
  [[nodiscard]] DisconnectCode LetIn(const Session& session) override;
  void LetOut(const Session& session) override;
  [[nodiscard]] bool Revoked(uint32_t site_id, const std::string& user,
                             const std::string& token_id,
                             int64_t issued_at_s) override;
  [[nodiscard]] bool TakesCommandOf(const Session& session) override;
  [[nodiscard]] const RpcRegistry& rpcs() const override {
    return shared_->rpcs;
  }
  [[nodiscard]] SessionMetrics& metrics() override { return metrics_; }
  void Order(HubOrder order) override;
  [[nodiscard]] bool congested() const override;

  // HttpService: the public listener.
  void Respond(const HttpRequestHead& head, std::string_view body,
               const Connection& connection, HttpAnswer answer) override;
  std::unique_ptr<ConnectionHandler> Upgrade(const HttpRequestHead& head,
                                             Connection* connection,
                                             HttpResponse* response) override;
  std::unique_ptr<ConnectionHandler> Stream(const HttpRequestHead& head,
                                            std::string_view body,
                                            Connection* connection,
                                            HttpResponse* response) override;
  [[nodiscard]] size_t MaxBodyBytes(const HttpRequestHead& head) override;

 private:
  using LoginAnswer = std::function<void(Result<Login>)>;
  void OnTurn() override;
  void TakeEvents();
  void Take(HubEvent event);
  void Gather();
  Status ListenOn(const std::string& address, bool under_tls);
  [[nodiscard]] HttpResponse AnswerPublic(const HttpRequestHead& head,
                                          const Connection& connection);
  // Commands of a client elsewhere, as its POST brings them.
  void Emulate(const HttpRequestHead& head, std::string_view body,
               const Connection& connection, HttpAnswer answer);
  // The browser behind the connection and its proxies.
  [[nodiscard]] RequestSource SourceOf(const HttpRequestHead& head,
                                       const Connection& connection) const;
  // Where the request is for; no site: refused, and the log says why.
  [[nodiscard]] Provenance Place(const HttpRequestHead& head,
                                 const RequestSource& source) const;
  // 503 where no more clients are taken, or from there; else 0.
  [[nodiscard]] int RefusesConnection(const std::string& address);
  // 503 where the site takes no more, or from there; else 0.
  [[nodiscard]] int RefusesAt(const Site& site, const std::string& address);
  // Of a client's message, by the broker's limits and the site's.
  [[nodiscard]] size_t MaxMessageBytes(const Site& site) const;
  [[nodiscard]] Handshake HandshakeOf(const HttpRequestHead& head,
                                      const Provenance& from,
                                      std::string address) const;
  void AuthenticateByToken(const BrokerSitePtr& site, const SitePtr& rules,
                           const std::string& token, const std::string& address,
                           LoginAnswer answer);
  void DrainSome();
  void AskAgain();
  void Count();

  const Config* config_;
  Loop* loop_;
  WorkerId id_;
  IdentityService* identities_;
  Mailbox<HubOrder>* orders_box_;
  decltype(Wiring::ask_internal) ask_internal_;
  std::function<void()> caught_up_;
  WorkerShared* shared_;
  SiteSetPtr sites_;
  std::vector<AddressRange> trusted_proxies_;
  TlsContextPtr tls_;
  SessionLimits limits_;
  WorkerCounters counters_;
  SessionMetrics metrics_;
  SubscriberTable table_;
  SlotMap<Session> sessions_;
  Mailbox<HubEvent> events_box_;
  Mailbox<WorkerTask> tasks_box_;
  std::vector<HubEvent> events_;
  std::vector<WorkerTask> tasks_;
  std::vector<HubOrder> orders_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  // Sessions to be looked up again; once each, however many notices come.
  std::unordered_set<uint64_t> ask_again_;
  size_t asking_again_ = 0;
  bool draining_ = false;
  std::vector<uint64_t> farewells_;  // sessions to be told, in random order
  int64_t next_farewell_ms_ = 0;
};

}  // namespace rt
