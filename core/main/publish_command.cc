#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "broker/broker_reply.h"
#include "broker/link_client.h"
#include "broker/site_store.h"
#include "main/command_line.h"
#include "main/commands.h"
#include "wire/json_text.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

// A site's events need its secret. It is not asked for: who may read the
// broker's state has it anyway, and an argument would show it to all.
std::string SecretOf(const std::string& state, const std::string& key) {
  const Result<SiteStore> store = SiteStore::OpenToRead(state);
  if (!store) return {};
  for (const SiteStore::Record& record : store->LoadAll()) {
    if (record.key != key) continue;
    const Result<SiteDocument> site = ParseSiteDocument(record.json);
    return site ? site->secret : "";
  }
  return {};
}

struct Event {
  std::string channel;
  std::string json;
  std::string key;  // of the site; empty: the only one of this user
  std::string secret;
};

int Send(const Config& config, const Event& event) {
  Result<LinkClient> client = LinkClient::Connect(config.socket, 5'000);
  if (!client) {
    Complain(client.error().message);
    return kFailed;
  }
  if (!event.key.empty()) {
    const Status selected = client->SelectSite(event.key, event.secret);
    if (!selected) {
      Complain(selected.error().message);
      return kFailed;
    }
  }
  const std::string params = fmt::format(R"({{"channel":{},"data":{}}})",
                                         JsonString(event.channel), event.json);
  const Result<std::string> result = ResultOf(client->Call("publish", params));
  if (!result) {
    Complain(result.error().message);
    if (!event.key.empty()) {
      Complain(fmt::format("is \"{}\" a site that this user registered?",
                           event.key));
    }
    return kFailed;
  }
  fmt::print("{}\n", *result);
  return kDone;
}

}  // namespace

int PublishCommand(int argc, char** argv) {
  CLI::App app(
      "Sends an event to a channel and prints its offset, its stream's epoch "
      "and how many got it.",
      "drupalrtd publish");
  ConfigFlags flags;
  flags.AddLocation(&app);
  Event event;
  std::string site_file;
  app.add_option("CHANNEL", event.channel, "Such as chat:lobby")->required();
  app.add_option("JSON", event.json, "The event, or - to read it from stdin")
      ->required();
  CLI::Option* key =
      app.add_option("--key", event.key,
                     "The channel's site, where this user registered several");
  key->type_name("SITE");
  app.add_option("--site", site_file, "The channel's site by its document")
      ->type_name("FILE")
      ->excludes(key);
  int status = kDone;
  if (!ParseArguments(&app, argc, argv, &status)) return status;
  Config config;
  if (!LocateBroker(flags, &config)) return kWrongUsage;
  if (event.json == "-") {
    event.json.assign(std::istreambuf_iterator<char>(std::cin), {});
  }
  if (!IsJson(event.json)) {
    Complain(
        "the event is not JSON: a text needs quotes of its own, such as "
        "'\"hello\"'");
    return kWrongUsage;
  }
  if (!event.key.empty() && !IsSiteKey(event.key)) {
    Complain("\"" + event.key + "\" is not a site's key");
    return kWrongUsage;
  }
  if (!site_file.empty()) {
    const Result<SiteDocument> site = ReadSiteFile(site_file);
    if (!site) {
      Complain(site.error().message);
      return kWrongUsage;
    }
    event.key = site->key;
    event.secret = site->secret;
  } else if (!event.key.empty()) {
    event.secret = SecretOf(config.state, event.key);
  }
  return Send(config, event);
}

}  // namespace rt
