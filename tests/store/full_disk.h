// A disk without space, as the databases of this process see it.

#pragma once

namespace melete::store {

// From its beginning to its end no database of this process can write to its files.
class FullDisk {
 public:
  FullDisk();
  ~FullDisk();
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
};

}  // namespace melete::store
