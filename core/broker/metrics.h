// The broker's figures in the text form that Prometheus reads, named in the
// manner of Centrifugo's. Main thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "broker/api.h"
#include "broker/link_server.h"
#include "broker/worker.h"

namespace rt {

struct MetricsSources {
  const std::vector<std::unique_ptr<Worker>>* workers = nullptr;
  const Sequencer* sequencer = nullptr;
  const IdentityService* identities = nullptr;
  const LinkServer* links = nullptr;
  const Api* api = nullptr;
  const WorkerShared* shared = nullptr;
  const SiteRegistry* sites = nullptr;
};

[[nodiscard]] std::string MetricsText(const MetricsSources& sources,
                                      const Api::NodeInfo& node);

}  // namespace rt
