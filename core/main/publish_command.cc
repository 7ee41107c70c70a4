#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "main/command_line.h"
#include "main/commands.h"
#include "main/site_call.h"
#include "wire/json_text.h"
#include "wire/json_writer.h"

namespace rt {

int PublishCommand(int argc, char** argv) {
  Arguments arguments(
      "Sends an event to a channel and prints its offset, its stream's epoch "
      "and how many got it.",
      "drupalrtd publish");
  ConfigFlags flags;
  flags.AddLocation(&arguments);
  SiteChoice site;
  site.AddOptions(&arguments);
  std::string channel;
  std::string json;
  arguments.Add("CHANNEL", &channel, "Such as chat:lobby").Required();
  arguments.Add("JSON", &json, "The event, or - to read it from stdin")
      .Required();
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  Config config;
  if (!LocateBroker(flags, &config)) return kWrongUsage;
  if (json == "-") json.assign(std::istreambuf_iterator<char>(std::cin), {});
  if (!IsJson(json)) {
    Complain(
        "the event is not JSON: a text needs quotes of its own, such as "
        "'\"hello\"'");
    return kWrongUsage;
  }
  if (const Status known = site.Resolve(config); !known) {
    Complain(known.error().message);
    return kWrongUsage;
  }
  const Result<std::string> result = CallBroker(
      config, site, "publish",
      fmt::format(R"({{"channel":{},"data":{}}})", JsonString(channel), json));
  if (!result) {
    Complain(result.error().message);
    return kFailed;
  }
  fmt::print("{}\n", *result);
  return kDone;
}

}  // namespace rt
