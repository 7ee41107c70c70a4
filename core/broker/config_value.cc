#include <simdjson.h>

#include "broker/config_keys.h"
#include "broker/config_text.h"
#include "broker/site_document.h"
#include "wire/ip_address.h"

namespace rt {

namespace {

Error Expected(std::string what) {
  return {ErrorCode::kInvalid, "expected " + std::move(what)};
}

std::string Quoted(std::string_view text) {
  // Values of configuration keys, never payloads: a TOML basic string.
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04X", c);
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string FormatNumber(const ConfigKey& key, int64_t number) {
  if (key.type == KeyType::kSize) return FormatSize(number);
  if (key.type == KeyType::kDuration) return FormatDuration(number);
  return std::to_string(number);
}

Status AssignNumber(const ConfigKey& key, const ConfigValue& value,
                    int64_t* place) {
  Result<int64_t> number = Error{};
  const auto* text = std::get_if<std::string>(&value);
  const auto* plain = std::get_if<int64_t>(&value);
  const char* kind = "a whole number";
  if (key.type == KeyType::kInteger) {
    if (plain != nullptr) number = *plain;
  } else if (key.type == KeyType::kSize) {
    kind = "bytes, or a size such as \"64KiB\",";
    if (plain != nullptr) number = *plain;
    if (text != nullptr) number = ParseSize(*text);
  } else {
    kind = "a duration such as \"25s\", \"500ms\" or \"1h30m\",";
    // A bare number could be seconds or milliseconds: only 0 is clear.
    if (plain != nullptr && *plain == 0) number = *plain;
    if (text != nullptr) number = ParseDuration(*text);
  }
  const bool fits =
      number.ok() && ((*number >= key.min && *number <= key.max) ||
                      (*number == 0 && key.zero != nullptr));
  if (!fits) {
    std::string what =
        fmt::format("{} from {} to {}", kind, FormatNumber(key, key.min),
                    FormatNumber(key, key.max));
    if (key.zero != nullptr) what += fmt::format(", or 0 ({})", key.zero);
    return Expected(std::move(what));
  }
  *place = *number;
  return {};
}

// One element of a string key or a list of strings.
Result<std::string> CheckText(KeyType type, const std::string& text) {
  if (text.find('\0') != std::string::npos) {
    return Expected("a text without a zero byte");
  }
  if (type == KeyType::kAddress || type == KeyType::kAddresses ||
      type == KeyType::kTlsListen) {
    Result<std::string> address = ParseAddress(text);
    if (!address) return Expected(address.error().message);
    return address;
  }
  if (type == KeyType::kPath && !text.starts_with('/')) {
    return Expected("a path that begins with \"/\"");
  }
  if (type == KeyType::kTlsVersion && text != "1.2" && text != "1.3") {
    return Expected("\"1.2\" or \"1.3\"");
  }
  if (type == KeyType::kRanges) {
    const Result<AddressRange> range = AddressRange::Parse(text);
    if (!range) return Expected(range.error().message);
  }
  if (type == KeyType::kOrigins) {
    Result<std::string> origin = NormalizeOrigin(text);
    if (!origin) {
      return Expected(
          "SCHEME://HOST or SCHEME://HOST:PORT, such as "
          "\"https://example.com\"");
    }
    return origin;
  }
  return text;
}

Status AssignText(const ConfigKey& key, const ConfigValue& value,
                  std::string* place) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return Expected("a text in quotes");
  if (text->empty() && key.type != KeyType::kTlsVersion) {
    // Nothing is a value of its own: what it means stands in the table.
    place->clear();
    return {};
  }
  Result<std::string> checked = CheckText(key.type, *text);
  if (!checked) return checked.error();
  *place = std::move(*checked);
  return {};
}

Status AssignTexts(const ConfigKey& key, const ConfigValue& value,
                   std::vector<std::string>* place) {
  const auto* texts = std::get_if<std::vector<std::string>>(&value);
  if (texts == nullptr) return Expected("a list of texts, such as [\"…\"]");
  if (key.type == KeyType::kAddresses && texts->empty()) {
    return Expected("at least one ADDRESS:PORT");
  }
  std::vector<std::string> checked;
  for (const std::string& text : *texts) {
    if (text.empty()) return Expected("texts that are not empty");
    Result<std::string> one = CheckText(key.type, text);
    if (!one) return one.error();
    checked.push_back(std::move(*one));
  }
  *place = std::move(checked);
  return {};
}

Status AssignNamespaces(const ConfigKey& key, const ConfigValue& value,
                        std::vector<NamespaceOptions>* place) {
  const auto* tables = std::get_if<std::vector<JsonText>>(&value);
  if (tables == nullptr) return Expected("an array of tables");
  std::vector<NamespaceOptions> parsed;
  for (size_t i = 0; i < tables->size(); ++i) {
    const std::string path = fmt::format("{}[{}]", key.name, i);
    Result<NamespaceOptions> one = ParseNamespaceJson((*tables)[i].text, path);
    if (!one) return one.error();
    for (const NamespaceOptions& other : parsed) {
      if (other.name != one->name) continue;
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}.name: \"{}\" is there twice: give one of "
                               "them another name",
                               path, one->name)};
    }
    parsed.push_back(std::move(*one));
  }
  *place = std::move(parsed);
  return {};
}

