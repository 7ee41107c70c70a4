#include "wire/tags_filter.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/limits.h"

namespace rt {

namespace {

enum class Comparison {
  kEqual,
  kNotEqual,
  kIn,
  kNotIn,
  kExists,
  kNotExists,
  kStartsWith,
  kEndsWith,
  kContains,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
};

struct ComparisonName {
  std::string_view name;
  Comparison comparison;
};

constexpr ComparisonName kComparisons[] = {
    {"eq", Comparison::kEqual},
    {"neq", Comparison::kNotEqual},
    {"in", Comparison::kIn},
    {"nin", Comparison::kNotIn},
    {"ex", Comparison::kExists},
    {"nex", Comparison::kNotExists},
    {"sw", Comparison::kStartsWith},
    {"ew", Comparison::kEndsWith},
    {"ct", Comparison::kContains},
    {"lt", Comparison::kLess},
    {"lte", Comparison::kLessOrEqual},
    {"gt", Comparison::kGreater},
    {"gte", Comparison::kGreaterOrEqual},
};

std::optional<Comparison> FindComparison(std::string_view name) {
  for (const ComparisonName& known : kComparisons) {
    if (known.name == name) return known.comparison;
  }
  return std::nullopt;
}

// --- Decimal numbers --------------------------------------------------------

// A decimal without its sign and without the zeros that mean nothing, so that
// two are compared as texts. Views of the text it was read from.
struct Decimal {
  bool negative = false;
  std::string_view whole;     // no leading zeros
  std::string_view fraction;  // no trailing zeros
};

std::string_view TakeDigits(std::string_view* text) {
  size_t count = 0;
  while (count < text->size() && (*text)[count] >= '0' &&
         (*text)[count] <= '9') {
    ++count;
  }
  const std::string_view digits = text->substr(0, count);
  text->remove_prefix(count);
  return digits;
}

std::optional<Decimal> ParseDecimal(std::string_view text) {
  Decimal decimal;
  if (text.starts_with('-') || text.starts_with('+')) {
    decimal.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  decimal.whole = TakeDigits(&text);
  if (decimal.whole.empty()) return std::nullopt;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    decimal.fraction = TakeDigits(&text);
    if (decimal.fraction.empty()) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  while (decimal.whole.starts_with('0')) decimal.whole.remove_prefix(1);
  while (decimal.fraction.ends_with('0')) decimal.fraction.remove_suffix(1);
  if (decimal.whole.empty() && decimal.fraction.empty()) {
    decimal.negative = false;
  }
  return decimal;
}

// Below, at or above zero as `a` is less than, equal to or greater than `b`.
int Compare(const Decimal& a, const Decimal& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int result = 0;
  if (a.whole.size() != b.whole.size()) {
    result = a.whole.size() < b.whole.size() ? -1 : 1;
  } else {
    result = a.whole.compare(b.whole);
    // A shorter fraction that the longer one begins with is the smaller.
    if (result == 0) result = a.fraction.compare(b.fraction);
  }
  return a.negative ? -result : result;
}

bool CompareNumbers(Comparison comparison, std::string_view tag,
                    std::string_view value) {
  const std::optional<Decimal> left = ParseDecimal(tag);
  const std::optional<Decimal> right = ParseDecimal(value);
  if (!left.has_value() || !right.has_value()) return false;
  const int order = Compare(*left, *right);
  if (comparison == Comparison::kLess) return order < 0;
  if (comparison == Comparison::kLessOrEqual) return order <= 0;
  if (comparison == Comparison::kGreater) return order > 0;
  return order >= 0;
}

// --- The tree ---------------------------------------------------------------

bool IsValidLeaf(const FilterNode& leaf) {
  if (leaf.key.empty() || !leaf.nodes.empty()) return false;
  const std::optional<Comparison> comparison = FindComparison(leaf.cmp);
  if (!comparison.has_value()) return false;
  if (*comparison == Comparison::kIn || *comparison == Comparison::kNotIn) {
    return leaf.val.empty() && !leaf.vals.empty();
  }
  if (!leaf.vals.empty()) return false;
  if (*comparison == Comparison::kExists ||
      *comparison == Comparison::kNotExists) {
    return leaf.val.empty();
  }
  return !leaf.val.empty();
}

struct Size {
  size_t nodes = 0;
  size_t values = 0;
};

bool IsValidNode(const FilterNode& node, size_t depth, Size* size) {
  size->values += node.vals.size();
  if (++size->nodes > kMaxFilterNodes || size->values > kMaxFilterValues ||
      depth > kMaxFilterDepth) {
    return false;
  }
  if (node.op.empty()) return IsValidLeaf(node);
  if (!node.key.empty() || !node.cmp.empty() || !node.val.empty() ||
      !node.vals.empty()) {
    return false;
  }
  if (node.op == "not") {
    if (node.nodes.size() != 1) return false;
  } else if ((node.op != "and" && node.op != "or") || node.nodes.empty()) {
    return false;
  }
  return std::all_of(node.nodes.begin(), node.nodes.end(),
                     [&](const FilterNode& child) {
                       return IsValidNode(child, depth + 1, size);
                     });
}

bool MatchesLeaf(const FilterNode& leaf,
                 const std::map<std::string, std::string>& tags) {
  const std::optional<Comparison> comparison = FindComparison(leaf.cmp);
  if (!comparison.has_value()) return false;
  const auto found = tags.find(leaf.key);
  const bool there = found != tags.end();
  const std::string_view tag = there ? found->second : std::string_view();
  const auto listed = [&] {
    return there && std::find(leaf.vals.begin(), leaf.vals.end(), tag) !=
                        leaf.vals.end();
  };
  switch (*comparison) {
    case Comparison::kEqual:
      return there && tag == leaf.val;
    case Comparison::kNotEqual:
      return !there || tag != leaf.val;
    case Comparison::kIn:
      return listed();
    case Comparison::kNotIn:
      return !listed();
    case Comparison::kExists:
      return there;
    case Comparison::kNotExists:
      return !there;
    case Comparison::kStartsWith:
      return there && tag.starts_with(leaf.val);
    case Comparison::kEndsWith:
      return there && tag.ends_with(leaf.val);
    case Comparison::kContains:
      return there && tag.find(leaf.val) != std::string_view::npos;
    case Comparison::kLess:
    case Comparison::kLessOrEqual:
    case Comparison::kGreater:
    case Comparison::kGreaterOrEqual:
      return there && CompareNumbers(*comparison, tag, leaf.val);
  }
  return false;
}

}  // namespace

bool IsValidFilter(const FilterNode& filter) {
  Size size;
  return IsValidNode(filter, 1, &size);
}

bool Matches(const FilterNode& filter,
             const std::map<std::string, std::string>& tags) {
  if (filter.op.empty()) return MatchesLeaf(filter, tags);
  const auto matches = [&](const FilterNode& child) {
    return Matches(child, tags);
  };
  if (filter.op == "and") {
    return std::all_of(filter.nodes.begin(), filter.nodes.end(), matches);
  }
  const bool any =
      std::any_of(filter.nodes.begin(), filter.nodes.end(), matches);
  return filter.op == "not" ? !any : any;
}

}  // namespace rt
