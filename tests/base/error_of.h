// The error that something ends with.
#pragma once
#include <optional>

#include "base/error.h"

namespace meridian {

template <class Function>
std::optional<Error> error_of(Function&& function) {
  try {
    function();
    return {};
  } catch (const Error& error) {
    return error;
  }
}

template <class Function>
std::optional<ErrorCode> code_of(Function&& function) {
  const std::optional<Error> error = error_of(function);
  return error ? std::optional(error->code()) : std::nullopt;
}

}  // namespace meridian
