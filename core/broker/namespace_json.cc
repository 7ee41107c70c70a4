#include "broker/namespace_json.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "broker/nearest_name.h"
#include "broker/site_document.h"

namespace rt {

namespace {

constexpr int kMaxRuleDepth = 8;
constexpr size_t kMaxRuleParts = 64;
constexpr size_t kMaxOperandBytes = 255;
constexpr int64_t kMaxHistorySize = 1'000'000;

const JsonObject::Keys& RuleWords() {
  static const JsonObject::Keys kWords = {"everyone", "logged-in", "owner",
                                          "server", "token"};
  return kWords;
}

std::optional<Rule::Kind> KindOf(std::string_view word) {
  if (word == "everyone") return Rule::Kind::kEveryone;
  if (word == "logged-in") return Rule::Kind::kLoggedIn;
  if (word == "owner") return Rule::Kind::kOwner;
  if (word == "server") return Rule::Kind::kServer;
  if (word == "token") return Rule::Kind::kToken;
  return std::nullopt;
}

constexpr char kExpectedRule[] =
    "expected \"everyone\", \"logged-in\", \"owner\", \"server\", \"token\", "
    "or an object with one of the keys permission, role, any, all";

Rule ReadRuleAt(const JsonElement& element, const std::string& path, int depth,
                JsonMistake* mistake);

// The list behind "any" or "all".
std::vector<Rule> ReadParts(const JsonElement& element, const std::string& path,
                            int depth, JsonMistake* mistake) {
  const std::vector<JsonElement> list = JsonList(element, path, mistake);
  std::vector<Rule> parts;
  if (list.empty() || list.size() > kMaxRuleParts) {
    mistake->Set(path, "expected 1 to 64 rules");
    return parts;
  }
  for (size_t i = 0; i < list.size() && mistake->none(); ++i) {
    parts.push_back(ReadRuleAt(list[i], path + "[" + std::to_string(i) + "]",
                               depth + 1, mistake));
  }
  return parts;
}

Rule ReadRuleObject(const JsonElement& element, const std::string& path,
                    int depth, JsonMistake* mistake) {
  Rule rule;
  JsonObject object(element, path, {"permission", "role", "any", "all"},
                    mistake);
  const auto entries = object.entries();
  if (entries.size() != 1) {
    mistake->Set(path, kExpectedRule);
    return rule;
  }
  const std::string& key = entries[0].first;
  if (key == "any" || key == "all") {
    rule.kind = key == "any" ? Rule::Kind::kAny : Rule::Kind::kAll;
    rule.parts =
        ReadParts(entries[0].second, object.PathOf(key), depth, mistake);
    return rule;
  }
  rule.kind = key == "role" ? Rule::Kind::kRole : Rule::Kind::kPermission;
  object.String(key, &rule.operand);
  if (rule.operand.empty() || rule.operand.size() > kMaxOperandBytes) {
    mistake->Set(object.PathOf(key), "expected a name of 1 to 255 bytes");
  }
  return rule;
}

Rule ReadRuleAt(const JsonElement& element, const std::string& path, int depth,
                JsonMistake* mistake) {
  Rule rule;
  if (depth > kMaxRuleDepth) {
    mistake->Set(path, "rules are nested too deeply; 8 levels are allowed");
    return rule;
  }
  if (element.is_object()) {
    return ReadRuleObject(element, path, depth, mistake);
  }
  std::string_view word;
  if (element.get(word) != simdjson::SUCCESS) {
    mistake->Set(
        path, std::string(kExpectedRule) + ", found " + JsonTypeName(element));
    return rule;
  }
  const auto kind = KindOf(word);
  if (kind) {
    rule.kind = *kind;
  } else {
    mistake->Set(path, kExpectedRule + DidYouMean(word, RuleWords()));
  }
  return rule;
}

Rule Make(Rule::Kind kind, std::vector<Rule> parts = {}) {
  Rule rule;
  rule.kind = kind;
  rule.parts = std::move(parts);
  return rule;
}

// Centrifugo's spelling: allow_WHAT_for_client lets logged-in users do it,
// allow_WHAT_for_subscriber those of them who are subscribed, and
// allow_WHAT_for_anonymous widens both to visitors without a login; alone it
// allows nothing. All false: server only.
std::optional<Rule> ReadSpelledRule(JsonObject* object, std::string_view what,
                                    bool subscribers) {
  const std::string prefix = "allow_" + std::string(what) + "_for_";
  bool client = false;
  bool subscriber = false;
  bool anonymous = false;
  bool given =
      object->Has(prefix + "client") || object->Has(prefix + "anonymous");
  object->Bool(prefix + "client", &client);
  object->Bool(prefix + "anonymous", &anonymous);
  if (subscribers) {
    given = given || object->Has(prefix + "subscriber");
    object->Bool(prefix + "subscriber", &subscriber);
  }
  if (!given) return std::nullopt;
  using Kind = Rule::Kind;
  if (client) return Make(anonymous ? Kind::kEveryone : Kind::kLoggedIn);
  if (!subscriber) return Make(Kind::kServer);
  if (anonymous) return Make(Kind::kSubscriber);
  return Make(Kind::kAll, {Make(Kind::kLoggedIn), Make(Kind::kSubscriber)});
}

// The rule under `key`, in either spelling; `fallback` where there is none.
Rule ReadRuleOf(JsonObject* object, std::string_view key,
                std::string_view spelled, Rule fallback, JsonMistake* mistake) {
  auto other = ReadSpelledRule(object, spelled, spelled != "subscribe");
  const auto own = object->Find(key);
  if (own && other) {
    mistake->Set(object->PathOf(key), "is there beside allow_" +
                                          std::string(spelled) +
                                          "_for_…: give one of them");
  }
  if (own) return ReadRule(*own, object->PathOf(key), mistake);
  return other ? std::move(*other) : std::move(fallback);
}

void ReadRules(JsonObject* object, NamespaceOptions* options,
               JsonMistake* mistake) {
  options->subscribe =
      ReadRuleOf(object, "subscribe", "subscribe", Rule(), mistake);
  options->publish = ReadRuleOf(object, "publish", "publish", Rule(), mistake);
  // Whoever a token let in may see more, and only those.
  const Rule others = options->subscribe.kind == Rule::Kind::kToken
                          ? Make(Rule::Kind::kSubscriber)
                          : options->subscribe;
  options->presence_for =
      ReadRuleOf(object, "presence_for", "presence", others, mistake);
  options->history_for =
      ReadRuleOf(object, "history_for", "history", others, mistake);
}

void ReadHistory(JsonObject* object, NamespaceOptions* options,
                 JsonMistake* mistake) {
  int64_t size = 0;
  object->Integer("history_size", 0, kMaxHistorySize, &size);
  options->history_size = static_cast<uint32_t>(size);
  object->Duration("history_ttl", &options->history_ttl_ms);
  object->Duration("history_meta_ttl", &options->history_meta_ttl_ms);
  object->Bool("allow_positioning", &options->allow_positioning);
  object->Bool("allow_recovery", &options->allow_recovery);
  object->Bool("force_positioning", &options->force_positioning);
  object->Bool("force_recovery", &options->force_recovery);
  object->Word("force_recovery_mode", {"stream", "cache"},
               &options->force_recovery_mode);
  if ((size > 0) != (options->history_ttl_ms > 0)) {
    mistake->Set(object->PathOf(size > 0 ? "history_ttl" : "history_size"),
                 "history needs both history_size and history_ttl");
  }
  if (!options->has_history() &&
      (options->force_recovery || options->allow_recovery)) {
    mistake->Set(object->PathOf(options->force_recovery ? "force_recovery"
                                                        : "allow_recovery"),
                 "recovery needs history: give history_size and history_ttl");
  }
}

// Who skips publications can neither follow a stream nor apply patches.
void CheckLatestOnly(const JsonObject& object, const NamespaceOptions& options,
                     JsonMistake* mistake) {
  if (!options.latest_only) return;
  const bool positions = options.allow_positioning || options.allow_recovery ||
                         options.force_positioning || options.force_recovery;
  if (positions || !options.allowed_delta_types.empty()) {
    mistake->Set(object.PathOf("latest_only"),
                 "skips publications, so it goes with neither recovery, "
                 "positioning nor delta");
  }
}

bool IsNamespaceName(std::string_view name) {
  return name.size() >= 2 && name.size() <= 64 &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
         });
}

