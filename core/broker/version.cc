#include "broker/version.h"

namespace rt {

const char* BrokerVersion() { return RT_VERSION; }

}  // namespace rt
