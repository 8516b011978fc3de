// SQLite lets its system calls be replaced, one by one, for tests such as these.

#include "store/full_disk.h"

#include <sqlite3.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>
#include <initializer_list>

namespace melete::store {

namespace {

ssize_t no_space(int /*file*/, const void* /*bytes*/, size_t /*count*/) {
  errno = ENOSPC;
  return -1;
}

ssize_t no_space_there(int /*file*/, const void* /*bytes*/, size_t /*count*/, off_t /*place*/) {
  errno = ENOSPC;
  return -1;
}

// Null puts back what was there.
void set_call(const char* name, sqlite3_syscall_ptr call) {
  sqlite3_vfs* const files = sqlite3_vfs_find(nullptr);
  files->xSetSystemCall(files, name, call);
}

}  // namespace

FullDisk::FullDisk() {
  set_call("write", reinterpret_cast<sqlite3_syscall_ptr>(no_space));
  set_call("pwrite", reinterpret_cast<sqlite3_syscall_ptr>(no_space_there));
  set_call("pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(no_space_there));
}

FullDisk::~FullDisk() {
  for (const char* name : {"write", "pwrite", "pwrite64"}) set_call(name, nullptr);
}

}  // namespace melete::store
