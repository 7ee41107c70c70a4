#include <fmt/format.h>
#include <simdjson.h>

#include <cctype>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "broker/config_text.h"
#include "broker/site_set.h"
#include "hub/channel_name.h"
#include "main/command_line.h"
#include "main/commands.h"
#include "main/named_site.h"
#include "main/site_call.h"
#include "token/token_minter.h"
#include "wire/json_text.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

int64_t NowInSeconds() { return SystemClock().wall_ms() / 1000; }

struct TokenFlags {
  ConfigFlags location;
  SiteChoice site;
  std::string user;
  std::string channel;
  std::vector<std::string> channels;
  std::string client;
  std::string info;
  std::string ttl = "1h";
  int64_t ttl_s = 0;
};

void AddFlags(Arguments* arguments, bool subscription, TokenFlags* flags) {
  flags->location.AddLocation(arguments);
  flags->site.AddOptions(arguments);
  arguments
      ->Add("--user", &flags->user, "Whom the token is for; \"\" for a visitor")
      .Required();
  arguments->Add("--ttl", &flags->ttl, "How long it is good for: 90, 90s, 1h")
      .ShowDefault();
  arguments->Add("--info", &flags->info, "What others see, as JSON");
  if (subscription) {
    arguments->Add("--channel", &flags->channel, "The channel it opens")
        .Required();
    arguments->Add("--client", &flags->client, "The only client it is for");
  } else {
    arguments->Add("--channel", &flags->channels,
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

Result<std::string> AskBroker(const Config& config, const TokenFlags& flags) {
  const Result<std::string> result =
      CallBroker(config, flags.site, "token", ParamsOf(flags));
  if (!result) return result.error();
  simdjson::dom::parser parser;
  std::string_view token;
  if (parser.parse(*result)["token"].get(token) != simdjson::SUCCESS) {
    return Error{ErrorCode::kInternal, "the broker's answer has no token"};
  }
  return std::string(token);
}

// Under the keys of the file that was named. As the broker does, it refuses to
// make what would be refused.
Result<std::string> SignHere(const BrokerSite& site, const TokenFlags& flags,
                             bool subscription) {
  const int64_t now_s = NowInSeconds();
  std::string token;
  std::string why;
  if (subscription) {
    SubscriptionClaims claims;
    claims.user = flags.user;
    claims.channel = flags.channel;
    claims.client = flags.client;
    claims.info = flags.info;
    claims.expire_at_s = now_s + flags.ttl_s;
    token = MintToken(site.subscription_signing, claims, now_s);
    why = site.site->subscription_verifier()
              ->VerifySubscription(token, now_s)
              .why;
  } else {
    ConnectionClaims claims;
    claims.user = flags.user;
    claims.info = flags.info;
    claims.expire_at_s = now_s + flags.ttl_s;
    for (const std::string& one : flags.channels) claims.subs[one];
    token = MintToken(site.connection_signing, claims, now_s);
    why = site.site->tokens->VerifyConnection(token, now_s).why;
  }
  if (why.empty()) return token;
  return Error{ErrorCode::kInvalid, "such a token would be refused: " + why};
}

// A document that was named, or a configuration with a secret, is enough; else
// the running broker is asked.
Result<std::string> MakeToken(const Config& config, const TokenFlags& flags,
                              bool subscription) {
  const bool by_config = flags.location.has_file() && flags.site.key().empty();
  if (by_config || !flags.site.file().empty()) {
    const Result<BrokerSitePtr> site = ReadNamedSite(config, flags.site);
    if (!site) return site.error();
    if (HasTokenKeys(config, **site, subscription, true)) {
      return SignHere(**site, flags, subscription);
    }
  }
  return AskBroker(config, flags);
}

// The channels and times that --channel and --ttl may name.
Status CheckFlags(TokenFlags* flags) {
  if (!flags->info.empty() && !IsJson(flags->info)) {
    return Error{ErrorCode::kInvalid,
                 "--info is not JSON, such as '{\"name\": \"editor\"}'"};
  }
  // A bare number is seconds.
  const Result<int64_t> seconds = ParseInteger(flags->ttl);
  const Result<int64_t> ms = seconds ? seconds : ParseDuration(flags->ttl);
  flags->ttl_s = !ms ? 0 : seconds ? *seconds : *ms / 1000;
  if (flags->ttl_s < 1 || flags->ttl_s > kMaxTokenTtlS) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("--ttl must be seconds or such as 90m, from 1s "
                             "to {}d",
                             kMaxTokenTtlS / 86400)};
  }
  std::vector<std::string> channels = flags->channels;
  if (!flags->channel.empty()) channels.push_back(flags->channel);
  for (const std::string& channel : channels) {
    if (IsChannelName(channel)) continue;
    return Error{ErrorCode::kInvalid,
                 "--channel must be 1 to 255 printable characters, such as "
                 "chat:lobby"};
  }
  return {};
}

int Mint(const char* name, bool subscription, int argc, char** argv) {
  Arguments arguments(
      "Makes a token and prints it: under the secret of the configuration or "
      "the site's document that is named, else by the running broker.",
      std::string("drupalrtd token ") + name);
  TokenFlags flags;
  AddFlags(&arguments, subscription, &flags);
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  if (const Status good = CheckFlags(&flags); !good) {
    Complain(good.error().message);
    return kWrongUsage;
  }
  Config config;
  if (!LocateBroker(flags.location, &config)) return kWrongUsage;
  if (const Status known = flags.site.Resolve(config); !known) {
    Complain(known.error().message);
    return kWrongUsage;
  }
  const Result<std::string> token = MakeToken(config, flags, subscription);
  if (!token) {
    Complain(token.error().message);
    return kFailed;
  }
  fmt::print("{}\n", *token);
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

// Empty: it is good.
std::string Judge(const BrokerSite& site, std::string_view token,
                  std::string_view* kind) {
  const int64_t now_s = NowInSeconds();
  *kind = "connection";
  std::string why = site.site->tokens->VerifyConnection(token, now_s).why;
  if (why.empty()) return why;
  // Of a subscription token the other verdict counts, whose keys may differ.
  simdjson::dom::parser parser;
  simdjson::dom::object claims;
  if (parser.parse(ClaimsOf(token)).get(claims) == simdjson::SUCCESS &&
      claims["channel"].error() == simdjson::SUCCESS) {
    *kind = "subscription";
    why = site.site->subscription_verifier()
              ->VerifySubscription(token, now_s)
              .why;
  }
  return why;
}

int Check(int argc, char** argv) {
  Arguments arguments(
      "Prints a token's claims and whether it is good by the keys of a site "
      "or of the configuration.",
      "drupalrtd token check");
  ConfigFlags flags;
  flags.AddLocation(&arguments);
  SiteChoice choice;
  choice.AddOptions(&arguments);
  std::string token;
  arguments.Add("TOKEN", &token,
                "Read from stdin where it is absent, which shows it to nobody "
                "else on this machine");
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  Config config;
  if (!LocateBroker(flags, &config)) return kWrongUsage;
  Status known = choice.Resolve(config);
  const Result<BrokerSitePtr> site =
      known ? ReadNamedSite(config, choice) : known.error();
  if (!site) {
    Complain(site.error().message);
    return kWrongUsage;
  }
  if (!HasTokenKeys(config, **site, false, false) &&
      !HasTokenKeys(config, **site, true, false)) {
    Complain(
        "there is no key to check it by: name the site (--site FILE or --key "
        "SITE) or a configuration with client.token keys (--config FILE)");
    return kWrongUsage;
  }
  if (token.empty()) token.assign(std::istreambuf_iterator<char>(std::cin), {});
  while (!token.empty() && std::isspace(static_cast<uint8_t>(token.back()))) {
    token.pop_back();
  }
  const std::string claims = ClaimsOf(token);
  if (IsJson(claims)) fmt::print("{}\n", claims);
  std::string_view kind;
  const std::string why = Judge(**site, token, &kind);
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
             "       drupalrtd token check [OPTIONS] [TOKEN]\n");
  return help ? kDone : kWrongUsage;
}

}  // namespace rt
