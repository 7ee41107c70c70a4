// The configuration file: TOML 1.0, read with line numbers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "broker/config_keys.h"

namespace rt {

// Reads `path` into `config`. Every mistake becomes a line of `mistakes`, as
// "FILE:LINE: …"; keys without one are stored. `set` hears of each key that
// was stored, with its "FILE:LINE".
void ReadConfigToml(
    const std::string& path, Config* config, std::vector<std::string>* mistakes,
    const std::function<void(const ConfigKey&, const std::string&)>& set);

}  // namespace rt
