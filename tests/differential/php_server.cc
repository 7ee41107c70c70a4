#include "differential/php_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "base/digest.h"
#include "source_dir.h"

namespace rt {

namespace {

sockaddr_in Local(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// One that was free a moment ago.
int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Local(0);
  socklen_t size = sizeof(address);
  auto* name = reinterpret_cast<sockaddr*>(&address);
  const bool bound = bind(fd, name, size) == 0;
  if (!bound || getsockname(fd, name, &size) != 0) address.sin_port = 0;
  close(fd);
  return ntohs(address.sin_port);
}

int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Local(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) == 0) {
    const timeval patience{60, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    return fd;
  }
  close(fd);
  return -1;
}

}  // namespace

PhpServer::PhpServer(std::vector<std::string> command) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (Start(command)) return;
    Stop();
  }
  fprintf(stderr, "differential: PHP's web server does not start\n");
  exit(2);
}

PhpServer::~PhpServer() { Stop(); }

bool PhpServer::Start(std::vector<std::string> command) {
  port_ = FreePort();
  command.insert(command.end(), {"-S", "127.0.0.1:" + std::to_string(port_),
                                 InSource("tests/differential/cookies.php")});
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it does not outlive us
    const int nowhere = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; ++fd) dup2(nowhere, fd);
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (std::string& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(127);
  }
  for (int i = 0; i < 1000; ++i) {
    const int fd = Connect(port_);
    if (fd >= 0) {
      close(fd);
      return true;
    }
    if (waitpid(pid_, nullptr, WNOHANG) != 0) {
      pid_ = -1;
      return false;
    }
    const timespec pause{0, 10'000'000};
    nanosleep(&pause, nullptr);
  }
  return false;
}

void PhpServer::Stop() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::optional<std::map<std::string, std::string>> PhpServer::Cookies(
    const std::string& header) {
  const int fd = Connect(port_);
  const std::string request =
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: " + header +
      "\r\n\r\n";
  const bool sent =
      fd >= 0 && send(fd, request.data(), request.size(), MSG_NOSIGNAL) ==
                     static_cast<ssize_t>(request.size());
  std::string reply;
  char buffer[16384];
  ssize_t n = 0;
  while (sent && (n = recv(fd, buffer, sizeof(buffer), 0)) > 0) {
    reply.append(buffer, static_cast<size_t>(n));
  }
  if (!sent || n < 0) {
    fprintf(stderr, "differential: PHP's web server is gone\n");
    exit(2);
  }
  close(fd);
  const size_t body = reply.find("\r\n\r\n");
  if (!reply.starts_with("HTTP/1.1 200") || body == std::string::npos) {
    return std::nullopt;
  }
  std::map<std::string, std::string> cookies;
  std::stringstream lines(reply.substr(body + 4));
  for (std::string name, value; lines >> name >> value;) {
    cookies[Base64Decode(name).value_or("?")] =
        Base64Decode(value.substr(1)).value_or("?");
  }
  return cookies;
}

}  // namespace rt
