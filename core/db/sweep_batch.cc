#include "db/sweep_batch.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "db/sweep_sql.h"
#include "drupal/session_record.h"

namespace rt {

namespace {

// Above: kLimit.
constexpr size_t kMaxRows = 400'000;

// A whole number as any driver spells it; 0 for everything else.
uint32_t Number(const DatabaseValue& value) {
  uint32_t number = 0;
  if (!value) return 0;
  const char* end = value->data() + value->size();
  const auto [next, error] = std::from_chars(value->data(), end, number);
  return error == std::errc() && next == end ? number : 0;
}

std::string Text(DatabaseValue& value) {
  return value ? std::move(*value) : std::string();
}

// Appends `values` and repeats the last of them up to `size`.
template <typename Value>
void Append(const std::vector<Value>& values, size_t size,
            Database::Parameters* parameters) {
  for (size_t i = 0; i < size; ++i) {
    parameters->emplace_back(values[std::min(i, values.size() - 1)]);
  }
}

LoginAnswer Nobody(uint32_t subject, bool stored, const char* why) {
  LoginAnswer answer;
  answer.subject = subject;
  answer.stored = stored;
  answer.why = why;
  return answer;
}

}  // namespace

std::vector<SweptGroup> GroupLogins(const SiteLogin& site,
                                    std::vector<SweptLogin>* logins) {
  const auto order = [&](const SweptLogin& login) {
    const Identity& who = *login.identity;
    return std::tuple<bool, bool, std::string_view, uint32_t>(
        login.by_token, site.schema == 7 && login.https,
        login.by_token ? std::string_view() : who.session_key,
        login.by_token ? who.uid : who.account);
  };
  std::sort(logins->begin(), logins->end(),
            [&](const SweptLogin& a, const SweptLogin& b) {
              return order(a) < order(b);
            });
  std::vector<SweptGroup> groups;
  for (auto one = logins->cbegin(); one != logins->cend(); ++one) {
    if (groups.empty() || order(*groups.back().begin) != order(*one)) {
      groups.push_back({one, one});
    }
    groups.back().end = one + 1;
  }
  return groups;
}

SweepBatch::SweepBatch(const SiteLogin& site, const SweptGroup* groups,
                       size_t count, bool want_roles,
                       const StoredSessions* stored)
    : site_(site),
      groups_(groups),
      count_(count),
      want_roles_(want_roles),
      stored_(stored) {
  RT_CHECK(count <= kMaxGroups);
}

SweepFindings SweepBatch::Ask(Database* database) const {
  SweepFindings findings;
  auto rows = Query(database, &findings.queries);
  if (!rows) {
    const ErrorCode code = rows.error().code;
    const bool parts = code == ErrorCode::kLimit || code == ErrorCode::kInvalid;
    findings.status =
        Error{parts ? code : ErrorCode::kUnavailable, rows.error().message};
    return findings;
  }
  Rows sorted = Sort(std::move(*rows));
  findings.answers.reserve(count_);
  for (size_t i = 0; i < count_; ++i) {
    findings.answers.push_back(AnswerFor(groups_[i], &sorted));
  }
  if (want_roles_) {
    findings.roles = ReadRoleRows(site_.schema, std::move(sorted.roles));
  }
  return findings;
}

Result<std::vector<DatabaseRow>> SweepBatch::Query(Database* database,
                                                   uint64_t* queries) const {
  if (!DatabaseRefused(site_).ok()) return std::vector<DatabaseRow>();
  const bool native = NativeLoginRefused(site_).ok();
  std::vector<std::string> keys, secure_keys;
  std::vector<int64_t> users;
  for (size_t i = 0; i < count_; ++i) {
    const SweptGroup& group = groups_[i];
    if (group.keyless()) continue;
    if (!group.by_token()) {
      if (!native) continue;
      const std::string* key = group.stored_as(site_);
      if (key == nullptr) continue;
      if (stored_ == nullptr) {
        (secure(group) ? secure_keys : keys).push_back(*key);
      }
    }
    const uint32_t uid =
        group.by_token() ? group.who().uid : group.who().account;
    if (uid != 0) users.push_back(uid);
  }
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  SweepShape shape;
  shape.schema = site_.schema;
  shape.keys = SweepShape::Round(keys.size());
  shape.secure_keys = SweepShape::Round(secure_keys.size());
  shape.users = SweepShape::Round(users.size());
  shape.roles = want_roles_;
  if (shape.keys + shape.secure_keys + shape.users == 0 && !shape.roles) {
    return std::vector<DatabaseRow>();
  }
  ++*queries;
  Database::Parameters parameters;
  Append(keys, shape.keys, &parameters);
  Append(secure_keys, shape.secure_keys, &parameters);
  Append(users, shape.users, &parameters);
  Append(users, shape.users, &parameters);
  return database->Run(SweepSql(shape), parameters, kMaxRows);
}

SweepBatch::Rows SweepBatch::Sort(std::vector<DatabaseRow> rows) const {
  using Column = SweepColumn;
  Rows sorted;
  for (DatabaseRow& row : rows) {
    const auto kind = static_cast<SweepRow>(Number(row[Column::kKind]));
    const uint32_t uid = Number(row[Column::kUid]);
    switch (kind) {
      // Of 7 there may be several rows of an id. Where they are of several
      // users they are nobody's, as in a look-up: the mark is no user at all.
      case SweepRow::kSession:
      case SweepRow::kSecureSession: {
        auto& sessions = kind == SweepRow::kSession ? sorted.sessions
                                                    : sorted.secure_sessions;
        std::string key = Text(row[Column::kKey]);
        const auto [at, first] =
            sessions.try_emplace(std::move(key), std::move(row));
        DatabaseValue& user = at->second[Column::kUid];
        if (!first && user != row[Column::kUid]) user.reset();
        break;
      }
      case SweepRow::kAccount:
        sorted.accounts.try_emplace(uid,
                                    Account{Number(row[Column::kStatus]) == 1,
                                            Text(row[Column::kName])});
        break;
      case SweepRow::kAccountRole: {
        DatabaseValue& role =
            row[site_.schema == 7 ? Column::kStatus : Column::kRole];
        if (role) sorted.account_roles[uid].push_back(std::move(*role));
        break;
      }
      case SweepRow::kRole: {
        DatabaseRow pair;
        if (site_.schema == 7) {
          pair = {std::move(row[Column::kStatus]),
                  std::move(row[Column::kConfig])};
        } else {
          pair = {std::move(row[Column::kConfig]),
                  std::move(row[Column::kData])};
        }
        sorted.roles.push_back(std::move(pair));
        break;
      }
    }
  }
  return sorted;
}

SweepFindings::Answer SweepBatch::AnswerFor(const SweptGroup& group,
                                            Rows* rows) const {
  const Identity& who = group.who();
  if (group.by_token()) {
    return who.uid == 0 ? Nobody(0, false, "anonymous by token")
                        : AccountOf(who.uid, rows);
  }
  if (group.keyless()) return Nobody(0, false, "no cookie");
  if (!NativeLoginRefused(site_).ok()) return std::nullopt;
  if (group.stored_as(site_) == nullptr) return std::nullopt;
  return stored_ != nullptr ? AnswerFromStore(group, rows)
                            : AnswerFromRow(group, rows);
}

SweepFindings::Answer SweepBatch::AnswerFromRow(const SweptGroup& group,
                                                Rows* rows) const {
  auto& sessions = secure(group) ? rows->secure_sessions : rows->sessions;
  // By its bytes: some databases compare without case.
  const auto found = sessions.find(*group.stored_as(site_));
  if (found == sessions.end()) return Nobody(0, false, "no session row");
  if (site_.schema != 7) {
    const DatabaseValue& value = found->second[SweepColumn::kData];
    return AnswerFromData(group, value ? *value : std::string_view(), rows);
  }
  const DatabaseValue& user = found->second[SweepColumn::kUid];
  if (!user) return Nobody(0, false, "several users' sessions of one id");
  return AnswerOf(group, Number(user), "session of no user", rows);
}

SweepFindings::Answer SweepBatch::AnswerFromStore(const SweptGroup& group,
                                                  Rows* rows) const {
  const auto found = stored_->find(group.who().session_key);
  if (found == stored_->end() || !found->second) return std::nullopt;
  const std::optional<std::string>& data = *found->second;
  if (!data) return Nobody(0, false, "no session in the store");
  return AnswerFromData(group, *data, rows);
}

SweepFindings::Answer SweepBatch::AnswerFromData(const SweptGroup& group,
                                                 std::string_view data,
                                                 Rows* rows) const {
  const auto serializer = ParseSessionSerializer(site_.serializer);
  RT_CHECK(serializer.has_value());
  const SessionRecord record = ReadSessionRecord(data, *serializer);
  return AnswerOf(group, record.uid, record.why, rows);
}

SweepFindings::Answer SweepBatch::AnswerOf(const SweptGroup& group,
                                           uint32_t uid, const char* why,
                                           Rows* rows) const {
  if (uid == 0) return Nobody(0, true, why);
  if (uid != group.who().account) return std::nullopt;
  LoginAnswer answer = AccountOf(uid, rows);
  answer.stored = true;
  return answer;
}

LoginAnswer SweepBatch::AccountOf(uint32_t uid, Rows* rows) const {
  LoginAnswer answer;
  answer.subject = uid;
  answer.logged_in = true;
  if (!DatabaseRefused(site_).ok()) {
    // The token has to do: the rights of everyone who is logged in.
    answer.roles = RolesOfUser(site_.schema, {});
    return answer;
  }
  const auto found = rows->accounts.find(uid);
  if (found == rows->accounts.end()) {
    return Nobody(uid, false, "no such account");
  }
  if (!found->second.active) return Nobody(uid, false, "blocked");
  answer.name = found->second.name;
  // Several sessions may be of this account.
  answer.roles = RolesOfUser(site_.schema, rows->account_roles[uid]);
  return answer;
}

}  // namespace rt
