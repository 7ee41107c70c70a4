// Properties: whatever the bytes are, the reader stays within them, takes
// time linear in them and ends; a session is somebody's or says why not; what
// names a user does so no more with a byte of rubbish behind it; a role's
// permissions are sorted and distinct.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "drupal/php_serialize.h"
#include "drupal/role_map.h"
#include "drupal/session_record.h"

namespace {

void Require(bool holds) {
  if (!holds) abort();
}

// Steps through all values by itself; as many reads as there are bytes, at
// most.
void Walk(std::string_view bytes) {
  rt::PhpReader reader(bytes);
  size_t reads = 0;
  rt::PhpValue value;
  while (!reader.at_end() && reader.Read(&value)) {
    Require(++reads <= bytes.size());
    Require(reader.rest().size() < bytes.size());
    Require(reader.rest().data() + reader.rest().size() ==
            bytes.data() + bytes.size());
    Require(value.count <= bytes.size());
    Require(value.text.size() <= bytes.size());
    if (!reader.Skip(value)) return;
  }
}

void CheckSession(std::string_view bytes, rt::SessionSerializer serializer) {
  const rt::SessionRecord record = rt::ReadSessionRecord(bytes, serializer);
  Require((record.uid == 0) == (*record.why != '\0'));
  if (record.uid == 0) return;
  const std::string longer = std::string(bytes) + "x";
  Require(rt::ReadSessionRecord(longer, serializer).uid == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // On the heap and of the exact size: a read beyond it is seen.
  const std::unique_ptr<char[]> copy(new char[size]);
  std::copy(data, data + size, copy.get());
  const std::string_view bytes(copy.get(), size);
  Walk(bytes);
  CheckSession(bytes, rt::SessionSerializer::kPhp);
  CheckSession(bytes, rt::SessionSerializer::kPhpSerialize);
  const auto role = rt::ParseRoleConfig(bytes);
  if (role.ok()) {
    const auto& list = role->permissions.list();
    Require(std::is_sorted(list.begin(), list.end()));
    Require(std::adjacent_find(list.begin(), list.end()) == list.end());
  }
  return 0;
}
