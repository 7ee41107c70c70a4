#include "broker/tls_files.h"

#include <sys/stat.h>

#include <utility>

#include "base/log.h"

namespace rt {

namespace {

constexpr int64_t kDayMs = 24 * 3'600'000LL;

int64_t Nanoseconds(const timespec& time) {
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

}  // namespace

Result<TlsContextPtr> TlsFiles::Load() {
  if (config_.listen.empty()) return TlsContextPtr();
  loaded_ = Look();
  Result<TlsContextPtr> context =
      TlsContext::Load({config_.certificate_file, config_.key_file,
                        config_.min_version == "1.3"});
  if (context.ok()) current_ = (*context)->Describe();
  return context;
}

TlsContextPtr TlsFiles::Reload() {
  const std::string before = current_;
  Result<TlsContextPtr> context = Load();
  if (!context.ok()) {
    Log(LogLevel::kError, "TLS goes on with the certificate it has, {}: {}",
        current_, context.error().message);
    return nullptr;
  }
  if (current_ != before) {
    Log(LogLevel::kInfo, "TLS has a new certificate: {}", current_);
  }
  return std::move(context).value();
}

TlsContextPtr TlsFiles::Poll(int64_t now_ms) {
  if (config_.listen.empty()) return nullptr;
  if (renewed_ms_ == 0) renewed_ms_ = now_ms;
  std::vector<Stamp> now = Look();
  const bool still = now == seen_;
  seen_ = std::move(now);
  const bool old = now_ms - renewed_ms_ >= kDayMs;
  if (!still || (seen_ == loaded_ && !old)) return nullptr;
  renewed_ms_ = now_ms;
  return Reload();
}

std::vector<TlsFiles::Stamp> TlsFiles::Look() const {
  std::vector<Stamp> stamps;
  for (const std::string& path : {config_.certificate_file, config_.key_file}) {
    struct stat there = {};
    Stamp stamp;
    if (::stat(path.c_str(), &there) == 0) {
      stamp.inode = there.st_ino;
      stamp.size = there.st_size;
      stamp.modified_ns = Nanoseconds(there.st_mtim);
      stamp.changed_ns = Nanoseconds(there.st_ctim);
    }
    stamps.push_back(stamp);
  }
  return stamps;
}

}  // namespace rt
