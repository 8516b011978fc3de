// What this server remembers between the requests of one caller.

#pragma once

#include <string>

#include "api/recent_turns.h"
#include "store/database.h"
#include "store/seal.h"

namespace melete::api {

struct Memory {
  store::Database* database = nullptr;  // null: nothing is stored
  const store::Seal* seal = nullptr;    // for reasoning that the caller keeps; null: none
  std::string owner{};                  // a digest of the caller's key; empty where there is none
  const RecentTurns* turns = nullptr;   // of the caller's connection; null: it keeps none
};

}  // namespace melete::api
