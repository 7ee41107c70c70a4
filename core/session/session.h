// One browser: who it is, what it may do, what it subscribed to. Reads
// commands, writes replies, hands publications on, keeps the ping going and
// knows every code that ends it.
//
// Lives on one worker's thread, owned by its transport. Nothing here knows a
// socket.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/timer_wheel.h"
#include "base/token_bucket.h"
#include "drupal/identity.h"
#include "hub/message.h"
#include "hub/subscriber_table.h"
#include "session/login.h"
#include "session/session_host.h"
#include "session/site.h"
#include "session/transport.h"
#include "wire/client_protocol.h"

namespace rt {

class ClientProtocolCodec;

class Session final : public Subscriber, private Timer {
 public:
  // `host`, `transport` and `codec` outlive the session.
  Session(SessionHost* host, Transport* transport,
          const ClientProtocolCodec* codec, SitePtr site, Handshake handshake);
  ~Session() override;

  // A message's worth of commands.
  void OnCommands(std::string_view message);

  // The answer to SessionHost::Authenticate. kUnavailable: told to come back.
  void OnAuthenticated(Result<Login> login);
  // Asked again, once known(). Nobody any more: EndLogin(). Other rights:
  // subscriptions they no longer allow are ended with 2100. A store that is
  // away changes nothing.
  void OnReauthenticated(Result<IdentityPtr> identity);
  void OnAnswer(SubscribeAnswer answer);
  void OnAnswer(const PublishAnswer& answer);
  void OnAnswer(const QueryAnswer& answer);
  // The transport's own ping was answered.
  void OnNativePong();
  // The transport has sent all that was queued.
  void OnCaughtUp();

  // Subscriber.
  void OnPublications(const BufferRef& framed, bool last) override;
  void OnLatest(const BufferRef& framed,
                SubscriberTable::Place* place) override;
  void OnUnreadable() override;
  void OnStreamLost(SubscriberTable::Place* place) override;
  [[nodiscard]] bool IsClient(const Uuid& client) const override {
    return client == client_;
  }

  // Ends it from the server's side.
  void Disconnect(const DisconnectCode& why, bool flush = true);

  // Drupal no longer knows the session: 4001, or 4501 where anonymous
  // visitors may not connect.
  void EndLogin();

  // The site's document changed: from now on the new rules hold; subscriptions
  // they no longer allow are ended with 2100.
  void OnSiteChanged(SitePtr site);

  // By the API. Subscribes it to the channel and tells it by a push; nothing
  // where it is subscribed already.
  struct ServerSubscribe {
    std::string channel;
    TokenSubscription like;  // info, data, overrides
    int64_t expire_at_s = 0;
    bool recover = false;  // since
    uint64_t offset = 0;
    std::string epoch;
  };
  void Subscribe(const ServerSubscribe& what);
  // Ends a subscription, or all (an empty channel), with a push.
  void Unsubscribe(std::string_view channel, const UnsubscribeCode& why);
  // Another end for the connection, in seconds since 1970; 0: never.
  void Refresh(int64_t expire_at_s);

  // A session's ticket, and back.
  [[nodiscard]] static uint64_t SessionOfTicket(Ticket ticket) {
    return ticket >> kSequenceBits;
  }

  [[nodiscard]] uint64_t id() const { return id_; }
  [[nodiscard]] bool closed() const { return state_ == State::kClosed; }
  [[nodiscard]] bool connected() const { return state_ == State::kConnected; }
  // Is it settled who this is? From then on notices concern it.
  [[nodiscard]] bool known() const {
    return state_ == State::kJoining || state_ == State::kConnected;
  }
  // Null until connected.
  [[nodiscard]] const IdentityPtr& identity() const { return identity_; }
  // Null where no token said who this is.
  [[nodiscard]] const std::shared_ptr<const ConnectionClaims>& claims() const {
    return claims_;
  }
  [[nodiscard]] const SitePtr& site() const { return site_; }
  [[nodiscard]] std::string client_id() const;
  // As API calls name it; empty but on emulated and unidirectional transports.
  [[nodiscard]] const std::string& name() const;
  // Was the page https? Decides which of Drupal 7's ids a session has.
  [[nodiscard]] bool https() const { return https_; }
  // Empty where nobody counts it.
  [[nodiscard]] const std::string& address() const;
  [[nodiscard]] size_t subscriptions() const { return subscription_count_; }

