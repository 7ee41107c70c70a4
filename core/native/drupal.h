// Drupal's data for C++ programs, read straight from the site's database: who
// a cookie belongs to, what an account may do, what a setting says, whether a
// node may be seen. No PHP runs. Includes the standard library alone; installed
// as <drupalrt/drupal.h> with `pkg-config drupalrt`. Guide: doc/native.md.
//
// A Drupal is thread-safe and its calls block, for milliseconds as a rule and
// for seconds where the database does not answer; AsyncDrupal calls back
// instead. Nothing here throws. Passwords, session ids and session data are
// never handed out, and nothing of an account is ever logged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace drupalrt {

// --- Answers ----------------------------------------------------------------

enum class ErrorCode {
  kInvalid,      // the question is wrong; asked again it fails again
  kNotFound,     // there is no such account, setting or table
  kDenied,       // the site does not let this be read
  kLimit,        // more than a bound allows; ask for less
  kUnavailable,  // the database is away or busy; the same may work later
  kInternal,     // a bug
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // for a human; holds no value of anybody's
};

template <typename T>
class [[nodiscard]] Answer {
 public:
  Answer(T value) : state_(std::move(value)) {}      // NOLINT: implicit
  Answer(Error error) : state_(std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok(). The program ends otherwise.
  [[nodiscard]] const T& operator*() const { return *Get<0>(&state_); }
  [[nodiscard]] T& operator*() { return *Get<0>(&state_); }
  [[nodiscard]] const T* operator->() const { return Get<0>(&state_); }
  [[nodiscard]] T* operator->() { return Get<0>(&state_); }
  // REQUIRES: !ok(). The program ends otherwise.
  [[nodiscard]] const Error& error() const { return *Get<1>(&state_); }

 private:
  template <size_t kIndex, typename State>
  static auto* Get(State* state) {
    auto* held = std::get_if<kIndex>(state);
    if (held == nullptr) std::abort();
    return held;
  }

  std::variant<T, Error> state_;
};

enum class Verdict {
  kAllowed,
  kDenied,
  kUnknown,  // only PHP could tell: take it for "denied", or ask Drupal
};

struct Decision {
  Verdict verdict = Verdict::kUnknown;
  std::string reason;  // in words, such as "role editor grants it"

  [[nodiscard]] bool allowed() const { return verdict == Verdict::kAllowed; }
};

// --- What there is to know --------------------------------------------------

// Who a browser is. Somebody whose account is blocked or gone is a visitor.
struct Visitor {
  uint32_t uid = 0;  // 0: not logged in
  std::string name;
  std::vector<std::string> roles;        // Drupal's ids, for 7 rids
  bool admin = false;                    // holds every permission
  std::vector<std::string> permissions;  // sorted; what the roles grant
  std::string reason;  // why not logged in: "no cookie", "blocked", …

  [[nodiscard]] bool logged_in() const { return uid != 0; }
  [[nodiscard]] bool Has(std::string_view permission) const;
};

struct Account {
  uint32_t uid = 0;  // 0: whoever is not logged in
  std::string name;
  bool active = false;  // not blocked
  // Its roles, also those that one who is blocked would have.
  std::vector<std::string> roles;
};

struct Role {
  std::string id;  // for 7 the rid
  std::string label;
  bool admin = false;  // grants everything
  std::vector<std::string> permissions;
};

struct Session {
  // The first eight characters of the hash that the id is stored under: enough
  // to tell sessions apart, too little to become somebody.
  std::string key_start;
  int64_t timestamp = 0;  // of the last write, in Unix time
  std::string host;       // the address it was written from
  bool https = false;     // known of Drupal 7 only
};

enum class NodeOperation { kView, kUpdate, kDelete };

// A setting's value. Arrays keep PHP's order; their keys are texts, those of a
// list "0", "1", ….
class Value {
 public:
  enum class Type { kNull, kBool, kInt, kDouble, kString, kArray };
  using Items = std::vector<std::pair<std::string, Value>>;

