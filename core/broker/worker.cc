#include "broker/worker.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "session/session.h"

namespace rt {

namespace {

SessionLimits LimitsOf(const Config& config) {
  SessionLimits limits;
  limits.stale_ms = config.client.stale_close_delay_ms;
  limits.ping_interval_ms = config.client.ping_interval_ms;
  limits.pong_timeout_ms = config.client.pong_timeout_ms;
  limits.max_channels = static_cast<size_t>(config.client.channel_limit);
  limits.max_channel_bytes =
      static_cast<size_t>(config.channel_max_length_bytes);
  limits.max_age_ms = config.client.connection_max_age_ms;
  limits.expired_grace_ms = config.client.expired_close_delay_ms;
  limits.command_rate = static_cast<uint32_t>(config.client.command_rate_limit);
  limits.command_burst = static_cast<uint32_t>(config.client.command_burst);
  limits.error_rate = static_cast<uint32_t>(config.client.error_rate_limit);
  return limits;
}

std::vector<AddressRange> RangesOf(const std::vector<std::string>& texts) {
  std::vector<AddressRange> ranges;
  ranges.reserve(texts.size());
  for (const std::string& text : texts) {
    ranges.push_back(AddressRange::Parse(text).value());  // checked when read
  }
  return ranges;
}

// A Drupal user's id, as tokens name it.
std::optional<uint32_t> UserIdOf(const std::string& user) {
  uint32_t uid = 0;
  const char* end = user.data() + user.size();
  const auto [at, error] = std::from_chars(user.data(), end, uid);
  if (error != std::errc() || at != end || uid == 0 || user[0] == '0') {
    return std::nullopt;
  }
  return uid;
}

// What a push that waits costs, before anything of it is encoded.
uint64_t BacklogBytes(const EncodedPush& push) {
  return push.publication().data.size() + push.key().size() + 64;
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
      shared_(wiring.shared),
      sites_(std::move(wiring.sites)),
      trusted_proxies_(RangesOf(wiring.config->trusted_proxies)),
      limits_(LimitsOf(*wiring.config)),
      events_box_([this] { loop_->Wake(); }),
      tasks_box_([this] { loop_->Wake(); }) {
  loop_->AddTurnListener(this);
}

Worker::~Worker() = default;

Status Worker::Listen() {
  for (const std::string& address : config_->listen) {
    if (Status listening = ListenOn(address, false); !listening.ok()) {
      return listening;
    }
  }
  for (const std::string& address : config_->tls.listen) {
    if (Status listening = ListenOn(address, true); !listening.ok()) {
      return listening;
    }
  }
  return {};
}

Status Worker::ListenOn(const std::string& address, bool under_tls) {
  Listener::Options options;
  options.max_queued_bytes =
      static_cast<size_t>(config_->client.queue_max_size_bytes);
  options.share_address = true;
  auto listener = std::make_unique<Listener>(
      loop_, options, [this, under_tls](Connection* connection) {
        if (config_->proxy_protocol &&
            ContainsAddress(trusted_proxies_, connection->peer_address())) {
          connection->ExpectProxyHeader();
        }
        if (under_tls) connection->StartTls(tls_);
        return std::make_unique<HttpConnection>(connection, this);
      });
  if (Status listening = listener->ListenTcp(address); !listening.ok()) {
    return listening;
  }
  listeners_.push_back(std::move(listener));
  return {};
}

// --- Turns ------------------------------------------------------------------

void Worker::Deliver(std::vector<HubEvent>* events) {
  uint64_t bytes = 0;
  for (const HubEvent& event : *events) {
    if (const auto* publication = std::get_if<EncodedPushPtr>(&event)) {
      bytes += BacklogBytes(**publication);
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
  if (auto* publication = std::get_if<EncodedPushPtr>(&event)) {
    counters_.backlog_bytes.fetch_sub(BacklogBytes(**publication),
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
      Order({0, std::move(*subscribed).Undo(true)});
    }
  } else if (auto* published = std::get_if<PublishAnswer>(&event)) {
    Session* session =
        sessions_.Find(Session::SessionOfTicket(published->ticket));
    if (session != nullptr) session->OnAnswer(*published);
  } else if (auto* found = std::get_if<QueryAnswer>(&event)) {
    Session* session = sessions_.Find(Session::SessionOfTicket(found->ticket));
    if (session != nullptr) session->OnAnswer(*found);
  } else if (auto* lost = std::get_if<StreamLost>(&event)) {
    table_.LoseStream(lost->channel_key);
  } else {
    std::get<WorkerTask>(event)();
  }
}

void Worker::Count() {
  uint64_t connections = 0;
  for (const auto& listener : listeners_) connections += listener->size();
  counters_.connections.store(connections, std::memory_order_relaxed);
  counters_.clients.store(sessions_.size(), std::memory_order_relaxed);
  counters_.delivered.store(table_.delivered(), std::memory_order_relaxed);
  counters_.subscriptions.store(table_.subscriptions(),
                                std::memory_order_relaxed);
}

// --- SessionHost ------------------------------------------------------------

uint64_t Worker::Register(Session* session, uint32_t site_id,
                          const std::string& address) {
  shared_->sessions.fetch_add(1, std::memory_order_relaxed);
  shared_->census.AddSession(site_id, address);
  return sessions_.Insert(session);
}

void Worker::Unregister(uint64_t id, uint32_t site_id,
                        const std::string& address) {
  shared_->sessions.fetch_sub(1, std::memory_order_relaxed);
  shared_->census.RemoveSession(site_id, address);
  sessions_.Erase(id);
}

void Worker::RegisterEmulated(const std::string& name, uint64_t id) {
  shared_->census.AddName(name, {id_, id});
}

void Worker::UnregisterEmulated(const std::string& name) {
  shared_->census.RemoveName(name);
}

DisconnectCode Worker::LetIn(const Session& session) {
  const Site& site = *session.site();
  const std::string user = session.identity()->user();
  if (shared_->revocations->IsBlocked(site.key, user)) {
    return kDisconnectForced;
  }
  // It was good when it came; the user was looked up meanwhile.
  if (const auto& claims = session.claims();
      claims != nullptr &&
      Revoked(site.id, user, claims->id, claims->issued_at_s)) {
    return kDisconnectInvalidToken;
  }
  const auto limit =
      static_cast<uint64_t>(LowerLimit(config_->client.user_connection_limit,
                                       site.limits.user_connection_limit));
  if (!shared_->census.AddUser(site.id, user, limit)) {
    return kDisconnectConnectionLimit;
  }
  return {};
}

void Worker::LetOut(const Session& session) {
  shared_->census.RemoveUser(session.site()->id, session.identity()->user());
}

bool Worker::Revoked(uint32_t site_id, const std::string& user,
                     const std::string& token_id, int64_t issued_at_s) {
  const BrokerSitePtr site = sites_->FindId(site_id);
  return site == nullptr || shared_->revocations->IsRevoked(
                                site->site->key, user, token_id, issued_at_s);
}

bool Worker::TakesCommandOf(const Session& session) {
  const SiteLimits& own = session.site()->limits;
  const RateLimit limit = LowerLimit(
      RateLimit{config_->client.user_command_rate_limit,
                config_->client.user_command_burst},
      RateLimit{own.user_command_rate_limit, own.user_command_burst});
  if (limit.rate == 0) return true;
  return shared_->census.TakeCommand(
      session.site()->id, session.identity()->user(),
      loop_->clock().monotonic_ms(), static_cast<double>(limit.rate),
      static_cast<double>(limit.burst));
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
  const auto answer = [this, session_id](Result<Login> login) {
    Session* session = sessions_.Find(session_id);
    if (session != nullptr) session->OnAuthenticated(std::move(login));
  };
  const BrokerSitePtr broker_site = sites_->FindId(site->id);
  if (broker_site == nullptr) {
    return answer(Error{ErrorCode::kUnavailable, "the site was removed"});
  }
  // Of a token and a cookie the token decides.
  if (!request.token.empty()) {
    return AuthenticateByToken(broker_site, site, request.token,
                               handshake.address, answer);
  }
  if (broker_site->login == nullptr) {
    if (!site->insecure) {
      return answer(Error{ErrorCode::kInvalid, "no token, and no site"});
    }
    static const IdentityPtr kNobody = std::make_shared<Identity>();
    return answer(Login{kNobody, nullptr, {}});
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
          if (!identity.ok()) return answer(identity.error());
          answer(Login{std::move(identity).value(), nullptr, {}});
        });
      });
}

void Worker::AuthenticateByToken(const BrokerSitePtr& site,
                                 const SitePtr& rules, const std::string& token,
                                 const std::string& address,
                                 LoginAnswer answer) {
  if (rules->tokens == nullptr) {
    return answer(Error{ErrorCode::kDenied, "no token key is configured"});
  }
  auto verdict =
      rules->tokens->VerifyConnection(token, loop_->clock().wall_ms() / 1000);
  if (verdict.fault == TokenFault::kExpired) {
    return answer(Login{nullptr, nullptr, kErrorTokenExpired});
  }
  const ConnectionClaims& claims = verdict.claims;
  if (verdict.fault == TokenFault::kNone &&
      Revoked(rules->id, claims.user, claims.id, claims.issued_at_s)) {
    verdict.fault = TokenFault::kInvalid;
    verdict.why = "it was revoked";
  }
  if (verdict.fault != TokenFault::kNone) {
    Log(LogLevel::kInfo, "connection token refused from {}: {}", address,
        verdict.why);
    return answer(Error{ErrorCode::kDenied, verdict.why});
  }
  auto shared =
      std::make_shared<const ConnectionClaims>(std::move(verdict.claims));
  const std::optional<uint32_t> uid = UserIdOf(shared->user);
  if (site->login == nullptr || (!uid.has_value() && !shared->user.empty())) {
    auto identity = std::make_shared<Identity>();
    identity->subject = shared->user;
    return answer(Login{std::move(identity), std::move(shared), {}});
  }
  // The token says who it is, the site's tables what that user may do.
  identities_->LookupUser(
      site->login, uid.value_or(0),
      [this, answer, shared](Result<IdentityPtr> identity) {
        PostTask([answer, shared, identity = std::move(identity)]() mutable {
          if (!identity.ok()) return answer(identity.error());
          if (!shared->user.empty() && !(*identity)->logged_in()) {
            return answer(Error{ErrorCode::kDenied, (*identity)->reason});
          }
          answer(Login{std::move(identity).value(), shared, {}});
        });
      });
}

}  // namespace rt
