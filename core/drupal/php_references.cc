#include "drupal/php_references.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "drupal/php_key.h"
#include "drupal/php_serialize.h"

namespace rt {

namespace {

using Type = PhpValue::Type;

// An array or object that is open.
struct Level {
  uint64_t left = 0;  // pairs
  uint64_t id = 0;
};

// A place in one; a level's id of 0: a session variable, which has no rivals.
struct Place {
  uint64_t level = 0;
  PhpKey key;

  bool operator<(const Place& other) const {
    return std::tie(level, key) < std::tie(other.level, other.key);
  }
};

// Goes through all values and tells the visitor of each with its place.
// `visitor->At` is called before the value is read, `visitor->Value` behind
// its head; false from either ends it.
template <typename Visitor>
class Walk {
 public:
  Walk(std::string_view bytes, Visitor* visitor)
      : reader_(bytes), visitor_(visitor) {}

  bool All(PhpLayout layout) {
    if (layout == PhpLayout::kValue) return One() && reader_.at_end();
    while (!reader_.at_end()) {
      const size_t bar = reader_.rest().find('|');
      if (bar == std::string_view::npos) return false;
      reader_.Advance(bar + 1);
      if (!One()) return false;
    }
    return true;
  }

 private:
  // A whole value.
  bool One() {
    if (!Head(Place())) return false;
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.left == 0) {
        levels_.pop_back();
        if (!reader_.ReadEnd()) return false;
        continue;
      }
      --level.left;
      PhpValue key;
      if (!reader_.ReadKey(&key)) return false;
      if (!Head({level.id, PhpKeyOf(key)})) return false;
    }
    return true;
  }

  bool Head(const Place& place) {
    PhpValue value;
    visitor_->At(place);
    if (!reader_.Read(&value)) return false;
    if (!visitor_->Value(value, reader_.slots(), place)) return false;
    if (value.type == Type::kArray || value.type == Type::kObject) {
      levels_.push_back({value.count, ++ids_});
    }
    return true;
  }

  PhpReader reader_;
  Visitor* visitor_;
  std::vector<Level> levels_;
  uint64_t ids_ = 0;
};

struct Collector {
  std::vector<uint64_t> slots;

  void At(const Place&) {}
  bool Value(const PhpValue& value, uint64_t, const Place&) {
    if (value.type == Type::kReference) {
      slots.push_back(static_cast<uint64_t>(value.integer));
    }
    return true;
  }
};

class Judge {
 public:
  // `slots`: those referred to, sorted, each once.
  explicit Judge(const std::vector<uint64_t>& slots) {
    targets_.reserve(slots.size());
    for (const uint64_t slot : slots) targets_.push_back({slot});
  }

  void At(const Place& place) {
    const auto found = places_.find(place);
    if (found != places_.end()) targets_[found->second].good = false;
  }

  bool Value(const PhpValue& value, uint64_t slot, const Place& place) {
    if (value.type == Type::kReference && !Holds(value)) return false;
    if (value.type == Type::kReference && !value.boolean) return true;
    if (next_ == targets_.size() || targets_[next_].slot != slot) {
      opaque_ = opaque_ || value.type == Type::kCustom;
      return true;
    }
    Target& target = targets_[next_];
    target.good = !opaque_;
    opaque_ = opaque_ || value.type == Type::kCustom;
    target.object = value.type == Type::kObject || value.type == Type::kEnum ||
                    value.type == Type::kCustom ||
                    value.type == Type::kReference;
    if (place.level != 0) places_[place] = next_;
    ++next_;
    return true;
  }

 private:
  struct Target {
    uint64_t slot = 0;
    bool good = false;  // has come, and still is what it was
    bool object = false;
  };

  bool Holds(const PhpValue& reference) const {
    const auto slot = static_cast<uint64_t>(reference.integer);
    const auto target = std::lower_bound(
        targets_.begin(), targets_.end(), slot,
        [](const Target& a, uint64_t number) { return a.slot < number; });
    return target->good && (target->object || !reference.boolean);
  }

  std::vector<Target> targets_;
  size_t next_ = 0;  // of the targets, the one that comes next
  std::map<Place, size_t> places_;
  bool opaque_ = false;
};

}  // namespace

bool PhpReferencesHold(std::string_view bytes, PhpLayout layout) {
  Collector collector;
  if (!Walk(bytes, &collector).All(layout)) return false;
  std::vector<uint64_t>& slots = collector.slots;
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
  if (slots.empty()) return true;
  Judge judge(slots);
  return Walk(bytes, &judge).All(layout);
}

}  // namespace rt
