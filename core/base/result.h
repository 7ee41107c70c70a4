// Failure as a value. A function that can fail returns Result<T>, or Status
// where there is nothing to return. The codes are few and chosen by what the
// caller does next, not by where the failure came from.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace rt {

enum class ErrorCode {
  kInvalid,      // the input is wrong; the same input fails again
  kNotFound,     // no such thing; the caller may go on without it
  kDenied,       // known, and not allowed
  kLimit,        // a bound was reached; less of it works
  kUnavailable,  // a service is away; the same call may work later
  kInternal,     // a bug or a broken machine
};

// The code's lower-case name, for logs.
[[nodiscard]] const char* ErrorCodeName(ErrorCode code);

// A failure: its code, and a sentence for a human that says what to change.
struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  [[nodiscard]] const T& value() const& {
    RT_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T& value() & {
    RT_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    RT_CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }
  [[nodiscard]] T* operator->() { return &value(); }

  // REQUIRES: !ok().
  [[nodiscard]] const Error& error() const {
    RT_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

// Result without a value: ok unless made from an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : failed_(true), error_(std::move(error)) {}  // NOLINT

  [[nodiscard]] bool ok() const { return !failed_; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: !ok().
  [[nodiscard]] const Error& error() const {
    RT_CHECK(failed_);
    return error_;
  }

 private:
  bool failed_ = false;
  Error error_;
};

}  // namespace rt
