#include "broker/revocations.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/limits.h"
#include "broker/private_file.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

// Above kMaxRevocations lines of the longest names, escapes and all.
constexpr size_t kMaxFileBytes = kMaxRevocations * 4096;

std::string Key(std::string_view site, std::string_view kind,
                std::string_view name) {
  return fmt::format("{}\t{}\t{}", site, kind, name);
}

// What a token can name, and what parts the lines' fields.
bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxTokenNameBytes &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return static_cast<unsigned char>(c) < ' ';
         });
}

Error NoName() {
  return {ErrorCode::kInvalid,
          "users and tokens are named by 1 to 255 bytes without control "
          "characters"};
}

// The number that `key` ends in.
int64_t TimeIn(const std::string& key, size_t from) {
  int64_t time_s = 0;
  std::from_chars(key.data() + from, key.data() + key.size(), time_s);
  return time_s;
}

Status Put(const std::string& key, int64_t until_s,
           std::map<std::string, int64_t>* entries) {
  if (entries->size() >= kMaxRevocations && !entries->contains(key)) {
    return Error{ErrorCode::kLimit,
                 fmt::format("{} users and tokens are blocked already; unblock "
                             "some, or give expire_at",
                             kMaxRevocations)};
  }
  (*entries)[key] = until_s;
  return {};
}

std::string TextOf(const std::map<std::string, int64_t>& entries) {
  std::string text;
  for (const auto& [key, until_s] : entries) {
    text += fmt::format("{}{}:{}", text.empty() ? "{" : ",\n", JsonString(key),
                        until_s);
  }
  return text + (text.empty() ? "{}\n" : "}\n");
}

}  // namespace

Result<std::map<std::string, int64_t>> Revocations::Load(
    const std::string& path) {
  std::map<std::string, int64_t> entries;
  if (path.empty()) return entries;
  const Result<std::string> text = ReadPrivateFile(path, kMaxFileBytes);
  if (!text.ok()) {
    if (text.error().code == ErrorCode::kNotFound) return entries;
    return text.error();
  }
  const Error wrong{ErrorCode::kInvalid,
                    path +
                        ": not what drupalrtd wrote; move it away to start "
                        "with nobody blocked"};
  const Result<JsonFields> fields = JsonFields::Parse(*text);
  if (!fields.ok()) return wrong;
  for (const auto& [key, raw] : fields->all()) {
    const char* end = raw.data() + raw.size();
    int64_t until_s = 0;
    const auto read = std::from_chars(raw.data(), end, until_s);
    if (read.ec != std::errc() || read.ptr != end) return wrong;
    entries[key] = until_s;
  }
  return entries;
}

Revocations::Revocations(std::string path,
                         std::map<std::string, int64_t> entries,
                         const Clock* clock)
    : path_(std::move(path)), clock_(clock), entries_(std::move(entries)) {}

template <typename Change>
Status Revocations::Apply(Change change) {
  const std::lock_guard one_at_a_time(changing_);
  {
    const std::lock_guard lock(mutex_);
    const int64_t now_s = clock_->wall_ms() / 1000;
    std::erase_if(entries_, [now_s](const auto& entry) {
      return entry.second > 0 && entry.second <= now_s;
    });
    if (Status done = change(&entries_); !done.ok()) return done;
  }
  if (path_.empty()) return {};
  // Nobody else changes them now, so they can be read without their lock.
  return ReplacePrivateFile(path_, TextOf(entries_));
}

Status Revocations::BlockUser(std::string_view site, std::string_view user,
                              int64_t until_s) {
  if (!IsName(user)) return NoName();
  return Apply([key = Key(site, "user", user), until_s](Entries* entries) {
    return Put(key, until_s, entries);
  });
}

Status Revocations::UnblockUser(std::string_view site, std::string_view user) {
  return Apply([key = Key(site, "user", user)](Entries* entries) {
    entries->erase(key);
    return Status();
  });
}

Status Revocations::RevokeToken(std::string_view site,
                                std::string_view token_id, int64_t until_s) {
  if (!IsName(token_id)) return NoName();
  return Apply([key = Key(site, "token", token_id), until_s](Entries* entries) {
    return Put(key, until_s, entries);
  });
}

Status Revocations::InvalidateTokens(std::string_view site,
                                     std::string_view user,
                                     int64_t issued_before_s, int64_t until_s) {
  if (!IsName(user)) return NoName();
  const std::string prefix = Key(site, "before", user) + '\t';
  return Apply([&](Entries* entries) {
    // One line a user: the latest time includes the others.
    int64_t before_s = issued_before_s;
    int64_t last_s = until_s;
    const auto former = entries->lower_bound(prefix);
    if (former != entries->end() && former->first.starts_with(prefix)) {
      before_s = std::max(before_s, TimeIn(former->first, prefix.size()));
      last_s = last_s == 0 || former->second == 0
                   ? 0
                   : std::max(last_s, former->second);
      entries->erase(former);
    }
    return Put(prefix + std::to_string(before_s), last_s, entries);
  });
}

bool Revocations::Stands(const std::string& key) const {
  const auto found = entries_.find(key);
  return found != entries_.end() &&
         (found->second == 0 || found->second > clock_->wall_ms() / 1000);
}

bool Revocations::IsBlocked(std::string_view site,
                            std::string_view user) const {
  if (user.empty()) return false;
  const std::lock_guard lock(mutex_);
  return !entries_.empty() && Stands(Key(site, "user", user));
}

bool Revocations::IsRevoked(std::string_view site, std::string_view user,
                            std::string_view token_id,
                            int64_t issued_at_s) const {
  const std::lock_guard lock(mutex_);
  if (entries_.empty()) return false;
  if (!token_id.empty() && Stands(Key(site, "token", token_id))) return true;
  const std::string prefix = Key(site, "before", user) + '\t';
  const auto at = entries_.lower_bound(prefix);
  if (at == entries_.end() || !at->first.starts_with(prefix) ||
      !Stands(at->first)) {
    return false;
  }
  return issued_at_s < TimeIn(at->first, prefix.size());
}

size_t Revocations::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace rt
