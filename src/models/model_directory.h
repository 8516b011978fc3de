// The directory that holds pulled models: for each one its GGUF file, perhaps a projector file, and
// a manifest NAME.json that is written last. A model exists once its manifest does.
//
// A GGUF file that a person puts there without a manifest counts as a model named after the file,
// unless its name has "mmproj" in it. A file NAME.mmproj.gguf beside NAME.gguf is its projector.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace melete::models {

// What the engine needs to load a model.
struct ModelFiles {
  std::string name;
  std::filesystem::path model;
  std::filesystem::path projector;  // empty: text only
};

// NAME.mmproj.gguf beside the file NAME.gguf, wherever that is; empty where there is no such file.
std::filesystem::path projector_beside(const std::filesystem::path& model);

// One file of a model, as its manifest records it.
struct StoredFile {
  std::string file;  // its name in the directory
  int64_t bytes = 0;
  std::string sha256;
};

struct Manifest {
  std::string name;
  std::string source;  // where it came from, for people
  StoredFile model;
  std::optional<StoredFile> projector;
};

// Thread-safe, also between processes: files appear and go by atomic renames.
class ModelDirectory {
 public:
  // `path` need not exist yet.
  explicit ModelDirectory(std::filesystem::path path);

  // $MELETE_MODELS, else $XDG_DATA_HOME/melete/models, else ~/.local/share/melete/models.
  static ModelDirectory standard();

  const std::filesystem::path& path() const { return path_; }

  // Makes the directory. Fails with StorageFull where that is not possible.
  Result<void> create() const;

  // Every model, by name. Manifests whose file is gone are left out.
  std::vector<Manifest> list() const;

  // The model of this name, or nothing.
  std::optional<Manifest> find(std::string_view name) const;

  // The same, for a model with a manifest only.
  std::optional<Manifest> find_pulled(std::string_view name) const;

  ModelFiles files_of(const Manifest& manifest) const;

  // Makes a model known whose files are in place.
  Result<void> add(const Manifest& manifest) const;

  // Removes the model and those of its files that no other model uses; returns the bytes freed.
  // Fails with NotFound.
  Result<int64_t> remove(std::string_view name) const;

 private:
  std::filesystem::path path_;
};

}  // namespace melete::models
