#include <fmt/format.h>

#include "broker/config_keys.h"
#include "broker/site_file.h"
#include "broker/tls_files.h"
#include "broker/token_keys.h"
#include "main/command_line.h"
#include "main/commands.h"

namespace rt {

// Checks what `serve` with the same arguments would read.
int CheckCommand(int argc, char** argv) {
  Arguments arguments(
      "Looks for mistakes in the configuration and in site documents, as "
      "\"serve\" with the same options would read them.",
      "drupalrtd check");
  ConfigFlags flags;
  flags.AddAll(&arguments);
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;

  LoadedConfig loaded;
  bool good = flags.Load(&loaded);
  for (const std::string& warning : loaded.warnings) {
    Complain("warning: " + warning);
  }
  if (good) {
    const Result<TokenKeys> keys = ReadTokenKeys(loaded.config.client);
    if (!keys) Complain(keys.error().message);
    good = keys.ok();
  }
  if (good) {
    const Result<TlsContextPtr> tls = TlsFiles(loaded.config.tls).Load();
    if (!tls) Complain(tls.error().message);
    good = tls.ok();
  }
  for (const std::string& path : loaded.config.site_files) {
    const Result<SiteDocument> site = ReadSiteFile(path);
    if (!site) Complain(site.error().message);
    good = good && site.ok();
    if (!site) continue;
    // No mistake, but seldom what was wanted.
    if (Status native = NativeLoginRefused(site->login); !native) {
      Complain("warning: " + path + ": " + native.error().message);
    }
  }
  if (!good) return kWrongUsage;
  fmt::print("no mistakes\n");
  return kDone;
}

int ConfigCommand(int argc, char** argv) {
  Arguments arguments("\"config default\" prints every key with its default.",
                      "drupalrtd config");
  std::string what;
  arguments.Add("WHAT", &what, "default").Required().OneOf({"default"});
  int status = kDone;
  if (!arguments.Parse(argc, argv, &status)) return status;
  fmt::print("{}", DefaultConfigToml());
  return kDone;
}

}  // namespace rt
