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
    kArray,      // `count` pairs follow, then its end
    kObject,     // the same; `text` is the class
    kEnum,       // `text` is Class:Case
    kCustom,     // a legacy Serializable of the class `text`
    kEscaped,    // an S: string; what it says is not looked at
    kReference,  // R: or r: to the slot `integer`; `boolean`: r:, an object
  };

  Type type = Type::kNull;
  bool boolean = false;
  int64_t integer = 0;
  double number = 0;
  std::string_view text;
  uint64_t count = 0;

  // As PHP's (bool) has it, where it is seen without looking further: of
  // references and escaped strings it is not, and they are false.
  [[nodiscard]] bool truthy() const;
};

class PhpReader {
 public:
  // Above each of these: no value. They keep what is read, by whomever it was
  // written, below 10 ms; the first is PHP's own (unserialize_max_depth).
  static constexpr uint64_t kMaxDepth = 4096;
  static constexpr uint64_t kMaxSlots = 100'000;
  static constexpr uint64_t kMaxReferences = 10'000;
  static constexpr size_t kMaxNameBytes = 1024;     // a class, an enum's case
  static constexpr size_t kMaxEscapedBytes = 4096;  // of an S:
  // Whole data; for who has it to ask first.
  static constexpr size_t kMaxBytes = 4 << 20;

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

  // Slots so far: what references count. The last value has this number, if
  // it is not an R:.
  [[nodiscard]] uint64_t slots() const { return slots_; }
  // Whether there was a reference; see drupal/php_references.h.
  [[nodiscard]] bool referred() const { return references_ > 0; }
  // Whether there was an enum's case.
  [[nodiscard]] bool enumerated() const { return enumerated_; }

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
  [[nodiscard]] bool TakeClass(std::string_view* name);
  [[nodiscard]] bool TakeCustom(PhpValue* value);
  [[nodiscard]] bool TakeReference(PhpValue* value);

  std::string_view rest_;
  uint64_t slots_ = 0;
  uint64_t depth_ = 0;  // arrays and objects that are open
  uint64_t references_ = 0;
  bool enumerated_ = false;
};

}  // namespace rt
