#include "main/asked_site.h"

#include <fmt/format.h>

#include <charconv>

#include "broker/site_set.h"
#include "main/commands.h"
#include "main/named_site.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

const char* NameOf(drupalrt::Verdict verdict) {
  switch (verdict) {
    case drupalrt::Verdict::kAllowed:
      return "allowed";
    case drupalrt::Verdict::kDenied:
      return "denied";
    case drupalrt::Verdict::kUnknown:
      break;
  }
  return "unknown";
}

int StatusOf(drupalrt::Verdict verdict) {
  switch (verdict) {
    case drupalrt::Verdict::kAllowed:
      return kDone;
    case drupalrt::Verdict::kDenied:
      return kFailed;
    case drupalrt::Verdict::kUnknown:
      break;
  }
  return kCannotTell;
}

}  // namespace

void AskedSite::AddOptions(Arguments* arguments) {
  location_.AddLocation(arguments);
  choice_.AddOptions(arguments);
  arguments->AddFlag("--json", &json_, "The answer as JSON, for programs");
}

std::unique_ptr<drupalrt::Drupal> AskedSite::Open() {
  Config config;
  if (!LocateBroker(location_, &config)) return nullptr;
  Status known = choice_.Resolve(config);
  if (known.ok() && choice_.key().empty()) {
    known =
        Error{ErrorCode::kInvalid, "name the site: --site FILE or --key SITE"};
  }
  const Result<BrokerSitePtr> site =
      known ? ReadNamedSite(config, choice_) : known.error();
  if (!site) {
    Complain(site.error().message);
    return nullptr;
  }
  auto drupal = drupalrt::Drupal::FromDocument((*site)->document.json);
  if (!drupal) {
    Complain(drupal.error().message);
    return nullptr;
  }
  return std::move(*drupal);
}

std::optional<uint64_t> ParseId(std::string_view what, std::string_view text,
                                uint64_t max) {
  uint64_t id = 0;
  const char* end = text.data() + text.size();
  const auto [next, error] = std::from_chars(text.data(), end, id);
  if (error == std::errc() && next == end && id <= max) return id;
  Complain(fmt::format("{} has to be a number from 0 to {}", what, max));
  return std::nullopt;
}

int TellDecision(const drupalrt::Answer<drupalrt::Decision>& answer,
                 bool json) {
  if (!answer) return TellError(answer.error(), kCannotTell);
  const char* verdict = NameOf(answer->verdict);
  if (json) {
    fmt::print("{{\"verdict\":\"{}\",\"reason\":{}}}\n", verdict,
               JsonString(answer->reason));
  } else {
    fmt::print("{}: {}\n", verdict, answer->reason);
  }
  return StatusOf(answer->verdict);
}

int TellError(const drupalrt::Error& error, int status) {
  Complain(error.message);
  return status;
}

}  // namespace rt
