// The part of the site document that says where sessions are kept: `schema`
// and `session`, with the store beside the database where there is one.
#pragma once

#include "broker/json_shape.h"
#include "drupal/site_login.h"

namespace rt {

// `object`: the document.
void ReadSession(JsonObject* object, SiteLogin* login, JsonMistake* mistake);

}  // namespace rt
