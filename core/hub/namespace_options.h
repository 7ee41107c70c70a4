// What a namespace's channels are like: its rules and options, under
// Centrifugo's names where the meaning is the same. A plain value.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.h"
#include "hub/rule.h"

namespace rt {

struct NamespaceOptions {
  std::string name;  // [-a-zA-Z0-9_.]{2,64}; empty: channels without a colon

  Rule subscribe;  // server only unless said otherwise
  Rule publish;
  Rule presence_for;  // the rule of subscribe unless said otherwise
  Rule history_for;

  uint32_t history_size = 0;  // 0: no history, no offsets
  int64_t history_ttl_ms = 0;
  int64_t history_meta_ttl_ms = 30LL * 24 * 3600 * 1000;
  bool presence = false;
  // How long one who lost the connection may take to be back unnoticed.
  int64_t presence_grace_ms = kPresenceGraceMs;
  bool join_leave = false;
  bool force_push_join_leave = false;
  bool allow_positioning = false;
  bool allow_recovery = false;
  bool force_positioning = false;
  bool force_recovery = false;
  std::string force_recovery_mode = "stream";    // or "cache"
  std::vector<std::string> allowed_delta_types;  // "fossil"
  bool delta_publish = false;
  bool allow_tags_filter = false;
  // With cache recovery: every subscriber is given the newest publication.
  bool auto_cache_recover = false;
  // A slow reader gets the newest publication instead of each one.
  bool latest_only = false;
  std::string publication_data_format;  // "", "json", "json_object"

  // With history, publications carry offsets and streams an epoch.
  [[nodiscard]] bool allows_delta() const {
    return std::find(allowed_delta_types.begin(), allowed_delta_types.end(),
                     "fossil") != allowed_delta_types.end();
  }
  [[nodiscard]] bool has_history() const {
    return history_size > 0 && history_ttl_ms > 0;
  }
};

}  // namespace rt
