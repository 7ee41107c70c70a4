#include "broker/link_server.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "hub/channel_name.h"
#include "net/loop.h"
#include "wire/json_text.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

// From accept to a hello.
constexpr int64_t kGreetingMs = 10'000;
// A reason may quote what the peer said. Above: cut.
constexpr size_t kMaxGoodbyeReasonBytes = 512;

bool IsMember(uid_t uid, gid_t gid, const std::string& group) {
  const struct group* entry = ::getgrnam(group.c_str());
  if (entry == nullptr) return false;
  if (entry->gr_gid == gid) return true;
  const struct passwd* user = ::getpwuid(uid);
  if (user == nullptr) return false;
  if (user->pw_gid == entry->gr_gid) return true;
  for (char** member = entry->gr_mem; *member != nullptr; ++member) {
    if (std::strcmp(*member, user->pw_name) == 0) return true;
  }
  return false;
}

}  // namespace

// --- One connection ---------------------------------------------------------

LinkConnection::LinkConnection(LinkServer* server, Connection* connection,
                               uid_t uid)
    : server_(server), connection_(connection), uid_(uid) {
  server_->links_.push_back(this);
  connection_->SetDeadline(kGreetingMs);
}

LinkConnection::~LinkConnection() { std::erase(server_->links_, this); }

void LinkConnection::OnBytes(char* bytes, size_t length) {
  if (connection_->ending()) return;  // bidden goodbye: what it says is dropped
  // Whoever comes while workers are behind is stopped by its first bytes.
  if (server_->paused_) connection_->PauseReading();
  if (reader_.Read({bytes, length}, this)) return;
  if (reader_.error_code() == 0) return;
  Log(LogLevel::kWarning, "link of uid {} closed: {}", uid_,
      reader_.error_reason());
  Goodbye(reader_.error_code(), reader_.error_reason());
}

bool LinkConnection::OnFrame(const LinkFrame& frame) {
  if (frame.type == kLinkHello) return OnHello(frame);
  if (!greeted_) {
    Goodbye(kLinkGoodbyeMalformed, "the first frame must be a hello");
    return false;
  }
  switch (frame.type) {
    case kLinkSite:
      return OnSite(frame);
    case kLinkPublish:
      return OnPublish(frame);
    case kLinkCall:
      return OnCall(frame);
    default:
      break;
  }
  Goodbye(kLinkGoodbyeMalformed, "a frame that only the broker sends");
  return false;
}

bool LinkConnection::OnHello(const LinkFrame& frame) {
  const Result<LinkHello> hello = ParseHello(frame.body);
  if (!hello.ok() || greeted_) {
    Goodbye(kLinkGoodbyeMalformed,
            greeted_ ? "a second hello" : hello.error().message);
    return false;
  }
  if (hello->protocol != kLinkProtocol) {
    Goodbye(kLinkGoodbyeIncompatible,
            fmt::format("the extension {} speaks link protocol {}, this "
                        "broker {} speaks {}: restart {}",
                        hello->version, hello->protocol, RT_VERSION,
                        static_cast<uint32_t>(kLinkProtocol),
                        hello->protocol < kLinkProtocol
                            ? "PHP, so that it loads the newer extension"
                            : "the broker"));
    return false;
  }
  greeted_ = true;
  connection_->SetDeadline(-1);
  told_sites_ = SitesJson();
  std::string out;
  AppendLinkFrame(
      kLinkHelloReply, 0, frame.request_id,
      fmt::format("{{\"version\":\"{}\",\"protocol\":{},\"pid\":{},"
                  "\"node\":{},\"sites\":{}}}",
                  RT_VERSION, static_cast<uint32_t>(kLinkProtocol), ::getpid(),
                  JsonString(server_->options_.node), told_sites_),
      &out);
  connection_->Enqueue(out);
  return true;
}

bool LinkConnection::OnSite(const LinkFrame& frame) {
  const Result<LinkSite> site = ParseSiteFrame(frame.body);
  if (!site.ok()) {
    Goodbye(kLinkGoodbyeMalformed, site.error().message);
    return false;
  }
  key_ = site->key;
  secret_ = site->secret;
  return true;
}

