#include "broker/worker.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "net/client_socket.h"
#include "net/echo_socket.h"
#include "session/session.h"

namespace rt {

namespace {

constexpr std::string_view kWebSocketPath = "/connection/websocket";
// Sessions of a worker that are looked up again at one time.
constexpr size_t kAskedAgainAtOnce = 64;
// Sessions bid farewell per turn of a drain.
constexpr size_t kDrainBatch = 128;

SessionLimits LimitsOf(const Config& config) {
  SessionLimits limits;
  limits.stale_ms = config.client.stale_close_delay_ms;
  limits.ping_interval_ms = config.client.ping_interval_ms;
  limits.pong_timeout_ms = config.client.pong_timeout_ms;
  limits.max_channels = static_cast<size_t>(config.client.channel_limit);
  limits.max_channel_bytes =
      static_cast<size_t>(config.channel_max_length_bytes);
  return limits;
}

bool IsHealth(std::string_view path) {
  return path == "/health" || path == "/health/live";
}

}  // namespace

Worker::Worker(Wiring wiring)
    : config_(wiring.config),
      loop_(wiring.loop),
      id_(wiring.id),
      identities_(wiring.identities),
      orders_box_(wiring.orders),
      ask_internal_(std::move(wiring.ask_internal)),
      caught_up_(std::move(wiring.caught_up)),
      all_sessions_(wiring.sessions),
      sites_(std::move(wiring.sites)),
      limits_(LimitsOf(*wiring.config)),
      events_box_([this] { loop_->Wake(); }),
      tasks_box_([this] { loop_->Wake(); }) {
  loop_->AddTurnListener(this);
}

Worker::~Worker() = default;

Status Worker::Listen(const std::vector<std::string>& addresses) {
  Listener::Options options;
  options.max_queued_bytes =
      static_cast<size_t>(config_->client.queue_max_size_bytes);
  options.share_address = true;
  for (const std::string& address : addresses) {
    auto listener = std::make_unique<Listener>(
        loop_, options, [this](Connection* connection) {
          return std::make_unique<HttpConnection>(connection, this);
        });
    if (Status listening = listener->ListenTcp(address); !listening.ok()) {
      return listening;
    }
    listeners_.push_back(std::move(listener));
  }
  return {};
}

// --- Turns ------------------------------------------------------------------

void Worker::Deliver(std::vector<HubEvent>* events) {
  uint64_t bytes = 0;
  for (const HubEvent& event : *events) {
    if (const auto* publication = std::get_if<EncodedPublicationPtr>(&event)) {
      bytes += (*publication)->json.size();
    }
  }
  counters_.backlog_bytes.fetch_add(bytes, std::memory_order_relaxed);
  events_box_.PostAll(events);
}

void Worker::PostTask(WorkerTask task) { tasks_box_.Post(std::move(task)); }

void Worker::OnTurn() {
  tasks_box_.TakeAll(&tasks_);
  for (WorkerTask& task : tasks_) task();
  tasks_.clear();
  TakeEvents();
  Gather();
  table_.Flush();
  if (draining_) DrainSome();
  orders_box_->PostAll(&orders_);
  Count();
}

void Worker::TakeEvents() {
  events_box_.TakeAll(&events_);
  const bool was_behind = congested();
  for (HubEvent& event : events_) Take(std::move(event));
  events_.clear();
  if (was_behind && !congested()) caught_up_();
}

void Worker::Gather() {
  // A large fan-out keeps this thread busy for milliseconds, each subscriber
  // costing a system call however much it is given. What comes a moment later
  // would cost as much again, so that moment is waited for.
  if (table_.due_deliveries() < kGatherFromDeliveries) return;
  std::this_thread::sleep_for(std::chrono::microseconds(kGatherUs));
  TakeEvents();
}

void Worker::Take(HubEvent event) {
  if (auto* publication = std::get_if<EncodedPublicationPtr>(&event)) {
    counters_.backlog_bytes.fetch_sub((*publication)->json.size(),
                                      std::memory_order_relaxed);
    table_.Enqueue(std::move(*publication));
    return;
  }
  // Everything else keeps its place behind the publications before it.
  table_.Flush();
  if (auto* subscribed = std::get_if<SubscribeAnswer>(&event)) {
    Session* session =
        sessions_.Find(Session::SessionOfTicket(subscribed->ticket));
    if (session != nullptr) {
      session->OnAnswer(std::move(*subscribed));
    } else if (subscribed->error.code == 0) {
      Order({0, UnsubscribeOrder{std::move(subscribed->channel_key)}});
    }
  } else if (auto* published = std::get_if<PublishAnswer>(&event)) {
    Session* session =
        sessions_.Find(Session::SessionOfTicket(published->ticket));
    if (session != nullptr) session->OnAnswer(*published);
  } else {
    std::get<WorkerTask>(event)();
  }
}

void Worker::Count() {
  uint64_t connections = 0;
  for (const auto& listener : listeners_) connections += listener->size();
  counters_.connections.store(connections, std::memory_order_relaxed);
  counters_.clients.store(sessions_.size(), std::memory_order_relaxed);
  counters_.subscriptions.store(table_.subscriptions(),
                                std::memory_order_relaxed);
}

// --- SessionHost ------------------------------------------------------------

uint64_t Worker::Register(Session* session) {
  all_sessions_->fetch_add(1, std::memory_order_relaxed);
  return sessions_.Insert(session);
}

void Worker::Unregister(uint64_t id) {
  all_sessions_->fetch_sub(1, std::memory_order_relaxed);
  sessions_.Erase(id);
}

void Worker::Order(HubOrder order) {
  order.worker = id_;
  orders_.push_back(std::move(order));
  // An order made outside a turn is picked up by the one that ends next, which
  // the loop is in already: it is what called us.
}

bool Worker::congested() const {
  return counters_.backlog_bytes.load(std::memory_order_relaxed) >
         kMaxWorkerBacklogBytes;
}

void Worker::Authenticate(uint64_t session_id, const SitePtr& site,
                          const Handshake& handshake,
                          const ConnectRequest& request) {
  const auto answer = [this, session_id](Result<IdentityPtr> identity) {
    Session* session = sessions_.Find(session_id);
    if (session != nullptr) session->OnAuthenticated(std::move(identity));
  };
  if (!request.token.empty()) {
    return answer(Error{ErrorCode::kDenied, "no token secret is configured"});
  }
  const BrokerSitePtr broker_site = sites_->FindId(site->id);
  if (broker_site == nullptr) {
    return answer(Error{ErrorCode::kUnavailable, "the site was removed"});
  }
  if (broker_site->login == nullptr) {
    if (!site->insecure) {
      return answer(Error{ErrorCode::kInvalid, "no token, and no site"});
    }
    static const IdentityPtr kNobody = std::make_shared<Identity>();
    return answer(kNobody);
  }
  // Where a cookie may not or cannot decide, it is as if there were none: a
  // site whose sessions cannot be read is for tokens only.
  const bool cookie_counts =
      handshake.cookie_login && broker_site->native_login.ok();
  std::string cookies = cookie_counts ? handshake.cookie_header : std::string();
  identities_->Lookup(
      broker_site->login, std::move(cookies), handshake.page_host,
      handshake.https, [this, answer](Result<IdentityPtr> identity) {
        // On a pool's thread, or right here; the session learns it in turn.
        PostTask([answer, identity = std::move(identity)]() mutable {
          answer(std::move(identity));
        });
      });
}

// --- HTTP -------------------------------------------------------------------

void Worker::Respond(const HttpRequestHead& head, std::string_view body,
                     HttpAnswer answer) {
  HttpResponse response = AnswerPublic(head);
  if (response.status == 404 && ask_internal_ != nullptr) {
    return ask_internal_(this, head, std::string(body), std::move(answer));
  }
  answer(std::move(response));
}

HttpResponse Worker::AnswerPublic(const HttpRequestHead& head) {
  HttpResponse response;
  if (head.path == kWebSocketPath) {
    // Right place, no handshake.
    response.status = head.method == "GET" ? 400 : 405;
    if (response.status == 405) response.headers.emplace_back("Allow", "GET");
    return response;
  }
  if (!IsHealth(head.path)) {
    response.status = 404;
    return response;
  }
  if (head.method != "GET" && head.method != "HEAD") {
    response.status = 405;
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  response.content_type = "application/json";
  response.body = "{}";
  return response;
}

size_t Worker::MaxBodyBytes(const HttpRequestHead& head) {
  return ask_internal_ != nullptr && head.path.starts_with("/api/")
             ? kMaxHttpBodyBytes
             : 0;
}

std::unique_ptr<ConnectionHandler> Worker::Upgrade(const HttpRequestHead& head,
                                                   Connection* connection,
                                                   HttpResponse* response) {
  WebSocketReader::Limits limits;
  limits.max_message_bytes =
      static_cast<size_t>(config_->websocket_message_size_limit_bytes);
  if (!config_->test_echo.empty() && head.path == config_->test_echo) {
    const std::string offered = head.joined("sec-websocket-protocol", ",");
    if (offered.find(EchoSocket::kSubprotocol) != std::string::npos) {
      response->headers.emplace_back("Sec-WebSocket-Protocol",
                                     std::string(EchoSocket::kSubprotocol));
    }
    return std::make_unique<EchoSocket>(connection);
  }
  if (head.path != kWebSocketPath) {
    response->status = 404;
    return nullptr;
  }
  if (draining_ || (config_->client.connection_limit > 0 &&
                    all_sessions_->load(std::memory_order_relaxed) >=
                        config_->client.connection_limit)) {
    response->status = 503;
    return nullptr;
  }
  Provenance from = sites_->Place(head);
  if (from.site == nullptr) {
    response->status = 403;
    return nullptr;
  }
  const std::string offered = head.joined("sec-websocket-protocol", ",");
  if (offered.find("centrifuge-json") != std::string::npos) {
    response->headers.emplace_back("Sec-WebSocket-Protocol", "centrifuge-json");
  }
  Handshake handshake;
  handshake.cookie_login = from.cookie_login;
  if (from.cookie_login) handshake.cookie_header = head.joined("cookie", "; ");
  handshake.page_host = std::move(from.page_host);
  handshake.https = from.https;
  return std::make_unique<ClientSocket>(connection, limits, this,
                                        from.site->site, std::move(handshake));
}

// --- Changes ----------------------------------------------------------------

void Worker::SetSites(SiteSetPtr sites, uint32_t changed_id) {
  sites_ = std::move(sites);
  const BrokerSitePtr changed = sites_->FindId(changed_id);
  sessions_.ForEach([&](Session* session) {
    if (session->site()->id != changed_id) return;
    if (changed == nullptr) {
      session->Disconnect(kDisconnectForced);
    } else {
      session->OnSiteChanged(changed->site);
    }
  });
}

void Worker::OnNotice(uint32_t site_id, const SiteNotice& notice) {
  const auto has = [](const auto& list, const auto& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  sessions_.ForEach([&](Session* session) {
    if (session->site()->id != site_id || !session->known()) return;
    const Identity& who = *session->identity();
    if (!who.session_key.empty() && has(notice.sessions, who.session_key)) {
      return session->EndLogin();
    }
    if (notice.roles || (who.logged_in() && has(notice.users, who.uid))) {
      ask_again_.insert(session->id());
    }
  });
  AskAgain();
}

void Worker::AskAgain() {
  // A few at a time: a role's change concerns everyone at once, and those who
  // connect meanwhile must not find the look-ups' queue full.
  while (asking_again_ < kAskedAgainAtOnce && !ask_again_.empty()) {
    const uint64_t id = *ask_again_.begin();
    ask_again_.erase(ask_again_.begin());
    Session* session = sessions_.Find(id);
    if (session == nullptr || !session->known()) continue;
    const BrokerSitePtr site = sites_->FindId(session->site()->id);
    if (site == nullptr || site->login == nullptr) continue;
    ++asking_again_;
    identities_->Recheck(
        site->login, session->identity()->session_key, session->https(),
        [this, id](Result<IdentityPtr> identity) {
          PostTask([this, id, identity = std::move(identity)]() mutable {
            --asking_again_;
            Session* asked = sessions_.Find(id);
            if (asked != nullptr) {
              asked->OnReauthenticated(std::move(identity));
            }
            AskAgain();
          });
        });
  }
}

void Worker::BeginDrain() {
  draining_ = true;
  for (auto& listener : listeners_) listener->StopAccepting();
  loop_->Wake();
}

void Worker::DrainSome() {
  size_t said = 0;
  sessions_.ForEach([&](Session* session) {
    if (said >= kDrainBatch || session->closed()) return;
    session->Disconnect(kDisconnectShutdown);
    ++said;
  });
  if (said > 0) return loop_->Wake();
  // Only sockets without a session are left, or none: nothing of theirs is
  // worth waiting for once the farewells are answered.
  counters_.drained = sessions_.size() == 0;
}

void Worker::CloseAll() {
  for (auto& listener : listeners_) listener->Close();
}

bool Worker::closed() const {
  return std::all_of(listeners_.begin(), listeners_.end(),
                     [](const auto& listener) { return listener->closed(); });
}

}  // namespace rt
