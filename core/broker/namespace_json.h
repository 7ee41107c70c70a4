// Namespaces and their rules as JSON has them: in the site document, and in
// the broker's configuration rendered as JSON.
#pragma once

#include <string>

#include "broker/json_shape.h"
#include "hub/namespace_options.h"
#include "hub/rule.h"

namespace rt {

// "everyone", {"permission": P}, {"any": [RULE…]}, …: interfaces of the site
// document. Deeper than 8, or with more than 64 parts in one: a mistake.
[[nodiscard]] Rule ReadRule(const JsonElement& element, const std::string& path,
                            JsonMistake* mistake);

// `named`: it has a name, as all have but the channels without a colon.
[[nodiscard]] NamespaceOptions ReadNamespace(const JsonElement& element,
                                             const std::string& path,
                                             bool named, JsonMistake* mistake);

}  // namespace rt
