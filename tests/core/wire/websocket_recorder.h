// What a WebSocketReader found, as lines to compare: for tests and fuzzing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/websocket.h"

namespace rt {

class WebSocketRecorder final : public WebSocketEvents {
 public:
  std::vector<std::string> events;
  // Stop at the event of that number; 0: never.
  size_t stop_at = 0;

  bool OnMessage(WebSocketOpcode opcode, std::string_view payload) override {
    return Note(opcode == WebSocketOpcode::kText ? "text " : "binary ",
                payload);
  }
  bool OnPing(std::string_view payload) override {
    return Note("ping ", payload);
  }
  bool OnPong(std::string_view payload) override {
    return Note("pong ", payload);
  }
  bool OnClose(uint16_t code, std::string_view reason) override {
    return Note("close " + std::to_string(code) + " ", reason);
  }

 private:
  bool Note(std::string what, std::string_view payload) {
    events.push_back(std::move(what.append(payload)));
    return events.size() != stop_at;
  }
};

}  // namespace rt
