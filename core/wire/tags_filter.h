// The tags filter of a subscription (`tf`): a tree that a subscriber sends, and
// whether a publication's tags pass it. Pure values, any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace rt {

// The client protocol's FilterNode; the fields in the order of its numbers.
// A leaf has no `op` and compares the tag `key`; an inner node has `nodes`.
struct FilterNode {
  std::string op;                 // "" for a leaf, else and, or, not
  std::string key;                // of a leaf: the tag's name
  std::string cmp;                // of a leaf: eq neq in nin ex nex sw ew ct
                                  // lt lte gt gte
  std::string val;                // what all but in, nin, ex, nex compare with
  std::vector<std::string> vals;  // what in and nin compare with
  std::vector<FilterNode> nodes;  // of and, or: one or more; of not: one

  bool operator==(const FilterNode&) const = default;
};

// Is it a tree of the form above, within kMaxFilterDepth, kMaxFilterNodes and
// kMaxFilterValues? If not, the subscription is refused with error 107.
[[nodiscard]] bool IsValidFilter(const FilterNode& filter);

// Do the tags pass? An absent tag is neither equal to anything nor in any list.
// lt, lte, gt and gte compare decimal numbers of any length exactly ("-1.50",
// "+3", no exponent); where one of the two is none, they are false.
// REQUIRES: IsValidFilter(filter).
[[nodiscard]] bool Matches(const FilterNode& filter,
                           const std::map<std::string, std::string>& tags);

}  // namespace rt
