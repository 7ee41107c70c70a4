#include <fmt/format.h>
#include <simdjson.h>

#include <chrono>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "base/digest.h"
#include "broker/site_registry.h"
#include "main/command_line.h"
#include "main/commands.h"
#include "main/site_call.h"
#include "wire/json_text.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

struct TokenFlags {
  ConfigFlags location;
  SiteChoice site;
  std::string user;
  std::string channel;
  std::vector<std::string> channels;
  std::string client;
  std::string info;
  int64_t ttl_s = 3600;
};

void AddFlags(CLI::App* app, bool subscription, TokenFlags* flags) {
  flags->location.AddLocation(app);
  flags->site.AddOptions(app);
  app->add_option("--user", flags->user,
                  "Whom the token is for; \"\" for a visitor")
      ->required();
  app->add_option("--ttl", flags->ttl_s, "Seconds it is good for")
      ->capture_default_str();
  app->add_option("--info", flags->info, "What others see, as JSON");
  if (subscription) {
    app->add_option("--channel", flags->channel, "The channel it opens")
        ->required();
    app->add_option("--client", flags->client, "The only client it is for");
  } else {
    app->add_option("--channel", flags->channels,
                    "A channel that comes along; may be repeated");
  }
}

std::string ParamsOf(const TokenFlags& flags) {
  std::string params = fmt::format(R"({{"user":{},"ttl":{})",
                                   JsonString(flags.user), flags.ttl_s);
  if (!flags.info.empty()) params += ",\"info\":" + flags.info;
  if (!flags.channel.empty()) {
    params += ",\"channel\":" + JsonString(flags.channel);
  }
  if (!flags.client.empty()) {
    params += ",\"client\":" + JsonString(flags.client);
  }
  if (!flags.channels.empty()) {
    std::string list;
    for (const std::string& one : flags.channels) {
      list += (list.empty() ? "" : ",") + JsonString(one);
    }
    params += ",\"channels\":[" + list + "]";
  }
  return params + "}";
}

int Mint(const char* name, bool subscription, int argc, char** argv) {
  CLI::App app("Has the running broker make a token, and prints it.",
               std::string("drupalrtd token ") + name);
  TokenFlags flags;
  AddFlags(&app, subscription, &flags);
  int status = kDone;
  if (!ParseArguments(&app, argc, argv, &status)) return status;
  if (!flags.info.empty() && !IsJson(flags.info)) {
    Complain("--info is not JSON, such as '{\"name\": \"editor\"}'");
    return kWrongUsage;
  }
  Config config;
  if (!LocateBroker(flags.location, &config)) return kWrongUsage;
  if (const Status known = flags.site.Resolve(config); !known) {
    Complain(known.error().message);
    return kWrongUsage;
  }
  const Result<std::string> result =
      CallBroker(config, flags.site, "token", ParamsOf(flags));
  if (!result) {
    Complain(result.error().message);
    return kFailed;
  }
  simdjson::dom::parser parser;
  simdjson::dom::element answer;
  std::string_view token;
  if (parser.parse(*result).get(answer) != simdjson::SUCCESS ||
      answer["token"].get(token) != simdjson::SUCCESS) {
    Complain("the broker's answer has no token");
    return kFailed;
  }
  fmt::print("{}\n", token);
  return kDone;
}

// The claims as they stand in the token, whatever it is worth.
std::string ClaimsOf(std::string_view token) {
  const size_t first = token.find('.');
  if (first == std::string_view::npos) return {};
  const size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return {};
  return Base64UrlDecode(token.substr(first + 1, second - first - 1))
      .value_or("");
}

// The keys of a site's document, or of the configuration.
Result<BrokerSitePtr> KeysFrom(const Config& config, const std::string& file) {
  SiteRegistry registry(Namespaces({}), false, {}, std::nullopt);
  if (!file.empty()) {
    const Result<SiteDocument> site = ReadSiteFile(file);
    if (!site) return site.error();
    if (Status added = registry.AddFile(file); !added) return added.error();
    return registry.current()->FindKey(site->key);
  }
  const Status keys = registry.SetOwnTokens(
      config.client.token, config.client.subscription_token_enabled
                               ? std::optional(config.client.subscription_token)
                               : std::nullopt);
  if (!keys) return keys.error();
  return registry.current()->own();
}

int Check(int argc, char** argv) {
  CLI::App app(
      "Reads a token from stdin, prints its claims and whether it is good by "
      "the keys of a site's document or of the configuration.",
      "drupalrtd token check");
  ConfigFlags flags;
  flags.AddLocation(&app);
  std::string file;
  app.add_option("--site", file, "The site, by its document")
      ->type_name("FILE");
  int status = kDone;
  if (!ParseArguments(&app, argc, argv, &status)) return status;
  Config config;
  if (!LocateBroker(flags, &config)) return kWrongUsage;
  std::string token{std::istreambuf_iterator<char>(std::cin), {}};
  while (!token.empty() && (token.back() == '\n' || token.back() == ' ')) {
    token.pop_back();
  }
  const Result<BrokerSitePtr> site = KeysFrom(config, file);
  if (!site) {
    Complain(site.error().message);
    return kWrongUsage;
  }
  const int64_t now_s = std::chrono::duration_cast<std::chrono::seconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
  const std::string claims = ClaimsOf(token);
  if (IsJson(claims)) fmt::print("{}\n", claims);
  const TokenVerifier& tokens = *(*site)->site->tokens;
  std::string why = tokens.VerifyConnection(token, now_s).why;
  const char* kind = "connection";
  if (why == TokenVerifier::kIsSubscription) {
    kind = "subscription";
    const auto& other = (*site)->site->subscription_tokens;
    why = (other != nullptr ? *other : tokens)
              .VerifySubscription(token, now_s)
              .why;
  }
  if (!why.empty()) {
    fmt::print("no good: {}\n", why);
    return kFailed;
  }
  fmt::print("good: a {} token\n", kind);
  return kDone;
}

}  // namespace

int TokenCommand(int argc, char** argv) {
  const std::string_view what = argc < 2 ? "" : argv[1];
  if (what == "connection")
    return Mint("connection", false, argc - 1, argv + 1);
  if (what == "subscription") {
    return Mint("subscription", true, argc - 1, argv + 1);
  }
  if (what == "check") return Check(argc - 1, argv + 1);
  const bool help = what == "--help" || what == "-h";
  fmt::print(help ? stdout : stderr,
             "Usage: drupalrtd token connection --user ID [OPTIONS]\n"
             "       drupalrtd token subscription --user ID --channel CHANNEL "
             "[OPTIONS]\n"
             "       drupalrtd token check [OPTIONS] < TOKEN\n");
  return help ? kDone : kWrongUsage;
}

}  // namespace rt
