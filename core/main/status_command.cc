#include <fmt/format.h>
#include <simdjson.h>

#include <string_view>

#include "broker/broker_reply.h"
#include "broker/link_client.h"
#include "main/command_line.h"
#include "main/commands.h"
#include "main/running_broker.h"

namespace rt {

namespace {

// The sites whose browsers need tokens, and why; those of this user alone,
// unless it is root's broker that root asks.
void PrintSitesWithoutNativeLogin(LinkClient* client) {
  const Result<std::string> answer = ResultOf(client->Call("site", "{}"));
  if (!answer) return;
  simdjson::dom::parser parser;
  simdjson::dom::array sites;
  if (parser.parse(*answer)["sites"].get(sites) != simdjson::SUCCESS) return;
  for (const auto site : sites) {
    bool native = true;
    std::string_view key;
    std::string_view reason;
    if (site["native_login"].get(native) == simdjson::SUCCESS && !native &&
        site["key"].get(key) == simdjson::SUCCESS &&
        site["reason"].get(reason) == simdjson::SUCCESS) {
      fmt::print("site {}: {}\n", key, reason);
    }
  }
}

}  // namespace

int StatusCommand(int argc, char** argv) {
  Arguments arguments("Shows what the running broker is doing.",
                      "drupalrtd status");
  ConfigFlags flags;
  flags.AddLocation(&arguments);
  bool json = false;
  arguments.AddFlag("--json", &json, "The broker's own answer, for programs");
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
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
  PrintSitesWithoutNativeLogin(&*client);
  return kDone;
}

}  // namespace rt
