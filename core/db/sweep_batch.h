// Up to a thousand sessions and accounts that one query asks about: which
// connections are theirs, what to ask, and what the rows say of each. One
// thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "db/database.h"
#include "db/login_reader.h"
#include "db/login_sweep.h"
#include "db/session_store.h"
#include "drupal/identity.h"
#include "drupal/role_map.h"
#include "drupal/site_login.h"

namespace rt {

// All connections of one session, or of one account that tokens name.
struct SweptGroup {
  std::vector<SweptLogin>::const_iterator begin, end;

  [[nodiscard]] const Identity& who() const { return *begin->identity; }
  [[nodiscard]] bool by_token() const { return begin->by_token; }
  // What the site's store knows its session by; null where that is an id which
  // is not known, so that only a look-up can say more. REQUIRES: a key.
  [[nodiscard]] const std::string* stored_as(const SiteLogin& site) const {
    return FindsSessionsById(site) ? who().session_id.get()
                                   : &who().session_key;
  }
  // Does nothing but the permission map say who this is?
  [[nodiscard]] bool keyless() const {
    return by_token() ? who().uid == 0 : who().session_key.empty();
  }
};

// Puts those of one group beside each other, and says which they are.
[[nodiscard]] std::vector<SweptGroup> GroupLogins(
    const SiteLogin& site, std::vector<SweptLogin>* logins);

struct SweepFindings {
  // As LoginReader finds it; nothing where the session names another account
  // than the identity does.
  using Answer = std::optional<LoginAnswer>;

  Status status;
  std::vector<Answer> answers;   // one for each group
  std::optional<RoleMap> roles;  // where it was asked for
  uint64_t queries = 0;
};

// What a store beside the database says, by session keys (the hashes).
using StoredSessions = std::unordered_map<std::string, SessionRead>;

class SweepBatch {
 public:
  static constexpr size_t kMaxGroups = 1000;

  // `groups`: at most kMaxGroups, which outlive the batch, as `site` does.
  // `stored`: their sessions, where the database has none; outlives it, too.
  SweepBatch(const SiteLogin& site, const SweptGroup* groups, size_t count,
             bool want_roles, const StoredSessions* stored = nullptr);

  // One query; none where there is nothing to ask. Fails with
  //   kLimit, kInvalid  too large an answer, or a key that no column can hold:
  //                     a smaller batch may be answered,
  //   kUnavailable      anything else.
  [[nodiscard]] SweepFindings Ask(Database* database) const;

 private:
  struct Account {
    bool active = false;
    std::string name;
  };
  struct Rows {
    std::unordered_map<std::string, DatabaseRow> sessions;
    std::unordered_map<std::string, DatabaseRow> secure_sessions;
    std::unordered_map<uint32_t, Account> accounts;
    std::unordered_map<uint32_t, std::vector<std::string>> account_roles;
    std::vector<DatabaseRow> roles;
  };

  [[nodiscard]] bool secure(const SweptGroup& group) const {
    return site_.schema == 7 && group.begin->https;
  }
  [[nodiscard]] Result<std::vector<DatabaseRow>> Query(Database* database,
                                                       uint64_t* queries) const;
  [[nodiscard]] Rows Sort(std::vector<DatabaseRow> rows) const;
  [[nodiscard]] SweepFindings::Answer AnswerFor(const SweptGroup& group,
                                                Rows* rows) const;
  [[nodiscard]] SweepFindings::Answer AnswerFromRow(const SweptGroup& group,
                                                    Rows* rows) const;
  [[nodiscard]] SweepFindings::Answer AnswerFromStore(const SweptGroup& group,
                                                      Rows* rows) const;
  [[nodiscard]] SweepFindings::Answer AnswerFromData(const SweptGroup& group,
                                                     std::string_view data,
                                                     Rows* rows) const;
  // Of a stored session that is `uid`'s.
  [[nodiscard]] SweepFindings::Answer AnswerOf(const SweptGroup& group,
                                               uint32_t uid, const char* why,
                                               Rows* rows) const;
  [[nodiscard]] LoginAnswer AccountOf(uint32_t uid, Rows* rows) const;

  const SiteLogin& site_;
  const SweptGroup* groups_;
  size_t count_;
  bool want_roles_;
  const StoredSessions* stored_;
};

}  // namespace rt
