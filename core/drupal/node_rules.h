// May somebody view, update or delete a node? The rules of Drupal core, as far
// as they can be told without running PHP: NodeAccessControlHandler,
// NodeGrantDatabaseStorage and node's own hook_node_access (NodeEntityHooks)
// of Drupal 8 and later, node_access() and node_node_access() of Drupal 7.
// Modules may grant and deny in PHP; where one could, the answer is "unknown",
// never "allowed". Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rt {

enum class NodeOperation { kView, kUpdate, kDelete };

// What the site says of its modules. In doubt kPhp: hooks cannot be seen from
// the database.
enum class NodeDeciders {
  // Any module may implement hook_node_access or hook_entity_access.
  kPhp,
  // None does, besides node itself; some may implement hook_node_grants, so
  // that the table node_access has a say.
  kGrants,
  // Nor does any implement hook_node_grants.
  kCore,
};

// Do the permissions "edit own TYPE content" and its like count for a node's
// type? Drupal 7 has a variable for it, `node_permissions_TYPE`.
enum class NodeTypeRules { kCount, kIgnored, kUncertain };

// A node in one of its languages.
struct NodeFacts {
  uint64_t nid = 0;
  uint32_t owner = 0;
  bool published = false;
  std::string type;
  std::string langcode;
  NodeTypeRules type_rules = NodeTypeRules::kCount;
};

// A row of node_access, of this node or of nid 0.
struct NodeGrant {
  uint64_t nid = 0;
  uint64_t gid = 0;
  std::string realm;
  std::string langcode;  // not in Drupal 7
  bool view = false;
  bool update = false;
  bool remove = false;
};

struct NodeQuestion {
  NodeOperation operation = NodeOperation::kView;
  uint32_t uid = 0;  // of an account that is not blocked; 0: a visitor
  // Does the account hold this permission?
  std::function<bool(std::string_view)> holds;
  NodeDeciders deciders = NodeDeciders::kPhp;
  int schema = 10;
  NodeFacts node;
  // All rows of nid 0 and of the node.
  std::vector<NodeGrant> grants;
};

enum class NodeVerdict { kAllowed, kDenied, kUnknown };

struct NodeAnswer {
  NodeVerdict verdict = NodeVerdict::kUnknown;
  std::string reason;
};

// Whatever modules do: "bypass node access" allows, and without "access
// content" nothing else does. The rest depends on `deciders`.
[[nodiscard]] NodeAnswer DecideNode(const NodeQuestion& question);

}  // namespace rt
