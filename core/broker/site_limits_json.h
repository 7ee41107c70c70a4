// The part `limits` of a site document.
#pragma once

#include "broker/json_shape.h"
#include "session/site_limits.h"

namespace rt {

void ReadSiteLimits(JsonObject* document, SiteLimits* limits,
                    JsonMistake* mistake);

}  // namespace rt
