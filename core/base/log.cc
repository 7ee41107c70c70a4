#include "base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

namespace rt {

namespace {

std::atomic<LogLevel> g_level{LogLevel::kInfo};
std::atomic<bool> g_json{false};

const char* Pattern() {
  return g_json
             ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":%v})"
             : "%Y-%m-%dT%H:%M:%S.%e%z %l %v";
}

std::shared_ptr<spdlog::logger>& Logger() {
  static std::shared_ptr<spdlog::logger> logger = [] {
    auto made = spdlog::stderr_logger_mt("drupalrt");
    made->set_pattern(Pattern());
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return logger;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    default:
      return spdlog::level::err;
  }
}

}  // namespace

Result<LogLevel> ParseLogLevel(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  if (name == "off") return LogLevel::kOff;
  return Error{ErrorCode::kInvalid,
               fmt::format("log level \"{}\" is none of debug, info, warning, "
                           "error, off",
                           name)};
}

Status OpenLogFile(const std::string& path) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
    auto logger = std::make_shared<spdlog::logger>("drupalrt", sink);
    logger->set_pattern(Pattern());
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    Logger() = std::move(logger);
  } catch (const spdlog::spdlog_ex& failure) {
    return Error{ErrorCode::kUnavailable, failure.what()};
  }
  return {};
}

void SetLogLevel(LogLevel level) { g_level = level; }

void SetLogJson(bool json) {
  g_json = json;
  Logger()->set_pattern(Pattern());
}

std::string QuotedForLog(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", c);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

bool LogEnabled(LogLevel level) {
  return level >= g_level.load(std::memory_order_relaxed) &&
         level != LogLevel::kOff;
}

void LogLine(LogLevel level, std::string_view line) {
  if (!LogEnabled(level)) return;
  if (g_json) {
    Logger()->log(ToSpdlog(level), QuotedForLog(line));
  } else {
    Logger()->log(ToSpdlog(level), line);
  }
}

}  // namespace rt
