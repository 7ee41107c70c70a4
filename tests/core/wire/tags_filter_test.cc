#include "wire/tags_filter.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace rt {
namespace {

using Tags = std::map<std::string, std::string>;

FilterNode Leaf(std::string cmp, std::string val = "", std::string key = "k") {
  FilterNode node;
  node.key = std::move(key);
  node.cmp = std::move(cmp);
  node.val = std::move(val);
  return node;
}

FilterNode List(std::string cmp, std::vector<std::string> vals) {
  FilterNode node = Leaf(std::move(cmp));
  node.vals = std::move(vals);
  return node;
}

FilterNode Inner(std::string op, std::vector<FilterNode> nodes) {
  FilterNode node;
  node.op = std::move(op);
  node.nodes = std::move(nodes);
  return node;
}

// Does a publication with this one tag pass?
bool Passes(const FilterNode& filter, const std::string& value) {
  EXPECT_TRUE(IsValidFilter(filter));
  return Matches(filter, {{"k", value}, {"other", "x"}});
}

bool PassesWithout(const FilterNode& filter) {
  EXPECT_TRUE(IsValidFilter(filter));
  return Matches(filter, {{"other", "x"}});
}

TEST(TagsFilter, ComparesTexts) {
  EXPECT_TRUE(Passes(Leaf("eq", "red"), "red"));
  EXPECT_FALSE(Passes(Leaf("eq", "red"), "redder"));
  EXPECT_FALSE(Passes(Leaf("neq", "red"), "red"));
  EXPECT_TRUE(Passes(Leaf("neq", "red"), "blue"));
  EXPECT_TRUE(Passes(Leaf("sw", "re"), "red"));
  EXPECT_FALSE(Passes(Leaf("sw", "ed"), "red"));
  EXPECT_TRUE(Passes(Leaf("ew", "ed"), "red"));
  EXPECT_FALSE(Passes(Leaf("ew", "re"), "red"));
  EXPECT_TRUE(Passes(Leaf("ct", "e"), "red"));
  EXPECT_FALSE(Passes(Leaf("ct", "x"), "red"));
}

TEST(TagsFilter, LooksIntoLists) {
  EXPECT_TRUE(Passes(List("in", {"red", "blue"}), "blue"));
  EXPECT_FALSE(Passes(List("in", {"red", "blue"}), "green"));
  EXPECT_FALSE(Passes(List("nin", {"red", "blue"}), "blue"));
  EXPECT_TRUE(Passes(List("nin", {"red", "blue"}), "green"));
}

TEST(TagsFilter, AnAbsentTagIsUnequalToEverything) {
  EXPECT_FALSE(PassesWithout(Leaf("eq", "x")));
  EXPECT_TRUE(PassesWithout(Leaf("neq", "x")));
  EXPECT_FALSE(PassesWithout(List("in", {"", "x"})));
  EXPECT_TRUE(PassesWithout(List("nin", {"", "x"})));
  for (const char* cmp : {"sw", "ew", "ct", "lt", "lte", "gt", "gte"}) {
    EXPECT_FALSE(PassesWithout(Leaf(cmp, "0"))) << cmp;
  }
  EXPECT_FALSE(PassesWithout(Leaf("ex")));
  EXPECT_TRUE(PassesWithout(Leaf("nex")));
}

TEST(TagsFilter, AnEmptyTagIsThere) {
  EXPECT_TRUE(Passes(Leaf("ex"), ""));
  EXPECT_FALSE(Passes(Leaf("nex"), ""));
  EXPECT_TRUE(Passes(List("in", {""}), ""));
  EXPECT_FALSE(Passes(Leaf("lt", "1"), ""));
}

// `cmp` is what holds between the tag and the value besides its opposites.
void ExpectOrder(const std::string& tag, char sign, const std::string& value) {
  const auto passes = [&](const char* cmp) {
    return Passes(Leaf(cmp, value), tag);
  };
  const std::string what = tag + sign + value;
  EXPECT_EQ(passes("lt"), sign == '<') << what;
  EXPECT_EQ(passes("lte"), sign == '<' || sign == '=') << what;
  EXPECT_EQ(passes("gt"), sign == '>') << what;
  EXPECT_EQ(passes("gte"), sign == '>' || sign == '=') << what;
}

TEST(TagsFilter, ComparesNumbersAsNumbers) {
  ExpectOrder("9", '<', "10");
  ExpectOrder("10", '=', "10.0");
  ExpectOrder("010", '=', "10");
  ExpectOrder("+3", '=', "3");
  ExpectOrder("-0", '=', "0.00");
  ExpectOrder("-2", '<', "-1.99");
  ExpectOrder("-10", '<', "-9");
  ExpectOrder("-1", '<', "1");
  ExpectOrder("0.1", '>', "0.09");
  ExpectOrder("0.12", '<', "0.121");
  ExpectOrder("1.5", '>', "1.49999");
}

TEST(TagsFilter, NumbersOfAnyLengthAreExact) {
  const std::string nines(400, '9');
  ExpectOrder(nines, '<', "1" + std::string(400, '0'));
  ExpectOrder(nines, '>', nines.substr(0, 399) + "8");
  ExpectOrder("9007199254740993", '>', "9007199254740992");
  ExpectOrder("0." + nines, '<', "1");
  ExpectOrder("-0." + nines, '<', "-0." + nines.substr(1));
}

TEST(TagsFilter, WhatIsNoNumberComparesWithNone) {
  for (const char* not_one :
       {"abc", " 1", "1 ", "1e3", "0x1", ".5", "1.", "-", "+", "1.2.3", "1,5",
        "--1", "NaN", "Infinity", "1\xd9\xa1"}) {
    ExpectOrder(not_one, '?', "1");
    ExpectOrder("1", '?', not_one);
  }
}

TEST(TagsFilter, JoinsConditions) {
  const FilterNode red = Leaf("eq", "red", "color");
  const FilterNode big = Leaf("gte", "10", "size");
  const Tags both = {{"color", "red"}, {"size", "11"}};
  const Tags one = {{"color", "red"}, {"size", "9"}};
  const Tags neither = {};

  const FilterNode all = Inner("and", {red, big});
  EXPECT_TRUE(Matches(all, both));
  EXPECT_FALSE(Matches(all, one));
  EXPECT_FALSE(Matches(all, neither));

  const FilterNode any = Inner("or", {red, big});
  EXPECT_TRUE(Matches(any, both));
  EXPECT_TRUE(Matches(any, one));
  EXPECT_FALSE(Matches(any, neither));

  const FilterNode none = Inner("not", {any});
  EXPECT_FALSE(Matches(none, one));
  EXPECT_TRUE(Matches(none, neither));
  EXPECT_TRUE(Matches(Inner("and", {red, Inner("not", {big})}), one));
}

TEST(TagsFilter, RefusesWhatIsNoTree) {
  FilterNode with_nodes = Leaf("eq", "v");
  with_nodes.nodes = {Leaf("ex")};
  FilterNode with_cmp = Inner("and", {Leaf("ex")});
  with_cmp.cmp = "eq";
  FilterNode list_with_val = List("in", {"a"});
  list_with_val.val = "b";
  FilterNode leaf_with_list = Leaf("eq", "v");
  leaf_with_list.vals = {"a"};
  const FilterNode wrong[] = {
      {},                   // nothing at all
      Leaf("eq", "v", ""),  // no key
      Leaf("eq"),           // nothing to compare with
      Leaf(""),             // no comparison
      Leaf("EQ", "v"),      // unknown ones
      Leaf("regex", "v"),   //
      Leaf("ex", "v"),      // takes no value
      Leaf("in", "v"),      // takes a list
      List("in", {}),       // with something in it
      List("eq", {"v"}),    // takes no list
      with_nodes,           // a leaf with branches
      with_cmp,             // a branch that compares
      list_with_val,        //
      leaf_with_list,       //
      Inner("and", {}),     // of nothing
      Inner("or", {}),      //
      Inner("not", {}),     //
      Inner("xor", {Leaf("ex")}),
      Inner("not", {Leaf("ex"), Leaf("ex")}),
      Inner("and", {Leaf("ex"), Leaf("")}),
      Inner("not", {Inner("or", {Leaf("ex"), {}})}),
  };
  for (const FilterNode& filter : wrong) {
    EXPECT_FALSE(IsValidFilter(filter)) << &filter - wrong;
  }
}

// --- Bounds -----------------------------------------------------------------

FilterNode Nested(size_t levels) {
  FilterNode filter = Leaf("ex");
  while (--levels > 0) filter = Inner("not", {std::move(filter)});
  return filter;
}

TEST(TagsFilter, IsBoundedInDepthNodesAndValues) {
  EXPECT_TRUE(IsValidFilter(Nested(kMaxFilterDepth)));
  EXPECT_FALSE(IsValidFilter(Nested(kMaxFilterDepth + 1)));

  std::vector<FilterNode> leaves(kMaxFilterNodes - 1, Leaf("ex"));
  EXPECT_TRUE(IsValidFilter(Inner("or", leaves)));
  leaves.push_back(Leaf("ex"));
  EXPECT_FALSE(IsValidFilter(Inner("or", leaves)));

  const FilterNode half =
      List("in", std::vector<std::string>(kMaxFilterValues / 2, "v"));
  EXPECT_TRUE(IsValidFilter(Inner("or", {half, half})));
  EXPECT_FALSE(IsValidFilter(Inner("or", {half, half, List("in", {"v"})})));
}

}  // namespace
}  // namespace rt
