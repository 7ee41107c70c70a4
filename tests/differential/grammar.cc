#include "differential/grammar.h"

#include <algorithm>
#include <vector>

namespace rt {

namespace {

using std::string_literals::operator""s;

const std::string kWords[] = {
    "",
    "0",
    "uid",
    "name",
    "status",
    "_sf2_attributes",
    "permissions",
    "is_admin",
    "access content",
    "Ünï;\"}{ cødé 🙂",
    "\0*\0string"s,
    "a|b",
    "s:3:\"uid\";s:1:\"1\";",
    "\xff\0\xfe"s,
    "12",
    "-3",
    "007",
    "e\u0301\u202e",
};

const std::string kClasses[] = {
    "stdClass",
    "Drupal\\Core\\Render\\Markup",
    "A",
    "Drupal\\user\\Entity\\User",
    "Gr\xc3\xb6\xc3\x9f\x65",
    "A_1",
};

const std::string kDoubles[] = {
    "0",    "-0",  "1.5", "0.1",    "1.0E+100",
    "-INF", "INF", "NAN", "3.0E-7", "123456789012345680",
};

// Spelt as PHP does not spell it; most of it PHP takes.
const std::string kOddities[] = {
    "i:+5;",
    "i:-0;",
    "i:007;",
    "i:9223372036854775807;",
    "i:9223372036854775808;",
    "i:99999999999999999999;",
    "d:.5;",
    "d:1.;",
    "d:1e5;",
    "d:+1.E-3;",
    "d:1e400;",
    "d:;",
    "b:2;",
    "S:3:\"\\75id\";",
    "S:1:\"6\";",
    "s:1:\"a\"",
    "s:99:\"a\";",
    "s:-1:\"a\";",
    "N:",
    "r:0;",
    "R:1;",
    "r:1;",
    "R:2;",
    "r:3;",
    "R:99;",
    "r:-1;",
    "a:1000000000:{}",
    "a:-1:{}",
    "a:1:{}",
    "O:1:\"A\":99999999:{}",
    "O:0:\"\":0:{}",
    "O:3:\"a b\":0:{}",
    "O:8:\"stdClass\":1:{i:0;i:1;}",
    "C:1:\"A\":0:{}",
    "C:1:\"A\":2:{a:}",
    "C:1:\"A\":9:{}",
    "C:3:\"a b\":0:{}",
    "E:6:\"Suit:X\";",
    "E:4:\"Suit\";",
    "E:5:\"A b:C\";",
    "x:1;",
    "o:1:\"A\":0:{}",
    "}",
    "",
};

const std::string kUids[] = {
    "i:1;",
    "i:7;",
    "s:1:\"1\";",
    "s:2:\"42\";",
    "i:4294967295;",
    "s:10:\"4294967295\";",
    "s:6:\"123456\";",
    "i:0;",
    "s:1:\"0\";",
    "N;",
};

const std::string kOddUids[] = {
    "i:4294967296;",
    "s:10:\"4294967296\";",
    "i:-1;",
    "s:2:\"-1\";",
    "s:2:\"01\";",
    "s:2:\"+1\";",
    "s:2:\" 1\";",
    "s:2:\"1 \";",
    "s:2:\"1\n\";",
    "s:3:\"1e1\";",
    "s:3:\"0x1\";",
    "d:1;",
    "d:1.5;",
    "b:1;",
    "b:0;",
    "a:1:{i:0;i:1;}",
    "O:1:\"A\":0:{}",
    "s:2:\"1\0\";"s,
    "s:11:\"99999999999\";",
    "S:1:\"1\";",
    "S:1:\"\\31\";",
    "i:18446744073709551617;",
    "s:0:\"\";",
    "E:11:\"Suit:Hearts\";",
    "R:1;",
    "R:2;",
    "r:2;",
    "R:3;",
};

}  // namespace

Grammar::Grammar(Random* random, bool exact) : random_(random), exact_(exact) {}

void Grammar::Slot(bool object) {
  ++slots_;
  if (object) last_object_ = slots_;
}

std::string Grammar::Word() {
  if (!random_->OneIn(4)) return random_->Of(kWords);
  std::string word(random_->Below(random_->OneIn(20) ? 5000 : 30), '\0');
  for (char& c : word) c = static_cast<char>(random_->Next());
  return word;
}

void Grammar::Text(const std::string& text) {
  out_ += "s:" + std::to_string(text.size()) + ":\"" + text + "\";";
}

void Grammar::Key(size_t index) {
  if (random_->OneIn(2)) {
    out_ += "i:" + std::to_string(index) + ";";
    return;
  }
  if (!exact_ && random_->OneIn(8)) {
    out_ += random_->Of(kOddities);
    return;
  }
  // No two the same, but where spelling is no matter.
  std::string word = Word();
  if (exact_ || !random_->OneIn(4)) word += "#" + std::to_string(index);
  Text(word);
}

void Grammar::Array(int depth) {
  const size_t count = random_->Below(depth > 0 ? 5 : 1);
  out_ += "a:" + std::to_string(count) + ":{";
  for (size_t i = 0; i < count; ++i) {
    Key(!exact_ && random_->OneIn(8) ? i / 2 : i);
    Any(depth - 1);
  }
  out_ += "}";
}

void Grammar::Object(int depth) {
  const std::string& name = random_->Of(kClasses);
  const size_t count = random_->Below(depth > 0 ? 4 : 1);
  out_ += "O:" + std::to_string(name.size()) + ":\"" + name +
          "\":" + std::to_string(count) + ":{";
  for (size_t i = 0; i < count; ++i) {
    std::string property = "p" + std::to_string(i);
    if (random_->OneIn(3)) property = "\0*\0"s + property;
    Text(property);
    Any(depth - 1);
  }
  out_ += "}";
}

void Grammar::Reference() {
  if (slots_ > 0 && last_object_ > 0 && random_->OneIn(2)) {
    const size_t target = last_object_;
    Slot(true);
    out_ += "r:" + std::to_string(target) + ";";
  } else if (slots_ > 0) {
    out_ += "R:" + std::to_string(1 + random_->Below(slots_)) + ";";
  } else {
    Slot(false);
    out_ += "N;";
  }
}

void Grammar::Odd() {
  Slot(false);
  out_ += random_->Of(kOddities);
}

// As deep as PHP goes, a little less, or a little more.
void Grammar::Nest() {
  size_t depth = random_->Below(200);
  if (random_->OneIn(3)) depth = 4090 + random_->Below(exact_ ? 4 : 12);
  for (size_t i = 0; i < depth; ++i) {
    Slot(false);
    out_ += "a:1:{i:0;";
  }
  Slot(false);
  out_ += "N;" + std::string(depth, '}');
}

void Grammar::Any(int depth) {
  const size_t kind = random_->Below(24);
  if (!exact_ && random_->OneIn(12)) return Odd();
  if (kind < 5) {
    Slot(false);
    return Array(depth);
  }
  if (kind < 7) {
    Slot(true);
    return Object(depth);
  }
  if (kind == 7) return Reference();
  if (kind == 8 && random_->OneIn(20)) return Nest();
  if (kind == 9) {
    Slot(true);
    const std::string name = random_->OneIn(2) ? "Suit" : "Demo\\Suit";
    out_ +=
        "E:" + std::to_string(name.size() + 7) + ":\"" + name + ":Hearts\";";
    return;
  }
  Slot(false);
  if (kind < 12) {
    out_ += "i:" +
            std::to_string(
                static_cast<int64_t>(random_->Next() >> random_->Below(64))) +
            ";";
  } else if (kind < 14) {
    out_ += "d:" + random_->Of(kDoubles) + ";";
  } else if (kind < 16) {
    out_ += random_->OneIn(2) ? "b:1;" : "b:0;";
  } else if (kind == 16) {
    out_ += "N;";
  } else {
    Text(Word());
  }
}

void Grammar::Uid() {
  Slot(false);
  if (random_->OneIn(4)) {
    out_ += random_->Of(kOddUids);
  } else {
    out_ += random_->Of(kUids);
  }
}

void Grammar::Attributes() {
  Slot(false);
  const size_t before = random_->Below(3);
  const size_t behind = random_->Below(3);
  const size_t uids = exact_ || !random_->OneIn(6) ? 1 : random_->Below(4);
  out_ += "a:" + std::to_string(before + uids + behind) + ":{";
  for (size_t i = 0; i < before; ++i) {
    Key(i);
    Any(3);
  }
  for (size_t i = 0; i < uids; ++i) {
    Text("uid");
    Uid();
  }
  for (size_t i = 0; i < behind; ++i) {
    Key(before + i);
    Any(3);
  }
  out_ += "}";
}

void Grammar::BagValue(const std::string& name) {
  if (name == "_sf2_attributes" && !random_->OneIn(10)) {
    Attributes();
  } else {
    Any(4);
  }
}

std::string Grammar::PhpSession() {
  std::vector<std::string> names = {"_sf2_meta", "_sf2_attributes",
                                    "_symfony_flashes", "x"};
  std::rotate(names.begin(), names.begin() + random_->Below(4), names.end());
  names.resize(2 + random_->Below(3));
  if (!exact_ && random_->OneIn(5)) names.emplace_back("_sf2_attributes");
  if (!exact_ && random_->OneIn(9)) names.insert(names.begin(), "");
  for (const std::string& name : names) {
    out_ += name + "|";
    BagValue(name);
  }
  return out_;
}

std::string Grammar::PhpSerializeSession() {
  std::vector<std::string> names = {"_sf2_meta", "_sf2_attributes", "x"};
  std::rotate(names.begin(), names.begin() + random_->Below(3), names.end());
  names.resize(1 + random_->Below(3));
  if (!exact_ && random_->OneIn(5)) names.emplace_back("_sf2_attributes");
  Slot(false);
  out_ = "a:" + std::to_string(names.size()) + ":{";
  for (const std::string& name : names) {
    Text(name);
    BagValue(name);
  }
  return out_ += "}";
}

std::string Grammar::Value() {
  Any(6);
  return out_;
}

std::string Grammar::Role() {
  const size_t before = random_->Below(3);
  const size_t lists = exact_ || !random_->OneIn(8) ? 1 : 2;
  Slot(false);
  out_ = "a:" + std::to_string(before + 1 + lists) + ":{";
  for (size_t i = 0; i < before; ++i) {
    Key(i);
    Any(2);
  }
  Text("is_admin");
  const std::string kFlags[] = {"N;",         "b:0;", "b:1;",   "i:1;",
                                "s:1:\"0\";", "d:0;", "a:0:{}", "s:3:\"yes\";"};
  if (exact_ || !random_->OneIn(4)) {
    Slot(false);
    out_ += random_->Of(kFlags);
  } else {
    Any(2);
  }
  for (size_t list = 0; list < lists; ++list) {
    Text("permissions");
    if (!exact_ && random_->OneIn(10)) {
      Any(3);
      continue;
    }
    const size_t count = random_->Below(random_->OneIn(20) ? 500 : 12);
    Slot(false);
    out_ += "a:" + std::to_string(count) + ":{";
    for (size_t i = 0; i < count; ++i) {
      const bool same = !exact_ && random_->OneIn(6);
      const std::string index = std::to_string(same ? i / 2 : i);
      if (!exact_ && random_->OneIn(6)) {
        Text(index);
      } else {
        out_ += "i:" + index + ";";
      }
      if (!exact_ && random_->OneIn(10)) {
        Any(1);
      } else {
        Slot(false);
        Text(Word());
      }
    }
    out_ += "}";
  }
  return out_ += "}";
}

std::string Grammar::Large(char kind) {
  const size_t bytes = random_->Below(random_->OneIn(4) ? 4 << 20 : 200 << 10);
  const size_t shape = random_->Below(6);
  std::string pairs;
  size_t count = 0;
  while (pairs.size() < bytes) {
    const std::string key = "i:" + std::to_string(count) + ";";
    const std::string same = "s:" + std::to_string(1 + count % 9) + ":\"" +
                             std::string(1 + count % 9, 'a') + "\";";
    const std::string slot = std::to_string(3 + random_->Below(count + 1));
    const std::string values[] = {"N;",
                                  "R:3;",
                                  "R:" + slot + ";",
                                  "a:1:{i:0;N;}",
                                  count == 0 ? "O:1:\"A\":0:{}" : "r:3;",
                                  "s:1:\"p\";"};
    pairs += (random_->OneIn(8) ? same : key) + values[shape];
    ++count;
  }
  const std::string list = "a:" + std::to_string(count) + ":{" + pairs + "}";
  const std::string attributes =
      "a:2:{s:1:\"l\";" + list + "s:3:\"uid\";s:1:\"6\";}";
  switch (kind) {
    case 'p':
      return "_sf2_attributes|" + attributes;
    case 's':
      return "a:1:{s:15:\"_sf2_attributes\";" + attributes + "}";
    case 'r':
      return "a:2:{s:8:\"is_admin\";N;s:11:\"permissions\";" + list + "}";
    default:
      return list;
  }
}

}  // namespace rt
