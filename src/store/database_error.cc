#include "store/database_error.h"

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace melete::store {

namespace {

// SQLite's codes; an extended code has further bits above the lowest eight.
Error error_of_code(int code, const std::string& message) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::Overloaded,
              "The database is locked by another program: try again, or end what holds it."};
    case SQLITE_FULL:
      return {ErrorCode::StorageFull, "There is no space left for the database: free some."};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {ErrorCode::StorageFull,
              "The database cannot be written: make its file and folder writable for this user."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::Corrupt,
              "The database is damaged or its file is no database: put a copy in its place, or "
              "name another file."};
    case SQLITE_CONSTRAINT:
      return {ErrorCode::Conflict, "An entry with this id is there already: choose another id."};
    case SQLITE_TOOBIG:
      return {ErrorCode::TooLarge,
              "This is more than the database keeps in one entry: shorten it."};
    case SQLITE_NOMEM:
      return {ErrorCode::Overloaded, "There is no memory left for the database: try again later."};
    case SQLITE_CANTOPEN:
      return {ErrorCode::Unavailable,
              "The database cannot be opened: its folder must exist, and this user must be allowed "
              "to write there."};
    case SQLITE_IOERR:
      return {
          ErrorCode::Unavailable,
          fmt::format("The database cannot be read or written ({}): check its disk and its quota.",
                      message)};
    default:
      return {ErrorCode::Internal, fmt::format("The database failed: {}.", message)};
  }
}

}  // namespace

Error error_of(const std::exception& thrown) {
  // Not what(): that shows the values that were bound.
  if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&thrown)) {
    return error_of_code(sqlite->result(), sqlite->get_error_message());
  }
  if (const auto* soci = dynamic_cast<const soci::soci_error*>(&thrown)) {
    return {ErrorCode::Internal,
            fmt::format("The database failed: {}.", soci->get_error_message())};
  }
  return {ErrorCode::Internal, fmt::format("The database failed: {}.", thrown.what())};
}

}  // namespace melete::store