BrokerSitePtr LinkConnection::CurrentSite() {
  SiteRegistry* sites = server_->sites_;
  BrokerSitePtr site;
  if (!key_.empty()) {
    site = sites->current()->FindKey(key_);
    if (site == nullptr) {
      refusal_ = fmt::format("no site \"{}\" is registered", key_);
      return nullptr;
    }
  } else {
    const std::vector<std::string> mine = sites->KeysOf(uid_);
    if (mine.empty()) {
      // The broker's own site takes what is nobody's, where it serves anyone.
      return sites->current()->own();
    }
    if (mine.size() > 1) {
      refusal_ = fmt::format(
          "several sites are registered ({}): say which by drupalrt_site(KEY)",
          fmt::join(mine, ", "));
      return nullptr;
    }
    site = sites->current()->FindKey(mine.front());
  }
  if (Status mine = SiteRegistry::Admits(*site, uid_, secret_); !mine.ok()) {
    refusal_ = mine.error().message;
    return nullptr;
  }
  return site;
}

bool LinkConnection::OnPublish(const LinkFrame& frame) {
  const Result<LinkPublish> event = ParsePublishFrame(frame.body);
  if (!event.ok()) {
    ++server_->counters_.malformed;
    Reply(frame.request_id,
          ErrorJson(kErrorBadRequest.code, event.error().message));
    return true;
  }
  if (event->idempotency_key.size() > kMaxPublisherNameBytes ||
      event->version_epoch.size() > kMaxPublisherNameBytes) {
    ++server_->counters_.malformed;
    Reply(frame.request_id,
          ErrorJson(kErrorBadRequest.code,
                    "idempotency_key and version_epoch: 255 bytes at most"));
    return true;
  }
  const BrokerSitePtr site = CurrentSite();
  if (site == nullptr) {
    ++server_->counters_.refused;
    Reply(frame.request_id, ErrorJson(kErrorPermissionDenied.code, refusal_));
    return true;
  }
  ++server_->counters_.events;
  Publication publication;
  publication.data = event->data;
  StripLineBreaks(&publication.data);
  publication.tags = event->tags;
  Sequencer::PublishOptions how;
  how.skip_history = event->skip_history;
  how.idempotency_key = event->idempotency_key;
  how.version = event->version;
  how.version_epoch = event->version_epoch;
  how.exclude = ParseUuid(event->exclude);
  std::string responses;
  for (const std::string_view channel : event->channels) {
    Sequencer::Receipt receipt;
    if (IsChannelName(channel)) {
      receipt = server_->sequencer_->Publish(site->site->id, channel,
                                             publication, how);
    } else {
      receipt.error = kErrorBadRequest;
    }
    if (frame.request_id == 0) continue;
    if (!responses.empty()) responses += ',';
    responses += ReceiptJson(receipt, true);
  }
  if (event->channels.size() > 1) {
    responses = "{\"result\":{\"responses\":[" + responses + "]}}";
  }
  Reply(frame.request_id, responses);
  return true;
}

bool LinkConnection::OnCall(const LinkFrame& frame) {
  const Result<LinkCall> call = ParseCall(frame.body);
  if (!call.ok()) {
    Reply(frame.request_id,
          ErrorJson(kErrorBadRequest.code, call.error().message));
    return true;
  }
  Api::Caller caller;
  caller.is_link = true;
  caller.uid = uid_;
  caller.secret = secret_;
  caller.site = CurrentSite();
  bool known = false;
  Reply(frame.request_id,
        server_->api_->Call(caller, call->method, call->params, &known));
  return true;
}

void LinkConnection::Reply(uint32_t request_id, std::string_view json) {
  if (request_id == 0) return;
  // A broadcast's receipts are longer than its channels, and an error may
  // quote what was wrong.
  if (json.size() > kLinkMaxBodyBytes) {
    return Reply(request_id, ErrorJson(kErrorLimitExceeded.code,
                                       "the answer is longer than 2 MiB"));
  }
  std::string out;
  AppendLinkFrame(kLinkReply, 0, request_id, json, &out);
  connection_->Enqueue(out);
}

std::string LinkConnection::SitesJson() const {
  std::string list;
  for (const std::string& key : server_->sites_->KeysOf(uid_)) {
    if (!list.empty()) list += ',';
    list += JsonString(key);
  }
  return "[" + list + "]";
}

