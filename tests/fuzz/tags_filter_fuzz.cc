// Property: a filter of any shape is either refused or decides in bounded time;
// its negation decides the other way, and of two numbers one order holds at
// most. The input draws the tree.
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "wire/tags_filter.h"

namespace rt {
namespace {

class Drawn {
 public:
  explicit Drawn(std::string_view bytes) : rest_(bytes) {}

  uint8_t Byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    return byte;
  }

  std::string Text() {
    const std::string_view text = rest_.substr(0, Byte() % 8);
    rest_.remove_prefix(text.size());
    return std::string(text);
  }

  FilterNode Node(size_t depth) {
    constexpr const char* kOps[] = {"", "", "and", "or", "not", "xor"};
    constexpr const char* kComparisons[] = {"eq",  "neq", "in",  "nin", "ex",
                                            "nex", "sw",  "ew",  "ct",  "lt",
                                            "lte", "gt",  "gte", "?"};
    FilterNode node;
    node.op = kOps[Byte() % 6];
    if (node.op.empty()) {
      node.key = Byte() % 4 == 0 ? "b" : "a";
      node.cmp = kComparisons[Byte() % 14];
      const bool list = node.cmp == "in" || node.cmp == "nin";
      if (!list && node.cmp != "ex" && node.cmp != "nex") node.val = Text();
      for (size_t i = list ? Byte() % 4 : 0; i > 0; --i) {
        node.vals.push_back(Text());
      }
    } else if (depth < 2 * kMaxFilterDepth) {
      const size_t children = node.op == "not" ? 1 : Byte() % 4;
      for (size_t i = 0; i < children && !rest_.empty(); ++i) {
        node.nodes.push_back(Node(depth + 1));
      }
    }
    return node;
  }

 private:
  std::string_view rest_;
};

bool Compare(const char* cmp, const std::string& value,
             const std::map<std::string, std::string>& tags) {
  FilterNode leaf;
  leaf.key = "a";
  leaf.cmp = cmp;
  leaf.val = value;
  return Matches(leaf, tags);
}

void Run(std::string_view input) {
  Drawn drawn(input);
  std::map<std::string, std::string> tags;
  tags["a"] = drawn.Text();
  const std::string value = drawn.Text();

  const bool less = Compare("lt", value, tags);
  const bool greater = Compare("gt", value, tags);
  RT_CHECK(!less || !greater);
  const bool numbers =
      Compare("lte", value, tags) || Compare("gte", value, tags);
  RT_CHECK(numbers || (!less && !greater));
  RT_CHECK(Compare("lte", value, tags) == (numbers && !greater));
  RT_CHECK(Compare("gte", value, tags) == (numbers && !less));
  RT_CHECK(Compare("eq", value, tags) != Compare("neq", value, tags));

  const FilterNode filter = drawn.Node(1);
  if (!IsValidFilter(filter)) return;
  FilterNode negated;
  negated.op = "not";
  negated.nodes = {filter};
  RT_CHECK(Matches(filter, tags) != Matches(negated, tags));
}

}  // namespace
}  // namespace rt

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  rt::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
