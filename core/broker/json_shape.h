// Reading a JSON tree that has to have a certain shape: every key known, every
// type right. The first mistake is kept, with its place and what was expected
// there; reading on after it is harmless. Values are never quoted in messages,
// since some of them are secrets.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace rt {

using JsonElement = simdjson::dom::element;

class JsonMistake {
 public:
  // `PATH: MESSAGE`; only the first one counts.
  void Set(std::string_view path, std::string message);
  void Expected(std::string_view path, std::string_view what,
                const JsonElement& found);

  [[nodiscard]] bool none() const { return status_.ok(); }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  Status status_;
};

// "a string", "a list", …
[[nodiscard]] const char* JsonTypeName(const JsonElement& element);

class JsonObject {
 public:
  using Keys = std::vector<std::string>;

  // `element` has to be an object with no other keys than `known`, each once.
  // `mistake` outlives it.
  JsonObject(const JsonElement& element, std::string path, const Keys& known,
             JsonMistake* mistake);

  // Any keys, each once: a map.
  JsonObject(const JsonElement& element, std::string path,
             JsonMistake* mistake);

  [[nodiscard]] std::optional<JsonElement> Find(std::string_view key) const;
  [[nodiscard]] bool Has(std::string_view key) const {
    return Find(key).has_value();
  }
  [[nodiscard]] std::string PathOf(std::string_view key) const;
  void Require(std::initializer_list<std::string_view> keys);

  // Each fills `*out` where the key is there, and leaves it where it is not.
  void String(std::string_view key, std::string* out);
  void Bool(std::string_view key, bool* out);
  void Integer(std::string_view key, int64_t low, int64_t high, int64_t* out);
  // "300s", "5m", "24h", "1h30m".
  void Duration(std::string_view key, int64_t* out_ms);
  // None of them empty, unless `may_be_empty`.
  void Strings(std::string_view key, std::vector<std::string>* out,
               bool may_be_empty = false);
  // One of `words`.
  void Word(std::string_view key, const Keys& words, std::string* out);

  [[nodiscard]] std::vector<std::pair<std::string, JsonElement>> entries()
      const;

 private:
  // In the order of the text.
  std::vector<std::pair<std::string_view, JsonElement>> fields_;
  std::string path_;
  JsonMistake* mistake_;
};

// The elements of a list; nothing, and a mistake, where it is none.
[[nodiscard]] std::vector<JsonElement> JsonList(const JsonElement& element,
                                                std::string_view path,
                                                JsonMistake* mistake);

// Of one name, path or secret.
inline constexpr size_t kMaxJsonTextBytes = 4096;

// At most 64 of them, none too long.
void CheckJsonList(const std::vector<std::string>& list, std::string_view path,
                   JsonMistake* mistake);

}  // namespace rt
