#include "socket_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/wire/link_format.h"

namespace rt {
namespace {

bool IsDirectory(const char* path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool OwnAndClosed(const struct stat& status) {
  return S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
         (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

SocketPlace CheckUserDirectory(const char* directory, ErrorText* error) {
  struct stat status;
  if (lstat(directory, &status) != 0) return SocketPlace::kMissing;
  if (OwnAndClosed(status)) return SocketPlace::kGood;
  SetError(error,
           "%s is not a directory that belongs to uid %u alone (mode 0700): "
           "not used",
           directory, geteuid());
  return SocketPlace::kUnsafe;
}

bool SetPath(const char* value, sockaddr_un* address) {
  address->sun_family = AF_UNIX;
  const size_t length = strlen(value);
  if (length >= sizeof(address->sun_path)) return false;
  memcpy(address->sun_path, value, length + 1);
  return true;
}

}  // namespace

void SetError(ErrorText* error, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->text, sizeof(error->text), format, arguments);
  va_end(arguments);
}

SocketPlace FindSocket(const char* configured, SocketPath* path,
                       ErrorText* error) {
  *path = SocketPath{};
  if (configured != nullptr && configured[0] != '\0') {
    if (configured[0] == '/' && SetPath(configured, &path->address)) {
      return SocketPlace::kGood;
    }
    SetError(error,
             "drupalrt.socket must be an absolute path of at most %zu bytes",
             sizeof(path->address.sun_path) - 1);
    return SocketPlace::kUnsafe;
  }
  if (IsDirectory(RT_LINK_SYSTEM_DIR)) {
    (void)SetPath(RT_LINK_SYSTEM_SOCKET, &path->address);
    return SocketPlace::kGood;
  }
  char text[64];
  snprintf(text, sizeof(text), RT_LINK_USER_SOCKET_FORMAT, geteuid());
  (void)SetPath(text, &path->address);
  path->user_directory = true;
  snprintf(text, sizeof(text), RT_LINK_USER_DIR_FORMAT, geteuid());
  return CheckUserDirectory(text, error);
}

int OpenSocketDirectory(const SocketPath& path, ErrorText* error) {
  char directory[sizeof(path.address.sun_path)];
  memcpy(directory, path.address.sun_path, sizeof(directory));
  char* slash = strrchr(directory, '/');
  slash[slash == directory ? 1 : 0] = '\0';
  if (path.user_directory) (void)mkdir(directory, S_IRWXU);

  const int follow = path.user_directory ? O_NOFOLLOW : 0;
  const int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow);
  if (fd < 0) {
    SetError(error, "the socket's directory %s: %s", directory,
             strerror(errno));
    return -1;
  }
  struct stat status;
  const bool own = fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
                   (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
                   (!path.user_directory || OwnAndClosed(status));
  if (own) return fd;
  close(fd);
  SetError(error,
           "no broker is started: %s is not a directory that only uid %u may "
           "write to",
           directory, geteuid());
  return -1;
}

}  // namespace rt
