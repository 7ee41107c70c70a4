// Methods that clients call with `rpc`. Filled before the workers start,
// immutable afterwards.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "drupal/identity.h"
#include "wire/client_protocol.h"

namespace rt {

struct RpcAnswer {
  ProtocolError error;
  std::string data;  // JSON
};

class RpcRegistry {
 public:
  // On the caller's thread; must not block.
  using Method =
      std::function<RpcAnswer(const Identity& who, std::string_view data)>;

  void Add(std::string name, Method method) {
    methods_.insert_or_assign(std::move(name), std::move(method));
  }

  // kErrorNotAvailable where there is no method at all, kErrorMethodNotFound
  // where there is none of that name.
  [[nodiscard]] RpcAnswer Call(const Identity& who, const std::string& name,
                               std::string_view data) const {
    if (methods_.empty()) return {kErrorNotAvailable, {}};
    const auto found = methods_.find(name);
    if (found == methods_.end()) return {kErrorMethodNotFound, {}};
    return found->second(who, data);
  }

 private:
  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace rt
