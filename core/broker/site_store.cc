#include "broker/site_store.h"

#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>

#include "base/log.h"
#include "broker/config_text.h"
#include "broker/paths.h"
#include "broker/private_file.h"

namespace rt {

namespace {

constexpr std::string_view kSuffix = ".json";
// A file is kHead, the uid, kMiddle, the document as it came, kTail: JSON as
// a whole, and taken apart without touching the document.
constexpr std::string_view kHead = "{\"registered_by\":";
constexpr std::string_view kMiddle = ",\"document\":";
constexpr std::string_view kTail = "}\n";
// Above the bound of a site document.
constexpr size_t kMaxFileBytes = 8 << 20;

Error Failed(std::string_view what, const std::string& path) {
  return {ErrorCode::kUnavailable,
          fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))};
}

std::optional<SiteStore::Record> Decode(std::string_view text) {
  if (!text.starts_with(kHead) || !text.ends_with(kTail)) return std::nullopt;
  text.remove_prefix(kHead.size());
  text.remove_suffix(kTail.size());
  const size_t middle = text.find(kMiddle);
  if (middle == std::string_view::npos) return std::nullopt;
  const Result<int64_t> uid = ParseInteger(text.substr(0, middle));
  if (!uid || *uid < 0 || *uid > std::numeric_limits<uid_t>::max()) {
    return std::nullopt;
  }
  SiteStore::Record record;
  record.uid = static_cast<uid_t>(*uid);
  record.json = text.substr(middle + kMiddle.size());
  return record;
}

}  // namespace

bool IsSiteKey(std::string_view key) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !key.empty() && key.size() <= 64 && key != "." && key != ".." &&
         key.find_first_not_of(kLetters) == std::string_view::npos;
}

Result<SiteStore> SiteStore::Open(const std::string& state) {
  const std::string dir = state + "/sites";
  const Status made = MakePrivateDir(dir, ::geteuid());
  if (!made) return made.error();
  return SiteStore(dir);
}

Result<SiteStore> SiteStore::OpenToRead(const std::string& state) {
  const std::string dir = state + "/sites";
  if (::access(dir.c_str(), R_OK | X_OK) != 0) {
    return Error{ErrorCode::kNotFound, "no sites to read in " + dir};
  }
  return SiteStore(dir);
}

std::string SiteStore::PathOf(const std::string& key) const {
  return dir_ + "/" + key + std::string(kSuffix);
}

std::vector<SiteStore::Record> SiteStore::LoadAll() const {
  std::vector<Record> records;
  DIR* listing = ::opendir(dir_.c_str());
  if (listing == nullptr) {
    Log(LogLevel::kError, "{}", Failed("list", dir_).message);
    return records;
  }
  while (const dirent* entry = ::readdir(listing)) {
    const std::string_view name = entry->d_name;
    // Temporary files and anything of the operator's own.
    if (!name.ends_with(kSuffix)) continue;
    const std::string key(name.substr(0, name.size() - kSuffix.size()));
    if (!IsSiteKey(key)) continue;
    const Result<std::string> text =
        ReadPrivateFile(PathOf(key), kMaxFileBytes);
    std::optional<Record> record;
    if (text) record = Decode(*text);
    if (!record) {
      Log(LogLevel::kError, "the site of {} is skipped: {}", PathOf(key),
          text ? "it is not a file that the broker wrote"
               : text.error().message);
      continue;
    }
    record->key = key;
    records.push_back(std::move(*record));
  }
  ::closedir(listing);
  std::sort(records.begin(), records.end(),
            [](const Record& a, const Record& b) { return a.key < b.key; });
  return records;
}

Status SiteStore::Put(const Record& record) {
  if (!IsSiteKey(record.key)) {
    return Error{ErrorCode::kInvalid, "not a site's key"};
  }
  // The name in between is no key's, as it does not end in ".json".
  return ReplacePrivateFile(
      PathOf(record.key), fmt::format("{}{}{}{}{}", kHead, record.uid, kMiddle,
                                      record.json, kTail));
}

Status SiteStore::Remove(const std::string& key) {
  if (!IsSiteKey(key)) return Error{ErrorCode::kInvalid, "not a site's key"};
  if (::unlink(PathOf(key).c_str()) != 0) {
    if (errno == ENOENT) {
      return Error{ErrorCode::kNotFound, "no site " + key};
    }
    return Failed("remove", PathOf(key));
  }
  return SyncDirectory(dir_);
}

}  // namespace rt
