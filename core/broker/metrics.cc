#include "broker/metrics.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <functional>
#include <iterator>

#include "db/identity_service.h"

namespace rt {

namespace {

// Writes families: a name with help and type once, then its samples.
class Exposition {
 public:
  void Family(std::string_view name, std::string_view type,
              std::string_view help) {
    name_ = name;
    Append("# HELP drupalrt_{} {}\n# TYPE drupalrt_{} {}\n", name, help, name,
           type);
  }
  void Sample(uint64_t value) { Append("drupalrt_{} {}\n", name_, value); }
  // `labels` as in `code="3000"`.
  void Sample(std::string_view labels, uint64_t value) {
    Append("drupalrt_{}{{{}}} {}\n", name_, labels, value);
  }
  void Gauge(std::string_view name, std::string_view help, uint64_t value) {
    Family(name, "gauge", help);
    Sample(value);
  }
  void Counter(std::string_view name, std::string_view help, uint64_t value) {
    Family(name, "counter", help);
    Sample(value);
  }
  [[nodiscard]] std::string Take() { return std::move(text_); }

 private:
  template <typename... Args>
  void Append(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format,
                   std::forward<Args>(args)...);
  }
  std::string_view name_;
  std::string text_;
};

constexpr std::array<const char*, kTransportKinds> kTransports = {
    "websocket",     "http_stream",     "sse",
    "uni_websocket", "uni_http_stream", "uni_sse"};

// As Command::Kind.
constexpr std::array<const char*, SessionMetrics::kCommands> kCommandNames = {
    "pong",     "connect",        "subscribe", "unsubscribe", "publish",
    "presence", "presence_stats", "history",   "rpc",         "send",
    "refresh",  "sub_refresh",    "unknown"};

using Read = std::function<uint64_t(const SessionMetrics&)>;

uint64_t Sum(const MetricsSources& from, const Read& read) {
  uint64_t sum = 0;
  for (const auto& worker : *from.workers) {
    sum += read(worker->session_metrics());
  }
  return sum;
}

uint64_t SumCounters(
    const MetricsSources& from,
    const std::function<uint64_t(const WorkerCounters&)>& read) {
  uint64_t sum = 0;
  for (const auto& worker : *from.workers) sum += read(worker->counters());
  return sum;
}

void WriteNode(const MetricsSources& from, const Api::NodeInfo& node,
               Exposition* out) {
  out->Family("build_info", "gauge", "The broker's version.");
  out->Sample(fmt::format("version=\"{}\"", RT_VERSION), 1);
  out->Gauge("node_uptime_seconds", "Seconds since the start.", node.uptime_s);
  out->Gauge("node_num_clients", "Clients that are connected.", node.clients);
  out->Gauge("node_num_users", "Users who are logged in and connected.",
             node.users);
  out->Gauge("node_num_connections", "Sockets on the public addresses.",
             node.connections);
  out->Gauge("node_num_subscriptions", "Subscriptions of all clients.",
             node.subscriptions);
  out->Gauge("node_num_channels",
             "Channels that somebody listens to or that "
             "have a history.",
             from.sequencer->channels());
  out->Gauge("node_num_nodes", "Brokers of this cluster.", 1);
  out->Gauge("node_num_sites", "Sites that are served.",
             from.sites->current()->sites().size());
  out->Gauge("node_num_workers", "Threads that serve clients.",
             from.workers->size());
  out->Gauge("link_num_connections", "PHP processes that are connected.",
             node.links);
  std::ifstream statm("/proc/self/statm");
  uint64_t pages = 0;
  uint64_t resident = 0;
  if (statm >> pages >> resident) {
    out->Gauge("process_resident_memory_bytes", "Memory in use.",
               resident * 4096);
  }
}

void WriteTransports(const MetricsSources& from, Exposition* out) {
  const auto each = [&](const auto& counts_of) {
    for (size_t i = 0; i < 2 * kTransportKinds; ++i) {
      const uint64_t value = Sum(from, [&](const SessionMetrics& metrics) {
        return counts_of(metrics, i);
      });
      if (value == 0) continue;
      out->Sample(fmt::format("transport=\"{}\",encoding=\"{}\"",
                              kTransports[i % kTransportKinds],
                              i < kTransportKinds ? "json" : "protobuf"),
                  value);
    }
  };
  out->Family("client_connections_accepted", "counter",
              "Connections that were opened.");
  each([](const SessionMetrics& m, size_t i) { return m.opened[i]; });
  out->Family("client_connections_inflight", "gauge",
              "Connections that are open.");
  each([](const SessionMetrics& m, size_t i) {
    return m.opened[i] - m.closed[i];
  });
  out->Counter("client_connections_refused",
               "Handshakes that were answered with 503, by a limit.",
               SumCounters(from, [](const WorkerCounters& counters) {
                 return counters.refused.load();
               }));
}

void WriteClients(const MetricsSources& from, Exposition* out) {
  out->Family("client_commands", "counter", "Commands of clients.");
  for (size_t i = 0; i < SessionMetrics::kCommands; ++i) {
    out->Sample(
        fmt::format("method=\"{}\"", kCommandNames[i]),
        Sum(from, [i](const SessionMetrics& m) { return m.commands[i]; }));
  }
  out->Family("client_num_reply_errors", "counter",
              "Commands that were answered with an error.");
  for (size_t i = 0; i < SessionMetrics::kErrors; ++i) {
    const uint64_t value =
        Sum(from, [i](const SessionMetrics& m) { return m.errors[i]; });
    if (value == 0) continue;
    const bool other = i + 1 == SessionMetrics::kErrors;
    out->Sample(other ? "code=\"other\"" : fmt::format("code=\"{}\"", 100 + i),
                value);
  }
  out->Family("client_num_server_disconnects", "counter",
              "Connections that ended, by the code they ended with.");
  for (size_t i = 0; i < SessionMetrics::kDisconnects; ++i) {
    const uint64_t value =
        Sum(from, [i](const SessionMetrics& m) { return m.disconnects[i]; });
    if (value == 0) continue;
    const bool other = i + 1 == SessionMetrics::kDisconnects;
    out->Sample(
        other ? "code=\"other\""
              : fmt::format("code=\"{}\"", i < 20 ? 3000 + i : 3500 + i - 20),
        value);
  }
  out->Counter("client_pings", "Pings that were sent.",
               Sum(from, [](const SessionMetrics& m) { return m.pings[0]; }));
  out->Counter(
      "transport_messages_received", "Messages of clients.",
      Sum(from, [](const SessionMetrics& m) { return m.messages_in[0]; }));
  out->Counter(
      "transport_messages_received_size", "Bytes of these messages.",
      Sum(from, [](const SessionMetrics& m) { return m.bytes_in[0]; }));
  out->Counter(
      "client_publications_skipped",
      "Publications that slow readers of latest_only channels did without.",
      Sum(from, [](const SessionMetrics& m) { return m.skipped[0]; }));
  out->Counter("client_insufficient_state",
               "Subscriptions that ended because their stream did.",
               Sum(from, [](const SessionMetrics& m) { return m.lost[0]; }));
}

void WriteHub(const MetricsSources& from, Exposition* out) {
  const Sequencer::Counters& hub = from.sequencer->counters();
  out->Family("node_messages_sent_count", "counter",
              "What was sent to channels.");
  out->Sample("type=\"publication\"", hub.publications);
  out->Sample("type=\"join\"", hub.joins);
  out->Sample("type=\"leave\"", hub.leaves);
  out->Counter("node_deliveries", "Pushes, one for each subscriber and turn.",
               SumCounters(from, [](const WorkerCounters& counters) {
                 return counters.delivered.load();
               }));
  out->Counter("node_deltas", "Publications that were sent as a patch, too.",
               hub.patches);
  out->Family("client_recover", "counter",
              "Subscribes that asked for what was missed.");
  out->Sample("recovered=\"yes\"", hub.recovered);
  out->Sample("recovered=\"no\"", hub.unrecovered);
  out->Gauge("node_backlog_bytes", "Publications that wait for a worker.",
             SumCounters(from, [](const WorkerCounters& counters) {
               return counters.backlog_bytes.load();
             }));
}

void WriteSweeps(const MetricsSources& from, const SweepStats& sweep,
                 Exposition* out) {
  out->Counter("sweeps", "Looks at all logins of a site.", sweep.sweeps);
  out->Counter("sweep_connections", "Connections that these looked at.",
               sweep.connections);
  out->Counter("sweep_changes", "Those that were not whom they were.",
               sweep.changes);
  out->Counter("sweep_failures",
               "Times that a database away left some out; the next sweep "
               "looks at them.",
               sweep.failures);
  out->Counter("sweep_queries", "Queries of these, one for 1,000 sessions.",
               from.identities->stats().sweep_queries);
  out->Gauge("sweep_last_milliseconds", "What the last one took.",
             sweep.last_ms);
}

void WriteServer(const MetricsSources& from, Exposition* out) {
  out->Family("api_calls", "counter",
              "Calls of the API, over HTTP and by PHP.");
  for (const auto& [method, count] : from.api->calls()) {
    out->Sample(fmt::format("method=\"{}\"", method), count);
  }
  const LinkCounters& links = from.links->counters();
  out->Family("link_events", "counter", "Events that PHP handed over.");
  out->Sample("result=\"accepted\"", links.events);
  out->Sample("result=\"refused\"", links.refused);
  out->Sample("result=\"malformed\"", links.malformed);
  const IdentityService::Stats identity = from.identities->stats();
  out->Counter("identity_lookups", "Questions who a browser is.",
               identity.lookups);
  out->Counter("identity_cache_hits", "Those answered from memory.",
               identity.cache_hits);
  out->Counter("identity_coalesced", "Those that joined one on its way.",
               identity.coalesced);
  out->Counter("identity_queries", "Queries to the sites' databases.",
               identity.queries + identity.role_loads);
  out->Counter("identity_unavailable",
               "Those that a database away left without an answer.",
               identity.unavailable);
  const ConnectionSet::Stats& connections = identity.connections;
  out->Family("identity_connections", "gauge",
              "Connections to the sites' databases.");
  out->Sample("state=\"used\"", connections.in_use);
  out->Sample("state=\"idle\"", connections.idle);
  out->Counter("identity_connects", "Connections to databases made.",
               connections.opened);
  out->Counter("identity_connection_failures",
               "Those that could not be made, or broke.", connections.failed);
  out->Counter("identity_refused",
               "Look-ups refused at once, as the site's database is away.",
               connections.refused);
  out->Gauge("identity_sites_away", "Sites whose database is away.",
             connections.sites_away);
  out->Gauge("revocations", "Users and tokens that are blocked.",
             from.shared->revocations->size());
}

}  // namespace

std::string MetricsText(const MetricsSources& sources,
                        const Api::NodeInfo& node) {
  Exposition out;
  WriteNode(sources, node, &out);
  WriteTransports(sources, &out);
  WriteClients(sources, &out);
  WriteHub(sources, &out);
  WriteServer(sources, &out);
  WriteSweeps(sources, node.sweep, &out);
  return out.Take();
}

}  // namespace rt
