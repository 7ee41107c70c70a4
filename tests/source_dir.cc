#include "source_dir.h"

namespace rt {

// The only source that is another one in another checkout: the others come out
// of the compiler's cache.
std::string InSource(const std::string& name) {
  return RT_SOURCE_DIR "/" + name;
}

}  // namespace rt
