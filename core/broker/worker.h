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
#include "broker/config.h"
#include "broker/site_notice.h"
#include "broker/site_set.h"
#include "db/identity_service.h"
#include "hub/mailbox.h"
#include "hub/message.h"
#include "hub/subscriber_table.h"
#include "net/http_connection.h"
#include "net/listener.h"
#include "net/loop.h"
#include "session/session_host.h"

namespace rt {

// Read by the main thread at any time.
struct WorkerCounters {
  std::atomic<uint64_t> clients{0};      // sessions that are connected
  std::atomic<uint64_t> connections{0};  // sockets
  std::atomic<uint64_t> subscriptions{0};
  std::atomic<uint64_t> backlog_bytes{0};  // publications not taken yet
  std::atomic<bool> drained{false};
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
    // Sessions of all workers, for client.connection_limit.
    std::atomic<int64_t>* sessions = nullptr;
    SiteSetPtr sites;
  };

  explicit Worker(Wiring wiring);
  ~Worker() override;

  // On the loop's thread, or before it runs.
  Status Listen(const std::vector<std::string>& addresses);

  // From the sequencer's thread: takes all of `*events`.
  void Deliver(std::vector<HubEvent>* events);
  // From any thread: runs soon on the worker's.
  void PostTask(WorkerTask task);

  void SetSites(SiteSetPtr sites, uint32_t changed_id);
  // Something changed in Drupal: ended sessions are closed, and whoever it may
  // concern is looked up again.
  void OnNotice(uint32_t site_id, const SiteNotice& notice);
  // Takes no more connections, and bids those there are farewell in batches.
  void BeginDrain();
  // Drops what is left. The loop must run a little further.
  void CloseAll();
  [[nodiscard]] bool closed() const;

  [[nodiscard]] const WorkerCounters& counters() const { return counters_; }

  // SessionHost.
  [[nodiscard]] const Clock& clock() const override { return loop_->clock(); }
  [[nodiscard]] const SessionLimits& limits() const override { return limits_; }
  [[nodiscard]] TimerWheel& timers() override { return loop_->timers(); }
  [[nodiscard]] SubscriberTable& subscribers() override { return table_; }
  uint64_t Register(Session* session) override;
  void Unregister(uint64_t id) override;
  void Authenticate(uint64_t session_id, const SitePtr& site,
                    const Handshake& handshake,
                    const ConnectRequest& request) override;
  void Order(HubOrder order) override;
  [[nodiscard]] bool congested() const override;

  // HttpService: the public listener.
  void Respond(const HttpRequestHead& head, std::string_view body,
               HttpAnswer answer) override;
  std::unique_ptr<ConnectionHandler> Upgrade(const HttpRequestHead& head,
                                             Connection* connection,
                                             HttpResponse* response) override;
  [[nodiscard]] size_t MaxBodyBytes(const HttpRequestHead& head) override;

 private:
  void OnTurn() override;
  void TakeEvents();
  void Take(HubEvent event);
  void Gather();
  [[nodiscard]] static HttpResponse AnswerPublic(const HttpRequestHead& head);
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
  std::atomic<int64_t>* all_sessions_;
  SiteSetPtr sites_;
  SessionLimits limits_;
  WorkerCounters counters_;
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
};

}  // namespace rt
