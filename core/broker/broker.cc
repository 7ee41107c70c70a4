#include "broker/broker.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "broker/api.h"
#include "broker/config.h"
#include "broker/internal_service.h"
#include "broker/link_server.h"
#include "broker/login_sweeper.h"
#include "broker/metrics.h"
#include "broker/readiness.h"
#include "broker/site_registry.h"
#include "broker/site_store.h"
#include "broker/tls_files.h"
#include "broker/token_keys.h"
#include "broker/worker.h"
#include "db/database.h"
#include "db/identity_service.h"
#include "hub/mailbox.h"
#include "hub/sequencer.h"
#include "net/listener.h"
#include "net/loop.h"

namespace rt {

namespace {

// How often a drain looks whether it is over.
constexpr uint64_t kDrainTickMs = 20;
// What an idle broker's drain may take, farewells answered or not.
constexpr int64_t kSweepMs = 1'000;

class Broker final : private TurnListener, private HubOutlet {
 public:
  explicit Broker(const Config& config);
  ~Broker() override;

  Status Start();
  // Until a signal has stopped it.
  void Run();

 private:
  // A worker with a thread and loop of its own.
  struct Thread {
    std::unique_ptr<Loop> loop;
    std::thread thread;
  };

  void OnTurn() override;
  void Deliver(WorkerId worker, std::vector<HubEvent>* events) override;

  void MakeWorkers();
  Status Listen();
  // Hands a certificate to the workers; null: nothing new.
  void SpreadTls(const TlsContextPtr& context);
  void WatchSignals();
  void OnSignal(int number);
  void BeginDrain();
  void OnDrainTick();
  void StopNow();
  void OnSitesChanged(const SiteSetPtr& sites, uint32_t site_id);
  void TakeOrders();
  // To the sites' channels for it.
  void PublishFigures();
  // Answers a worker's API request, from the worker's thread.
  void AskInternal(Worker* asker, HttpRequestHead head, std::string body,
                   HttpAnswer answer);
  void Backpressure();
  [[nodiscard]] Api::NodeInfo NodeInfo() const;
  [[nodiscard]] Api::Wiring ApiWiring();
  [[nodiscard]] std::string Metrics() const;
  [[nodiscard]] std::unique_ptr<Revocations> OpenRevocations();

