// Every bound of the broker, and what happens at it. What an operator may
// change is a configuration key with this as its default.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rt {

// --- A browser's connection -------------------------------------------------

// A whole HTTP head. Above: 431, closed.
inline constexpr size_t kMaxHttpHeadBytes = 16 * 1024;
// A request body (the API). Above: 413, closed, nothing read.
inline constexpr size_t kMaxHttpBodyBytes = 2 * 1024 * 1024;
// From accept to a whole request, and between requests. Then: closed.
inline constexpr int64_t kHttpIdleMs = 15'000;
// A client's message. Above: closed with WebSocket's 1009.
inline constexpr size_t kMaxClientMessageBytes = 64 * 1024;
// Commands that wait while a login is looked up. Above: closed, 3501.
inline constexpr size_t kMaxQueuedCommands = 256;
// Bytes waiting for a client that reads slowly. Above: closed as slow, 3008.
inline constexpr size_t kMaxQueuedBytes = 1024 * 1024;
// Subscriptions of one connection. Above: error 106.
inline constexpr size_t kMaxChannelsPerClient = 128;
// A channel's name. Above: error 107.
inline constexpr size_t kMaxChannelBytes = 255;
// From the handshake to a good connect. Then: closed as stale, 3502.
inline constexpr int64_t kStaleMs = 10'000;
inline constexpr int64_t kPingIntervalMs = 25'000;
// No pong for so long after a ping: closed, 3012.
inline constexpr int64_t kPongTimeoutMs = 8'000;
// How long a peer may take to answer a close frame. Then: closed anyway.
inline constexpr int64_t kCloseTimeoutMs = 5'000;

// A tags filter: levels, nodes, and values of its lists in all. Above: the
// subscription is refused with error 107.
inline constexpr size_t kMaxFilterDepth = 16;
inline constexpr size_t kMaxFilterNodes = 128;
inline constexpr size_t kMaxFilterValues = 1024;

// What a delta makes. Above: it is not applied.
inline constexpr size_t kMaxDeltaTargetBytes = 16 * 1024 * 1024;

// How long one who lost the connection stays in a channel's presence.
inline constexpr int64_t kPresenceGraceMs = 5'000;

// A token's characters. Above: it is not looked at.
inline constexpr size_t kMaxTokenBytes = 32 * 1024;

// A token's user and id. Above: it is refused.
inline constexpr size_t kMaxTokenNameBytes = 255;

// Keys of one set (JWKS), since a bad token may cost a check by each. Above:
// the set is refused.
inline constexpr size_t kMaxTokenKeys = 64;
// A file with such a set. Above: it is refused.
inline constexpr size_t kMaxKeySetBytes = 1024 * 1024;

// Seconds that a token minted here may be good for: a year.
inline constexpr int64_t kMaxTokenTtlS = 366LL * 24 * 3600;

// Bytes waiting for a reader for whom the newest publication is enough. Above:
// the others are skipped.
inline constexpr size_t kMaxLatestBacklogBytes = 16 * 1024;

// Publications of one answer to a history command. Above: so many.
inline constexpr size_t kMaxHistoryLimit = 300;
// Publications handed to one that was away. Above: told that it cannot be.
inline constexpr uint64_t kMaxRecovered = 300;

// --- One turn of a loop -----------------------------------------------------

// Replies and publications joined in one WebSocket message. Above: another.
inline constexpr size_t kMaxRepliesPerMessage = 64;
// And their bytes, beyond the first. Above: another.
inline constexpr size_t kMaxJoinedMessageBytes = 32 * 1024;
// A WebSocket message, where compression was agreed on. Below: sent as it is.
inline constexpr size_t kMinDeflatedBytes = 256;
// Deliveries due in a turn from which a worker waits kGatherUs for more: a
// twentieth of what they take at 5 us each.
inline constexpr size_t kGatherFromDeliveries = 800;
inline constexpr int64_t kGatherUs = 200;
// Read from one socket at a time, into a buffer the loop owns.
inline constexpr size_t kReadBufferBytes = 64 * 1024;

// --- Between threads --------------------------------------------------------

// Bytes of publications that a worker has not taken yet. Above: the links to
// PHP are not read until it has, so that publishers wait or are told false;
// browsers that publish get error 111.
inline constexpr size_t kMaxWorkerBacklogBytes = 64 * 1024 * 1024;

// Idempotency keys remembered. Above: the oldest is forgotten before its time.
inline constexpr size_t kMaxIdempotencyKeys = 65'536;

// An idempotency key, or a version's epoch. Above: refused.
inline constexpr size_t kMaxPublisherNameBytes = 255;

// --- PHP's side -------------------------------------------------------------

// Connections on the unix socket. Above: closed at once.
inline constexpr size_t kMaxLinks = 4096;
// Replies waiting for a PHP process that does not read. Above: closed.
inline constexpr size_t kMaxLinkQueuedBytes = 8 * 1024 * 1024;
// Commands of one batch. Above: refused.
inline constexpr size_t kMaxBatchCommands = 1000;
// Channels of one answer of the API. Above: the others are left out.
inline constexpr size_t kMaxListedChannels = 10'000;
// Users blocked and tokens revoked. Above: one more is refused.
inline constexpr size_t kMaxRevocations = 100'000;
// Sites that one broker knows. Above: registration is refused.
inline constexpr size_t kMaxSites = 1024;

}  // namespace rt
