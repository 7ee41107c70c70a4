#include "broker/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace rt {

namespace {

// Longer names come from nobody's keyboard; comparing them would cost.
constexpr size_t kLongestName = 128;

// Edits (insert, delete, replace a letter) from `a` to `b`.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string_view LastPart(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace

std::string NearestName(std::string_view name,
                        const std::vector<std::string>& known) {
  if (name.empty() || name.size() > kLongestName) return {};
  std::string best;
  // Two letters that changed places are two edits.
  const size_t least = name.size() < 4 ? 1 : 2;
  size_t best_distance = std::max(least, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    const size_t whole = Distance(name, candidate);
    // A right last part in the wrong section is one mistake.
    const size_t part = 1 + Distance(LastPart(name), LastPart(candidate));
    const size_t distance = std::min(whole, part);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string DidYouMean(std::string_view name,
                       const std::vector<std::string>& known) {
  const std::string nearest = NearestName(name, known);
  return nearest.empty() ? "" : " (did you mean \"" + nearest + "\"?)";
}

}  // namespace rt
