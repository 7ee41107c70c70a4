#include "bench/bench.h"

#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "bench/ledger.h"
#include "bench/limit_server.h"
#include "bench/payload.h"
#include "bench/process_stats.h"
#include "bench/report.h"
#include "bench/scenarios.h"
#include "bench/site_fixture.h"
#include "wire/link_format.h"

namespace rt {
namespace {

using bench::FanOutOptions;
using bench::IdleOptions;
using bench::Measurement;
using bench::PublishOptions;
using bench::Target;

enum class Form { kText, kMarkdown, kJson };

std::string DefaultSocket() {
  struct stat info {};
  if (stat(RT_LINK_SYSTEM_DIR, &info) == 0) return RT_LINK_SYSTEM_SOCKET;
  char path[64];
  std::snprintf(path, sizeof(path), RT_LINK_USER_SOCKET_FORMAT, getuid());
  return path;
}

int Fail(const Error& error) {
  std::cerr << "bench: " << error.message << std::endl;
  return error.code == ErrorCode::kInvalid ? 2 : 1;
}

// What all subcommands write into.
struct Arguments {
  Target target;
  FanOutOptions fan_out;
  FanOutOptions channels;
  IdleOptions idle;
  PublishOptions publish;
  bench::LimitServerOptions limit;
  bool no_coalesce = false;
  std::string directory;
  size_t sessions = 20000;
  std::vector<std::string> files;
  bool json = false;
  bool markdown = false;

