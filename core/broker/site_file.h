// A site document in a file.
#pragma once

#include <string>

#include "base/result.h"
#include "broker/site_document.h"

namespace rt {

// kInvalid with "FILE: …", also where it cannot be read.
[[nodiscard]] Result<SiteDocument> ReadSiteFile(const std::string& path);

}  // namespace rt