 private:
  enum class State : uint8_t {
    kNew,             // waits for connect
    kAuthenticating,  // waits for who it is; commands queue
    kJoining,         // known; waits for the server's subscriptions
    kConnected,
    kRefused,  // its connect was answered with an error
    kClosed,
  };

  struct Extra {
    int64_t expire_at_ms = 0;  // monotonic, grace included; 0: never
    bool client_refreshes = false;
    bool behind = false;  // latest only: has skipped some
  };

  // A list, because the table wants a place to stay where it is, and most
  // sessions have few.
  struct Subscription {
    SubscriberTable::Place place;
    std::unique_ptr<Subscription> next;
    std::unique_ptr<Extra> extra;
    bool server_side = false;  // the client did not ask for it
    bool granted = false;      // by a token or the API, whatever the rules say
    bool positioned = false;
    bool delta = false;
    bool present = false;
  };

  // A subscribe that the sequencer has not answered yet.
  struct Joining {
    bool server_side = false;
    bool granted = false;
    bool delta = false;
    bool present = false;
    bool joins = false;
    bool client_refreshes = false;
    int64_t expire_at_s = 0;
    std::string data;
    std::shared_ptr<const FilterNode> filter;
  };

  // A command the sequencer has not answered yet.
  struct PendingCommand {
    uint16_t sequence = 0;
    uint32_t id = 0;
    std::string channel;                 // of a subscribe, else empty
    std::unique_ptr<Joining> joining;    // of a subscribe
    std::vector<uint32_t> unsubscribes;  // ids that came meanwhile
  };

  // What is over once it is connected.
  struct BeforeConnect {
    Handshake handshake;
    uint32_t connect_id = 0;
    std::map<std::string, SubscribeRequest> wanted;  // connect.subs
    std::map<std::string, SubscribeResult> subs;
    size_t awaited = 0;
    bool rights_changed = false;  // since its subscriptions were asked for
    std::vector<Command> queued;
  };

  // What few have.
  struct Rare {
    std::string name;           // emulated: commands find it by this
    int64_t expire_at_ms = 0;   // of the connection, grace included
    int64_t too_old_at_ms = 0;  // monotonic
    bool client_refreshes = false;
    TokenBucket commands;
    TokenBucket errors;
    std::string address;
  };

  static constexpr uint32_t kSequenceBits = 16;

  void OnTimer() override;

  // Each returns false when no further command may be handled.
  bool Handle(Command command);
  bool HandleConnected(Command command);
  bool HandleConnect(Command command);
  bool HandleSubscribe(uint32_t id, SubscribeRequest request);
  bool HandleUnsubscribe(uint32_t id, const std::string& channel);
  bool HandlePublish(uint32_t id, PublishRequest request);
  bool HandleQuery(uint32_t id, QueryOrder::Kind kind, HistoryRequest request);
  bool HandleRpc(uint32_t id, const RpcRequest& request);
  bool HandleRefresh(uint32_t id, const std::string& token);
  bool HandleSubRefresh(uint32_t id, const std::string& channel,
                        const std::string& token);
  bool HandlePong();
  // False: answered with an error, or closed.
  bool TakesCommand(const Command& command);

