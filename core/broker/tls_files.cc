#include "broker/tls_files.h"

#include <sys/stat.h>

#include <utility>

#include "base/log.h"

namespace rt {

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
  Result<TlsContextPtr> context = Load();
  if (!context.ok()) {
    Log(LogLevel::kError, "TLS goes on with the certificate it has, {}: {}",
        current_, context.error().message);
    return nullptr;
  }
  Log(LogLevel::kInfo, "TLS has a new certificate: {}", current_);
  return std::move(context).value();
}

TlsContextPtr TlsFiles::Poll() {
  if (config_.listen.empty()) return nullptr;
  std::vector<Stamp> now = Look();
  const bool still = now == seen_;
  seen_ = std::move(now);
  return still && seen_ != loaded_ ? Reload() : nullptr;
}

std::vector<TlsFiles::Stamp> TlsFiles::Look() const {
  std::vector<Stamp> stamps;
  for (const std::string& path : {config_.certificate_file, config_.key_file}) {
    struct stat there = {};
    Stamp stamp;
    if (::stat(path.c_str(), &there) == 0) {
      stamp.inode = there.st_ino;
      stamp.size = there.st_size;
      stamp.modified_ns =
          there.st_mtim.tv_sec * 1'000'000'000LL + there.st_mtim.tv_nsec;
    }
    stamps.push_back(stamp);
  }
  return stamps;
}

}  // namespace rt
