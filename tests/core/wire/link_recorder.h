// The frames that a LinkReader found, as lines to compare: type, flags,
// request id, body. For tests and fuzzing.
#pragma once

#include <string>
#include <vector>

#include "wire/link_frame.h"

namespace rt {

class LinkRecorder final : public LinkEvents {
 public:
  std::vector<std::string> events;
  // Stop at the event of that number; 0: never.
  size_t stop_at = 0;

  bool OnFrame(const LinkFrame& frame) override {
    events.push_back(
        std::to_string(frame.type) + ' ' + std::to_string(frame.flags) + ' ' +
        std::to_string(frame.request_id) + ' ' + std::string(frame.body));
    return events.size() != stop_at;
  }
};

}  // namespace rt
