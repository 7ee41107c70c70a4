#include "broker/site_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace rt {

Result<SiteDocument> ReadSiteFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(SiteDocument::kMaxBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (!file.is_open() || file.bad()) {
    return Error{ErrorCode::kInvalid,
                 path + ": cannot be read: " + std::strerror(errno)};
  }
  Result<SiteDocument> site = ParseSiteDocument(text);
  if (!site) {
    return Error{ErrorCode::kInvalid, path + ": " + site.error().message};
  }
  return site;
}

}  // namespace rt
