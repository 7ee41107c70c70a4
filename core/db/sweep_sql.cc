#include "db/sweep_sql.h"

#include <string_view>
#include <utility>

#include "base/check.h"

namespace rt {

namespace {

std::string Parameters(size_t count) {
  std::string list = "(?";
  for (size_t i = 1; i < count; ++i) list += ",?";
  return list + ")";
}

// The parts in an order in which each column's type is known early: PostgreSQL
// unites types two by two, from the first part on.
class Union {
 public:
  void Add(std::string_view part) {
    if (!text_.empty()) text_ += " UNION ALL ";
    text_ += part;
  }
  // `part` with its parameters, unless there are none of them.
  void Add(std::string_view part, size_t parameters) {
    if (parameters == 0) return;
    Add(part);
    text_ += Parameters(parameters);
  }
  [[nodiscard]] std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string Drupal7Sql(const SweepShape& shape) {
  Union parts;
  parts.Add(
      "SELECT 1, [sid], NULL, [uid], 0, '', '', '' FROM {sessions} "
      "WHERE [sid] IN ",
      shape.keys);
  parts.Add(
      "SELECT 2, [ssid], NULL, [uid], 0, '', '', '' FROM {sessions} "
      "WHERE [ssid] IN ",
      shape.secure_keys);
  if (shape.roles) {
    parts.Add(
        "SELECT 5, '', NULL, 0, [rid], '', '', [permission] "
        "FROM {role_permission}");
  }
  parts.Add(
      "SELECT 3, '', NULL, [uid], [status], [name], '', '' FROM {users} "
      "WHERE [uid] IN ",
      shape.users);
  parts.Add(
      "SELECT 4, '', NULL, [uid], [rid], '', '', '' FROM {users_roles} "
      "WHERE [rid] IN (SELECT [rid] FROM {role}) AND [uid] IN ",
      shape.users);
  return parts.Take();
}

std::string DrupalSql(const SweepShape& shape) {
  Union parts;
  parts.Add(
      "SELECT 1, [sid], [session], 0, 0, '', '', '' FROM {sessions} "
      "WHERE [sid] IN ",
      shape.keys);
  if (shape.roles) {
    parts.Add(
        "SELECT 5, '', [data], 0, 0, '', '', [name] FROM {config} "
        "WHERE [collection] = '' AND [name] LIKE 'user.role.%'");
  }
  parts.Add(
      "SELECT 3, '', NULL, [uid], [status], [name], '', '' "
      "FROM {users_field_data} WHERE [default_langcode] = 1 AND [uid] IN ",
      shape.users);
  parts.Add(
      "SELECT 4, '', NULL, [entity_id], 0, '', [roles_target_id], '' "
      "FROM {user__roles} WHERE [entity_id] IN ",
      shape.users);
  return parts.Take();
}

}  // namespace

size_t SweepShape::Round(size_t count) {
  for (const size_t size : {0, 10, 100, 1000}) {
    if (count <= size) return size;
  }
  RT_CHECK(false);
  return count;
}

std::string SweepSql(const SweepShape& shape) {
  std::string text = shape.schema == 7 ? Drupal7Sql(shape) : DrupalSql(shape);
  RT_CHECK(!text.empty());
  return text;
}

}  // namespace rt
