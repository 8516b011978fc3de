// What a database throws, as errors with a way out.
//
// Overloaded: locked for longer than the busy time. StorageFull: no space left, or not writable.
// Unavailable: it cannot be opened, read or written, or its file is gone. Corrupt: damaged, or no
// database. Conflict: a row with this key is there already. Nothing of what was stored is told.

#pragma once

#include <exception>

#include "base/error.h"

namespace melete::store {

// The error that `thrown`, an exception of SOCI or of the standard library, stands for.
Error error_of(const std::exception& thrown);

}  // namespace melete::store
