// Who is in a channel. One who lost the connection is kept for a while, and
// whoever comes back as the same user in that time takes the place over: to
// the others nobody left and nobody came. Such a place keeps the client id it
// was announced with, so that those who keep count by it stay right.
//
// One thread: the sequencer's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/random.h"
#include "wire/client_protocol.h"

namespace rt {

class Roster {
 public:
  struct Member {
    ClientInfo info;         // its client is the id it was announced with
    bool announced = false;  // the others were told that it came
    bool lost = false;
  };

  // True where that is news to the others; what they are told is Find().
  bool Join(const Uuid& client, ClientInfo info, bool announced);
  // Gone for good: who it was. Nothing where it is unknown.
  std::optional<Member> Leave(const Uuid& client);
  // The connection is gone. False where it is unknown.
  bool Lose(const Uuid& client);
  // Leave(), but for one that was lost and did not come back.
  std::optional<Member> Expire(const Uuid& client);

  // Null where it is unknown.
  [[nodiscard]] const ClientInfo* Find(const Uuid& client) const;
  [[nodiscard]] PresenceResult All() const;
  [[nodiscard]] PresenceStats Stats() const;
  [[nodiscard]] bool empty() const { return members_.empty(); }

 private:
  struct Hash {
    size_t operator()(const Uuid& uuid) const;
  };
  using Members = std::unordered_map<Uuid, Member, Hash>;

  Member Erase(Members::iterator at);
  void ForgetLost(const Uuid& client, const std::string& user);

  Members members_;
  std::unordered_map<std::string, uint32_t> users_;
  std::multimap<std::string, Uuid> lost_;  // by user; not the anonymous
};

}  // namespace rt