  const Config& config_;
  // The sequencer's, PHP's and the API's: a thread of their own, so that a
  // publish is answered while a worker is busy with the fan-out of the last.
  Loop loop_;
  const int64_t started_ms_;
  WorkerShared shared_;
  Status revocations_error_;
  std::unique_ptr<Revocations> revocations_;
  LoginSweeper sweeper_;
  std::unique_ptr<IdentityService> identities_;
  SiteRegistry sites_;
  Mailbox<HubOrder> orders_box_;
  std::vector<HubOrder> orders_;
  Mailbox<std::function<void()>> questions_box_;
  std::vector<std::function<void()>> questions_;
  Sequencer sequencer_;
  Api api_;
  InternalService internal_;
  LinkServer links_;
  std::unique_ptr<Listener> internal_listener_;
  std::vector<Thread> threads_;
  std::vector<std::unique_ptr<Worker>> workers_;
  TlsFiles tls_files_;
  std::vector<uv_signal_t> signals_;  // of fixed size once they are watched
  uv_timer_t drain_timer_;
  uv_timer_t sweep_timer_;
  int64_t last_sweep_ms_ = 0;
  int64_t drain_until_ms_ = 0;
  bool draining_ = false;
};

IdentityService::Options IdentityOptions(const Config& config) {
  IdentityService::Options options;
  options.threads = static_cast<int>(config.identity.threads);
  options.connections = static_cast<size_t>(config.identity.connections);
  options.queue_limit = static_cast<size_t>(config.identity.queue);
  options.positive_ttl_ms = config.identity.cache_ttl_ms;
  options.negative_ttl_ms = config.identity.negative_ttl_ms;
  return options;
}

DatabaseTimeouts TimeoutsOf(const Config& config) {
  return {static_cast<int>(config.identity.connect_timeout_ms),
          static_cast<int>(config.identity.query_timeout_ms)};
}

std::vector<NamespaceOptions> OwnNamespaces(const Config& config) {
  std::vector<NamespaceOptions> own = config.namespaces;
  if (config.without_namespace.has_value()) {
    own.push_back(*config.without_namespace);
    own.back().name.clear();
  }
  return own;
}

std::optional<SiteStore> OpenStore(const Config& config) {
  Result<SiteStore> store = SiteStore::Open(config.state);
  if (store.ok()) return std::move(store).value();
  Log(LogLevel::kWarning, "sites will not outlive this process: {}",
      store.error().message);
  return std::nullopt;
}

const Clock* WallClock() {
  static const SystemClock clock;
  return &clock;
}

LinkServer::Options LinkOptions(const Config& config, std::string node) {
  return {config.socket, config.socket_group, std::move(node), config.insecure};
}

Broker::Broker(const Config& config)
    : config_(config),
      started_ms_(loop_.clock().monotonic_ms()),
      revocations_(OpenRevocations()),
      sweeper_(config.sweep_interval_ms, &loop_.clock(),
               [this] { loop_.Wake(); }),
      identities_(std::make_unique<IdentityService>(
          IdentityOptions(config), WallClock(),
          OpenDatabaseWithin(TimeoutsOf(config)))),
      sites_(Namespaces(OwnNamespaces(config), config.insecure),
             config.insecure, config.client.allowed_origins, OpenStore(config)),
      orders_box_([this] { loop_.Wake(); }),
      questions_box_([this] { loop_.Wake(); }),
      sequencer_(
          &loop_.clock(),
          [this](uint32_t id) { return sites_.NamespacesOf(id); },
          static_cast<size_t>(config.worker_count()), this),
      api_(ApiWiring()),
      internal_(&api_, &sites_, config.http_api_key, config.insecure,
                config.http_api_transport_errors, [this] { return Metrics(); }),
      links_(&loop_, LinkOptions(config, shared_.node), &sequencer_, &sites_,
             &api_),
      tls_files_(config.tls) {
  shared_.node = RandomUuid();
  shared_.post = [this](WorkerId worker, std::function<void(Worker*)> task) {
    Worker* target = workers_[worker].get();
    target->PostTask([target, task = std::move(task)] { task(target); });
  };
  loop_.AddTurnListener(this);
  RT_CHECK(uv_timer_init(loop_.uv(), &sweep_timer_) == 0);
  sweep_timer_.data = this;
  RT_CHECK(uv_timer_init(loop_.uv(), &drain_timer_) == 0);
  drain_timer_.data = this;
}

Broker::~Broker() {
  uv_close(reinterpret_cast<uv_handle_t*>(&drain_timer_), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&sweep_timer_), nullptr);
  // The last turns may answer a question about it.
  loop_.RunUntilClosed();
  // Its answers go to workers, so it ends before they do.
  identities_.reset();
}

Api::Wiring Broker::ApiWiring() {
  Api::Wiring wiring;
  wiring.sequencer = &sequencer_;
  wiring.sites = &sites_;
  wiring.identities = identities_.get();
  wiring.revocations = revocations_.get();
  wiring.rpcs = &shared_.rpcs;
  wiring.clock = WallClock();
  wiring.listen = [this] {
    std::vector<std::string> addresses = config_.listen;
    for (size_t i = 0; i < addresses.size(); ++i) {
      // Port 0 is whichever was free.
      if (!addresses[i].ends_with(":0")) continue;
      addresses[i].pop_back();
      addresses[i] += std::to_string(workers_[0]->port(i));
    }
    return addresses;
  };
  wiring.node_info = [this] { return NodeInfo(); };
  wiring.on_notice = [this](uint32_t site_id, const SiteNotice& notice) {
    sequencer_.PostToAll([&](WorkerId worker) -> WorkerTask {
      return [target = workers_[worker].get(), site_id, notice] {
        target->OnNotice(site_id, notice);
      };
    });
    if (notice.roles) sweeper_.Request(site_id);
  };
  wiring.for_clients = [this](const ClientSelector& which,
                              const std::function<void(Session*)>& act) {
    // Behind what is on its way to these clients already.
    sequencer_.PostToAll([&](WorkerId worker) -> WorkerTask {
      return [target = workers_[worker].get(), which, act] {
        target->ForClients(which, act);
      };
    });
  };
  wiring.on_revoked = [this] {
    sequencer_.PostToAll([&](WorkerId worker) -> WorkerTask {
      return [target = workers_[worker].get()] { target->OnRevoked(); };
    });
  };
  return wiring;
}

std::unique_ptr<Revocations> Broker::OpenRevocations() {
  const std::string path =
      config_.state.empty() ? "" : config_.state + "/revocations.json";
  auto entries = Revocations::Load(path);
  if (!entries.ok()) revocations_error_ = entries.error();
  auto made = std::make_unique<Revocations>(
      path,
      entries.ok() ? std::move(entries).value()
                   : std::map<std::string, int64_t>(),
      WallClock());
  shared_.revocations = made.get();
  return made;
}

std::string Broker::Metrics() const {
  MetricsSources sources;
  sources.workers = &workers_;
  sources.sequencer = &sequencer_;
  sources.identities = identities_.get();
  sources.links = &links_;
  sources.api = &api_;
  sources.shared = &shared_;
  sources.sites = &sites_;
  return MetricsText(sources, NodeInfo());
}

Status Broker::Start() {
  if (!revocations_error_.ok()) return revocations_error_;
  Result<TokenKeys> keys = ReadTokenKeys(config_.client);
  if (!keys.ok()) return keys.error();
  const Status tokens = sites_.SetOwnTokens(std::move(keys->connections),
                                            std::move(keys->subscriptions));
  if (!tokens.ok()) return tokens;
  for (const std::string& path : config_.site_files) {
    if (Status added = sites_.AddFile(path); !added.ok()) return added;
  }
  sites_.LoadStored();
  MakeWorkers();
  sites_.set_on_change([this](const SiteSetPtr& sites, uint32_t site_id) {
    OnSitesChanged(sites, site_id);
  });
  if (Status listening = Listen(); !listening.ok()) return listening;
  WatchSignals();
  // Streams age, people leave and logins end though nothing else happens.
  const auto turn_ms = static_cast<uint64_t>(
      config_.sweep_interval_ms == 0
          ? kSweepMs
          : std::clamp<int64_t>(config_.sweep_interval_ms / 16, 10, kSweepMs));
  uv_timer_start(
      &sweep_timer_, [](uv_timer_t*) {}, turn_ms, turn_ms);
  internal_.set_ready(true);
  return {};
}

void Broker::MakeWorkers() {
  const auto count = static_cast<size_t>(config_.worker_count());
  for (size_t i = 0; i < count; ++i) {
    Worker::Wiring wiring;
    wiring.id = static_cast<WorkerId>(i);
    wiring.config = &config_;
    wiring.identities = identities_.get();
    wiring.orders = &orders_box_;
    wiring.sites = sites_.current();
    wiring.shared = &shared_;
    wiring.caught_up = [this] { loop_.Wake(); };
    if (config_.internal.empty()) {
      wiring.ask_internal = [this](Worker* asker, HttpRequestHead head,
                                   std::string body, HttpAnswer answer) {
        AskInternal(asker, std::move(head), std::move(body), std::move(answer));
      };
    }
    threads_.push_back({std::make_unique<Loop>(), {}});
    wiring.loop = threads_.back().loop.get();
    workers_.push_back(std::make_unique<Worker>(std::move(wiring)));
  }
  sweeper_.set_workers(&workers_, identities_.get());
}

void Broker::AskInternal(Worker* asker, HttpRequestHead head, std::string body,
                         HttpAnswer answer) {
  questions_box_.Post([this, asker, head = std::move(head),
                       body = std::move(body), answer = std::move(answer)] {
    // The answer belongs to the worker's thread, where its connection lives.
    asker->PostTask([answer, response = internal_.Answer(head, body)] {
      answer(response);
    });
  });
}

Status Broker::Listen() {
  // Sharing an address among threads would share it with another broker as
  // silently. So each is tried alone first.
  std::vector<std::string> all = config_.listen;
  all.insert(all.end(), config_.tls.listen.begin(), config_.tls.listen.end());
  for (const std::string& address : all) {
    Listener probe(&loop_, {}, [](Connection*) { return nullptr; });
    const Status free = probe.ListenTcp(address);
    probe.Close();
    loop_.RunUntilClosed();
    if (!free.ok()) return free;
  }
  const Result<TlsContextPtr> tls = tls_files_.Load();
  if (!tls.ok()) return tls.error();
  for (const auto& worker : workers_) {
    worker->SetTls(*tls);
    if (Status listening = worker->Listen(); !listening.ok()) return listening;
  }
  if (!config_.internal.empty()) {
    internal_listener_ = std::make_unique<Listener>(
        &loop_, Listener::Options{SIZE_MAX, kMaxQueuedBytes, false},
        [this](Connection* connection) {
          return std::make_unique<HttpConnection>(connection, &internal_);
        });
    if (Status listening = internal_listener_->ListenTcp(config_.internal);
        !listening.ok()) {
      return listening;
    }
  }
  return links_.Listen();
}

void Broker::SpreadTls(const TlsContextPtr& context) {
  if (context == nullptr) return;
  for (const auto& worker : workers_) {
    worker->PostTask(
        [target = worker.get(), context] { target->SetTls(context); });
  }
}

void Broker::WatchSignals() {
  std::vector<int> numbers = {SIGTERM, SIGINT};
  // Without TLS there is nothing to read anew, and it ends as it always has.
  if (!config_.tls.listen.empty()) numbers.push_back(SIGHUP);
  signals_.resize(numbers.size());
  for (size_t i = 0; i < numbers.size(); ++i) {
    RT_CHECK(uv_signal_init(loop_.uv(), &signals_[i]) == 0);
    signals_[i].data = this;
    uv_signal_start(
        &signals_[i],
        [](uv_signal_t* handle, int number) {
          static_cast<Broker*>(handle->data)->OnSignal(number);
        },
        numbers[i]);
  }
}

void Broker::Run() {
  for (size_t i = 0; i < threads_.size(); ++i) {
    threads_[i].thread = std::thread([this, i] {
      threads_[i].loop->Run();
      workers_[i]->CloseAll();
      while (!workers_[i]->closed()) threads_[i].loop->RunUntilClosed();
    });
  }
  Log(LogLevel::kInfo,
      "drupalrtd {} serves {} with {} workers; API on {}, PHP on {}",
      RT_VERSION, fmt::join(config_.listen, ", "), workers_.size(),
      config_.internal.empty() ? "the same" : config_.internal, config_.socket);
  if (!config_.tls.listen.empty()) {
    Log(LogLevel::kInfo, "TLS on {}, with {}",
        fmt::join(config_.tls.listen, ", "), tls_files_.current());
  }
  if (config_.insecure) {
    Log(LogLevel::kWarning,
        "INSECURE: anyone may connect, subscribe and publish anywhere. Never "
        "run a public broker like this.");
  }
  AnnounceReady(config_.ready_fd);
  loop_.Run();
  for (Thread& thread : threads_) thread.thread.join();
  while (!links_.closed() ||
         (internal_listener_ != nullptr && !internal_listener_->closed())) {
    loop_.RunUntilClosed();
  }
  Log(LogLevel::kInfo, "drupalrtd has stopped");
}

// --- Turns ------------------------------------------------------------------

void Broker::OnTurn() {
  questions_box_.TakeAll(&questions_);
  for (const auto& question : questions_) question();
  questions_.clear();
  TakeOrders();
  sequencer_.Flush();
  const int64_t now_ms = loop_.clock().monotonic_ms();
  if (now_ms - last_sweep_ms_ >= kSweepMs) {
    last_sweep_ms_ = now_ms;
    sequencer_.Sweep();
    PublishFigures();
    identities_->Expire();
    SpreadTls(tls_files_.Poll(now_ms));
  }
  sweeper_.OnTurn(*sites_.current());
  Backpressure();
}

void Broker::PublishFigures() {
  for (const BrokerSitePtr& site : sites_.current()->sites()) {
    const std::string& channel = site->document.figures_channel;
    const uint32_t id = site->site->id;
    if (channel.empty() || sequencer_.subscribers(id, channel) == 0) continue;
    const Sequencer::SiteCounters counters = sequencer_.counters(id);
    Publication publication;
    publication.data = fmt::format(
        "{{\"clients\":{},\"users\":{},\"subscriptions\":{},"
        "\"publications\":{},\"deliveries\":{},\"uptime\":{}}}",
        shared_.census.clients(id), shared_.census.users(id),
        counters.subscriptions, counters.publications, counters.deliveries,
        (loop_.clock().monotonic_ms() - started_ms_) / 1000);
    Sequencer::PublishOptions how;
    how.skip_history = true;
    how.counted = false;
    sequencer_.Publish(id, channel, std::move(publication), how);
  }
}

void Broker::TakeOrders() {
  orders_box_.TakeAll(&orders_);
  for (HubOrder& order : orders_) sequencer_.Execute(std::move(order));
  orders_.clear();
}

void Broker::Deliver(WorkerId worker, std::vector<HubEvent>* events) {
  workers_[worker]->Deliver(events);
}

void Broker::Backpressure() {
  uint64_t backlog = 0;
  for (const auto& worker : workers_) {
    backlog = std::max(backlog, worker->counters().backlog_bytes.load(
                                    std::memory_order_relaxed));
  }
  if (backlog > kMaxWorkerBacklogBytes) {
    links_.SetPaused(true);
  } else if (backlog <= kMaxWorkerBacklogBytes / 2) {
    links_.SetPaused(false);
  }
}

void Broker::OnSitesChanged(const SiteSetPtr& sites, uint32_t site_id) {
  if (const BrokerSitePtr site = sites->FindId(site_id)) {
    if (site->login != nullptr) {
      identities_->DropSite(site->site->key);
      identities_->Warm(site->login);
      identities_->Probe(site->login);
    }
  } else {
    sequencer_.DropSite(site_id);
  }
  sequencer_.PostToAll([&](WorkerId worker) -> WorkerTask {
    return [target = workers_[worker].get(), sites, site_id] {
      target->SetSites(sites, site_id);
    };
  });
  sweeper_.Request(site_id);
  links_.OnSitesChanged();
}

// --- The end ----------------------------------------------------------------

void Broker::OnSignal(int number) {
  if (number == SIGHUP) return SpreadTls(tls_files_.Reload());
  if (draining_) {
    Log(LogLevel::kWarning, "told twice: stops at once");
    return StopNow();
  }
  BeginDrain();
}

void Broker::BeginDrain() {
  draining_ = true;
  AnnounceStopping();
  internal_.set_ready(false);
  Log(LogLevel::kInfo, "stops: browsers are told to come back");
  drain_until_ms_ = loop_.clock().monotonic_ms() + config_.shutdown_timeout_ms;
  links_.BeginDrain();
  for (const auto& worker : workers_) {
    worker->PostTask([target = worker.get()] { target->BeginDrain(); });
  }
  uv_timer_start(
      &drain_timer_,
      [](uv_timer_t* timer) {
        static_cast<Broker*>(timer->data)->OnDrainTick();
      },
      kDrainTickMs, kDrainTickMs);
}

void Broker::OnDrainTick() {
  bool drained = links_.size() == 0;
  for (const auto& worker : workers_) {
    drained = drained && worker->counters().drained.load();
    // A worker that waits for farewells to be answered counts them in turns.
    worker->PostTask([] {});
  }
  if (drained || loop_.clock().monotonic_ms() >= drain_until_ms_) StopNow();
}

void Broker::StopNow() {
  if (uv_is_closing(reinterpret_cast<uv_handle_t*>(&signals_[0])) != 0) return;
  uv_timer_stop(&drain_timer_);
  uv_timer_stop(&sweep_timer_);
  for (uv_signal_t& signal : signals_) {
    uv_close(reinterpret_cast<uv_handle_t*>(&signal), nullptr);
  }
  links_.CloseAll();
  if (internal_listener_ != nullptr) internal_listener_->Close();
  for (size_t i = 0; i < threads_.size(); ++i) {
    workers_[i]->PostTask([loop = threads_[i].loop.get()] { loop->Stop(); });
  }
  loop_.Stop();
}

Api::NodeInfo Broker::NodeInfo() const {
  Api::NodeInfo info;
  for (const auto& worker : workers_) {
    info.clients += worker->counters().clients.load();
    info.connections += worker->counters().connections.load();
    info.subscriptions += worker->counters().subscriptions.load();
  }
  info.links = links_.size();
  info.uptime_s = static_cast<uint64_t>(
      (loop_.clock().monotonic_ms() - started_ms_) / 1000);
  info.users = shared_.census.users();
  info.node = shared_.node;
  info.sweep = sweeper_.stats();
  return info;
}

}  // namespace

int RunBroker(const Config& config) {
  auto broker = std::make_unique<Broker>(config);
  if (Status started = broker->Start(); !started.ok()) {
    Log(LogLevel::kError, "{}", started.error().message);
    // Half of it may listen already; the process's end takes it down.
    std::_Exit(1);
  }
  broker->Run();
  return 0;
}

}  // namespace rt
