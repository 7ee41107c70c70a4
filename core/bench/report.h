// Tables from measurements: medians over the rounds, and how each server
// stands to the bare loop. That ratio is taken within a round, because the
// speed of a shared machine drifts more from round to round than servers
// differ. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/measurement.h"

namespace rt::bench {

struct Table {
  std::string title;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

// One table per scenario that was measured, in the order above, and one with
// the aims of the project and whether they are met.
[[nodiscard]] std::vector<Table> MakeTables(
    const std::vector<Measurement>& measurements);

[[nodiscard]] std::string ToText(const std::vector<Table>& tables);
[[nodiscard]] std::string ToMarkdown(const std::vector<Table>& tables);
// An array of {"title":…,"rows":[{head: cell, …}, …]}.
[[nodiscard]] std::string TablesToJson(const std::vector<Table>& tables);

// REQUIRES: values is not empty. The mean of the middle two of an even number.
[[nodiscard]] double Median(std::vector<double> values);

}  // namespace rt::bench
