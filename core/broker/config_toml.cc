#include "broker/config_toml.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "broker/config_text.h"
#include "broker/nearest_name.h"

namespace rt {

namespace {

// A file above this is not a configuration.
constexpr size_t kMaxFileBytes = 4 << 20;

std::string ToJson(const toml::node& node) {
  std::ostringstream out;
  if (const auto* table = node.as_table()) {
    out << toml::json_formatter(*table);
  } else if (const auto* array = node.as_array()) {
    out << toml::json_formatter(*array);
  }
  return out.str();
}

// Only lists of texts and of tables have a use.
ConfigValue FromArray(const toml::array& array, KeyType type) {
  if (type == KeyType::kNamespaces) {
    std::vector<JsonText> tables;
    for (const toml::node& node : array) {
      if (!node.is_table()) return int64_t{0};
      tables.push_back({ToJson(node)});
    }
    return tables;
  }
  std::vector<std::string> texts;
  for (const toml::node& node : array) {
    const auto text = node.value_exact<std::string>();
    if (!text) return int64_t{0};
    texts.push_back(*text);
  }
  return texts;
}

// What does not fit becomes a value that no key of the type takes.
ConfigValue FromNode(const toml::node& node, KeyType type) {
  if (const auto flag = node.value_exact<bool>()) return *flag;
  if (const auto number = node.value_exact<int64_t>()) return *number;
  if (const auto number = node.value_exact<double>()) return *number;
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto* array = node.as_array()) return FromArray(*array, type);
  if (node.is_table()) return JsonText{ToJson(node)};
  return JsonText{};  // dates and times
}

// A walk over the file's tables.
class Reader {
 public:
  Reader(const std::string& path, Config* config,
         const std::function<void(const ConfigKey&, const std::string&)>& set)
      : path_(path), config_(config), set_(set) {
    for (const std::string& name : ConfigKeyNames()) {
      for (size_t dot = name.find('.'); dot != std::string::npos;
           dot = name.find('.', dot + 1)) {
        sections_.push_back(name.substr(0, dot));
      }
    }
  }

  void Walk(const toml::table& table, const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const std::string full = prefix + std::string(name.str());
      const toml::source_position at = name.source().begin;
      if (const ConfigKey* key = FindConfigKey(full)) {
        Assign(*key, node, at);
      } else if (!IsSection(full)) {
        Mistake(at, full, "no such key" + DidYouMean(full, Known(node)));
      } else if (const toml::table* section = node.as_table()) {
        Walk(*section, full + ".");
      } else {
        Mistake(at, full, "expected a table: this is a section of keys");
      }
    }
  }

  // In the file's order; the walk goes by name.
  void TakeMistakes(std::vector<std::string>* mistakes) {
    std::stable_sort(
        mistakes_.begin(), mistakes_.end(),
        [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& mistake : mistakes_) {
      mistakes->push_back(std::move(mistake.second));
    }
  }

 private:
  [[nodiscard]] bool IsSection(const std::string& name) const {
    for (const std::string& section : sections_) {
      if (section == name) return true;
    }
    return false;
  }

  // A table was meant for a section (or namespace options), the rest for keys.
  [[nodiscard]] std::vector<std::string> Known(const toml::node& node) const {
    if (!node.is_table()) return ConfigKeyNames();
    std::vector<std::string> names = sections_;
    names.emplace_back("channel.without_namespace");
    return names;
  }

  void Assign(const ConfigKey& key, const toml::node& node,
              const toml::source_position& at) {
    const ConfigValue value = FromNode(node, key.type);
    const Status status = AssignConfigValue(key, value, config_);
    if (status) {
      if (set_) set_(key, Place(at));
      return;
    }
    const std::string what = DescribeMistake(key, status.error().message);
    toml::source_position inside = at;
    std::string_view path = what;
    path.remove_prefix(std::string_view(key.name).size());
    Locate(node, path, &inside);
    Add(inside, what);
  }

  // Moves `at` to what `path` (".name" and "[0]", up to ":") leads to below
  // `node`, as far as it exists.
  static void Locate(const toml::node& node, std::string_view path,
                     toml::source_position* at) {
    const size_t end = path.find_first_of(".[]:", 1);
    if (path.empty() || end == std::string_view::npos) return;
    const std::string step(path.substr(1, end - 1));
    const toml::node* next = nullptr;
    if (const auto* table = node.as_table(); table && path[0] == '.') {
      const auto found = table->find(step);
      if (found == table->end()) return;
      *at = found->first.source().begin;
      next = &found->second;
    } else if (const auto* array = node.as_array(); array && path[0] == '[') {
      const Result<int64_t> index = ParseInteger(step);
      if (!index) return;
      next = array->get(static_cast<size_t>(*index));
      if (next == nullptr) return;
      *at = next->source().begin;
    } else {
      return;
    }
    Locate(*next, path.substr(path[end] == ']' ? end + 1 : end), at);
  }

  [[nodiscard]] std::string Place(const toml::source_position& at) const {
    return path_ + ":" + std::to_string(at.line);
  }

  void Mistake(const toml::source_position& at, const std::string& key,
               const std::string& what) {
    Add(at, key + ": " + what);
  }

  void Add(const toml::source_position& at, const std::string& what) {
    mistakes_.emplace_back(at.line, Place(at) + ": " + what);
  }

  const std::string& path_;
  Config* config_;
  std::vector<std::pair<uint32_t, std::string>> mistakes_;
  const std::function<void(const ConfigKey&, const std::string&)>& set_;
  std::vector<std::string> sections_;
};

}  // namespace

void ReadConfigToml(
    const std::string& path, Config* config, std::vector<std::string>* mistakes,
    const std::function<void(const ConfigKey&, const std::string&)>& set) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (!file.is_open() || file.bad()) {
    mistakes->push_back(path + ": cannot be read: " + std::strerror(errno));
    return;
  }
  if (text.size() > kMaxFileBytes) {
    mistakes->push_back(path + ": is larger than 4 MiB");
    return;
  }
  try {
    Reader reader(path, config, set);
    reader.Walk(toml::parse(text, path), "");
    reader.TakeMistakes(mistakes);
  } catch (const toml::parse_error& failure) {
    mistakes->push_back(path + ":" +
                        std::to_string(failure.source().begin.line) +
                        ": not TOML: " + std::string(failure.description()));
  }
}

}  // namespace rt
