// Which drupalrt this is. PHP, browsers and operators are told the same.
#pragma once

namespace rt {

// "0.1.0": the file VERSION at the root.
[[nodiscard]] const char* BrokerVersion();

}  // namespace rt
