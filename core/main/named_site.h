// A site as the broker would make it, for commands that need none running.
#pragma once

#include "base/result.h"
#include "broker/config.h"
#include "broker/site_set.h"
#include "main/site_call.h"

namespace rt {

// The site of the document that was chosen, the registered one of the key, or
// the broker's own by the configuration.
Result<BrokerSitePtr> ReadNamedSite(const Config& config,
                                    const SiteChoice& choice);

// Do keys for its tokens stand in what ReadNamedSite reads? Else only a running
// broker has any. `signing`: keys that tokens can be made under.
bool HasTokenKeys(const Config& config, const BrokerSite& site,
                  bool subscription, bool signing);

}  // namespace rt
