// Where the broker's socket is: drupalrt.socket, or the rule of
// wire/link_format.h, which the broker shares.
//
// The user's own directory lies in /tmp, where anyone may have made one by
// that name first. So it is used only when it belongs to this user, is no
// symbolic link and is closed to all others.
#pragma once

#include <sys/un.h>

namespace rt {

enum class SocketPlace {
  kGood,
  kMissing,  // no directory yet
  kUnsafe,   // somebody else's directory, or a path that cannot be: see error
};

struct SocketPath {
  sockaddr_un address;
  // The directory this user may make when it is missing.
  bool user_directory;
};

struct ErrorText {
  char text[320];
};
[[gnu::format(printf, 2, 3)]] void SetError(ErrorText* error,
                                            const char* format, ...);

[[nodiscard]] SocketPlace FindSocket(const char* configured, SocketPath* path,
                                     ErrorText* error);

// The directory of the socket, opened, for files beside it; made where the
// rule allows. -1 with an error where it is not this user's alone to write.
[[nodiscard]] int OpenSocketDirectory(const SocketPath& path, ErrorText* error);

}  // namespace rt
