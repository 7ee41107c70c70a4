#include <algorithm>
#include <cstring>

#include "broker/config_keys.h"

namespace rt {

namespace {

// `text` as comment lines of at most 79 columns.
void AppendComment(std::string_view text, std::string* out) {
  constexpr size_t kColumns = 77;
  while (!text.empty()) {
    size_t end = text.size();
    if (end > kColumns) {
      end = text.rfind(' ', kColumns);
      if (end == std::string_view::npos) end = text.find(' ');
      if (end == std::string_view::npos) end = text.size();
    }
    out->append("# ").append(text.substr(0, end)).append("\n");
    text.remove_prefix(std::min(text.size(), end + 1));
  }
}

// How the documentation calls the value that `zero` explains.
const char* ZeroName(const ConfigKey& key) {
  if (key.type == KeyType::kNamespace) return " Absent: ";
  const bool number = std::holds_alternative<int64_t* (*)(Config*)>(key.place);
  return number ? " 0: " : " Empty: ";
}

constexpr const char* kNamespaceExample =
    "# [[channel.namespaces]]\n"
    "# name = \"chat\"\n"
    "# subscribe = \"logged-in\"\n"
    "# publish = {permission = \"post comments\"}\n"
    "# history_size = 100\n"
    "# history_ttl = \"300s\"\n"
    "# presence = true\n";

constexpr const char* kWithoutNamespaceExample =
    "# [channel.without_namespace]\n"
    "# subscribe = \"everyone\"\n"
    "# presence = true\n";

}  // namespace

std::string DescribeConfigKey(const ConfigKey& key) {
  std::string text = key.documentation;
  if (key.zero != nullptr) text.append(ZeroName(key)).append(key.zero) += '.';
  return text;
}

std::string DefaultConfigToml() {
  std::string out =
      "# The broker's configuration with its defaults. A file needs only what "
      "differs.\n"
      "# Each key is an environment variable too (client.ping_interval is\n"
      "# DRUPALRT_CLIENT_PING_INTERVAL); flags are stronger than both.\n";
  std::string_view section;
  for (const ConfigKey& key : ConfigKeys()) {
    const char* dot = std::strrchr(key.name, '.');
    const std::string_view own =
        dot == nullptr ? std::string_view()
                       : std::string_view(key.name, dot - key.name);
    if (own != section) {
      out.append("\n[").append(own).append("]\n");
      section = own;
    }
    out += '\n';
    AppendComment(DescribeConfigKey(key), &out);
    if (key.type == KeyType::kNamespace) {
      out += kWithoutNamespaceExample;
    } else if (key.type == KeyType::kNamespaces) {
      out += kNamespaceExample;
    } else {
      out.append(dot == nullptr ? key.name : dot + 1).append(" = ");
      out.append(ConfigValueToml(key, Config{})).append("\n");
    }
  }
  return out;
}

}  // namespace rt
