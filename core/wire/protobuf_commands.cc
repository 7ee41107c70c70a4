#include "wire/protobuf_commands.h"

#include <algorithm>
#include <array>
#include <protozero/pbf_reader.hpp>
#include <utility>

#include "base/limits.h"
#include "wire/utf8.h"

namespace rt {

namespace {

using protozero::data_view;
using protozero::pbf_reader;
using protozero::pbf_wire_type;
using Kind = Command::Kind;

// One message's fields. A known field of another wire type, text that is not
// UTF-8 and lengths beyond the message make it malformed; unknown fields are
// passed over. The library throws; nothing leaves this file.
class Fields {
 public:
  explicit Fields(data_view bytes) : reader_(bytes) {}

  bool Next() { return reader_.next(); }
  [[nodiscard]] uint32_t field() const { return reader_.tag(); }

  std::string Bytes() {
    Want(pbf_wire_type::length_delimited);
    const data_view view = reader_.get_view();
    return {view.data(), view.size()};
  }
  std::string Text() {
    std::string text = Bytes();
    if (!IsUtf8(text)) throw protozero::exception();
    return text;
  }
  data_view Message() {
    Want(pbf_wire_type::length_delimited);
    return reader_.get_view();
  }
  uint64_t Number() {
    Want(pbf_wire_type::varint);
    return reader_.get_uint64();
  }
  int64_t Signed() { return static_cast<int64_t>(Number()); }
  bool Flag() { return Number() != 0; }
  void Skip() { reader_.skip(); }

