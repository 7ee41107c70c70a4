// The client protocol's commands and replies as values, the same for both
// codecs. Field names follow the protocol's schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/tags_filter.h"

namespace rt {

class EncodedPush;

// The two encodings of the protocol.
enum class Encoding : uint8_t { kJson, kProtobuf };

// How a push to a channel is encoded: in one of the encodings, whole or, for
// those who negotiated delta, as what changed. In JSON the data of delta's
// subscribers is always a string, the full one too.
enum class PushForm : uint8_t {
  kJson,
  kProtobuf,
  kJsonText,       // the full data as a string
  kJsonDelta,      // the patch as a string; without one as kJsonText
  kProtobufDelta,  // the patch; without one as kProtobuf
};
inline constexpr size_t kPushForms = 5;

// Replies' error codes. The application's own lie in 400 to 1999.
struct ProtocolError {
  uint32_t code = 0;
  std::string_view message;  // static storage
  bool temporary = false;
};

inline constexpr ProtocolError kErrorInternal{100, "internal server error",
                                              true};
inline constexpr ProtocolError kErrorUnauthorized{101, "unauthorized"};
inline constexpr ProtocolError kErrorUnknownChannel{102, "unknown channel"};
inline constexpr ProtocolError kErrorPermissionDenied{103, "permission denied"};
inline constexpr ProtocolError kErrorMethodNotFound{104, "method not found"};
inline constexpr ProtocolError kErrorAlreadySubscribed{105,
                                                       "already subscribed"};
inline constexpr ProtocolError kErrorLimitExceeded{106, "limit exceeded"};
inline constexpr ProtocolError kErrorBadRequest{107, "bad request"};
inline constexpr ProtocolError kErrorNotAvailable{108, "not available"};
inline constexpr ProtocolError kErrorTokenExpired{109, "token expired"};
inline constexpr ProtocolError kErrorExpired{110, "expired"};
inline constexpr ProtocolError kErrorTooManyRequests{111, "too many requests",
                                                     true};
inline constexpr ProtocolError kErrorUnrecoverablePosition{
    112, "unrecoverable position"};

// How a session ends. Clients come back on 3000-3499 and 4000-4499, and stay
// away on 3500-3999 and 4500-4999.
struct DisconnectCode {
  uint16_t code = 0;
  std::string_view reason;  // static storage
};

inline constexpr DisconnectCode kDisconnectConnectionClosed{
    3000, "connection closed"};
inline constexpr DisconnectCode kDisconnectShutdown{3001, "shutdown"};
inline constexpr DisconnectCode kDisconnectServerError{3004,
                                                       "internal server error"};
inline constexpr DisconnectCode kDisconnectExpired{3005, "connection expired"};
inline constexpr DisconnectCode kDisconnectSlow{3008, "slow"};
inline constexpr DisconnectCode kDisconnectWriteError{3009, "write error"};
inline constexpr DisconnectCode kDisconnectInsufficientState{
    3010, "insufficient state"};
inline constexpr DisconnectCode kDisconnectForceReconnect{3011,
                                                          "force reconnect"};
inline constexpr DisconnectCode kDisconnectSubscriptionExpired{
    3006, "subscription expired"};
inline constexpr DisconnectCode kDisconnectNoPong{3012, "no pong"};
inline constexpr DisconnectCode kDisconnectTooManyRequests{3013,
                                                           "too many requests"};
inline constexpr DisconnectCode kDisconnectInvalidToken{3500, "invalid token"};
inline constexpr DisconnectCode kDisconnectBadRequest{3501, "bad request"};
inline constexpr DisconnectCode kDisconnectStale{3502, "stale"};
inline constexpr DisconnectCode kDisconnectForced{3503, "force disconnect"};
inline constexpr DisconnectCode kDisconnectConnectionLimit{3504,
                                                           "connection limit"};
inline constexpr DisconnectCode kDisconnectChannelLimit{3505, "channel limit"};
inline constexpr DisconnectCode kDisconnectInappropriateProtocol{
    3506, "inappropriate protocol"};
inline constexpr DisconnectCode kDisconnectPermissionDenied{
    3507, "permission denied"};
inline constexpr DisconnectCode kDisconnectNotAvailable{3508, "not available"};
inline constexpr DisconnectCode kDisconnectTooManyErrors{3509,
                                                         "too many errors"};
inline constexpr DisconnectCode kDisconnectSessionEnded{4001, "session ended"};
inline constexpr DisconnectCode kDisconnectSessionEndedForGood{4501,
                                                               "session ended"};

// Pushed in unsubscribe: the client resubscribes on 2500 and above.
struct UnsubscribeCode {
  uint16_t code = 0;
  std::string_view reason;
};
inline constexpr UnsubscribeCode kUnsubscribeServer{2000, "server unsubscribe"};
inline constexpr UnsubscribeCode kUnsubscribePermissionChanged{
    2100, "permission changed"};
inline constexpr UnsubscribeCode kUnsubscribeInsufficientState{
    2500, "insufficient state"};
inline constexpr UnsubscribeCode kUnsubscribeExpired{2501,
                                                     "subscription expired"};

struct SubscribeRequest {
  std::string channel;
  std::string token;
  bool recover = false;
  std::string epoch;
  uint64_t offset = 0;
  std::string data;  // verbatim JSON, or bytes; empty: none
  bool positioned = false;
  bool recoverable = false;
  bool join_leave = false;
  std::string delta;
  int64_t flag = 0;
  int32_t type = 0;
  std::optional<FilterNode> tags_filter;
};

struct ConnectRequest {
  std::string token;
  std::string data;
  std::string name;
  std::string version;
  std::map<std::string, SubscribeRequest> subs;
  std::map<std::string, std::string> headers;
  int64_t flag = 0;
};

struct PublishRequest {
  std::string channel;
  std::string data;
  bool has_data = false;
};

struct HistoryRequest {
  std::string channel;
  int32_t limit = 0;
  bool has_since = false;
  uint64_t since_offset = 0;
  std::string since_epoch;
  bool reverse = false;
};

struct RpcRequest {
  std::string method;
  std::string data;
};

// One command: the body recognised first in the schema's order decides.
struct Command {
  enum class Kind {
    kPong,  // `{}`: id 0 and no body
    kConnect,
    kSubscribe,
    kUnsubscribe,
    kPublish,
    kPresence,
    kPresenceStats,
    kHistory,
    kRpc,
    kSend,
    kRefresh,
    kSubRefresh,
    kUnknown,  // an id without a body we know; the legacy ping among them
  };

