#include "broker/site_limits_json.h"

#include <string>
#include <utility>

namespace rt {

namespace {

struct LimitKey {
  const char* name;
  int64_t SiteLimits::*place;
  int64_t low, high;
};

// As in config_keys.cc.
constexpr LimitKey kKeys[] = {
    {"connection_limit", &SiteLimits::connection_limit, 1, 10'000'000},
    {"connection_rate_limit", &SiteLimits::connection_rate_limit, 1,
     10'000'000},
    {"user_connection_limit", &SiteLimits::user_connection_limit, 1,
     10'000'000},
    {"address_connection_limit", &SiteLimits::address_connection_limit, 1,
     10'000'000},
    {"channel_limit", &SiteLimits::channel_limit, 1, 65'536},
    {"command_rate_limit", &SiteLimits::command_rate_limit, 1, 1'000'000},
    {"command_burst", &SiteLimits::command_burst, 1, 1'000'000},
    {"user_command_rate_limit", &SiteLimits::user_command_rate_limit, 1,
     1'000'000},
    {"user_command_burst", &SiteLimits::user_command_burst, 1, 1'000'000},
    {"error_rate_limit", &SiteLimits::error_rate_limit, 1, 1'000'000},
    {"message_size_limit", &SiteLimits::message_size_limit_bytes, 128,
     64LL << 20},
};

const JsonObject::Keys& Names() {
  static const JsonObject::Keys kNames = [] {
    JsonObject::Keys names;
    for (const LimitKey& key : kKeys) names.emplace_back(key.name);
    return names;
  }();
  return kNames;
}

}  // namespace

void ReadSiteLimits(JsonObject* document, SiteLimits* limits,
                    JsonMistake* mistake) {
  const auto value = document->Find("limits");
  if (!value) return;
  JsonObject object(*value, "$.limits", Names(), mistake);
  for (const LimitKey& key : kKeys) {
    object.Integer(key.name, key.low, key.high, &(limits->*key.place));
  }
  for (const auto& [burst, rate] :
       {std::pair("command_burst", "command_rate_limit"),
        std::pair("user_command_burst", "user_command_rate_limit")}) {
    if (object.Has(burst) && !object.Has(rate)) {
      mistake->Set(object.PathOf(burst),
                   std::string("says nothing without \"") + rate + '"');
    }
  }
}

}  // namespace rt