// Does what the type of a key's place asks for.
struct Assigner {
  const ConfigKey& key;
  const ConfigValue& value;
  Config* config;

  Status operator()(std::string* (*place)(Config*)) const {
    return AssignText(key, value, place(config));
  }
  Status operator()(std::vector<std::string>* (*place)(Config*)) const {
    return AssignTexts(key, value, place(config));
  }
  Status operator()(bool* (*place)(Config*)) const {
    const auto* flag = std::get_if<bool>(&value);
    if (flag == nullptr) return Expected("true or false");
    *place(config) = *flag;
    return {};
  }
  Status operator()(int64_t* (*place)(Config*)) const {
    return AssignNumber(key, value, place(config));
  }
  Status operator()(LogLevel* (*place)(Config*)) const {
    const auto* name = std::get_if<std::string>(&value);
    Result<LogLevel> level = Error{};
    if (name != nullptr) level = ParseLogLevel(*name);
    if (!level) return Expected("debug, info, warning, error or off");
    *place(config) = *level;
    return {};
  }
  Status operator()(std::optional<NamespaceOptions>* (*place)(Config*)) const {
    const auto* table = std::get_if<JsonText>(&value);
    if (table == nullptr) return Expected("a table of namespace options");
    auto parsed = ParseNamespaceJson(table->text, key.name, false);
    if (!parsed) return parsed.error();
    *place(config) = std::move(*parsed);
    return {};
  }
  Status operator()(std::vector<NamespaceOptions>* (*place)(Config*)) const {
    return AssignNamespaces(key, value, place(config));
  }
};

struct TomlWriter {
  const ConfigKey& key;
  Config* config;

  std::string operator()(std::string* (*place)(Config*)) const {
    return Quoted(*place(config));
  }
  std::string operator()(std::vector<std::string>* (*place)(Config*)) const {
    std::string list = "[";
    for (const std::string& text : *place(config)) {
      list += (list.size() == 1 ? "" : ", ") + Quoted(text);
    }
    return list + "]";
  }
  std::string operator()(bool* (*place)(Config*)) const {
    return *place(config) ? "true" : "false";
  }
  std::string operator()(int64_t* (*place)(Config*)) const {
    const std::string text = FormatNumber(key, *place(config));
    return key.type == KeyType::kInteger ? text : Quoted(text);
  }
  std::string operator()(LogLevel* (*place)(Config*)) const {
    constexpr const char* kNames[] = {"debug", "info", "warning", "error",
                                      "off"};
    return Quoted(kNames[static_cast<int>(*place(config))]);
  }
  std::string operator()(std::optional<NamespaceOptions>* (*)(Config*)) const {
    return {};
  }
  std::string operator()(std::vector<NamespaceOptions>* (*)(Config*)) const {
    return {};
  }
};

// The elements of a JSON array, each as its text.
Result<std::vector<JsonText>> SplitJsonArray(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (parser.parse(text).get(array) != simdjson::SUCCESS) {
    return Expected("a JSON array of objects");
  }
  std::vector<JsonText> elements;
  for (const simdjson::dom::element element : array) {
    elements.push_back({simdjson::minify(element)});
  }
  return elements;
}

}  // namespace

Status AssignConfigValue(const ConfigKey& key, const ConfigValue& value,
                         Config* config) {
  return std::visit(Assigner{key, value, config}, key.place);
}

Status AssignConfigTexts(const ConfigKey& key,
                         const std::vector<std::string>& texts,
                         Config* config) {
  switch (key.type) {
    case KeyType::kStrings:
    case KeyType::kAddresses:
    case KeyType::kOrigins:
    case KeyType::kRanges:
    case KeyType::kTlsListen:
      return AssignConfigValue(key, texts, config);
    case KeyType::kNamespaces: {
      auto elements = SplitJsonArray(texts.back());
      if (!elements) return elements.error();
      return AssignConfigValue(key, std::move(*elements), config);
    }
    case KeyType::kNamespace:
      return AssignConfigValue(key, JsonText{texts.back()}, config);
    case KeyType::kBool: {
      const Result<bool> flag = ParseBool(texts.back());
      if (!flag) return Expected(flag.error().message);
      return AssignConfigValue(key, *flag, config);
    }
    default:
      break;
  }
  if (std::holds_alternative<int64_t* (*)(Config*)>(key.place)) {
    const Result<int64_t> number = ParseInteger(texts.back());
    if (number) return AssignConfigValue(key, *number, config);
  }
  return AssignConfigValue(key, texts.back(), config);
}

std::string DescribeMistake(const ConfigKey& key, const std::string& message) {
  if (message.starts_with(key.name)) return message;
  return std::string(key.name) + ": " + message;
}

std::string ConfigValueToml(const ConfigKey& key, Config config) {
  return std::visit(TomlWriter{key, &config}, key.place);
}

}  // namespace rt
