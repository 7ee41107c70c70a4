#include "wire/encoded_push.h"

#include "base/check.h"
#include "wire/client_protocol_codec.h"
#include "wire/json_text.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

constexpr std::string_view kPushPrefix = R"({"push":)";

bool IsJsonForm(PushForm form) {
  return form != PushForm::kProtobuf && form != PushForm::kProtobufDelta;
}

const ClientProtocolCodec& CodecOf(PushForm form) {
  return IsJsonForm(form) ? JsonCodec() : ProtobufCodec();
}

size_t IndexOf(PushForm form) { return static_cast<size_t>(form); }

}  // namespace

struct EncodedPush::Deflations {
  struct One {
    PushForm form;
    int window_bits;
    std::unique_ptr<const std::string> bytes;
  };
  std::vector<One> all;
};

EncodedPush::EncodedPush(Routing routing, rt::Publication publication,
                         std::string patch)
    : routing_(std::move(routing)),
      kind_(Kind::kPublication),
      publication_(std::move(publication)),
      patch_(std::move(patch)) {}

EncodedPush::EncodedPush(Routing routing, Kind kind, ClientInfo info)
    : routing_(std::move(routing)), kind_(kind), info_(std::move(info)) {
  RT_CHECK(kind != Kind::kPublication);
}

EncodedPush::~EncodedPush() = default;

bool EncodedPush::is_json() const {
  std::call_once(json_once_, [this] {
    is_json_ = kind_ != Kind::kPublication || IsJson(publication_.data);
  });
  return is_json_;
}

std::string_view EncodedPush::Reply(PushForm form) const {
  if (kind_ != Kind::kPublication) {
    form = IsJsonForm(form) ? PushForm::kJson : PushForm::kProtobuf;
  } else if (!has_patch() && form == PushForm::kJsonDelta) {
    form = PushForm::kJsonText;
  } else if (!has_patch() && form == PushForm::kProtobufDelta) {
    form = PushForm::kProtobuf;
  }
  std::call_once(once_[IndexOf(form)], [this, form] { Encode(form); });
  return replies_[IndexOf(form)];
}

void EncodedPush::Encode(PushForm form) const {
  const ClientProtocolCodec& codec = CodecOf(form);
  std::string* out = &replies_[IndexOf(form)];
  if (kind_ == Kind::kJoin) {
    return codec.AppendJoinPush(channel(), info_, out);
  }
  if (kind_ == Kind::kLeave) {
    return codec.AppendLeavePush(channel(), info_, out);
  }
  rt::Publication changed;
  const rt::Publication* publication = &publication_;
  if (form != PushForm::kJson && form != PushForm::kProtobuf) {
    changed = publication_;
    changed.delta = form != PushForm::kJsonText;
    if (changed.delta) changed.data = patch_;
    if (form != PushForm::kProtobufDelta) {
      changed.data = JsonString(changed.data);
    }
    publication = &changed;
  }
  codec.AppendPublicationPush(channel(), *publication, out);
  std::string alone;
  codec.AppendPublication(*publication, &alone);
  // Behind the publication stand the braces that close the push, or nothing.
  const size_t tail = IsJsonForm(form) ? 2 : 0;
  RT_CHECK(out->size() >= alone.size() + tail);
  publication_at_[IndexOf(form)] =
      static_cast<uint32_t>(out->size() - tail - alone.size());
}

std::string_view EncodedPush::BareReply() const {
  std::string_view reply = Reply(PushForm::kJson);
  reply.remove_prefix(kPushPrefix.size());
  reply.remove_suffix(1);
  return reply;
}

std::string_view EncodedPush::Publication(PushForm form) const {
  RT_CHECK(kind_ == Kind::kPublication);
  if (!has_patch() && form == PushForm::kJsonDelta) form = PushForm::kJsonText;
  if (!has_patch() && form == PushForm::kProtobufDelta) {
    form = PushForm::kProtobuf;
  }
  std::string_view reply = Reply(form);
  reply.remove_prefix(publication_at_[IndexOf(form)]);
  if (IsJsonForm(form)) reply.remove_suffix(2);
  return reply;
}

std::string_view EncodedPush::Deflated(
    PushForm form, int window_bits,
    const std::function<std::string()>& make) const {
  const std::lock_guard lock(mutex_);
  if (deflations_ == nullptr) deflations_ = std::make_unique<Deflations>();
  for (const Deflations::One& one : deflations_->all) {
    if (one.form == form && one.window_bits == window_bits) return *one.bytes;
  }
  deflations_->all.push_back(
      {form, window_bits, std::make_unique<const std::string>(make())});
  return *deflations_->all.back().bytes;
}

}  // namespace rt
