#include <fmt/chrono.h>
#include <fmt/format.h>

#include <limits>

#include "main/asked_site.h"
#include "main/commands.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

using drupalrt::Account;
using drupalrt::Session;

std::string JsonList(const std::vector<std::string>& texts) {
  std::string json;
  for (const std::string& text : texts) {
    json += json.empty() ? "[" : ",";
    AppendJsonString(text, &json);
  }
  return json.empty() ? "[]" : json + "]";
}

void PrintJson(const Account& account, const std::vector<Session>& sessions) {
  std::string json =
      fmt::format(R"({{"uid":{},"name":{},"active":{},"roles":{},"sessions":[)",
                  account.uid, JsonString(account.name), account.active,
                  JsonList(account.roles));
  for (size_t i = 0; i < sessions.size(); ++i) {
    const Session& session = sessions[i];
    json += fmt::format(R"({}{{"key":{},"timestamp":{},"host":{}}})",
                        i > 0 ? "," : "", JsonString(session.key_start),
                        session.timestamp, JsonString(session.host));
  }
  fmt::print("{}]}}\n", json);
}

// A number where it is no time that a calendar has.
std::string TimeText(int64_t seconds) {
  constexpr int64_t kEndOfYear9999 = 253'402'300'799;
  if (seconds < 0 || seconds > kEndOfYear9999) return std::to_string(seconds);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC",
                     fmt::gmtime(static_cast<std::time_t>(seconds)));
}

void PrintText(const Account& account, const std::vector<Session>& sessions) {
  fmt::print("uid {}\nname {}\n{}\n", account.uid, JsonString(account.name),
             account.active ? "active" : "blocked");
  for (const std::string& role : account.roles) fmt::print("role {}\n", role);
  for (const Session& session : sessions) {
    fmt::print("session {}… of {} from {}\n", session.key_start,
               TimeText(session.timestamp), JsonString(session.host));
  }
}

}  // namespace

int AccountCommand(int argc, char** argv) {
  Arguments arguments(
      "Shows an account: name, status, roles and sessions, of which the first "
      "characters of the stored hash.",
      "drupalrtd account");
  AskedSite site;
  std::string uid_text;
  arguments.Add("UID", &uid_text, "The account").Required();
  site.AddOptions(&arguments);
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  const auto uid =
      ParseId("UID", uid_text, std::numeric_limits<uint32_t>::max());
  if (!uid) return kWrongUsage;
  const auto drupal = site.Open();
  if (!drupal) return kWrongUsage;
  const auto account = drupal->AccountOf(static_cast<uint32_t>(*uid));
  if (!account) return TellError(account.error(), kFailed);
  std::vector<Session> sessions;
  if (account->uid != 0) {
    auto found = drupal->SessionsOf(account->uid);
    // The account is there, whatever is with its sessions: in another store, or
    // nothing that this database account may read.
    if (found) sessions = std::move(*found);
    if (!found) Complain(found.error().message);
  }
  site.json() ? PrintJson(*account, sessions) : PrintText(*account, sessions);
  return kDone;
}

int ValueCommand(int argc, char** argv) {
  Arguments arguments(
      "Prints a value of the site's configuration as JSON, for Drupal 7 of a "
      "variable: as it is stored, without the overrides in settings.php.",
      "drupalrtd value");
  AskedSite site;
  std::string name;
  std::string path;
  arguments.Add("NAME", &name, "Such as system.site").Required();
  arguments.Add("PATH", &path, "Keys in it, such as page.front");
  site.AddOptions(&arguments);
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  const auto drupal = site.Open();
  if (!drupal) return kWrongUsage;
  const auto value = drupal->Config(name, path);
  if (!value) return TellError(value.error(), kFailed);
  fmt::print("{}\n", value->ToJson());
  return kDone;
}

}  // namespace rt
