#include "differential/php_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "source_dir.h"

namespace rt {

namespace {

// PHP with nothing to say for so long hangs.
constexpr int kSilenceMs = 120'000;

[[noreturn]] void End(const char* what) {
  fprintf(stderr, "differential: %s\n", what);
  exit(2);
}

void AppendLength(std::string* to, size_t length) {
  const auto number = static_cast<uint32_t>(length);
  to->append(reinterpret_cast<const char*>(&number), sizeof(number));
}

uint32_t LengthAt(std::string_view bytes) {
  uint32_t number = 0;
  if (bytes.size() < sizeof(number)) End("PHP's answer is cut off");
  memcpy(&number, bytes.data(), sizeof(number));
  return number;
}

}  // namespace

PhpProcess::PhpProcess(std::vector<std::string> command) {
  command.push_back(InSource("tests/differential/php.php"));
  int to[2];
  int from[2];
  if (pipe(to) != 0 || pipe(from) != 0) End("no pipes");
  signal(SIGPIPE, SIG_IGN);
  pid_ = fork();
  if (pid_ < 0) End("no process for PHP");
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it does not outlive us
    dup2(to[0], 0);
    dup2(from[1], 1);
    for (const int end : {to[0], to[1], from[0], from[1]}) close(end);
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (std::string& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    execvp(words[0], words.data());
    perror(words[0]);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  in_ = to[1];
  out_ = from[0];
}

PhpProcess::~PhpProcess() {
  close(in_);
  close(out_);
  waitpid(pid_, nullptr, 0);
}

std::vector<std::string> PhpProcess::Ask(const std::vector<Question>& batch) {
  std::string bytes;
  for (const Question& question : batch) {
    bytes += question.kind;
    AppendLength(&bytes, question.data.size());
    bytes += question.data;
  }
  std::string frame;
  AppendLength(&frame, bytes.size());
  Send(frame + bytes);

  // PHP reads all of the batch before it answers.
  const std::string reply = Receive(LengthAt(Receive(4)));
  std::vector<std::string> answers;
  for (std::string_view rest = reply; !rest.empty();) {
    const uint32_t length = LengthAt(rest);
    answers.emplace_back(rest.substr(4, length));
    rest.remove_prefix(4 + length);
  }
  if (answers.size() != batch.size()) End("PHP answered something else");
  return answers;
}

std::string PhpProcess::AskOne(char kind, std::string_view data) {
  return Ask({{kind, data}}).front();
}

void PhpProcess::Send(const std::string& bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = write(in_, bytes.data() + sent, bytes.size() - sent);
    if (n <= 0) End("PHP is gone");
    sent += static_cast<size_t>(n);
  }
}

std::string PhpProcess::Receive(size_t bytes) {
  std::string text(bytes, '\0');
  for (size_t got = 0; got < bytes;) {
    pollfd ready{out_, POLLIN, 0};
    if (poll(&ready, 1, kSilenceMs) <= 0) {
      kill(pid_, SIGKILL);
      End("PHP does not answer");
    }
    const ssize_t n = read(out_, text.data() + got, bytes - got);
    if (n <= 0) End("PHP is gone");
    got += static_cast<size_t>(n);
  }
  return text;
}

}  // namespace rt
