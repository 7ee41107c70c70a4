#include "drupal/node_rules.h"

#include <algorithm>

namespace rt {

namespace {

NodeAnswer Allowed(std::string reason) {
  return {NodeVerdict::kAllowed, std::move(reason)};
}
NodeAnswer Denied(std::string reason) {
  return {NodeVerdict::kDenied, std::move(reason)};
}
NodeAnswer Unknown(std::string reason) {
  return {NodeVerdict::kUnknown, std::move(reason)};
}

bool OfRealmAll(const NodeGrant& grant) {
  return grant.realm == "all" && grant.gid == 0;
}

// What Drupal writes where nobody implements hook_node_grants
// (NodeGrantDatabaseStorage::writeDefault).
bool IsDefault(const NodeGrant& grant) {
  return grant.nid == 0 && OfRealmAll(grant) && grant.view && !grant.update &&
         !grant.remove;
}

bool Grants(const NodeGrant& grant, NodeOperation operation) {
  switch (operation) {
    case NodeOperation::kView:
      return grant.view;
    case NodeOperation::kUpdate:
      return grant.update;
    case NodeOperation::kDelete:
      break;
  }
  return grant.remove;
}

// Is it asked for this node at all? Rows of nid 0 count for what is published.
bool Concerns(const NodeGrant& grant, const NodeQuestion& question) {
  const NodeFacts& node = question.node;
  if (grant.nid == 0) return node.published;
  return grant.nid == node.nid &&
         (question.schema == 7 || grant.langcode == node.langcode);
}

// Node's own hook_node_access: "edit any TYPE content" and its like. Somebody
// without an account owns what belongs to uid 0, as Drupal has it.
NodeAnswer ByType(const NodeQuestion& question) {
  if (question.operation == NodeOperation::kView) return Denied("");
  const NodeFacts& node = question.node;
  const std::string verb =
      question.operation == NodeOperation::kUpdate ? "edit" : "delete";
  const std::string any = verb + " any " + node.type + " content";
  const std::string own = verb + " own " + node.type + " content";
  std::string held;
  if (question.holds(any)) {
    held = any;
  } else if (question.uid == node.owner && question.holds(own)) {
    held = own;
  }
  if (held.empty()) return Denied("");
  switch (node.type_rules) {
    case NodeTypeRules::kCount:
      return Allowed(held);
    case NodeTypeRules::kIgnored:
      return Denied("");
    case NodeTypeRules::kUncertain:
      break;
  }
  return Unknown("whether \"" + held + "\" counts for this type is not known");
}

// NodeGrantDatabaseStorage::access: with hook_node_grants somewhere, the rows
// decide; without, a node that is published may be viewed. Which of the two it
// is cannot be seen here, so only what both say is an answer.
NodeAnswer ByGrants(const NodeQuestion& question) {
  const bool without =
      question.operation == NodeOperation::kView && question.node.published;
  bool all = false;
  bool others = false;
  for (const NodeGrant& grant : question.grants) {
    if (!Concerns(grant, question) || !Grants(grant, question.operation)) {
      continue;
    }
    (OfRealmAll(grant) ? all : others) = true;
  }
  if (all && without) return Allowed("published");
  if (others) {
    return Unknown("a module grants it, to whom only PHP knows");
  }
  if (all != without) {
    return Unknown("node_access does not hold what Drupal writes there");
  }
  return Denied("nothing grants it");
}

NodeAnswer ByCore(const NodeQuestion& question) {
  const NodeFacts& node = question.node;
  if (question.operation == NodeOperation::kView && !node.published &&
      question.uid != 0 && question.uid == node.owner &&
      question.holds("view own unpublished content")) {
    return Allowed("view own unpublished content");
  }
  NodeAnswer by_type = ByType(question);
  if (by_type.verdict == NodeVerdict::kAllowed) return by_type;
  NodeAnswer by_grants = ByGrants(question);
  if (by_grants.verdict != NodeVerdict::kDenied) return by_grants;
  return by_type.verdict == NodeVerdict::kUnknown ? by_type : by_grants;
}

}  // namespace

NodeAnswer DecideNode(const NodeQuestion& question) {
  if (question.holds("bypass node access")) {
    return Allowed("bypass node access");
  }
  if (!question.holds("access content")) return Denied("no \"access content\"");
  switch (question.deciders) {
    case NodeDeciders::kPhp:
      return Unknown("modules may decide in PHP");
    case NodeDeciders::kCore:
      // Something else there belies it.
      if (question.grants.size() != 1 || !IsDefault(question.grants.front())) {
        return Unknown("node_access holds grants of a module");
      }
      break;
    case NodeDeciders::kGrants:
      break;
  }
  return ByCore(question);
}

}  // namespace rt
