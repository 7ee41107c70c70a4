#include <sys/resource.h>

#include <csignal>

#include "base/log.h"
#include "broker/broker.h"
#include "broker/paths.h"
#include "broker/pid_file.h"
#include "broker/site_file.h"
#include "main/command_line.h"
#include "main/commands.h"

namespace rt {

namespace {

// A descriptor per browser: take what the machine allows.
void RaiseFileLimit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  if (limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    Log(LogLevel::kWarning, "the limit of open files stays as it is");
  }
}

bool CheckSites(const Config& config) {
  bool good = true;
  for (const std::string& path : config.site_files) {
    const Result<SiteDocument> site = ReadSiteFile(path);
    if (site) continue;
    Complain(site.error().message);
    good = false;
  }
  return good;
}

bool OpenLog(const Config& config) {
  std::string path = config.log_file;
  // Nobody reads the stderr of a broker that PHP started.
  if (path.empty() && config.autostarted) {
    path = config.state + "/drupalrtd.log";
  }
  SetLogLevel(config.log_level);
  SetLogJson(config.log_json);
  if (path.empty()) return true;
  const Status opened = OpenLogFile(path);
  if (opened) return true;
  Complain("cannot write the log " + path + ": " + opened.error().message);
  return false;
}

// To the log as well where it is a file: nobody may be reading stderr.
int Refuse(const Config& config, const Error& error) {
  Complain(error.message);
  if (config.autostarted || !config.log_file.empty()) {
    Log(LogLevel::kError, "{}", error.message);
  }
  return kFailed;
}

// Serves with both pid files held.
int ServeAlone(const LoadedConfig& loaded) {
  const Config& config = loaded.config;
  if (!OpenLog(config)) return kFailed;
  Result<PidFile> by_socket = PidFile::Acquire(PidFileOfSocket(config.socket));
  if (!by_socket) return Refuse(config, by_socket.error());
  Result<PidFile> by_state = PidFile::Acquire(PidFileOfState(config.state));
  if (!by_state) return Refuse(config, by_state.error());
  for (const std::string& warning : loaded.warnings) {
    Log(LogLevel::kWarning, "{}", warning);
  }
  RaiseFileLimit();
  std::signal(SIGPIPE, SIG_IGN);
  return RunBroker(config);
}

}  // namespace

int ServeCommand(int argc, char** argv) {
  Arguments arguments("Runs the broker until SIGTERM or SIGINT.",
                      "drupalrtd serve");
  ConfigFlags flags;
  flags.AddAll(&arguments);
  bool autostarted = false;
  int ready_fd = -1;
  arguments.AddFlag("--autostarted", &autostarted,
                    "Log into the state folder: nobody reads stderr");
  arguments
      .Add("--ready-fd", &ready_fd,
           "Descriptor that is told \"ready\" and closed")
      .Called("N");
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;

  LoadedConfig loaded;
  if (!flags.Load(&loaded) || !CheckSites(loaded.config)) return kWrongUsage;
  loaded.config.autostarted = autostarted;
  loaded.config.ready_fd = ready_fd;
  const Status paths = ResolvePaths(&loaded.config, PathRules::OfThisProcess());
  if (!paths) {
    Complain(paths.error().message);
    return paths.error().code == ErrorCode::kInvalid ? kWrongUsage : kFailed;
  }
  return ServeAlone(loaded);
}

}  // namespace rt
