// Whose session is it? Reads the user id out of the session data that Drupal
// 8 and later store: attribute `uid` of the bag `_sf2_attributes`. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rt {

// PHP's session.serialize_handler, of those that can be read natively.
enum class SessionSerializer {
  kPhp,           // NAME|value NAME|value …
  kPhpSerialize,  // one array
};

[[nodiscard]] std::optional<SessionSerializer> ParseSessionSerializer(
    std::string_view name);

struct SessionRecord {
  uint32_t uid = 0;      // 0: nobody's
  const char* why = "";  // why nobody's; a literal
};

// Stricter than PHP's casts: only `i:N` with N > 0 and `s:"[1-9][0-9]{0,9}"`,
// up to 4294967295, name a user. A record that PHP's own handler would refuse
// is nobody's, and so is one of the other grammar, or one beyond a bound of
// PhpReader. Takes 10 ms and 16 MiB at most.
[[nodiscard]] SessionRecord ReadSessionRecord(std::string_view data,
                                              SessionSerializer serializer);

}  // namespace rt
