#include "wire/http_grammar.h"

#include <http_parser.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/limits.h"

namespace rt {

namespace {

char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ToLower);
  return lower;
}

std::string_view Trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

// Does a comma-separated list hold that lower-case token?
bool ListHolds(std::string_view list, std::string_view token) {
  while (true) {
    const size_t comma = std::min(list.find(','), list.size());
    if (Lower(Trim(list.substr(0, comma))) == token) return true;
    if (comma == list.size()) return false;
    list.remove_prefix(comma + 1);
  }
}

bool AllOf(std::string_view text, bool (*allowed)(char)) {
  return std::all_of(text.begin(), text.end(), allowed);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsVisible(char c) { return c > 0x20 && c < 0x7f; }

// Field content: visible, blank, or a byte of the upper half.
bool IsFieldByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

bool IsHostByte(char c) {
  return IsVisible(c) &&
         std::string_view("\"#/<>?@\\^`{|}").find(c) == std::string_view::npos;
}

// --- What the library would let pass ----------------------------------------

// Exactly one space each between method, target and version.
int CheckRequestLine(std::string_view line) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == 0 || last <= first + 1) {
    return 400;
  }
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!AllOf(line.substr(0, first), IsHttpTokenByte)) return 400;
  if (!AllOf(target, IsVisible)) return 400;
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" ||
      !IsDigit(version[5]) || version[6] != '.' || !IsDigit(version[7])) {
    return 400;
  }
  if (version[5] != '1' || version[7] > '1') return 505;
  return 0;
}

// A token, its colon at once, and no control character behind it. A line that
// begins with a blank (obsolete folding) has no token.
int CheckHeaderLine(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return 400;
  if (!AllOf(line.substr(0, colon), IsHttpTokenByte)) return 400;
  return AllOf(line.substr(colon + 1), IsFieldByte) ? 0 : 400;
}

int CheckLines(std::string_view head) {
  size_t lines = 0;
  while (true) {
    const size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    if (line.empty()) return 0;
    if (lines > kMaxHttpHeaders) return 431;
    const int status =
        lines == 0 ? CheckRequestLine(line) : CheckHeaderLine(line);
    if (status != 0) return status;
    ++lines;
    head.remove_prefix(end + 2);
  }
}

// --- The library ------------------------------------------------------------

struct Collected {
  HttpRequestHead* head;
  std::string target;
};

Collected& Of(http_parser* parser) {
  return *static_cast<Collected*>(parser->data);
}

// The head is whole, so each part comes in one call.
int OnUrl(http_parser* parser, const char* at, size_t length) {
  Of(parser).target.assign(at, length);
  return 0;
}

int OnHeaderField(http_parser* parser, const char* at, size_t length) {
  Of(parser).head->headers.emplace_back(Lower({at, length}), "");
  return 0;
}

int OnHeaderValue(http_parser* parser, const char* at, size_t length) {
  Of(parser).head->headers.back().second = Trim({at, length});
  return 0;
}

int OnHeadersComplete(http_parser* parser) {
  HttpRequestHead& head = *Of(parser).head;
  head.method = http_method_str(static_cast<http_method>(parser->method));
  head.minor_version = parser->http_minor;
  head.keep_alive = http_should_keep_alive(parser) != 0;
  constexpr auto kNone = std::numeric_limits<uint64_t>::max();
  head.content_length =
      parser->content_length == kNone ? 0 : parser->content_length;
  return 2;  // stop here, whatever follows
}

int Status(http_errno error) {
  switch (error) {
    case HPE_OK:
      return 0;
    case HPE_INVALID_METHOD:
      return 405;
    case HPE_INVALID_VERSION:
      return 505;
    case HPE_HEADER_OVERFLOW:
      return 431;
    default:
      return 400;
  }
}

