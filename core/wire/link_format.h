// The link between PHP and the broker: frames on a unix stream socket.
//
// This header is the format's only home. The extension and the broker both
// include it, so it needs nothing but <stdint.h>.
//
//   header, 16 bytes, little endian
//     0  u32  length of the body that follows; kLinkMaxBodyBytes at most
//     4  u8   type (LinkFrameType)
//     5  u8   flags of the type
//     6  u16  zero
//     8  u32  request id; 0: no answer wanted. A reply carries its request's
//    12  u32  zero
//
//   kHello       client first, JSON: {"version":"0.1.0","protocol":1,
//                "sapi":"fpm-fcgi","pid":7}
//   kHelloReply  JSON: {"version":"0.1.0","protocol":1,"pid":9,
//                "sites":["example"],"node":"…"}; "sites" are the keys of the
//                sites registered by the peer's uid, sorted
//   kSite        selects the site of all frames that follow on this
//                connection: u8 key length, u8 zero, u16 secret length, key,
//                secret. An empty key: the only site of this uid. Refused
//                (unknown key, wrong secret): what follows is dropped and
//                counted, and answered with error 103 where an answer is due
//   kPublish     one event to one or more channels:
//                u16 channel count (1 to 1024), u8 PublishFlags, u8 zero,
//                u32 data length, then for each channel u16 length (1 to 255)
//                and its bytes, then the data (JSON text), and up to the
//                frame's end the options as a JSON object, or nothing.
//                Options: tags, idempotency_key, version, version_epoch,
//                exclude
//   kCall        JSON: {"method":"info","params":{…}}
//   kReply       JSON: {"result":{…}} or {"error":{"code":102,
//                "message":"unknown channel"}}. A publish to one channel has
//                the result {"offset":1,"epoch":"abcdefgh","receivers":2}; to
//                several {"responses":[{"result":{…}} | {"error":{…}}, …]}
//   kSites       broker to client, unasked, JSON: {"sites":[…]} when the sites
//                of the peer's uid change
//   kGoodbye     broker to client, before it closes, JSON: {"reason":"…",
//                "code":N}; LinkGoodbye names the codes
//
// A frame with an unknown type, a length above the bound or a body that does
// not add up ends the connection with kGoodbye.
#pragma once

#include <stdint.h>

namespace rt {

enum : uint32_t {
  kLinkProtocol = 1,
  kLinkHeaderBytes = 16,
  // An event of 1 MiB with its channels and options fits.
  kLinkMaxBodyBytes = 2u << 20,
  kLinkMaxDataBytes = 1u << 20,
  kLinkMaxChannelBytes = 255,
  kLinkMaxChannels = 1024,
};

enum LinkFrameType : uint8_t {
  kLinkHello = 1,
  kLinkHelloReply = 2,
  kLinkSite = 3,
  kLinkPublish = 4,
  kLinkCall = 5,
  kLinkReply = 6,
  kLinkSites = 7,
  kLinkGoodbye = 8,
};

enum LinkPublishFlags : uint8_t {
  kLinkSkipHistory = 1,
  kLinkDelta = 2,
};

enum LinkGoodbye : uint16_t {
  kLinkGoodbyeShutdown = 1,
  kLinkGoodbyeNotPermitted = 2,  // SO_PEERCRED says: not admitted
  kLinkGoodbyeIncompatible = 3,  // protocol versions differ
  kLinkGoodbyeMalformed = 4,
};

// Where both look for the socket when nothing is configured, `%u` the uid: the
// first where its directory exists, else the second, whose directory is 0700
// and must belong to that uid.
#define RT_LINK_SYSTEM_DIR "/run/drupalrt"
#define RT_LINK_SYSTEM_SOCKET "/run/drupalrt/drupalrt.sock"
#define RT_LINK_USER_DIR_FORMAT "/tmp/drupalrt-%u"
#define RT_LINK_USER_SOCKET_FORMAT "/tmp/drupalrt-%u/s"

}  // namespace rt
