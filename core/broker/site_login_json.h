// The parts of the site document that say how its users are known: cookies,
// session, database, roles.
#pragma once

#include "broker/json_shape.h"
#include "drupal/site_login.h"

namespace rt {

// `object`: the document. Key, hosts and `anonymous` are the document's to set.
void ReadLogin(JsonObject* object, SiteLogin* login, JsonMistake* mistake);

}  // namespace rt