const JsonObject::Keys& NamespaceKeys(bool named) {
  static const JsonObject::Keys kUnnamed = {"subscribe",
                                            "publish",
                                            "presence_for",
                                            "history_for",
                                            "allow_subscribe_for_client",
                                            "allow_subscribe_for_anonymous",
                                            "allow_publish_for_client",
                                            "allow_publish_for_subscriber",
                                            "allow_publish_for_anonymous",
                                            "allow_presence_for_client",
                                            "allow_presence_for_subscriber",
                                            "allow_presence_for_anonymous",
                                            "allow_history_for_client",
                                            "allow_history_for_subscriber",
                                            "allow_history_for_anonymous",
                                            "history_size",
                                            "history_ttl",
                                            "history_meta_ttl",
                                            "presence",
                                            "presence_grace",
                                            "join_leave",
                                            "force_push_join_leave",
                                            "allow_positioning",
                                            "allow_recovery",
                                            "force_positioning",
                                            "force_recovery",
                                            "force_recovery_mode",
                                            "allowed_delta_types",
                                            "delta_publish",
                                            "allow_tags_filter",
                                            "auto_cache_recover",
                                            "latest_only",
                                            "publication_data_format"};
  static const JsonObject::Keys kNamed = [] {
    JsonObject::Keys keys = kUnnamed;
    keys.emplace_back("name");
    return keys;
  }();
  return named ? kNamed : kUnnamed;
}

}  // namespace