 private:
  void Want(pbf_wire_type type) {
    if (reader_.wire_type() != type) throw protozero::exception();
  }
  pbf_reader reader_;
};

void ReadFilter(data_view bytes, FilterNode* node, size_t depth) {
  if (depth > kMaxFilterDepth) throw protozero::exception();
  for (Fields fields(bytes); fields.Next();) {
    switch (fields.field()) {
      case 1:
        node->op = fields.Text();
        break;
      case 2:
        node->key = fields.Text();
        break;
      case 3:
        node->cmp = fields.Text();
        break;
      case 4:
        node->val = fields.Text();
        break;
      case 5:
        node->vals.push_back(fields.Text());
        break;
      case 6:
        ReadFilter(fields.Message(), &node->nodes.emplace_back(), depth + 1);
        break;
      default:
        fields.Skip();
    }
  }
}

void ReadSubscribe(data_view bytes, SubscribeRequest* request) {
  for (Fields fields(bytes); fields.Next();) {
    switch (fields.field()) {
      case 1:
        request->channel = fields.Text();
        break;
      case 2:
        request->token = fields.Text();
        break;
      case 3:
        request->recover = fields.Flag();
        break;
      case 6:
        request->epoch = fields.Text();
        break;
      case 7:
        request->offset = fields.Number();
        break;
      case 8:
        request->data = fields.Bytes();
        break;
      case 9:
        request->positioned = fields.Flag();
        break;
      case 10:
        request->recoverable = fields.Flag();
        break;
      case 11:
        request->join_leave = fields.Flag();
        break;
      case 12:
        request->delta = fields.Text();
        break;
      case 13:
        ReadFilter(fields.Message(), &request->tags_filter.emplace(), 0);
        break;
      case 14:
        request->flag = fields.Signed();
        break;
      case 15:
        request->type = static_cast<int32_t>(fields.Signed());
        break;
      default:
        fields.Skip();
    }
  }
}

// An entry of a map: its key, and what `on_value` makes of its value.
template <typename OnValue>
void ReadEntry(data_view bytes, OnValue on_value) {
  std::string key;
  data_view value;
  for (Fields fields(bytes); fields.Next();) {
    if (fields.field() == 1) {
      key = fields.Text();
    } else if (fields.field() == 2) {
      value = fields.Message();
    } else {
      fields.Skip();
    }
  }
  on_value(std::move(key), value);
}

void ReadConnect(data_view bytes, ConnectRequest* request) {
  for (Fields fields(bytes); fields.Next();) {
    switch (fields.field()) {
      case 1:
        request->token = fields.Text();
        break;
      case 2:
        request->data = fields.Bytes();
        break;
      case 3:
        ReadEntry(fields.Message(), [&](std::string channel, data_view sub) {
          ReadSubscribe(sub, &request->subs[std::move(channel)]);
        });
        break;
      case 4:
        request->name = fields.Text();
        break;
      case 5:
        request->version = fields.Text();
        break;
      case 6:
        ReadEntry(fields.Message(), [&](std::string name, data_view value) {
          request->headers[std::move(name)].assign(value.data(), value.size());
        });
        break;
      case 7:
        request->flag = fields.Signed();
        break;
      default:
        fields.Skip();
    }
  }
}

void ReadPublish(data_view bytes, PublishRequest* request) {
  for (Fields fields(bytes); fields.Next();) {
    if (fields.field() == 1) {
      request->channel = fields.Text();
    } else if (fields.field() == 2) {
      request->data = fields.Bytes();
      request->has_data = true;
    } else {
      fields.Skip();
    }
  }
}

void ReadHistory(data_view bytes, HistoryRequest* request) {
  for (Fields fields(bytes); fields.Next();) {
    switch (fields.field()) {
      case 1:
        request->channel = fields.Text();
        break;
      case 7:
        request->limit = static_cast<int32_t>(fields.Signed());
        break;
      case 8:
        request->has_since = true;
        for (Fields since(fields.Message()); since.Next();) {
          if (since.field() == 1) {
            request->since_offset = since.Number();
          } else if (since.field() == 2) {
            request->since_epoch = since.Text();
          } else {
            since.Skip();
          }
        }
        break;
      case 9:
        request->reverse = fields.Flag();
        break;
      default:
        fields.Skip();
    }
  }
}

void ReadRpc(data_view bytes, RpcRequest* request) {
  for (Fields fields(bytes); fields.Next();) {
    if (fields.field() == 1) {
      request->data = fields.Bytes();
    } else if (fields.field() == 2) {
      request->method = fields.Text();
    } else {
      fields.Skip();
    }
  }
}

void ReadSimple(data_view bytes, Command* command) {
  for (Fields fields(bytes); fields.Next();) {
    const uint32_t field = fields.field();
    if (command->kind == Kind::kSend && field == 1) {
      command->data = fields.Bytes();
    } else if (command->kind == Kind::kRefresh && field == 1) {
      command->token = fields.Text();
    } else if (command->kind == Kind::kSubRefresh && field == 2) {
      command->token = fields.Text();
    } else if (field == 1) {
      command->channel = fields.Text();
    } else {
      fields.Skip();
    }
  }
}

Kind KindOf(uint32_t field) {
  switch (field) {
    case 4:
      return Kind::kConnect;
    case 5:
      return Kind::kSubscribe;
    case 6:
      return Kind::kUnsubscribe;
    case 7:
      return Kind::kPublish;
    case 8:
      return Kind::kPresence;
    case 9:
      return Kind::kPresenceStats;
    case 10:
      return Kind::kHistory;
    case 12:
      return Kind::kSend;
    case 13:
      return Kind::kRpc;
    case 14:
      return Kind::kRefresh;
    case 15:
      return Kind::kSubRefresh;
    default:
      return Kind::kUnknown;
  }
}

void ReadBody(data_view bytes, Command* command) {
  switch (command->kind) {
    case Kind::kConnect:
      return ReadConnect(bytes, &command->connect);
    case Kind::kSubscribe:
      return ReadSubscribe(bytes, &command->subscribe);
    case Kind::kPublish:
      return ReadPublish(bytes, &command->publish);
    case Kind::kHistory:
      return ReadHistory(bytes, &command->history);
    case Kind::kRpc:
      return ReadRpc(bytes, &command->rpc);
    default:
      return ReadSimple(bytes, command);
  }
}

void ReadCommand(data_view bytes, Command* command) {
  uint32_t id = 0;
  Command found;
  for (Fields fields(bytes); fields.Next();) {
    if (fields.field() == 1) {
      id = static_cast<uint32_t>(fields.Number());
      continue;
    }
    Command read;
    read.kind = KindOf(fields.field());
    if (read.kind == Kind::kUnknown) {
      fields.Skip();
      continue;
    }
    ReadBody(fields.Message(), &read);
    if (read.kind <= found.kind) found = std::move(read);
  }
  if (found.kind == Kind::kUnknown && id == 0) found.kind = Kind::kPong;
  found.id = id;
  *command = std::move(found);
}

}  // namespace

bool TakeDelimited(std::string_view* message, std::string_view* body) {
  uint64_t length = 0;
  for (size_t i = 0; i < 5 && i < message->size(); ++i) {
    const auto byte = static_cast<uint8_t>((*message)[i]);
    length |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if ((byte & 0x80) != 0) continue;
    if (length > message->size() - i - 1) return false;
    *body = message->substr(i + 1, length);
    message->remove_prefix(i + 1 + length);
    return true;
  }
  return false;
}

bool ParseProtobufCommand(std::string_view bytes, Command* command) {
  try {
    ReadCommand({bytes.data(), bytes.size()}, command);
    return true;
  } catch (const protozero::exception&) {
    return false;
  }
}

bool ParseProtobufEmulation(std::string_view bytes, EmulationRequest* request) {
  try {
    for (Fields fields({bytes.data(), bytes.size()}); fields.Next();) {
      switch (fields.field()) {
        case 1:
          request->node = fields.Text();
          break;
        case 2:
          request->session = fields.Text();
          break;
        case 3:
          request->data = fields.Bytes();
          break;
        default:
          fields.Skip();
      }
    }
    return true;
  } catch (const protozero::exception&) {
    return false;
  }
}

}  // namespace rt
