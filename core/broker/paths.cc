#include "broker/paths.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "broker/config.h"
#include "wire/link_format.h"

namespace rt {

namespace {

namespace fs = std::filesystem;

Error Failed(std::string_view what, const std::string& path, int error) {
  return {ErrorCode::kUnavailable,
          fmt::format("{} {}: {}", what, path, std::strerror(error))};
}

bool IsDirectory(const std::string& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool IsWritableDirectory(const std::string& path) {
  return IsDirectory(path) && ::access(path.c_str(), W_OK | X_OK) == 0;
}

std::string Absolute(const std::string& path) {
  std::error_code ignored;
  const fs::path absolute = fs::absolute(path, ignored);
  return ignored ? path : absolute.lexically_normal().string();
}

// The user's state folder by the XDG rule; empty without a home.
std::string UserStateFolder(uid_t uid) {
  const char* xdg = std::getenv("XDG_STATE_HOME");
  if (xdg != nullptr && xdg[0] == '/') return xdg;
  const char* home = std::getenv("HOME");
  if (home == nullptr || home[0] != '/') {
    // A broker that PHP starts has an empty environment.
    const passwd* user = ::getpwuid(uid);
    home = user == nullptr ? nullptr : user->pw_dir;
  }
  if (home == nullptr || home[0] != '/') return {};
  return std::string(home) + "/.local/state";
}

// mkdir -p for what lies above a folder of ours.
Status MakeDirs(const std::string& path, mode_t mode) {
  if (path.empty() || IsDirectory(path)) return {};
  const Status above = MakeDirs(fs::path(path).parent_path().string(), mode);
  if (!above) return above;
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
    return Failed("cannot make the folder", path, errno);
  }
  return {};
}

Status CheckSocketPath(const std::string& path) {
  if (path.size() < sizeof(sockaddr_un::sun_path)) return {};
  return Error{ErrorCode::kInvalid,
               fmt::format("the socket's path {} is longer than the {} bytes "
                           "that the kernel allows: choose a shorter one",
                           path, sizeof(sockaddr_un::sun_path) - 1)};
}

}  // namespace

PathRules PathRules::OfThisProcess() {
  PathRules rules;
  rules.uid = ::geteuid();
  const std::string name = "drupalrt-" + std::to_string(rules.uid);
  rules.system_socket_dir = RT_LINK_SYSTEM_DIR;
  rules.user_socket_dir = "/tmp/" + name;
  rules.system_state_dir = "/var/lib/drupalrt";
  rules.last_state_dir = "/var/tmp/" + name;
  const std::string folder = UserStateFolder(rules.uid);
  rules.user_state_dir =
      folder.empty() ? rules.last_state_dir : folder + "/" + name;
  return rules;
}

std::string DefaultSocketPath(const PathRules& rules) {
  if (IsDirectory(rules.system_socket_dir)) {
    return rules.system_socket_dir + "/drupalrt.sock";
  }
  return rules.user_socket_dir + "/s";
}

Result<std::string> DefaultStateDir(const PathRules& rules, bool make) {
  if (IsWritableDirectory(rules.system_state_dir)) {
    return rules.system_state_dir;
  }
  if (!make) {
    return IsDirectory(rules.user_state_dir) ||
                   !IsDirectory(rules.last_state_dir)
               ? rules.user_state_dir
               : rules.last_state_dir;
  }
  const std::string parent =
      fs::path(rules.user_state_dir).parent_path().string();
  if (MakeDirs(parent, 0700) &&
      (IsDirectory(rules.user_state_dir) || IsWritableDirectory(parent))) {
    const Status made = MakePrivateDir(rules.user_state_dir, rules.uid);
    if (!made) return made.error();
    return rules.user_state_dir;
  }
  const Status made = MakePrivateDir(rules.last_state_dir, rules.uid);
  if (!made) return made.error();
  return rules.last_state_dir;
}

Status MakePrivateDir(const std::string& path, uid_t uid) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return Failed("cannot make the folder", path, errno);
  }
  struct stat info;
  if (::lstat(path.c_str(), &info) != 0) {
    return Failed("cannot look at the folder", path, errno);
  }
  const char* wrong = nullptr;
  if (S_ISLNK(info.st_mode)) {
    wrong = "is a symbolic link";
  } else if (!S_ISDIR(info.st_mode)) {
    wrong = "is not a folder";
  } else if (info.st_uid != uid) {
    wrong = "belongs to another user";
  } else if ((info.st_mode & 077) != 0) {
    wrong = "is open to other users";
  }
  if (wrong == nullptr) return {};
  return Error{ErrorCode::kDenied,
               fmt::format("{} {}, so it is not trusted: remove it or name "
                           "another with --socket or --state",
                           path, wrong)};
}

Status FindPaths(Config* config, const PathRules& rules) {
  if (config->socket.empty()) config->socket = DefaultSocketPath(rules);
  config->socket = Absolute(config->socket);
  if (config->state.empty()) {
    Result<std::string> state = DefaultStateDir(rules, false);
    if (!state) return state.error();
    config->state = std::move(*state);
  }
  config->state = Absolute(config->state);
  return CheckSocketPath(config->socket);
}

Status ResolvePaths(Config* config, const PathRules& rules) {
  if (config->socket.empty()) {
    config->socket = DefaultSocketPath(rules);
    if (!IsDirectory(rules.system_socket_dir)) {
      const Status made = MakePrivateDir(rules.user_socket_dir, rules.uid);
      if (!made) return made;
    }
  }
  config->socket = Absolute(config->socket);
  const Status fits = CheckSocketPath(config->socket);
  if (!fits) return fits;
  const std::string socket_dir =
      fs::path(config->socket).parent_path().string();
  // Whom the socket admits is the socket's matter, so its folder may be read.
  Status made = MakeDirs(socket_dir, 0755);
  if (!made) return made;
  if (config->state.empty()) {
    Result<std::string> state = DefaultStateDir(rules, true);
    if (!state) return state.error();
    config->state = std::move(*state);
  }
  config->state = Absolute(config->state);
  made = MakeDirs(config->state, 0700);
  if (!made) return made;
  if (!IsWritableDirectory(config->state)) {
    return Error{ErrorCode::kDenied,
                 "cannot write to the state folder " + config->state +
                     ": give it to this user or name another with --state"};
  }
  return {};
}

}  // namespace rt
