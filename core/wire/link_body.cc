#include <fmt/format.h>

#include "base/check.h"
#include "wire/json_object.h"
#include "wire/link_frame.h"
#include "wire/little_endian.h"
#include "wire/utf8.h"

namespace rt {

namespace {

constexpr size_t kPublishHeaderBytes = 8;
constexpr size_t kSiteHeaderBytes = 4;

Error Invalid(std::string message) {
  return {ErrorCode::kInvalid, std::move(message)};
}

// One per thread: link bodies are read one after the other.
JsonObjectReader& Reader() {
  thread_local JsonObjectReader reader;
  return reader;
}

// Takes `bytes` from the front of `*body`; false when there are fewer.
bool Take(std::string_view* body, size_t bytes, std::string_view* out) {
  if (body->size() < bytes) return false;
  *out = body->substr(0, bytes);
  body->remove_prefix(bytes);
  return true;
}

Status TakeChannels(std::string_view* body, size_t count,
                    std::vector<std::string_view>* channels) {
  if (count == 0 || count > kLinkMaxChannels) {
    return Invalid(fmt::format("a publish to {} channels", count));
  }
  channels->reserve(std::min<size_t>(count, body->size() / 3));
  for (size_t i = 0; i < count; ++i) {
    std::string_view length;
    std::string_view channel;
    if (!Take(body, 2, &length) ||
        !Take(body, LittleEndian<uint16_t>(length), &channel)) {
      return Invalid("a publish that ends in its channels");
    }
    if (channel.empty() || channel.size() > kLinkMaxChannelBytes) {
      return Invalid(fmt::format("a channel of {} bytes", channel.size()));
    }
    if (!IsUtf8(channel)) return Invalid("a channel that is not UTF-8");
    channels->push_back(channel);
  }
  return {};
}

Status ReadOptions(std::string_view options, LinkPublish* publish) {
  std::string wrong;
  const bool good = Reader().Read(
      options, [publish, &wrong](std::string_view key, JsonValue& value) {
        // Overwritten by the next: what is left names the culprit.
        wrong = key;
        if (key == "idempotency_key") {
          return ReadJson(value, &publish->idempotency_key);
        }
        if (key == "version") return ReadJson(value, &publish->version);
        if (key == "version_epoch") {
          return ReadJson(value, &publish->version_epoch);
        }
        if (key == "exclude") return ReadJson(value, &publish->exclude);
        if (key != "tags") return false;
        return JsonObjectReader::ReadInner(
            value, [publish](std::string_view name, JsonValue& tag) {
              return ReadJson(tag, &publish->tags[std::string(name)]);
            });
      });
  if (good) return {};
  return Invalid(wrong.empty()
                     ? "options that are no JSON object"
                     : fmt::format("option \"{}\" is unknown or of a wrong "
                                   "type",
                                   wrong));
}

}  // namespace

Result<LinkHello> ParseHello(std::string_view body) {
  LinkHello hello;
  const bool good =
      Reader().Read(body, [&hello](std::string_view key, JsonValue& value) {
        if (key == "version") return ReadJson(value, &hello.version);
        if (key == "protocol") return ReadJson(value, &hello.protocol);
        if (key == "sapi") return ReadJson(value, &hello.sapi);
        if (key == "pid") return ReadJson(value, &hello.pid);
        return true;
      });
  if (!good) return Invalid("a hello that is no JSON object of its form");
  return hello;
}

Result<LinkSite> ParseSiteFrame(std::string_view body) {
  std::string_view header;
  LinkSite site;
  if (!Take(&body, kSiteHeaderBytes, &header) || header[1] != 0 ||
      !Take(&body, static_cast<uint8_t>(header[0]), &site.key) ||
      !Take(&body, LittleEndian<uint16_t>(header.substr(2)), &site.secret) ||
      !body.empty()) {
    return Invalid("a site frame that does not add up");
  }
  return site;
}

Result<LinkPublish> ParsePublishFrame(std::string_view body) {
  std::string_view header;
  if (!Take(&body, kPublishHeaderBytes, &header)) {
    return Invalid("a publish without its header");
  }
  const auto flags = static_cast<uint8_t>(header[2]);
  if ((flags & ~(kLinkSkipHistory | kLinkDelta)) != 0 || header[3] != 0) {
    return Invalid("a publish with unknown flags");
  }
  LinkPublish publish;
  publish.skip_history = (flags & kLinkSkipHistory) != 0;
  publish.delta = (flags & kLinkDelta) != 0;
  if (Status status = TakeChannels(&body, LittleEndian<uint16_t>(header),
                                   &publish.channels);
      !status) {
    return status.error();
  }
  const auto data_bytes = LittleEndian<uint32_t>(header.substr(4));
  if (data_bytes > kLinkMaxDataBytes) {
    return Invalid(fmt::format("an event of {} bytes", data_bytes));
  }
  if (!Take(&body, data_bytes, &publish.data)) {
    return Invalid("a publish that ends in its data");
  }
  if (!IsJson(publish.data)) return Invalid("data that is not JSON");
  if (!body.empty()) {
    if (Status status = ReadOptions(body, &publish); !status) {
      return status.error();
    }
  }
  return publish;
}

Result<LinkCall> ParseCall(std::string_view body) {
  LinkCall call{.method = {}, .params = "{}"};
  const bool good =
      Reader().Read(body, [&call](std::string_view key, JsonValue& value) {
        if (key == "method") return ReadJson(value, &call.method);
        if (key != "params") return true;
        return JsonObjectReader::IsNull(value) ||
               (ReadJsonText(value, &call.params) && call.params[0] == '{');
      });
  if (!good || call.method.empty()) {
    return Invalid("a call that is no JSON object with a method");
  }
  return call;
}

void AppendPublishBody(const std::vector<std::string_view>& channels,
                       uint8_t flags, std::string_view data,
                       std::string_view options, std::string* out) {
  RT_CHECK(!channels.empty() && channels.size() <= kLinkMaxChannels);
  RT_CHECK(data.size() <= kLinkMaxDataBytes);
  AppendLittleEndian(static_cast<uint16_t>(channels.size()), out);
  AppendLittleEndian(flags, out);
  AppendLittleEndian(uint8_t{0}, out);
  AppendLittleEndian(static_cast<uint32_t>(data.size()), out);
  for (std::string_view channel : channels) {
    RT_CHECK(!channel.empty() && channel.size() <= kLinkMaxChannelBytes);
    AppendLittleEndian(static_cast<uint16_t>(channel.size()), out);
    *out += channel;
  }
  *out += data;
  *out += options;
}

void AppendSiteBody(std::string_view key, std::string_view secret,
                    std::string* out) {
  RT_CHECK(key.size() <= 0xff && secret.size() <= 0xffff);
  AppendLittleEndian(static_cast<uint8_t>(key.size()), out);
  AppendLittleEndian(uint8_t{0}, out);
  AppendLittleEndian(static_cast<uint16_t>(secret.size()), out);
  *out += key;
  *out += secret;
}

}  // namespace rt
