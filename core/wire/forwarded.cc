#include "wire/forwarded.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace rt {

namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return lower;
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// At every `separator`, within quotes too: what a trusted proxy wrote has none
// there, and a quote that a client left open must not hide what follows it.
std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  size_t start = 0;
  for (;;) {
    const size_t end = text.find(separator, start);
    parts.push_back(Trim(text.substr(start, end - start)));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

// What is asked for by `name` in one element of a Forwarded header.
std::string ForwardedValue(std::string_view element, std::string_view name) {
  for (const std::string_view pair : Split(element, ';')) {
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos ||
        Lower(pair.substr(0, equals)) != name) {
      continue;
    }
    std::string_view value = pair.substr(equals + 1);
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') {
      return std::string(value);
    }
    value = value.substr(1, value.size() - 2);
    std::string plain;
    for (size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '\\' && i + 1 < value.size()) ++i;
      plain += value[i];
    }
    return plain;
  }
  return {};
}

// What proxies said, in either header: hops with the farthest first.
struct Told {
  std::vector<std::string> hops;
  std::string proto;
  std::string host;
};

Told ReadForwarded(const HttpRequestHead& head) {
  Told told;
  const std::string all = head.joined("forwarded", ",");
  for (const std::string_view element : Split(all, ',')) {
    told.hops.push_back(ForwardedValue(element, "for"));
    if (told.proto.empty()) told.proto = ForwardedValue(element, "proto");
    told.host = ForwardedValue(element, "host");
  }
  return told;
}

Told ReadXForwarded(const HttpRequestHead& head) {
  Told told;
  const std::string hops = head.joined("x-forwarded-for", ",");
  for (const std::string_view hop : Split(hops, ',')) {
    told.hops.emplace_back(hop);
  }
  const std::string_view proto = head.header("x-forwarded-proto").value_or("");
  told.proto = Trim(proto.substr(0, proto.find(',')));
  const std::string hosts = head.joined("x-forwarded-host", ",");
  told.host = Split(hosts, ',').back();
  return told;
}

Told ReadTold(const HttpRequestHead& head) {
  const bool instead = !head.header("x-forwarded-for").has_value() &&
                       head.header("forwarded").has_value();
  return instead ? ReadForwarded(head) : ReadXForwarded(head);
}

// Something that could be a Host header.
bool IsHost(std::string_view host) {
  return !host.empty() && host.size() <= 255 &&
         std::all_of(host.begin(), host.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' ||
                  c == ':' || c == '[' || c == ']';
         });
}

}  // namespace

RequestSource FindRequestSource(const HttpRequestHead& head,
                                const IpAddress& peer, bool https,
                                const std::vector<AddressRange>& trusted) {
  RequestSource source;
  source.address = peer;
  source.https = https;
  source.hosts.push_back(Lower(head.header("host").value_or("")));
  if (trusted.empty() || !ContainsAddress(trusted, peer)) return source;
  const Told told = ReadTold(head);
  size_t looked_at = 0;
  for (auto hop = told.hops.rbegin();
       hop != told.hops.rend() && looked_at < kMaxForwardedHops;
       ++hop, ++looked_at) {
    const auto address = IpAddress::ParseNode(*hop);
    // "unknown", or a name made up: the proxy that wrote it is all we know.
    if (!address.has_value()) break;
    source.address = *address;
    if (!ContainsAddress(trusted, *address)) break;
  }
  const std::string proto = Lower(told.proto);
  if (proto == "https" || proto == "wss") source.https = true;
  if (proto == "http" || proto == "ws") source.https = false;
  if (IsHost(told.host)) source.hosts.push_back(Lower(told.host));
  return source;
}

}  // namespace rt
