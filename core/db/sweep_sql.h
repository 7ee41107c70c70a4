// The one query of a batch of the sweep: sessions, accounts and roles together,
// in the words of sql_text.h, for all databases alike. Pure.
//
// Each row says by its first column what it is. Columns that it has no use for
// are empty or NULL; no two tables share a column of text, because MySQL does
// not unite collations that differ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace rt {

enum class SweepRow : int64_t {
  kSession = 1,        // key, data, uid (of 7: the data is none)
  kSecureSession = 2,  // the same, by 7's column for https
  kAccount = 3,        // uid, status, name
  kAccountRole = 4,    // uid, role (of 7: in the column status)
  kRole = 5,           // data, config name (of 7: rid in status, permission)
};

struct SweepColumn {
  static constexpr size_t kKind = 0;
  static constexpr size_t kKey = 1;
  static constexpr size_t kData = 2;
  static constexpr size_t kUid = 3;
  static constexpr size_t kStatus = 4;
  static constexpr size_t kName = 5;
  static constexpr size_t kRole = 6;
  static constexpr size_t kConfig = 7;
};

// How many parameters of each kind: keys, keys of https, user ids twice over
// (accounts, roles), in this order.
struct SweepShape {
  int schema = 10;
  size_t keys = 0;
  size_t secure_keys = 0;  // 7 alone
  size_t users = 0;
  bool roles = false;  // who grants what, too

  // One of few sizes, so that a connection keeps few texts prepared; what is
  // left over is filled with repetitions. `count` up to 1000.
  [[nodiscard]] static size_t Round(size_t count);
};

// REQUIRES: something is asked.
[[nodiscard]] std::string SweepSql(const SweepShape& shape);

}  // namespace rt
