#include "wire/json_commands.h"

#include <array>
#include <utility>

#include "base/limits.h"
#include "wire/json_object.h"
#include "wire/protobuf_commands.h"

namespace rt {

namespace {

using Kind = Command::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 11> kBodies = {{
    {"connect", Kind::kConnect},
    {"subscribe", Kind::kSubscribe},
    {"unsubscribe", Kind::kUnsubscribe},
    {"publish", Kind::kPublish},
    {"presence", Kind::kPresence},
    {"presence_stats", Kind::kPresenceStats},
    {"history", Kind::kHistory},
    {"rpc", Kind::kRpc},
    {"send", Kind::kSend},
    {"refresh", Kind::kRefresh},
    {"sub_refresh", Kind::kSubRefresh},
}};

// Payload that may be missing; null says the same.
bool ReadData(JsonValue& value, std::string* data) {
  return JsonObjectReader::IsNull(value) || ReadJsonText(value, data);
}

bool ReadFilter(JsonValue& value, FilterNode* node, size_t depth) {
  if (depth > kMaxFilterDepth) return false;
  return JsonObjectReader::ReadInner(
      value, [node, depth](std::string_view key, JsonValue& field) {
        if (key == "op") return ReadJson(field, &node->op);
        if (key == "key") return ReadJson(field, &node->key);
        if (key == "cmp") return ReadJson(field, &node->cmp);
        if (key == "val") return ReadJson(field, &node->val);
        if (key == "vals") {
          return ReadJsonList(field, [node](JsonValue& one) {
            return ReadJson(one, &node->vals.emplace_back());
          });
        }
        if (key == "nodes") {
          return ReadJsonList(field, [node, depth](JsonValue& one) {
            return ReadFilter(one, &node->nodes.emplace_back(), depth + 1);
          });
        }
        return true;
      });
}

bool ReadSubscribe(JsonValue& body, SubscribeRequest* request) {
  return JsonObjectReader::ReadInner(
      body, [request](std::string_view key, JsonValue& value) {
        if (key == "channel") return ReadJson(value, &request->channel);
        if (key == "token") return ReadJson(value, &request->token);
        if (key == "recover") return ReadJson(value, &request->recover);
        if (key == "epoch") return ReadJson(value, &request->epoch);
        if (key == "offset") return ReadJson(value, &request->offset);
        if (key == "data") return ReadData(value, &request->data);
        if (key == "positioned") return ReadJson(value, &request->positioned);
        if (key == "recoverable") return ReadJson(value, &request->recoverable);
        if (key == "join_leave") return ReadJson(value, &request->join_leave);
        if (key == "delta") return ReadJson(value, &request->delta);
        if (key == "flag") return ReadJson(value, &request->flag);
        if (key == "type") return ReadJson(value, &request->type);
        if (key == "tf") {
          if (JsonObjectReader::IsNull(value)) return true;
          return ReadFilter(value, &request->tags_filter.emplace(), 0);
        }
        return true;
      });
}

bool ReadConnect(JsonValue& body, ConnectRequest* request) {
  return JsonObjectReader::ReadInner(
      body, [request](std::string_view key, JsonValue& value) {
        if (key == "token") return ReadJson(value, &request->token);
        if (key == "data") return ReadData(value, &request->data);
        if (key == "name") return ReadJson(value, &request->name);
        if (key == "version") return ReadJson(value, &request->version);
        if (key == "flag") return ReadJson(value, &request->flag);
        if (key == "subs") {
          return JsonObjectReader::ReadInner(
              value, [request](std::string_view channel, JsonValue& sub) {
                return ReadSubscribe(sub, &request->subs[std::string(channel)]);
              });
        }
        if (key == "headers") {
          return JsonObjectReader::ReadInner(
              value, [request](std::string_view name, JsonValue& header) {
                return ReadJson(header, &request->headers[std::string(name)]);
              });
        }
        return true;
      });
}

bool ReadPublish(JsonValue& body, PublishRequest* request) {
  return JsonObjectReader::ReadInner(
      body, [request](std::string_view key, JsonValue& value) {
        if (key == "channel") return ReadJson(value, &request->channel);
        if (key == "data") {
          request->has_data = true;
          return ReadJsonText(value, &request->data);
        }
        return true;
      });
}

bool ReadHistory(JsonValue& body, HistoryRequest* request) {
  return JsonObjectReader::ReadInner(
      body, [request](std::string_view key, JsonValue& value) {
        if (key == "channel") return ReadJson(value, &request->channel);
        if (key == "limit") return ReadJson(value, &request->limit);
        if (key == "reverse") return ReadJson(value, &request->reverse);
        if (key == "since") {
          request->has_since = !JsonObjectReader::IsNull(value);
          return JsonObjectReader::ReadInner(
              value, [request](std::string_view part, JsonValue& since) {
                if (part == "offset") {
                  return ReadJson(since, &request->since_offset);
                }
                if (part == "epoch") {
                  return ReadJson(since, &request->since_epoch);
                }
                return true;
              });
        }
        return true;
      });
}

bool ReadRpc(JsonValue& body, RpcRequest* request) {
  return JsonObjectReader::ReadInner(
      body, [request](std::string_view key, JsonValue& value) {
        if (key == "method") return ReadJson(value, &request->method);
        if (key == "data") return ReadData(value, &request->data);
        return true;
      });
}

// The bodies that have no more than a channel, a token or data.
bool ReadSimple(JsonValue& body, Command* command) {
  return JsonObjectReader::ReadInner(
      body, [command](std::string_view key, JsonValue& value) {
        if (key == "channel") return ReadJson(value, &command->channel);
        if (key == "token") return ReadJson(value, &command->token);
        if (key == "data") return ReadData(value, &command->data);
        return true;
      });
}

bool ReadBody(JsonValue& body, Command* command) {
  switch (command->kind) {
    case Kind::kConnect:
      return ReadConnect(body, &command->connect);
    case Kind::kSubscribe:
      return ReadSubscribe(body, &command->subscribe);
    case Kind::kPublish:
      return ReadPublish(body, &command->publish);
    case Kind::kHistory:
      return ReadHistory(body, &command->history);
    case Kind::kRpc:
      return ReadRpc(body, &command->rpc);
    default:
      return ReadSimple(body, command);
  }
}

// Keeps the body that comes first in the schema, not in the text.
bool TakeBody(Kind kind, JsonValue& value, Command* command) {
  if (JsonObjectReader::IsNull(value)) return true;
  Command read;
  read.kind = kind;
  if (!ReadBody(value, &read)) return false;
  if (kind <= command->kind) *command = std::move(read);
  return true;
}

}  // namespace

bool ParseJsonEmulation(std::string_view json, EmulationRequest* request) {
  thread_local JsonObjectReader reader;
  return reader.Read(json, [request](std::string_view key, JsonValue& value) {
    if (key == "node") return ReadJson(value, &request->node);
    if (key == "session") return ReadJson(value, &request->session);
    if (key == "data") return ReadJson(value, &request->data);
    return true;
  });
}

bool ParseJsonConnect(std::string_view json, ConnectRequest* request) {
  thread_local JsonObjectReader reader;
  // The request stands where a command's body would.
  std::string wrapped = "{\"connect\":";
  wrapped += json.empty() ? "{}" : json;
  wrapped += '}';
  return IsJson(json.empty() ? "{}" : json) &&
         reader.Read(wrapped, [request](std::string_view, JsonValue& value) {
           return ReadConnect(value, request);
         });
}

bool ParseJsonCommand(std::string_view line, Command* command) {
  thread_local JsonObjectReader reader;
  uint32_t id = 0;
  Command found;
  const bool good =
      reader.Read(line, [&](std::string_view key, JsonValue& value) {
        if (key == "id") return ReadJson(value, &id);
        for (const auto& [name, kind] : kBodies) {
          if (key == name) return TakeBody(kind, value, &found);
        }
        return true;
      });
  if (!good) return false;
  if (found.kind == Kind::kUnknown && id == 0) found.kind = Kind::kPong;
  found.id = id;
  *command = std::move(found);
  return true;
}

}  // namespace rt
