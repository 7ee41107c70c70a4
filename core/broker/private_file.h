// Files of the broker's state: for its own user alone (0600), never through a
// symbolic link, replaced as a whole or not at all. Blocking.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rt {

// Safe on the disk when it returns. kUnavailable: the former file is as it was.
// Uses `path` + ".new" in between.
Status ReplacePrivateFile(const std::string& path, std::string_view text);

// kNotFound, kUnavailable, or kInvalid for what is no plain file of at most
// `max_bytes`.
Result<std::string> ReadPrivateFile(const std::string& path, size_t max_bytes);

// Makes renamed and removed names in the folder last.
Status SyncDirectory(const std::string& dir);

}  // namespace rt
