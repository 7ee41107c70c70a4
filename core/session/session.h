// One browser: who it is, what it may do, what it subscribed to. Reads
// commands, writes replies, hands publications on, keeps the ping going and
// knows every code that ends it.
//
// Lives on one worker's thread, owned by its transport. Nothing here knows a
// socket.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/timer_wheel.h"
#include "drupal/identity.h"
#include "hub/message.h"
#include "hub/subscriber_table.h"
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
  void OnAuthenticated(Result<IdentityPtr> identity);
  // Asked again, once known(). Nobody any more: EndLogin(). Other rights:
  // subscriptions they no longer allow are ended with 2100. A store that is
  // away changes nothing.
  void OnReauthenticated(Result<IdentityPtr> identity);
  void OnAnswer(SubscribeAnswer answer);
  void OnAnswer(const PublishAnswer& answer);

  // Subscriber.
  void OnPublications(const BufferRef& framed, bool last) override;
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
  [[nodiscard]] const SitePtr& site() const { return site_; }
  [[nodiscard]] std::string client_id() const;
  // Was the page https? Decides which of Drupal 7's ids a session has.
  [[nodiscard]] bool https() const { return https_; }

 private:
  enum class State : uint8_t {
    kNew,             // waits for connect
    kAuthenticating,  // waits for who it is; commands queue
    kJoining,         // known; waits for its own channel. Commands queue
    kConnected,
    kClosed,
  };

  // A list, because the table wants a place to stay where it is, and most
  // sessions have few.
  struct Subscription {
    SubscriberTable::Place place;
    std::unique_ptr<Subscription> next;
  };

  // A command the sequencer has not answered yet.
  struct PendingCommand {
    uint16_t sequence = 0;
    uint32_t id = 0;
    std::string channel;                 // of a subscribe, else empty
    std::vector<uint32_t> unsubscribes;  // ids that came meanwhile
  };

  // What is over once it is connected.
  struct BeforeConnect {
    Handshake handshake;
    uint32_t connect_id = 0;
    std::vector<Command> queued;
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
  bool HandlePong();

  // The protocol's checks in their order; code 0 means: go on.
  [[nodiscard]] ProtocolError CheckSubscribe(const SubscribeRequest& request);
  [[nodiscard]] bool MaySubscribe(std::string_view channel) const;
  [[nodiscard]] ProtocolError CheckPublish(const PublishRequest& request);

  void ReplyError(uint32_t id, const ProtocolError& error);
  void ReplyEmpty(uint32_t id, Command::Kind kind);
  // Subscribes the user to what is theirs; the connect reply follows.
  void JoinOwnChannel();
  void FinishConnect(ConnectResult result);
  void RecheckSubscriptions();
  void AddSubscription(const std::string& channel_key);
  void SchedulePing();
  Ticket MakeTicket(uint32_t id, std::string channel);
  PendingCommand TakePending(Ticket ticket);
  // The link to it; the list's end where there is none.
  std::unique_ptr<Subscription>* FindSubscription(std::string_view channel);
  [[nodiscard]] bool IsSubscribed(std::string_view channel) {
    return *FindSubscription(channel) != nullptr;
  }
  void RemoveSubscription(std::unique_ptr<Subscription>* link);
  void RemoveAllSubscriptions();
  [[nodiscard]] bool IsPending(std::string_view channel) const;
  [[nodiscard]] ClientInfo MakeInfo() const;

  Transport* transport_;  // with state_, all that a delivery looks at
  State state_ = State::kNew;
  bool awaits_pong_ = false;
  bool https_ = false;
  uint16_t next_sequence_ = 0;
  uint32_t subscription_count_ = 0;
  SessionHost* host_;
  const ClientProtocolCodec* codec_;
  uint64_t id_;
  SitePtr site_;
  IdentityPtr identity_;
  std::unique_ptr<BeforeConnect> before_;
  std::unique_ptr<Subscription> subscriptions_;
  std::vector<PendingCommand> pending_;
  int64_t next_ping_ms_ = 0;
  Uuid client_;
};

}  // namespace rt
