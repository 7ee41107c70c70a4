// Reads what PHP's serialize() writes, a value at a time. Pure: allocates
// nothing, never reads past the bytes it was given, and takes time linear in
// them, whatever counts and lengths they claim. A reader refers to the bytes,
// which must outlive it and every string_view it hands out.
//
//   N;  b:1;  i:-7;  d:1.5;  s:3:"abc";  a:COUNT:{KEY VALUE …}
//   and, to be stepped over: O: C: E: S: r: R:
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rt {

struct PhpValue {
  enum class Type {
    kNull,
    kBool,
    kInt,
    kDouble,
    kString,
    kArray,   // `count` pairs follow, then its end
    kObject,  // the same; `text` is the class
    kOther,   // an enum case, a legacy Serializable, an escaped string
    kReference
  };

  Type type = Type::kNull;
  bool boolean = false;
  int64_t integer = 0;
  double number = 0;
  std::string_view text;
  uint64_t count = 0;

  // As PHP's (bool) has it; objects and references are true.
  [[nodiscard]] bool truthy() const;
};

class PhpReader {
 public:
  static constexpr int kMaxDepth = 128;

  explicit PhpReader(std::string_view bytes) : rest_(bytes) {}

  // Reads one value, of an array or object only the head: the caller then
  // either calls Skip, or reads each of `count` pairs and the end. False on
  // bytes that are no value; the reader is then good for nothing more.
  [[nodiscard]] bool Read(PhpValue* value);
  // A key: kInt or kString.
  [[nodiscard]] bool ReadKey(PhpValue* key);
  [[nodiscard]] bool ReadEnd();  // the closing brace

  // Steps over what is left of a value whose head was just read.
  [[nodiscard]] bool Skip(const PhpValue& head);

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  // For formats that put something between values.
  void Advance(size_t bytes) { rest_.remove_prefix(bytes); }

 private:
  [[nodiscard]] bool Take(char c);
  [[nodiscard]] bool TakeInt(int64_t* value);
  [[nodiscard]] bool TakeLength(uint64_t* value);
  [[nodiscard]] bool TakeDouble(double* value);
  [[nodiscard]] bool TakeQuoted(std::string_view* text);
  [[nodiscard]] bool TakeEscaped();
  [[nodiscard]] bool TakeHead(PhpValue* value);
  [[nodiscard]] bool TakeReference();

  std::string_view rest_;
  uint64_t slots_ = 0;   // values so far: what references may name
  bool opaque_ = false;  // a C: may have made slots that we don't see
};

}  // namespace rt