  Value() = default;
  explicit Value(bool value) : value_(value) {}
  explicit Value(int64_t value) : value_(value) {}
  explicit Value(double value) : value_(value) {}
  explicit Value(std::string value) : value_(std::move(value)) {}
  explicit Value(Items items) : value_(std::move(items)) {}

  [[nodiscard]] Type type() const { return static_cast<Type>(value_.index()); }
  [[nodiscard]] bool is_null() const { return type() == Type::kNull; }

  // Null where it is something else: nothing is cast.
  [[nodiscard]] const bool* AsBool() const {
    return std::get_if<bool>(&value_);
  }
  [[nodiscard]] const int64_t* AsInt() const {
    return std::get_if<int64_t>(&value_);
  }
  [[nodiscard]] const double* AsDouble() const {
    return std::get_if<double>(&value_);
  }
  [[nodiscard]] const std::string* AsString() const {
    return std::get_if<std::string>(&value_);
  }
  [[nodiscard]] const Items* AsArray() const {
    return std::get_if<Items>(&value_);
  }
  // What an array holds under `key`; null where it does not.
  [[nodiscard]] const Value* Find(std::string_view key) const;

  // An array whose keys are 0, 1, 2, … becomes a list, others an object.
  // Bytes that are not UTF-8 become U+FFFD, numbers that JSON lacks null.
  [[nodiscard]] std::string ToJson() const;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Items>
      value_;
};

// A read of named columns. Names are checked and quoted, values travel apart
// from the text, so that nothing in them is ever taken for SQL. What proves
// who somebody is cannot be read or compared with: pass and init of accounts;
// sid, ssid and session of sessions.
struct Condition {
  enum class Is {
    kEqual,
    kNotEqual,
    kLess,
    kAtMost,
    kMore,
    kAtLeast,
    kOneOf,
    kNull,
    kNotNull,
  };
  // Equal is what the column's type has equal: "7abc" is no 7, and 0 no word.
  // (The order of text and numbers among each other is the database's.)
  using Operand = std::variant<int64_t, std::string>;

  std::string column;
  Is is = Is::kEqual;
  std::vector<Operand> operands;  // one; for kOneOf some; for the last two none
};

struct Query {
  std::string table;  // as Drupal names it, without prefix
  std::vector<std::string> columns;
  std::vector<Condition> where;  // all of them have to hold
  std::string order_by;          // a column; empty: as the database likes
  bool descending = false;
  size_t limit = 100;
};

// Values as the database spells them, numbers in decimal; nothing for NULL.
using Row = std::vector<std::optional<std::string>>;

// --- Asking -----------------------------------------------------------------

class Drupal {
 public:
  struct Options {
    size_t connections = 4;         // open at a time; above: calls wait
    int64_t wait_ms = 5'000;        // for one of them; then: kUnavailable
    int64_t roles_ttl_ms = 60'000;  // how long who grants what is kept
    int64_t sessions_ttl_ms = 0;    // and whose a session is
  };

  // By the site document that also the broker reads (doc/site.schema.json).
  // kInvalid says what is wrong in it. Nothing is opened yet.
  [[nodiscard]] static Answer<std::unique_ptr<Drupal>> FromDocument(
      std::string_view json, const Options& options);
  [[nodiscard]] static Answer<std::unique_ptr<Drupal>> FromDocument(
      std::string_view json) {
    return FromDocument(json, Options());
  }
  [[nodiscard]] static Answer<std::unique_ptr<Drupal>> FromFile(
      const std::string& path, const Options& options);
  [[nodiscard]] static Answer<std::unique_ptr<Drupal>> FromFile(
      const std::string& path) {
    return FromFile(path, Options());
  }
  ~Drupal();
  Drupal(const Drupal&) = delete;
  Drupal& operator=(const Drupal&) = delete;