  // The protocol's checks in their order; code 0 means: go on.
  [[nodiscard]] ProtocolError CheckSubscribe(const SubscribeRequest& request);
  // By its token, or by the rules. A disconnect ends the session.
  [[nodiscard]] ProtocolError Authorize(const SubscribeRequest& request,
                                        const NamespaceOptions& options,
                                        TokenSubscription* like,
                                        Joining* joining);
  [[nodiscard]] ProtocolError AuthorizeByToken(const SubscribeRequest& request,
                                               TokenSubscription* like,
                                               Joining* joining);
  // Was the token made out to this client, for this channel?
  [[nodiscard]] bool IsMeant(const SubscriptionClaims& claims,
                             std::string_view channel) const;
  [[nodiscard]] bool MaySubscribe(std::string_view channel) const;
  // By the broker's limits and the site's.
  [[nodiscard]] size_t MaxChannels() const;
  [[nodiscard]] ProtocolError CheckPublish(const PublishRequest& request);

  // Sends the order. `like`: what a token or the API says of it.
  void Join(uint32_t id, const SubscribeRequest& request,
            const NamespaceOptions& options, const TokenSubscription& like,
            std::unique_ptr<Joining> joining);
  void FinishJoin(PendingCommand pending, SubscribeAnswer answer);

  void Send(std::string_view reply) { transport_->SendReply(reply); }
  bool ReplyError(uint32_t id, const ProtocolError& error);
  void ReplyEmpty(uint32_t id, Command::Kind kind);
  void RefuseConnect(const ProtocolError& error);
  void PushUnsubscribe(std::string_view channel, const UnsubscribeCode& why);
  // Subscribes the user to what is theirs; the connect reply follows.
  void JoinOwnChannels();
  // False where the connection ended over it.
  bool JoinAtConnect(const std::string& channel, const TokenSubscription* like);
  void JoinWanted();
  void FinishConnect();
  void RecheckSubscriptions();
  void AddSubscription(const SubscribeAnswer& answer, const Joining& joining);
  // Brings the recovered publications in the subscriber's form.
  // False where it cannot be told in that form at all.
  [[nodiscard]] bool PutInForm(const Joining& joining,
                               SubscribeResult* result) const;
  void SetExpiry(int64_t expire_at_s, bool client_refreshes,
                 uint32_t* ttl_seconds);
  [[nodiscard]] int64_t DeadlineOf(int64_t expire_at_s,
                                   bool client_refreshes) const;
  [[nodiscard]] uint32_t SecondsUntil(int64_t expire_at_s) const;
  // Ends what is over; false where that was the connection.
  bool Expire(int64_t now_ms);
  void Schedule();
  Rare& rare();
  Ticket MakeTicket(uint32_t id, std::string channel,
                    std::unique_ptr<Joining> joining);
  PendingCommand TakePending(Ticket ticket);
  // The link to it; the list's end where there is none.
  std::unique_ptr<Subscription>* FindSubscription(std::string_view channel);
  [[nodiscard]] bool IsSubscribed(std::string_view channel) {
    return *FindSubscription(channel) != nullptr;
  }
  void RemoveSubscription(std::unique_ptr<Subscription>* link,
                          bool lost = false);
  void RemoveAllSubscriptions();
  [[nodiscard]] bool IsPending(std::string_view channel) const;
  [[nodiscard]] size_t joining_count() const;
  [[nodiscard]] ClientInfo MakeInfo() const;
  [[nodiscard]] bool unidirectional() const;
  [[nodiscard]] size_t MetricsIndex() const;

  Transport* transport_;  // with state_, all that a delivery looks at
  State state_ = State::kNew;
  bool awaits_pong_ = false;
  bool https_ = false;
  bool let_in_ = false;
  uint16_t next_sequence_ = 0;
  uint32_t subscription_count_ = 0;
  SessionHost* host_;
  const ClientProtocolCodec* codec_;
  uint64_t id_;
  SitePtr site_;
  IdentityPtr identity_;
  std::shared_ptr<const ConnectionClaims> claims_;
  std::unique_ptr<BeforeConnect> before_;
  std::unique_ptr<Rare> rare_;
  std::unique_ptr<Subscription> subscriptions_;
  std::vector<PendingCommand> pending_;
  int64_t next_ping_ms_ = 0;  // or, while awaits_pong_, when it is overdue
  Uuid client_;
};

}  // namespace rt
