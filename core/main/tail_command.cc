#include <fmt/format.h>
#include <netdb.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "main/command_line.h"
#include "main/commands.h"
#include "main/site_call.h"
#include "wire/json_writer.h"

namespace rt {

namespace {

// What the broker says of where to listen, and as whom.
struct Ticket {
  std::string token;
  std::string address;
  std::string host;
};

Result<Ticket> AskForTicket(const Config& config, const SiteChoice& site,
                            const std::string& channel) {
  const Result<std::string> minted =
      CallBroker(config, site, "token",
                 fmt::format(R"({{"user":"","ttl":86400,"channels":[{}]}})",
                             JsonString(channel)));
  if (!minted) return minted.error();
  const Result<std::string> info = CallBroker(config, site, "info", "{}");
  if (!info) return info.error();
  Ticket ticket;
  simdjson::dom::parser parser;
  std::string_view text;
  if (parser.parse(*minted)["token"].get(text) == simdjson::SUCCESS) {
    ticket.token = text;
  }
  const auto answer = parser.parse(*info);
  if (answer["listen"].at(0).get(text) == simdjson::SUCCESS) {
    ticket.address = text;
  }
  if (answer["site"]["host"].get(text) == simdjson::SUCCESS) ticket.host = text;
  if (ticket.token.empty() || ticket.address.empty()) {
    return Error{ErrorCode::kInternal,
                 "the broker is another version; restart it"};
  }
  if (ticket.host.empty()) ticket.host = ticket.address;
  return ticket;
}

Result<int> Connect(const std::string& address) {
  const size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints,
                    &found) != 0) {
    return Error{ErrorCode::kInternal, "cannot read the address " + address};
  }
  const int fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int connected =
      fd < 0 ? -1 : ::connect(fd, found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  if (connected == 0) return fd;
  return Error{ErrorCode::kUnavailable,
               fmt::format("{}: {}", address, std::strerror(errno))};
}

// One push a line: publications with their channel's offset, and whatever else
// comes. False at the end.
bool Print(std::string_view line) {
  simdjson::dom::parser parser;
  simdjson::dom::element push;
  if (parser.parse(line.data(), line.size()).get(push) != simdjson::SUCCESS) {
    return true;
  }
  simdjson::dom::element part;
  if (push["pub"].get(part) == simdjson::SUCCESS) {
    fmt::print("{}\n", simdjson::minify(part));
  } else if (push["disconnect"].get(part) == simdjson::SUCCESS) {
    Complain("the broker ended it: " + simdjson::minify(part));
    return false;
  } else if (push["join"].get(part) == simdjson::SUCCESS ||
             push["leave"].get(part) == simdjson::SUCCESS) {
    fmt::print("{}\n", line);
  }
  std::fflush(stdout);
  return true;
}

int Listen(int fd, const Ticket& ticket) {
  const std::string body =
      fmt::format(R"({{"token":{}}})", JsonString(ticket.token));
  // HTTP/1.0: the body comes as it is, without chunks.
  const std::string request = fmt::format(
      "POST /connection/uni_http_stream HTTP/1.0\r\nHost: {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      ticket.host, body.size(), body);
  if (::write(fd, request.data(), request.size()) !=
      static_cast<ssize_t>(request.size())) {
    Complain("the broker does not listen");
    return kFailed;
  }
  std::string text;
  bool in_body = false;
  char bytes[16 * 1024];
  ssize_t got = 0;
  while ((got = ::read(fd, bytes, sizeof bytes)) > 0) {
    text.append(bytes, static_cast<size_t>(got));
    if (!in_body) {
      const size_t end = text.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      if (!text.starts_with("HTTP/1.1 200")) {
        Complain("refused: " + text.substr(0, text.find('\r')));
        return kFailed;
      }
      text.erase(0, end + 4);
      in_body = true;
    }
    size_t newline = 0;
    while ((newline = text.find('\n')) != std::string::npos) {
      const std::string line = text.substr(0, newline);
      if (!Print(line)) return kFailed;
      text.erase(0, newline + 1);
    }
  }
  Complain("the broker has gone");
  return kFailed;
}

}  // namespace

int TailCommand(int argc, char** argv) {
  Arguments arguments(
      "Prints what is published to a channel from now on, a line each, until "
      "it is interrupted.",
      "drupalrtd tail");
  ConfigFlags flags;
  flags.AddLocation(&arguments);
  SiteChoice site;
  site.AddOptions(&arguments);
  std::string channel;
  arguments.Add("CHANNEL", &channel, "Such as chat:lobby").Required();
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  Config config;
  if (!LocateBroker(flags, &config)) return kWrongUsage;
  if (const Status known = site.Resolve(config); !known) {
    Complain(known.error().message);
    return kWrongUsage;
  }
  const Result<Ticket> ticket = AskForTicket(config, site, channel);
  if (!ticket) {
    Complain(ticket.error().message);
    return kFailed;
  }
  const Result<int> fd = Connect(ticket->address);
  if (!fd) {
    Complain(fd.error().message);
    return kFailed;
  }
  status = Listen(*fd, *ticket);
  ::close(*fd);
  return status;
}

}  // namespace rt
