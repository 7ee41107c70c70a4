// Where the broker's socket and state are when nobody says so, by the rule
// that the extension shares (wire/link_format.h), and folders that nobody else
// can have prepared. Blocking; for start-up and the command line.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace rt {

struct Config;

// The places that the rules look at; tests set up their own.
struct PathRules {
  std::string system_socket_dir;  // used where it exists
  std::string user_socket_dir;    // else; 0700, of `uid`
  std::string system_state_dir;   // used where it exists and is writable
  std::string user_state_dir;     // else; 0700
  std::string last_state_dir;     // where the user has no writable home; 0700
  uid_t uid = 0;

  [[nodiscard]] static PathRules OfThisProcess();
};

// The default socket's path. Makes nothing.
[[nodiscard]] std::string DefaultSocketPath(const PathRules& rules);

// The default state folder. With `make` it is made and checked; without, the
// one that a broker of this user would take.
Result<std::string> DefaultStateDir(const PathRules& rules, bool make);

// `path` is, or becomes, a folder of mode 0700 that belongs to `uid`, and no
// symbolic link. Its parent must exist.
Status MakePrivateDir(const std::string& path, uid_t uid);

// Fills in `socket` and `state` where they are empty, makes both absolute and
// their folders where they are missing.
Status ResolvePaths(Config* config, const PathRules& rules);

// The same for a command that talks to a broker: makes nothing.
Status FindPaths(Config* config, const PathRules& rules);

}  // namespace rt
