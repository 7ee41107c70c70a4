#include "broker/site_set.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/digest.h"

namespace rt {

namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return lower;
}

// Without `:port`; an IPv6 host keeps its brackets.
std::string_view WithoutPort(std::string_view host) {
  const size_t colon = host.rfind(':');
  const size_t bracket = host.rfind(']');
  if (colon == std::string_view::npos) return host;
  if (bracket != std::string_view::npos && bracket > colon) return host;
  return host.substr(0, colon);
}

}  // namespace

SiteSet::SiteSet(BrokerSitePtr own, std::vector<BrokerSitePtr> sites,
                 std::vector<std::string> allowed_origins)
    : own_(std::move(own)),
      sites_(std::move(sites)),
      allowed_origins_(std::move(allowed_origins)) {
  for (const BrokerSitePtr& site : sites_) {
    for (const std::string& origin : site->document.origins) {
      by_origin_.emplace(origin, site);
    }
    for (const std::string& host : site->document.hosts) {
      by_host_.emplace(Lower(host), site);
    }
  }
}

Provenance SiteSet::Place(const HttpRequestHead& head,
                          const RequestSource& source) const {
  Provenance from;
  const auto origin = head.header("origin");
  if (!origin.has_value()) {
    // No browser's cross-site request comes without one; what a cookie may
    // decide here are same-origin requests that say so.
    from.page_host = source.hosts.front();
    for (const std::string& host : source.hosts) {
      from.site = FindHost(host);
      if (from.site == nullptr) continue;
      from.page_host = host;
      break;
    }
    from.cookie_login =
        from.site != nullptr &&
        head.header("sec-fetch-site").value_or("") == "same-origin";
    from.https = source.https;
    if (from.site == nullptr) from.site = own_;
    return from;
  }
  const Result<std::string> normal = NormalizeOrigin(*origin);
  if (!normal.ok()) {
    if (own_->site->insecure) from.site = own_;
    return from;
  }
  from.https = normal->starts_with("https:");
  from.page_host = normal->substr(normal->find("//") + 2);
  const auto found = by_origin_.find(*normal);
  if (found != by_origin_.end()) {
    from.site = found->second;
    from.cookie_login = true;
    return from;
  }
  const bool allowed =
      own_->site->insecure ||
      std::find(allowed_origins_.begin(), allowed_origins_.end(), *normal) !=
          allowed_origins_.end() ||
      (sites_.empty() && std::find(source.hosts.begin(), source.hosts.end(),
                                   from.page_host) != source.hosts.end());
  if (allowed) from.site = own_;
  return from;
}

BrokerSitePtr SiteSet::FindHost(std::string_view host) const {
  auto found = by_host_.find(std::string(host));
  if (found == by_host_.end()) {
    found = by_host_.find(std::string(WithoutPort(host)));
  }
  return found == by_host_.end() ? nullptr : found->second;
}

BrokerSitePtr SiteSet::FindKey(std::string_view key) const {
  for (const BrokerSitePtr& site : sites_) {
    if (site->site->key == key) return site;
  }
  return nullptr;
}

BrokerSitePtr SiteSet::FindId(uint32_t id) const {
  if (id == own_->site->id) return own_;
  for (const BrokerSitePtr& site : sites_) {
    if (site->site->id == id) return site;
  }
  return nullptr;
}

BrokerSitePtr SiteSet::FindApiKey(std::string_view key) const {
  BrokerSitePtr found;
  for (const BrokerSitePtr& site : sites_) {
    for (const std::string& one : site->document.api_keys) {
      if (ConstantTimeEqual(one, key)) found = site;
    }
  }
  return found;
}

}  // namespace rt
