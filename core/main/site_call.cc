#include "main/site_call.h"

#include <fmt/format.h>

#include "broker/broker_reply.h"
#include "broker/link_client.h"
#include "broker/site_file.h"
#include "broker/site_store.h"
#include "main/command_line.h"

namespace rt {

namespace {

// A site's calls need its secret. It is not asked for: who may read the
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

}  // namespace

void SiteChoice::AddOptions(Arguments* arguments) {
  const Argument key = arguments->Add(
      "--key", &key_, "The site meant, where this user registered several");
  key.Called("SITE");
  arguments->Add("--site", &file_, "The site meant, by its document")
      .Called("FILE")
      .Excludes(key);
}

Status SiteChoice::Resolve(const Config& config) {
  if (!key_.empty() && !IsSiteKey(key_)) {
    return Error{ErrorCode::kInvalid, "\"" + key_ + "\" is not a site's key"};
  }
  if (!file_.empty()) {
    const Result<SiteDocument> site = ReadSiteFile(file_);
    if (!site) return site.error();
    key_ = site->key;
    secret_ = site->secret;
  } else if (!key_.empty()) {
    secret_ = SecretOf(config.state, key_);
  }
  return {};
}

Result<std::string> CallBroker(const Config& config, const SiteChoice& site,
                               std::string_view method,
                               std::string_view params) {
  Result<LinkClient> client = LinkClient::Connect(config.socket, 5'000);
  if (!client) return client.error();
  if (!site.key().empty()) {
    const Status selected = client->SelectSite(site.key(), site.secret());
    if (!selected) return selected.error();
  }
  Result<std::string> result = ResultOf(client->Call(method, params));
  if (!result && !site.key().empty()) {
    return Error{result.error().code,
                 fmt::format("{}; is \"{}\" a site that this user registered?",
                             result.error().message, site.key())};
  }
  return result;
}

}  // namespace rt
