#include "frame.h"

namespace rt {
namespace {

void AppendHeader(LinkFrameType type, uint32_t body_bytes, uint32_t id,
                  Bytes* out) {
  Reserve(out, kLinkHeaderBytes + body_bytes);
  AppendU32(out, body_bytes);
  AppendU8(out, type);
  AppendU8(out, 0);
  AppendU16(out, 0);
  AppendU32(out, id);
  AppendU32(out, 0);
}

void PatchU16(char* at, uint16_t value) {
  at[0] = static_cast<char>(value);
  at[1] = static_cast<char>(value >> 8);
}

void PatchU32(char* at, uint32_t value) {
  PatchU16(at, static_cast<uint16_t>(value));
  PatchU16(at + 2, static_cast<uint16_t>(value >> 16));
}

}  // namespace

void AppendFrame(LinkFrameType type, uint32_t id, std::string_view body,
                 Bytes* out) {
  AppendHeader(type, static_cast<uint32_t>(body.size()), id, out);
  Append(out, body);
}

void AppendSiteFrame(std::string_view key, std::string_view secret,
                     Bytes* out) {
  AppendHeader(kLinkSite, static_cast<uint32_t>(4 + key.size() + secret.size()),
               0, out);
  AppendU8(out, static_cast<uint8_t>(key.size()));
  AppendU8(out, 0);
  AppendU16(out, static_cast<uint16_t>(secret.size()));
  Append(out, key);
  Append(out, secret);
}

PublishFrame BeginPublish(uint8_t flags, uint32_t id, size_t data_bytes,
                          Bytes* out) {
  const PublishFrame frame{out->size, 0};
  AppendHeader(kLinkPublish, 0, id, out);
  AppendU16(out, 0);
  AppendU8(out, flags);
  AppendU8(out, 0);
  AppendU32(out, static_cast<uint32_t>(data_bytes));
  return frame;
}

void AddChannel(std::string_view channel, PublishFrame* frame, Bytes* out) {
  AppendU16(out, static_cast<uint16_t>(channel.size()));
  Append(out, channel);
  ++frame->channels;
}

bool FinishPublish(const PublishFrame& frame, std::string_view data,
                   std::string_view options, Bytes* out) {
  Append(out, data);
  Append(out, options);
  const size_t body = out->size - frame.start - kLinkHeaderBytes;
  if (body > kLinkMaxBodyBytes) {
    out->size = frame.start;
    return false;
  }
  char* header = out->data + frame.start;
  PatchU32(header, static_cast<uint32_t>(body));
  PatchU16(header + kLinkHeaderBytes, frame.channels);
  return true;
}

FrameParse ParseFrame(std::string_view bytes, Frame* frame, size_t* used) {
  if (bytes.size() < kLinkHeaderBytes) return FrameParse::kMore;
  const uint32_t length = ReadU32(bytes.data());
  if (length > kLinkMaxBodyBytes) return FrameParse::kMalformed;
  if (bytes.size() - kLinkHeaderBytes < length) return FrameParse::kMore;
  frame->type = static_cast<uint8_t>(bytes[4]);
  frame->id = ReadU32(bytes.data() + 8);
  frame->body = bytes.substr(kLinkHeaderBytes, length);
  *used = kLinkHeaderBytes + length;
  return FrameParse::kFrame;
}

}  // namespace rt