  [[nodiscard]] Form form() const {
    if (json) return Form::kJson;
    return markdown ? Form::kMarkdown : Form::kText;
  }
};

void AddForm(CLI::App* app, Arguments* a) {
  auto* json = app->add_flag("--json", a->json, "Print JSON");
  app->add_flag("--markdown", a->markdown, "Print Markdown")->excludes(json);
}

CLI::App* AddScenario(CLI::App* bench, const char* name, const char* about,
                      Arguments* a) {
  CLI::App* app = bench->add_subcommand(name, about);
  app->add_option("--server", a->target.server,
                  "drupalrt, ws, nchan, socket.io, limit or limit-plain")
      ->capture_default_str();
  app->add_option("--address", a->target.publisher.address,
                  "The server's listener")
      ->capture_default_str();
  app->add_option("--socket", a->target.publisher.socket,
                  "The broker's socket for PHP")
      ->capture_default_str();
  app->add_option("--pid", a->target.pid,
                  "The server's process, for CPU and memory");
  app->add_flag("--login", a->target.login,
                "Subscribers sign in to the site that `bench site` made");
  app->add_option("--round", a->target.round, "Written into the result");
  AddForm(app, a);
  return app;
}

void AddLoad(CLI::App* app, FanOutOptions* options) {
  app->add_option("--subscribers", options->subscribers)
      ->check(CLI::Range(1, 60000))
      ->capture_default_str();
  app->add_option("--in-flight", options->in_flight,
                  "Messages on their way at the same time")
      ->check(CLI::Range(size_t{1}, bench::Ledger::kMaxInFlight))
      ->delimiter(',')
      ->capture_default_str();
  app->add_option("--bytes", options->payload_bytes, "A message's size")
      ->check(CLI::Range(bench::kMinPayloadBytes, size_t{1} << 16))
      ->capture_default_str();
  app->add_option("--seconds", options->seconds, "For each in flight")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
}

void AddScenarios(CLI::App* app, Arguments* a) {
  AddLoad(AddScenario(app, "fanout", "One channel, all subscribed to it", a),
          &a->fan_out);
  AddLoad(AddScenario(app, "channels", "A channel for each subscriber", a),
          &a->channels);

  auto* idle = AddScenario(
      app, "idle", "Connections per second, and the memory of idle ones", a);
  idle->add_option("--connections", a->idle.connections, "Ascending")
      ->check(CLI::Range(1, 60000))
      ->delimiter(',')
      ->capture_default_str();

  auto* publish = AddScenario(app, "publish",
                              "How soon a confirmed publish is answered", a);
  publish->add_option("--subscribers", a->publish.subscribers)
      ->check(CLI::Range(1, 60000))
      ->capture_default_str();
  publish->add_option("--per-second", a->publish.per_second)
      ->check(CLI::Range(0.1, 100000.0))
      ->capture_default_str();
  publish->add_option("--seconds", a->publish.seconds)
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
}

void AddTools(CLI::App* app, Arguments* a) {
  auto* limit = app->add_subcommand(
      "limit-server", "The bare send() loop that others are measured against");
  limit->add_option("--listen", a->limit.listen)->capture_default_str();
  limit->add_flag("--no-coalesce", a->no_coalesce,
                  "One send() per message, not per turn");

  auto* site = app->add_subcommand(
      "site", "Make a site to log in to: site.sqlite and site.json");
  site->add_option("--dir", a->directory)->required();
  site->add_option("--sessions", a->sessions)
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();

  auto* report = app->add_subcommand(
      "report", "Tables from files of JSON lines: medians over the rounds");
  report->add_option("files", a->files)->required()->check(CLI::ExistingFile);
  AddForm(report, a);

  app->add_subcommand("machine", "Describe this machine, for a report");
}

void Print(const std::vector<Measurement>& all, Form form) {
  const std::vector<bench::Table> tables = bench::MakeTables(all);
  switch (form) {
    case Form::kText:
      std::cout << bench::ToText(tables);
      break;
    case Form::kMarkdown:
      std::cout << bench::ToMarkdown(tables);
      break;
    case Form::kJson:
      std::cout << bench::TablesToJson(tables);
      break;
  }
}

int RunScenario(const std::string& name, const Arguments& a) {
  if (a.target.login && a.target.server != "drupalrt") {
    return Fail({ErrorCode::kInvalid, "--login is for the broker alone"});
  }
  std::vector<Measurement> all;
  const auto done = [&](const Measurement& m) {
    // Lines as they come, so that a run that fails late has not lost all.
    if (a.json) std::cout << bench::ToJson(m) << std::endl;
    std::cerr << bench::Describe(m) << std::endl;
    all.push_back(m);
  };
  Status status;
  if (name == "fanout") {
    status = bench::MeasureFanOut(a.target, a.fan_out, done);
  } else if (name == "channels") {
    FanOutOptions options = a.channels;
    options.channels = options.subscribers;
    status = bench::MeasureFanOut(a.target, options, done);
  } else if (name == "idle") {
    status = bench::MeasureIdle(a.target, a.idle, done);
  } else {
    status = bench::MeasurePublish(a.target, a.publish, done);
  }
  if (!a.json) Print(all, a.form());
  if (status.ok()) return 0;
  Error error = status.error();
  error.message = name + " at " + a.target.server + " FAILED: " + error.message;
  return Fail(error);
}

int RunReport(const Arguments& a) {
  std::vector<Measurement> all;
  for (const std::string& file : a.files) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    Result<std::vector<Measurement>> some =
        bench::ParseMeasurements(text.str());
    if (!some.ok()) {
      return Fail({ErrorCode::kInvalid, file + ": " + some.error().message});
    }
    all.insert(all.end(), some->begin(), some->end());
  }
  Print(all, a.form());
  return 0;
}

int Run(const std::string& name, Arguments* a) {
  if (name == "limit-server") {
    a->limit.coalesce = !a->no_coalesce;
    return bench::RunLimitServer(a->limit);
  }
  if (name == "site") {
    Result<std::string> path =
        bench::MakeSiteFixture(a->directory, a->sessions);
    if (!path.ok()) return Fail(path.error());
    std::cout << *path << std::endl;
    return 0;
  }
  if (name == "report") return RunReport(*a);
  if (name == "machine") {
    std::cout << bench::DescribeMachine() << std::endl;
    return 0;
  }
  if (a->target.login) {
    a->target.publisher.site_key = bench::kFixtureKey;
    a->target.publisher.site_secret = bench::kFixtureSecret;
  }
  return RunScenario(name, *a);
}

}  // namespace

int RunBench(int argc, char** argv) {
  Arguments arguments;
  arguments.target.server = "drupalrt";
  arguments.target.publisher.address = "127.0.0.1:8000";
  arguments.target.publisher.socket = DefaultSocket();
  arguments.channels.subscribers = 10000;
  arguments.channels.in_flight = {64};

  CLI::App app(
      "Measures a running server. Every message is checked: all, once, in "
      "order.",
      "drupalrtd bench");
  app.require_subcommand(1);
  AddScenarios(&app, &arguments);
  AddTools(&app, &arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return Run(app.get_subcommands().front()->get_name(), &arguments);
}

}  // namespace rt
