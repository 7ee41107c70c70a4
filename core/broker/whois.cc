#include "broker/whois.h"

#include <future>
#include <istream>
#include <memory>
#include <ostream>
#include <utility>

#include "db/identity_service.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

void AppendList(const std::vector<std::string>& list, std::string* out) {
  *out += '[';
  for (size_t i = 0; i < list.size(); ++i) {
    if (i > 0) *out += ',';
    AppendJsonString(list[i], out);
  }
  *out += ']';
}

std::string Answer(const Identity& who) {
  std::string json = "{\"uid\":" + std::to_string(who.uid) + ",\"name\":";
  AppendJsonString(who.name, &json);
  json += ",\"roles\":";
  AppendList(who.roles.list(), &json);
  json += ",\"admin\":";
  json += who.admin ? "true" : "false";
  json += ",\"permissions\":";
  AppendList(who.permissions.list(), &json);
  json += ",\"reason\":";
  AppendJsonString(who.reason, &json);
  return json + "}";
}

std::string Answer(const Error& error) {
  std::string json = "{\"error\":";
  AppendJsonString(error.message, &json);
  json += ",\"code\":";
  AppendJsonString(ErrorCodeName(error.code), &json);
  return json + "}";
}

}  // namespace

int RunWhois(std::istream& in, std::ostream& out, const SiteDocument& site,
             const std::string& host, bool https) {
  const auto login = std::make_shared<const SiteLogin>(site.login);
  const std::string page_host =
      host.empty() && !site.hosts.empty() ? site.hosts.front() : host;
  IdentityService service;
  bool all_answered = true;
  std::string line;
  while (std::getline(in, line)) {
    if (line.ends_with('\r')) line.pop_back();
    auto promise = std::make_shared<std::promise<Result<IdentityPtr>>>();
    auto future = promise->get_future();
    service.Lookup(login, line, page_host, https,
                   [promise](Result<IdentityPtr> result) {
                     promise->set_value(std::move(result));
                   });
    const Result<IdentityPtr> result = future.get();
    all_answered = all_answered && result.ok();
    // Whoever pipes cookies in one by one wants the answer before the next.
    out << (result ? Answer(**result) : Answer(result.error())) << std::endl;
  }
  return all_answered ? 0 : 1;
}

}  // namespace rt
