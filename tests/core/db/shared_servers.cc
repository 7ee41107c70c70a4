// shared_servers COMMAND [ARGUMENT…]: runs it with a MariaDB and a PostgreSQL
// that all tests below it share (live_server.h), and ends both after it. A
// server takes longer to start than most tests that ask it something.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "core/db/test_servers.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest();
  if (argc < 2) {
    std::fputs("which command?\n", stderr);
    return 2;
  }
  const rt::TemporaryFolder folder;
  const rt::MariadbServer mariadb;
  const rt::PostgresServer postgres;
  const auto tell = [&](const char* driver, const rt::LiveServer& server) {
    const auto place = server.place();
    std::ofstream(folder.File(driver)) << place.folder << '\n'
                                       << place.certificates << '\n'
                                       << place.port << '\n';
  };
  tell("mysql", mariadb);
  tell("pgsql", postgres);
  setenv("RT_TEST_SERVERS", folder.path().c_str(), 1);
  const pid_t pid = fork();
  if (pid == 0) {
    execvp(argv[1], argv + 1);
    std::perror(argv[1]);
    _exit(127);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
