#include <iostream>

#include "broker/site_file.h"
#include "broker/whois.h"
#include "main/command_line.h"
#include "main/commands.h"

namespace rt {

int WhoisCommand(int argc, char** argv) {
  Arguments arguments(
      "Answers who a site's cookies belong to: a value of a Cookie header a "
      "line in, one JSON object a line out.",
      "drupalrtd whois");
  std::string file;
  std::string host;
  bool https = false;
  arguments.Add("--site", &file, "The site's document")
      .Required()
      .Called("FILE");
  arguments.Add("--host", &host, "The page's host; the site's first if absent")
      .Called("HOST");
  arguments.AddFlag("--https", &https, "The page came by https");
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;

  const Result<SiteDocument> site = ReadSiteFile(file);
  if (!site) {
    Complain(site.error().message);
    return kWrongUsage;
  }
  return RunWhois(std::cin, std::cout, *site, host, https);
}

}  // namespace rt
