// The broker's log: one line an event, to stderr or a file. Thread-safe.
// Never pass a payload, a session id, a token or a password here.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace rt {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

// debug, info, warning, error, off.
[[nodiscard]] Result<LogLevel> ParseLogLevel(std::string_view name);

// Sends lines to `path`, appended, instead of stderr. Reopens on each call.
Status OpenLogFile(const std::string& path);
void SetLogLevel(LogLevel level);
// Each line is a JSON object with time, level and message, for collectors.
// Before OpenLogFile().
void SetLogJson(bool json);
// `text` in quotes, escaped; what is not UTF-8 stays as it is.
[[nodiscard]] std::string QuotedForLog(std::string_view text);
[[nodiscard]] bool LogEnabled(LogLevel level);
void LogLine(LogLevel level, std::string_view line);

template <typename... Args>
void Log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
  if (!LogEnabled(level)) return;
  LogLine(level, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace rt
