// Who sent these cookies, and may they do this?
//
//   who_may SITE.json PERMISSION < cookies
//
//   c++ who_may.cc $(pkg-config --cflags --libs drupalrt) -o who_may
#include <drupalrt/drupal.h>

#include <cstdio>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "who_may SITE.json PERMISSION < cookies\n");
    return 2;
  }
  auto drupal = drupalrt::Drupal::FromFile(argv[1]);
  if (!drupal) {
    std::fprintf(stderr, "%s\n", drupal.error().message.c_str());
    return 2;
  }
  for (std::string cookies; std::getline(std::cin, cookies);) {
    const auto who = (*drupal)->WhoIs(cookies, "", false);
    if (!who) {
      std::printf("cannot tell: %s\n", who.error().message.c_str());
      continue;
    }
    std::printf("%u %s %s\n", who->uid, who->name.c_str(),
                who->Has(argv[2]) ? "may" : "may not");
  }
  return 0;
}
