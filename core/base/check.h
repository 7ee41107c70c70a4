// Checks that stay in release builds. A failed RT_CHECK is a bug in drupalrt
// itself, never a reaction to input: input that is wrong yields an Error.
#pragma once

namespace rt {

// Prints the place and the failed expression, then aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* what);

}  // namespace rt

#define RT_CHECK(condition)                              \
  do {                                                   \
    if (!(condition)) [[unlikely]]                       \
      ::rt::CheckFailed(__FILE__, __LINE__, #condition); \
  } while (false)
