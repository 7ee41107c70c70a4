#include <limits>

#include "main/asked_site.h"
#include "main/commands.h"

namespace rt {

namespace {

constexpr uint64_t kMaxUid = std::numeric_limits<uint32_t>::max();
constexpr uint64_t kMaxNid = std::numeric_limits<int64_t>::max();

}  // namespace

int AccessCommand(int argc, char** argv) {
  CLI::App app(
      "May an account do what the permission is for? Says why. Exit status: 0 "
      "allowed, 1 denied, 3 it cannot be told.",
      "drupalrtd access");
  AskedSite site;
  std::string uid_text;
  std::string permission;
  app.add_option("UID", uid_text, "The account; 0 for visitors")->required();
  app.add_option("PERMISSION", permission, "Such as \"access content\"")
      ->required();
  site.AddOptions(&app);
  int status = kDone;
  if (!ParseArguments(&app, argc, argv, &status)) return status;
  const auto uid = ParseId("UID", uid_text, kMaxUid);
  if (!uid) return kWrongUsage;
  const auto drupal = site.Open();
  if (!drupal) return kWrongUsage;
  return TellDecision(drupal->Access(permission, static_cast<uint32_t>(*uid)),
                      site.json());
}

int NodeCommand(int argc, char** argv) {
  CLI::App app(
      "May an account view, update or delete a node? Says why. Exit status: 0 "
      "allowed, 1 denied, 3 it cannot be told (modules may decide in PHP).",
      "drupalrtd node");
  AskedSite site;
  std::string uid_text;
  std::string nid_text;
  std::string operation = "view";
  std::string language;
  app.add_option("UID", uid_text, "The account; 0 for visitors")->required();
  app.add_option("NID", nid_text, "The node")->required();
  app.add_option("OPERATION", operation, "view, update or delete")
      ->check(CLI::IsMember({"view", "update", "delete"}))
      ->capture_default_str();
  app.add_option("--language", language,
                 "Which translation; the original if absent")
      ->type_name("CODE");
  site.AddOptions(&app);
  int status = kDone;
  if (!ParseArguments(&app, argc, argv, &status)) return status;
  const auto uid = ParseId("UID", uid_text, kMaxUid);
  const auto nid = ParseId("NID", nid_text, kMaxNid);
  if (!uid || !nid) return kWrongUsage;
  const auto drupal = site.Open();
  if (!drupal) return kWrongUsage;
  const auto what = operation == "view"     ? drupalrt::NodeOperation::kView
                    : operation == "update" ? drupalrt::NodeOperation::kUpdate
                                            : drupalrt::NodeOperation::kDelete;
  return TellDecision(
      drupal->NodeAccess(*nid, what, static_cast<uint32_t>(*uid), language),
      site.json());
}

}  // namespace rt
