// Property: wherever a request's bytes are cut, HttpHeadReader comes to the
// same state, status, length and head. A head that it accepts is written again
// in one way only, and read from that as the same.
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "pieces.h"
#include "wire/http_head.h"

namespace rt {
namespace {

using State = HttpHeadReader::State;

struct Outcome {
  State state = State::kMore;
  int status = 0;
  size_t used = 0;
  HttpRequestHead head;
};

bool Same(const HttpRequestHead& a, const HttpRequestHead& b) {
  return a.method == b.method && a.path == b.path && a.query == b.query &&
         a.minor_version == b.minor_version && a.headers == b.headers &&
         a.content_length == b.content_length && a.keep_alive == b.keep_alive &&
         a.upgrade_websocket == b.upgrade_websocket;
}

Outcome Finish(HttpHeadReader* reader, size_t used) {
  return {reader->state(), reader->status(), used, reader->TakeHead()};
}

Outcome ReadWhole(std::string_view input) {
  HttpHeadReader reader;
  size_t used = 0;
  reader.Read(input, &used);
  return Finish(&reader, used);
}

Outcome ReadInPieces(std::string_view input, uint8_t seed) {
  HttpHeadReader reader;
  size_t all = 0;
  Pieces pieces(input, seed);
  while (reader.state() == State::kMore && !pieces.empty()) {
    size_t used = 0;
    reader.Read(pieces.Next(), &used);
    all += used;
  }
  return Finish(&reader, all);
}

std::string Write(const HttpRequestHead& head) {
  std::string text = head.method + ' ' + head.path;
  if (!head.query.empty()) text += '?' + head.query;
  text += " HTTP/1." + std::to_string(head.minor_version) + "\r\n";
  for (const auto& [name, value] : head.headers) {
    text += name + ": " + value + "\r\n";
  }
  return text + "\r\n";
}

void Run(std::string_view input, uint8_t seed) {
  const Outcome whole = ReadWhole(input);
  const Outcome cut = ReadInPieces(input, seed);
  RT_CHECK(whole.state == cut.state);
  RT_CHECK(whole.status == cut.status);
  RT_CHECK((whole.state == State::kFailed) == (whole.status >= 400));
  if (whole.state != State::kComplete) return;

  RT_CHECK(whole.used == cut.used);
  RT_CHECK(Same(whole.head, cut.head));
  RT_CHECK(whole.head.path[0] == '/' || whole.head.path == "*");
  const std::string written = Write(whole.head);
  // Spaces that were left out can make it longer than what was read.
  if (written.size() > kMaxHttpHeadBytes) return;
  const Outcome again = ReadWhole(written);
  RT_CHECK(again.state == State::kComplete);
  RT_CHECK(again.used == written.size());
  RT_CHECK(Same(whole.head, again.head));
  (void)QueryParameter(whole.head.query, "cf_connect");
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  rt::Run({reinterpret_cast<const char*>(data) + 1, size - 1}, data[0]);
  return 0;
}
