// Serialised values of PHP, made up: what PHP would write, and now and then
// something that it would not. What is made follows from the random numbers.
#pragma once

#include <string>

#include "differential/random.h"

namespace rt {

class Grammar {
 public:
  // `exact`: only what PHP itself would write, in its own spelling, except
  // that the same key may come twice where `repeats`.
  Grammar(Random* random, bool exact);

  std::string PhpSession();           // NAME|value …
  std::string PhpSerializeSession();  // one array
  std::string Value();
  std::string Role();  // a row of configuration
  // Hundreds of kilobytes that cost a careless reader dear. `kind`: 'p' and
  // 's', a session of the one handler and the other; 'r', a role; else a value.
  std::string Large(char kind);

 private:
  void Any(int depth);
  void Array(int depth);
  void Object(int depth);
  void Reference();
  void Odd();
  void Key(size_t index);
  void Text(const std::string& text);
  void Attributes();
  void Uid();
  void Nest();
  void BagValue(const std::string& name);
  std::string Word();
  void Slot(bool object);

  Random* random_;
  bool exact_;
  std::string out_;
  size_t slots_ = 0;
  size_t last_object_ = 0;  // its slot
};

}  // namespace rt
