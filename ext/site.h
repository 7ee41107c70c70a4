// Which site a call is for: the one named by its option, the one chosen for
// this request, or the only one there is.
#pragma once

#include <string_view>

#include "link.h"
#include "php_headers.h"

namespace rt {

[[nodiscard]] bool IsSiteKey(std::string_view key);

// `option` may be null. The secret that was chosen goes with its own key only.
[[nodiscard]] SiteChoice ChooseSite(const zend_string* option);

// At a request's end: the next one is another site's, perhaps.
void ForgetSite();

}  // namespace rt