void LinkConnection::OnSitesChanged() {
  if (!greeted_) return;
  std::string now = SitesJson();
  if (now == told_sites_) return;
  told_sites_ = std::move(now);
  std::string out;
  AppendLinkFrame(kLinkSites, 0, 0, "{\"sites\":" + told_sites_ + "}", &out);
  connection_->Enqueue(out);
}

void LinkConnection::Goodbye(uint16_t code, std::string_view reason) {
  reason = reason.substr(0, kMaxGoodbyeReasonBytes);
  std::string out;
  AppendLinkFrame(
      kLinkGoodbye, 0, 0,
      fmt::format("{{\"reason\":{},\"code\":{}}}", JsonString(reason), code),
      &out);
  connection_->Enqueue(out);
  connection_->CloseAfterFlush();
}

void LinkConnection::OnPeerEnd() { connection_->CloseAfterFlush(); }

void LinkConnection::OnSlow() {
  Log(LogLevel::kWarning, "link of uid {} closed: it does not read replies",
      uid_);
  connection_->Abort();
}

void LinkConnection::OnDeadline() { connection_->Abort(); }

// --- The door ---------------------------------------------------------------

LinkServer::LinkServer(Loop* loop, Options options, Sequencer* sequencer,
                       SiteRegistry* sites, Api* api)
    : options_(std::move(options)),
      sequencer_(sequencer),
      sites_(sites),
      api_(api),
      listener_(loop, {kMaxLinks, kMaxLinkQueuedBytes, false},
                [this](Connection* connection) { return Admit(connection); }) {}

LinkServer::~LinkServer() = default;

Status LinkServer::Listen() {
  if (Status listening = listener_.ListenUnix(options_.socket);
      !listening.ok()) {
    return listening;
  }
  if (options_.group.empty()) return {};
  const struct group* entry = ::getgrnam(options_.group.c_str());
  if (entry == nullptr) {
    return Error{
        ErrorCode::kInvalid,
        fmt::format("socket_group: there is no group \"{}\"", options_.group)};
  }
  if (::chown(options_.socket.c_str(), static_cast<uid_t>(-1), entry->gr_gid) !=
      0) {
    return Error{
        ErrorCode::kDenied,
        fmt::format("cannot give {} to the group \"{}\": {}", options_.socket,
                    options_.group, std::strerror(errno))};
  }
  return {};
}

bool LinkServer::Admits(uid_t uid, gid_t gid) const {
  if (uid == 0 || uid == ::getuid()) return true;
  return !options_.group.empty() && IsMember(uid, gid, options_.group);
}

std::unique_ptr<ConnectionHandler> LinkServer::Admit(Connection* connection) {
  ucred peer = {};
  socklen_t length = sizeof peer;
  if (::getsockopt(connection->fd(), SOL_SOCKET, SO_PEERCRED, &peer, &length) !=
      0) {
    return nullptr;
  }
  auto link = std::make_unique<LinkConnection>(this, connection, peer.uid);
  if (!Admits(peer.uid, peer.gid)) {
    Log(LogLevel::kWarning, "link refused: uid {} is not admitted", peer.uid);
    link->Goodbye(kLinkGoodbyeNotPermitted,
                  fmt::format("uid {} is not admitted: run PHP and broker as "
                              "the same user, or set socket_group",
                              peer.uid));
  }
  return link;
}

void LinkServer::OnSitesChanged() {
  for (LinkConnection* link : links_) link->OnSitesChanged();
}

void LinkServer::SetPaused(bool paused) {
  if (paused == paused_) return;
  paused_ = paused;
  for (LinkConnection* link : links_) {
    if (paused) {
      link->connection()->PauseReading();
    } else {
      link->connection()->ResumeReading();
    }
  }
}

void LinkServer::BeginDrain() {
  listener_.StopAccepting();
  ::unlink(options_.socket.c_str());
  for (LinkConnection* link : links_) {
    link->Goodbye(kLinkGoodbyeShutdown, "the broker stops");
  }
}

void LinkServer::CloseAll() { listener_.Close(); }

}  // namespace rt