int RunLibrary(std::string_view head, Collected* collected) {
  static const http_parser_settings settings = [] {
    http_parser_settings made;
    http_parser_settings_init(&made);
    made.on_url = OnUrl;
    made.on_header_field = OnHeaderField;
    made.on_header_value = OnHeaderValue;
    made.on_headers_complete = OnHeadersComplete;
    return made;
  }();
  http_parser parser;
  http_parser_init(&parser, HTTP_REQUEST);
  parser.data = collected;
  const size_t parsed =
      http_parser_execute(&parser, &settings, head.data(), head.size());
  const int status = Status(HTTP_PARSER_ERRNO(&parser));
  // Less than all of it would be a head that ended earlier than we saw.
  return status == 0 && parsed != head.size() ? 400 : status;
}

// --- What the parts mean together -------------------------------------------

int CheckHeaders(const HttpRequestHead& head) {
  // Said twice, two servers could each believe another one.
  static constexpr std::array<std::string_view, 10> kOnce = {
      "host",           "content-length",    "content-type",
      "origin",         "authorization",     "sec-fetch-site",
      "x-api-key",      "sec-websocket-key", "sec-websocket-version",
      "sec-fetch-mode",
  };
  for (std::string_view name : kOnce) {
    const auto named = [name](const auto& pair) { return pair.first == name; };
    if (std::count_if(head.headers.begin(), head.headers.end(), named) > 1) {
      return 400;
    }
  }
  const auto host = head.header("host");
  if (!host.has_value() && head.minor_version > 0) return 400;
  if (host.has_value() && (host->empty() || !AllOf(*host, IsHostByte))) {
    return 400;
  }
  const auto length = head.header("content-length");
  if (length.has_value() && (length->empty() || !AllOf(*length, IsDigit))) {
    return 400;
  }
  if (head.header("transfer-encoding").has_value()) {
    return length.has_value() ? 400 : 501;
  }
  return head.content_length > kMaxHttpBodyBytes ? 413 : 0;
}

// The path and query of a target in origin form, in absolute form (RFC 9112
// section 3.2.2) where it names the same host, or of `OPTIONS *`.
int SplitTarget(std::string_view target, HttpRequestHead* head) {
  if (head->method == "CONNECT") return 405;
  if (target.find('#') != std::string_view::npos) return 400;
  if (target == "*" && head->method == "OPTIONS") {
    head->path = target;
    return 0;
  }
  if (target.empty() || target[0] != '/') {
    const size_t scheme_end = std::min(target.find("://"), target.size());
    const std::string scheme = Lower(target.substr(0, scheme_end));
    if (scheme != "http" && scheme != "https") return 400;
    target.remove_prefix(std::min(scheme_end + 3, target.size()));
    const size_t host_end = std::min(target.find_first_of("/?"), target.size());
    const auto host = head->header("host");
    if (!host.has_value() ||
        Lower(target.substr(0, host_end)) != Lower(*host)) {
      return 400;
    }
    target.remove_prefix(host_end);
  }
  const size_t mark = std::min(target.find('?'), target.size());
  head->path = mark == 0 ? "/" : target.substr(0, mark);
  head->query = target.substr(std::min(mark + 1, target.size()));
  return 0;
}

}  // namespace

bool IsHttpTokenByte(char c) {
  return IsVisible(c) && std::string_view("\"(),/:;<=>?@[\\]{}").find(c) ==
                             std::string_view::npos;
}

int ParseHttpHead(std::string_view head, HttpRequestHead* out) {
  if (const int status = CheckLines(head); status != 0) return status;
  Collected collected{out, {}};
  if (const int status = RunLibrary(head, &collected); status != 0) {
    return status;
  }
  if (const int status = CheckHeaders(*out); status != 0) return status;
  if (const int status = SplitTarget(collected.target, out); status != 0) {
    return status;
  }
  out->upgrade_websocket =
      out->minor_version > 0 &&
      ListHolds(out->joined("connection", ","), "upgrade") &&
      ListHolds(out->joined("upgrade", ","), "websocket");
  // What follows such a head are frames, so it can announce no body.
  return out->upgrade_websocket && out->content_length > 0 ? 400 : 0;
}

}  // namespace rt
