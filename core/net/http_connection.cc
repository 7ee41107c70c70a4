#include "net/http_connection.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "wire/websocket.h"

namespace rt {

HttpConnection::HttpConnection(Connection* connection, HttpService* service)
    : connection_(connection), service_(service) {
  connection_->SetDeadline(kHttpIdleMs);
}

HttpConnection::~HttpConnection() {
  if (self_ != nullptr) *self_ = nullptr;
}

void HttpConnection::OnBytes(char* bytes, size_t length) {
  Take({bytes, length});
}

void HttpConnection::Take(std::string_view rest) {
  while (!rest.empty() && !streaming_ && !connection_->ending()) {
    if (asked_) {
      // The next request waits for the answer to this one, and so does its
      // sender, once the socket is full.
      held_.append(rest);
      return connection_->PauseReading();
    }
    if (!in_body_) {
      if (!TakeHead(&rest)) return;
      continue;
    }
    const size_t wanted =
        static_cast<size_t>(reader_.head().content_length) - body_.size();
    const size_t taken = std::min(wanted, rest.size());
    body_.append(rest.substr(0, taken));
    rest.remove_prefix(taken);
    if (taken == wanted) Ask();
  }
}

bool HttpConnection::TakeHead(std::string_view* bytes) {
  size_t used = 0;
  switch (reader_.Read(*bytes, &used)) {
    case HttpHeadReader::State::kMore:
      return false;
    case HttpHeadReader::State::kFailed:
      Refuse(reader_.status());
      return false;
    case HttpHeadReader::State::kComplete:
      break;
  }
  bytes->remove_prefix(used);
  return StartRequest(bytes);
}

bool HttpConnection::StartRequest(std::string_view* bytes) {
  const HttpRequestHead& head = reader_.head();
  if (head.upgrade_websocket) return TryUpgrade(bytes);
  if (head.content_length > service_->MaxBodyBytes(head)) {
    Refuse(413);
    return false;
  }
  const auto expect = head.header("expect");
  if (expect.has_value() && head.content_length > 0) {
    connection_->Enqueue("HTTP/1.1 100 Continue\r\n\r\n");
  }
  body_.clear();
  in_body_ = head.content_length > 0;
  if (!in_body_) Ask();
  return !streaming_ && !connection_->ending();
}

bool HttpConnection::TryUpgrade(std::string_view* bytes) {
  const HttpRequestHead& head = reader_.head();
  HttpResponse response;
  const auto key = head.header("sec-websocket-key");
  const auto version = head.header("sec-websocket-version");
  std::unique_ptr<ConnectionHandler> next;
  if (head.method != "GET" || head.minor_version < 1 ||
      head.content_length > 0) {
    response.status = 400;
  } else if (!version.has_value() || *version != "13") {
    response.status = 426;
    response.headers.emplace_back("Sec-WebSocket-Version", "13");
    response.headers.emplace_back("Upgrade", "websocket");
  } else if (!key.has_value() || !IsWebSocketKey(*key)) {
    response.status = 400;
    response.body = "Sec-WebSocket-Key must be base64 of 16 bytes\n";
  } else {
    response.status = 101;
    next = service_->Upgrade(head, connection_, &response);
  }
  if (next == nullptr) {
    Send(response, false);
    connection_->CloseAfterFlush();
    return false;
  }
  std::string text = fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n",
      WebSocketAccept(*key));
  for (const auto& [name, value] : response.headers) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  text += "\r\n";
  connection_->Enqueue(text);
  connection_->SetDeadline(-1);
  ConnectionHandler* handler = next.get();
  connection_->ReplaceHandler(std::move(next));
  // An eager client's first frames may have come along.
  if (!bytes->empty()) {
    handler->OnBytes(const_cast<char*>(bytes->data()), bytes->size());
  }
  return false;
}

bool HttpConnection::TryStream() {
  HttpResponse response;
  response.status = 0;
  std::unique_ptr<ConnectionHandler> next =
      service_->Stream(reader_.head(), body_, connection_, &response);
  if (next == nullptr) {
    if (response.status == 0) return false;
    asked_ = true;
    OnAnswer(response);
    return true;
  }
  connection_->SetDeadline(-1);
  streaming_ = true;
  connection_->ReplaceHandler(std::move(next));
  return true;
}

void HttpConnection::Ask() {
  in_body_ = false;
  if (TryStream()) return;
  asked_ = true;
  if (self_ == nullptr) self_ = std::make_shared<HttpConnection*>(this);
  service_->Respond(reader_.head(), body_, *connection_,
                    [self = self_](const HttpResponse& response) {
                      if (*self != nullptr) (*self)->OnAnswer(response);
                    });
}

void HttpConnection::OnAnswer(const HttpResponse& response) {
  if (!asked_ || connection_->ending()) return;
  asked_ = false;
  const bool keep_alive = reader_.head().keep_alive && !response.close;
  Send(response, keep_alive);
  body_ = std::string();
  if (!keep_alive) return connection_->CloseAfterFlush();
  reader_ = HttpHeadReader();
  connection_->SetDeadline(kHttpIdleMs);
  if (held_.empty()) return;
  connection_->ResumeReading();
  const std::string held = std::move(held_);
  held_ = std::string();
  Take(held);
}

void HttpConnection::Refuse(int status) {
  HttpResponse response;
  response.status = status;
  Send(response, false);
  connection_->CloseAfterFlush();
}

void HttpConnection::Send(const HttpResponse& response, bool keep_alive) {
  const std::string body =
      response.body.empty() && response.status >= 400
          ? fmt::format("{}\n", HttpReason(response.status))
          : response.body;
  std::string text = fmt::format("HTTP/1.1 {} {}\r\n", response.status,
                                 HttpReason(response.status));
  if (response.status != 204 && response.status != 101) {
    text += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n",
                        response.content_type, body.size());
  }
  for (const auto& [name, value] : response.headers) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  text += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  if (response.status != 204 && reader_.head().method != "HEAD") text += body;
  connection_->Enqueue(text);
}

void HttpConnection::OnPeerEnd() { connection_->CloseAfterFlush(); }

void HttpConnection::OnSlow() { connection_->Abort(); }

void HttpConnection::OnDeadline() { connection_->CloseAfterFlush(); }

std::string_view HttpReason(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 416:
      return "Range Not Satisfiable";
    case 429:
      return "Too Many Requests";
    case 413:
      return "Content Too Large";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

}  // namespace rt