  uint32_t id = 0;
  Kind kind = Kind::kUnknown;
  ConnectRequest connect;
  SubscribeRequest subscribe;
  PublishRequest publish;
  HistoryRequest history;
  RpcRequest rpc;
  std::string channel;  // unsubscribe, presence, presence_stats, sub_refresh
  std::string token;    // refresh, sub_refresh
  std::string data;     // send
};

struct ClientInfo {
  std::string user;
  std::string client;
  std::string conn_info;  // JSON, or empty
  std::string chan_info;
};

struct Publication {
  std::string data;
  std::optional<ClientInfo> info;
  uint64_t offset = 0;
  std::string epoch;  // only with offset 1
  std::map<std::string, std::string> tags;
  bool delta = false;
};

// A publication that is encoded already, in the form a subscriber gets.
struct PublicationInForm {
  std::shared_ptr<const EncodedPush> push;
  PushForm form = PushForm::kJson;
};

struct SubscribeResult {
  bool expires = false;
  uint32_t ttl = 0;
  bool recoverable = false;
  std::string epoch;
  std::vector<PublicationInForm> publications;
  bool recovered = false;
  uint64_t offset = 0;
  bool positioned = false;
  std::string data;
  bool was_recovering = false;
  bool delta = false;
};

struct ConnectResult {
  std::string client;
  std::string version;
  bool expires = false;
  uint32_t ttl = 0;
  std::string data;
  std::map<std::string, SubscribeResult> subs;
  uint32_t ping_seconds = 0;
  bool pong = false;
  std::string session;
  std::string node;
};

struct HistoryResult {
  std::vector<PublicationInForm> publications;
  std::string epoch;
  uint64_t offset = 0;  // the stream's top
};

// By client id, in order.
using PresenceResult = std::map<std::string, ClientInfo>;

struct PresenceStats {
  uint32_t clients = 0;
  uint32_t users = 0;
};

struct RefreshResult {
  std::string client;
  std::string version;
  bool expires = false;
  uint32_t ttl = 0;
};

struct SubRefreshResult {
  bool expires = false;
  uint32_t ttl = 0;
};

}  // namespace rt
