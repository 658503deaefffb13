// A part of a write that may fail without the rest of it.
#pragma once
#include <functional>

#include "storage/database.h"

namespace meridian::storage {

// Calls the function. When it throws, what its statements changed is undone, the exception comes out here and
// the write can go on. It asks for neither send nor after_commit, and attempts nothing itself. Throws
// internal when nothing can go on: the error has undone the write.
void attempt(Transaction& transaction, const std::function<void()>& function);

}  // namespace meridian::storage
