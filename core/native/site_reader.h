// The library's questions to Drupal's tables, and what the rows say. Over one
// connection, by one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "db/database.h"
#include "drupal/node_rules.h"
#include "drupal/role_map.h"
#include "drupal/site_login.h"
#include "native/drupal.h"

namespace rt {

class SiteReader {
 public:
  // Both outlive it.
  SiteReader(const SiteLogin& site, Database* database)
      : site_(site), database_(database) {}

  [[nodiscard]] Result<drupalrt::Account> Account(uint32_t uid);
  // REQUIRES: they are kept in the database.
  [[nodiscard]] Result<std::vector<drupalrt::Session>> Sessions(uint32_t uid);

  // Who grants what, and what the roles are called.
  [[nodiscard]] Result<RoleMap> RoleGrants();
  [[nodiscard]] Result<std::vector<drupalrt::Role>> Roles();

  // As serialize() wrote it.
  [[nodiscard]] Result<std::string> Setting(std::string_view name);

  // The node in the language; empty: in the one it was written in.
  [[nodiscard]] Result<NodeFacts> Node(uint64_t nid, std::string_view langcode);
  [[nodiscard]] Result<std::vector<NodeGrant>> NodeGrants(uint64_t nid);

 private:
  using Rows = std::vector<DatabaseRow>;

  [[nodiscard]] bool is7() const { return site_.schema == 7; }
  // A table that is not there has no rows.
  [[nodiscard]] Result<Rows> Run(std::string_view text,
                                 const Database::Parameters& parameters,
                                 size_t max_rows);
  [[nodiscard]] Result<NodeTypeRules> TypeRules(const std::string& type);

  const SiteLogin& site_;
  Database* database_;
};

}  // namespace rt
