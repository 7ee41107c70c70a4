#include <fmt/format.h>

#include "broker/broker_reply.h"
#include "broker/link_client.h"
#include "main/command_line.h"
#include "main/commands.h"
#include "main/running_broker.h"

namespace rt {

int StatusCommand(int argc, char** argv) {
  CLI::App app("Shows what the running broker is doing.", "drupalrtd status");
  ConfigFlags flags;
  flags.AddLocation(&app);
  bool json = false;
  app.add_flag("--json", json, "The broker's own answer, for programs");
  int status = kDone;
  if (!ParseArguments(&app, argc, argv, &status)) return status;
  Config config;
  if (!LocateBroker(flags, &config)) return kWrongUsage;

  Result<LinkClient> client = LinkClient::Connect(config.socket, 5'000);
  if (!client) {
    Complain(client.error().message);
    return kFailed;
  }
  const Result<std::string> info = ResultOf(client->Call("info", "{}"));
  if (!info) {
    Complain(info.error().message);
    return kFailed;
  }
  if (json) {
    fmt::print("{}\n", *info);
    return kDone;
  }
  fmt::print("running at {}\n", config.socket);
  const Result<pid_t> pid = FindRunningBroker(config);
  if (pid) fmt::print("pid {}\n", *pid);
  fmt::print("{}", ReadableJson(*info));
  return kDone;
}

}  // namespace rt
