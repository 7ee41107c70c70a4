#include "native/php_value.h"

#include <string>
#include <unordered_map>
#include <utility>

#include "drupal/php_serialize.h"

namespace rt {

namespace {

using drupalrt::Value;

const Error kUnreadable = {ErrorCode::kInvalid,
                           "the value is not what PHP's serialize() writes"};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : reader_(bytes) {}

  Result<Value> Decode() {
    Value value;
    if (Status status = Read(0, &value); !status) return status.error();
    if (!reader_.at_end()) return kUnreadable;
    return value;
  }

 private:
  Status Read(int depth, Value* out) {
    PhpValue head;
    if (!reader_.Read(&head)) return kUnreadable;
    switch (head.type) {
      case PhpValue::Type::kNull:
        *out = Value();
        return {};
      case PhpValue::Type::kBool:
        *out = Value(head.boolean);
        return {};
      case PhpValue::Type::kInt:
        *out = Value(head.integer);
        return {};
      case PhpValue::Type::kDouble:
        *out = Value(head.number);
        return {};
      case PhpValue::Type::kString:
        *out = Value(std::string(head.text));
        return {};
      case PhpValue::Type::kArray:
        return ReadArray(head.count, depth, out);
      default:
        break;
    }
    return Error{ErrorCode::kInvalid,
                 "the value holds an object, which only PHP can read"};
  }

  Status ReadArray(uint64_t count, int depth, Value* out) {
    if (depth == kMaxSettingDepth) {
      return Error{ErrorCode::kInvalid, "the value is nested too deeply"};
    }
    Value::Items items;
    std::unordered_map<std::string, size_t> places;
    for (uint64_t i = 0; i < count; ++i) {
      PhpValue key;
      Value value;
      if (!reader_.ReadKey(&key)) return kUnreadable;
      if (Status status = Read(depth + 1, &value); !status) return status;
      std::string name = key.type == PhpValue::Type::kInt
                             ? std::to_string(key.integer)
                             : std::string(key.text);
      const auto [place, added] = places.emplace(name, items.size());
      if (added) {
        items.emplace_back(std::move(name), std::move(value));
      } else {
        items[place->second].second = std::move(value);
      }
    }
    if (!reader_.ReadEnd()) return kUnreadable;
    *out = Value(std::move(items));
    return {};
  }

  PhpReader reader_;
};

}  // namespace

Result<Value> DecodePhp(std::string_view bytes) {
  if (bytes.size() > kMaxSettingBytes) {
    return Error{ErrorCode::kLimit, "the value is larger than 4 MiB"};
  }
  return Decoder(bytes).Decode();
}

const Value* FindPath(const Value& value, std::string_view path) {
  const Value* found = &value;
  while (found != nullptr && !path.empty()) {
    const size_t dot = path.find('.');
    found = found->Find(path.substr(0, dot));
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  }
  return found;
}

}  // namespace rt
