// Property: wherever the bytes of a link are cut, LinkReader finds the same
// frames and the same error; the frames written again are the bytes they were
// read from; and so are the bodies that are understood.
#include <string>

#include "../core/wire/link_recorder.h"
#include "base/check.h"
#include "pieces.h"
#include "wire/json_text.h"
#include "wire/link_frame.h"
#include "wire/utf8.h"

namespace rt {
namespace {

void CheckPublish(std::string_view body) {
  const Result<LinkPublish> publish = ParsePublishFrame(body);
  if (!publish.ok()) {
    RT_CHECK(publish.error().code == ErrorCode::kInvalid);
    return;
  }
  RT_CHECK(IsJson(publish->data));
  for (std::string_view channel : publish->channels) {
    RT_CHECK(IsUtf8(channel));
  }
  const int flags = (publish->skip_history ? kLinkSkipHistory : 0) |
                    (publish->delta ? kLinkDelta : 0);
  std::string written;
  AppendPublishBody(publish->channels, static_cast<uint8_t>(flags),
                    publish->data, "", &written);
  RT_CHECK(body.starts_with(written));
  RT_CHECK(body.size() == written.size() ||
           IsJson(body.substr(written.size())));
}

void CheckSite(std::string_view body) {
  const Result<LinkSite> site = ParseSiteFrame(body);
  if (!site.ok()) return;
  std::string written;
  AppendSiteBody(site->key, site->secret, &written);
  RT_CHECK(written == body);
}

// Writes every frame again, and looks into its body.
class Rewriter final : public LinkEvents {
 public:
  std::string written;

  bool OnFrame(const LinkFrame& frame) override {
    AppendLinkFrame(frame.type, frame.flags, frame.request_id, frame.body,
                    &written);
    // Whatever its type, so that the fuzzer need not find that too.
    CheckPublish(frame.body);
    CheckSite(frame.body);
    (void)ParseHello(frame.body);
    const Result<LinkCall> call = ParseCall(frame.body);
    RT_CHECK(!call.ok() || (IsJson(call->params) && call->params[0] == '{'));
    return true;
  }
};

void Run(std::string_view input, uint8_t seed) {
  LinkReader whole;
  LinkRecorder found;
  const bool good = whole.Read(input, &found);

  LinkReader cut;
  LinkRecorder found_cut;
  bool good_cut = true;
  for (Pieces pieces(input, seed); good_cut && !pieces.empty();) {
    good_cut = cut.Read(pieces.Next(), &found_cut);
    RT_CHECK(cut.buffered_bytes() <= 2 * input.size() + 100);
  }
  RT_CHECK(good == good_cut);
  RT_CHECK(whole.error_code() == cut.error_code());
  RT_CHECK(found.events == found_cut.events);

  LinkReader reader;
  Rewriter rewriter;
  reader.Read(input, &rewriter);
  RT_CHECK(input.starts_with(rewriter.written));
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  rt::Run({reinterpret_cast<const char*>(data) + 1, size - 1}, data[0]);
  return 0;
}
