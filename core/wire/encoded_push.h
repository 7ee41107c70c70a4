// What goes to a channel's subscribers: a publication that has its offset, a
// join or a leave. Immutable but for its encodings, each of which is made at
// most once, by whoever needs it first, and shared by all threads from then on.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.h"
#include "wire/client_protocol.h"

namespace rt {

class EncodedPush {
 public:
  enum class Kind : uint8_t { kPublication, kJoin, kLeave };

  // What is not for the wire.
  struct Routing {
    // What the hub files it under. It ends with the channel's name, which
    // begins at `channel_at`.
    std::string key;
    size_t channel_at = 0;
    // Which stream the offset belongs to: never the same for two streams.
    uint64_t stream = 0;
    // The client that does not get it: as a rule the one that caused it.
    std::optional<Uuid> exclude;
  };

  // `patch`: from the data of the publication that went to the channel before
  // to this one's; empty: none.
  EncodedPush(Routing routing, Publication publication, std::string patch = {});
  EncodedPush(Routing routing, Kind kind, ClientInfo info);
  ~EncodedPush();
  EncodedPush(const EncodedPush&) = delete;
  EncodedPush& operator=(const EncodedPush&) = delete;

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] const std::string& key() const { return routing_.key; }
  [[nodiscard]] std::string_view channel() const {
    return {routing_.key.data() + routing_.channel_at,
            routing_.key.size() - routing_.channel_at};
  }
  [[nodiscard]] uint64_t stream() const { return routing_.stream; }
  [[nodiscard]] const std::optional<Uuid>& exclude() const {
    return routing_.exclude;
  }
  // 0 in a channel without history, and of what is no publication.
  [[nodiscard]] uint64_t offset() const { return publication_.offset; }
  [[nodiscard]] const rt::Publication& publication() const {
    return publication_;
  }
  [[nodiscard]] bool has_patch() const { return !patch_.empty(); }
  // Can JSON clients have it? Looked at once.
  [[nodiscard]] bool is_json() const;

  // The whole reply that a client gets: {"push":{…}}.
  [[nodiscard]] std::string_view Reply(PushForm form) const;
  // The same for clients that only listen, in JSON: what is inside of "push".
  [[nodiscard]] std::string_view BareReply() const;
  // The publication alone, as replies to subscribe and history carry it.
  [[nodiscard]] std::string_view Publication(PushForm form) const;
  // A message of this push alone in `form`, deflated for the window: what
  // `make` returned, which is called once per form and window.
  [[nodiscard]] std::string_view Deflated(
      PushForm form, int window_bits,
      const std::function<std::string()>& make) const;

 private:
  struct Deflations;
  void Encode(PushForm form) const;

  Routing routing_;
  Kind kind_;
  rt::Publication publication_;
  ClientInfo info_;
  std::string patch_;
  mutable std::once_flag once_[kPushForms];
  mutable std::string replies_[kPushForms];
  mutable uint32_t publication_at_[kPushForms] = {};
  mutable std::once_flag json_once_;
  mutable bool is_json_ = true;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Deflations> deflations_;
};

using EncodedPushPtr = std::shared_ptr<const EncodedPush>;

}  // namespace rt
