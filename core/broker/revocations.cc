#include "broker/revocations.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/limits.h"
#include "wire/json_fields.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

std::string Key(std::string_view site, std::string_view kind,
                std::string_view name) {
  return fmt::format("{}\t{}\t{}", site, kind, name);
}

}  // namespace

Result<std::map<std::string, int64_t>> Revocations::Load(
    const std::string& path) {
  std::map<std::string, int64_t> entries;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT || path.empty()) return entries;
    return Error{ErrorCode::kUnavailable,
                 fmt::format("{}: {}", path, std::strerror(errno))};
  }
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const Result<JsonFields> fields = JsonFields::Parse(text);
  if (!fields.ok()) {
    return Error{ErrorCode::kInvalid,
                 path +
                     ": not what drupalrtd wrote; move it away to start "
                     "with nobody blocked"};
  }
  for (const auto& [key, raw] : fields->all()) {
    int64_t until_s = 0;
    std::from_chars(raw.data(), raw.data() + raw.size(), until_s);
    entries[key] = until_s;
  }
  return entries;
}

Revocations::Revocations(std::string path,
                         std::map<std::string, int64_t> entries,
                         const Clock* clock)
    : path_(std::move(path)), clock_(clock), entries_(std::move(entries)) {}

Status Revocations::BlockUser(std::string_view site, std::string_view user,
                              int64_t until_s) {
  return Put(Key(site, "user", user), until_s);
}

Status Revocations::UnblockUser(std::string_view site, std::string_view user) {
  const std::lock_guard lock(mutex_);
  entries_.erase(Key(site, "user", user));
  return Write();
}

Status Revocations::RevokeToken(std::string_view site,
                                std::string_view token_id, int64_t until_s) {
  return Put(Key(site, "token", token_id), until_s);
}

Status Revocations::InvalidateTokens(std::string_view site,
                                     std::string_view user,
                                     int64_t issued_before_s, int64_t until_s) {
  const std::string prefix = Key(site, "before", user) + '\t';
  {
    // One line a user: the latest time includes the others.
    const std::lock_guard lock(mutex_);
    auto at = entries_.lower_bound(prefix);
    while (at != entries_.end() && at->first.starts_with(prefix)) {
      at = entries_.erase(at);
    }
  }
  return Put(prefix + std::to_string(issued_before_s), until_s);
}

Status Revocations::Put(std::string key, int64_t until_s) {
  const std::lock_guard lock(mutex_);
  const int64_t now_s = clock_->wall_ms() / 1000;
  std::erase_if(entries_, [now_s](const auto& entry) {
    return entry.second > 0 && entry.second <= now_s;
  });
  if (entries_.size() >= kMaxRevocations) {
    return Error{ErrorCode::kLimit,
                 fmt::format("{} users and tokens are blocked already; unblock "
                             "some, or give expire_at",
                             kMaxRevocations)};
  }
  entries_[std::move(key)] = until_s;
  return Write();
}

Status Revocations::Write() const {
  if (path_.empty()) return {};
  std::string text;
  for (const auto& [key, until_s] : entries_) {
    text += fmt::format("{}{}:{}", text.empty() ? "{" : ",\n", JsonString(key),
                        until_s);
  }
  text += text.empty() ? "{}\n" : "}\n";
  const std::string fresh = path_ + ".new";
  const int file =
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
             S_IRUSR | S_IWUSR);
  bool good = file >= 0;
  if (good) {
    good = ::write(file, text.data(), text.size()) ==
               static_cast<ssize_t>(text.size()) &&
           ::fsync(file) == 0;
    good = ::close(file) == 0 && good;
  }
  good = good && std::rename(fresh.c_str(), path_.c_str()) == 0;
  if (good) return {};
  return Error{ErrorCode::kUnavailable,
               fmt::format("{}: {}", path_, std::strerror(errno))};
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
  int64_t before_s = 0;
  const char* end = at->first.data() + at->first.size();
  std::from_chars(at->first.data() + prefix.size(), end, before_s);
  return issued_at_s < before_s;
}

size_t Revocations::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace rt
