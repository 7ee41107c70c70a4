#include <limits>

#include "main/asked_site.h"
#include "main/commands.h"

namespace rt {

namespace {

constexpr uint64_t kMaxUid = std::numeric_limits<uint32_t>::max();
constexpr uint64_t kMaxNid = std::numeric_limits<int64_t>::max();

}  // namespace

int AccessCommand(int argc, char** argv) {
  Arguments arguments(
      "May an account do what the permission is for? Says why. Exit status: 0 "
      "allowed, 1 denied, 3 it cannot be told.",
      "drupalrtd access");
  AskedSite site;
  std::string uid_text;
  std::string permission;
  arguments.Add("UID", &uid_text, "The account; 0 for visitors").Required();
  arguments.Add("PERMISSION", &permission, "Such as \"access content\"")
      .Required();
  site.AddOptions(&arguments);
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  const auto uid = ParseId("UID", uid_text, kMaxUid);
  if (!uid) return kWrongUsage;
  const auto drupal = site.Open();
  if (!drupal) return kWrongUsage;
  return TellDecision(drupal->Access(permission, static_cast<uint32_t>(*uid)),
                      site.json());
}

int NodeCommand(int argc, char** argv) {
  Arguments arguments(
      "May an account view, update or delete a node? Says why. Exit status: 0 "
      "allowed, 1 denied, 3 it cannot be told (modules may decide in PHP).",
      "drupalrtd node");
  AskedSite site;
  std::string uid_text;
  std::string nid_text;
  std::string operation = "view";
  std::string language;
  arguments.Add("UID", &uid_text, "The account; 0 for visitors").Required();
  arguments.Add("NID", &nid_text, "The node").Required();
  arguments.Add("OPERATION", &operation, "view, update or delete")
      .OneOf({"view", "update", "delete"})
      .ShowDefault();
  arguments
      .Add("--language", &language, "Which translation; the original if absent")
      .Called("CODE");
  site.AddOptions(&arguments);
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
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