Rule ReadRule(const JsonElement& element, const std::string& path,
              JsonMistake* mistake) {
  return ReadRuleAt(element, path, 1, mistake);
}

NamespaceOptions ReadNamespace(const JsonElement& element,
                               const std::string& path, bool named,
                               JsonMistake* mistake) {
  NamespaceOptions options;
  JsonObject object(element, path, NamespaceKeys(named), mistake);
  if (named) {
    object.Require({"name"});
    object.String("name", &options.name);
    if (!IsNamespaceName(options.name)) {
      mistake->Set(object.PathOf("name"),
                   "expected 2 to 64 of the characters a-z A-Z 0-9 . _ -");
    }
  }
  ReadRules(&object, &options, mistake);
  ReadHistory(&object, &options, mistake);
  object.Bool("presence", &options.presence);
  object.Duration("presence_grace", &options.presence_grace_ms);
  object.Bool("join_leave", &options.join_leave);
  object.Bool("force_push_join_leave", &options.force_push_join_leave);
  object.Bool("delta_publish", &options.delta_publish);
  object.Bool("allow_tags_filter", &options.allow_tags_filter);
  object.Bool("auto_cache_recover", &options.auto_cache_recover);
  object.Bool("latest_only", &options.latest_only);
  object.Strings("allowed_delta_types", &options.allowed_delta_types);
  for (const std::string& type : options.allowed_delta_types) {
    if (type == "fossil") continue;
    mistake->Set(object.PathOf("allowed_delta_types"),
                 "expected a list that may hold \"fossil\"");
  }
  CheckLatestOnly(object, options, mistake);
  object.Word("publication_data_format", {"", "json", "json_object"},
              &options.publication_data_format);
  return options;
}

Result<NamespaceOptions> ParseNamespaceJson(std::string_view json,
                                            std::string_view path, bool named) {
  simdjson::dom::parser parser;
  JsonElement element;
  const auto error = parser.parse(json.data(), json.size()).get(element);
  JsonMistake mistake;
  if (error != simdjson::SUCCESS) {
    mistake.Set(path, std::string("not JSON: ") + error_message(error));
    return mistake.status().error();
  }
  NamespaceOptions options =
      ReadNamespace(element, std::string(path), named, &mistake);
  if (!mistake.none()) return mistake.status().error();
  return options;
}

}  // namespace rt
