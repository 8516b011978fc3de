// The schema, as the steps that led to it.

#pragma once

#include <span>

#include "store/migrations.h"

namespace melete::store {

// A step that was released is never changed: a new one is added behind it.
std::span<const Migration> schema_steps();

}  // namespace melete::store