  // Who sent `cookie_header` to a page of `host` (empty: the site's first)?
  // kDenied where the site's sessions cannot be read, with the reason.
  [[nodiscard]] Answer<Visitor> WhoIs(std::string_view cookie_header,
                                      std::string_view host, bool https);

  // All sessions of an account, the latest first, at most 1000. kDenied where
  // they are not kept in the database.
  [[nodiscard]] Answer<std::vector<Session>> SessionsOf(uint32_t uid);

  // kNotFound where there is none, or none any more.
  [[nodiscard]] Answer<Account> AccountOf(uint32_t uid);

  // Sorted by id. Permissions as the site document has them, where it does:
  // then overrides in settings.php and access policies are in them.
  [[nodiscard]] Answer<std::vector<Role>> Roles();
  // What these roles grant together, sorted. A role that grants everything
  // adds what is listed for it, as a rule nothing.
  [[nodiscard]] Answer<std::vector<std::string>> PermissionsOf(
      const std::vector<std::string>& roles);

  // Never kUnknown. One who is blocked, or is not there, is denied everything.
  [[nodiscard]] Answer<Decision> Access(std::string_view permission,
                                        uint32_t uid);
  [[nodiscard]] Answer<Decision> Access(std::string_view permission,
                                        const Account& account);

  // A configuration object's value ("system.site", "page.front"), for Drupal 7
  // a variable's; the whole of it where `path` is empty. As it is stored:
  // overrides in settings.php are not seen. kNotFound where it is not there.
  [[nodiscard]] Answer<Value> Config(std::string_view name,
                                     std::string_view path = {});

  // May the account view, update or delete the node (in one of its languages;
  // empty: the one it was written in)? kUnknown wherever a module could decide
  // in PHP: `node_access` in the site document says whether one does.
  [[nodiscard]] Answer<Decision> NodeAccess(uint64_t nid,
                                            NodeOperation operation,
                                            uint32_t uid,
                                            std::string_view langcode = {});

  [[nodiscard]] Answer<std::vector<Row>> Select(const Query& query);

  // Forgets who grants what, and whose sessions are whose.
  void Forget();

 private:
  class Impl;
  explicit Drupal(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

// The same on threads of its own. Each question is answered exactly once,
// whatever happens: also where the queue is full or the object goes away, then
// with kUnavailable.
//
//   async.Ask([](Drupal& drupal) { return drupal.AccountOf(7); },
//             [](Answer<Account> account) { … });
//
// Both are called on one of the threads, `done` within Ask where the queue is
// full. Copies of both are made. Should one of them throw, the answer is
// kInternal, or the exception ends there.
class AsyncDrupal {
 public:
  struct Options {
    int threads = 2;
    size_t queue_limit = 1024;  // questions waiting; above: kUnavailable
  };

  AsyncDrupal(std::shared_ptr<Drupal> drupal, const Options& options);
  explicit AsyncDrupal(std::shared_ptr<Drupal> drupal)
      : AsyncDrupal(std::move(drupal), Options()) {}
  // Waits for the questions that are being answered. Not from within `done`.
  ~AsyncDrupal();
  AsyncDrupal(const AsyncDrupal&) = delete;
  AsyncDrupal& operator=(const AsyncDrupal&) = delete;

  template <typename Question, typename Done>
  void Ask(Question question, Done done) {
    using Reply = std::invoke_result_t<Question&, Drupal&>;
    Post([question = std::move(question), done = std::move(done)](
             Drupal* drupal, const Error* refused) mutable {
      done(refused != nullptr ? Reply(*refused)
                              : Guarded<Reply>(question, drupal));
    });
  }

 private:
  using Job = std::function<void(Drupal* drupal, const Error* refused)>;
  class Impl;

  template <typename Reply, typename Question>
  static Reply Guarded(Question& question, Drupal* drupal) {
    try {
      return question(*drupal);
    } catch (...) {
      return Reply(Error{ErrorCode::kInternal, "the question threw"});
    }
  }
  void Post(Job job);

  std::unique_ptr<Impl> impl_;
};

}  // namespace drupalrt
