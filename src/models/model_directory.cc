// The directory of pulled models.

#include "models/model_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "base/file_content.h"
#include "base/json.h"
#include "models/partial_file.h"
#include "models/user_directories.h"

namespace melete::models {
namespace fs = std::filesystem;
namespace {

Json file_to_json(const StoredFile& file) {
  return {{"file", file.file}, {"bytes", file.bytes}, {"sha256", file.sha256}};
}

// A manifest can be edited by hand; a file outside the directory is not believed.
std::optional<StoredFile> file_from_json(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  StoredFile file;
  const auto name = json.find("file");
  const auto bytes = json.find("bytes");
  const auto sha256 = json.find("sha256");
  if (name == json.end() || !name->is_string()) return std::nullopt;
  file.file = name->get<std::string>();
  if (bytes != json.end() && bytes->is_number_integer()) file.bytes = bytes->get<int64_t>();
  if (sha256 != json.end() && sha256->is_string()) file.sha256 = sha256->get<std::string>();
  if (file.file.empty() || file.file.find('/') != std::string::npos) return std::nullopt;
  return file;
}

std::optional<Manifest> read_manifest(const fs::path& file) {
  const auto json = parse_json(file_content(file).value_or(""));
  if (!json || !json->is_object() || !json->contains("model")) return std::nullopt;
  auto model = file_from_json((*json)["model"]);
  if (!model) return std::nullopt;
  Manifest manifest;
  manifest.name = file.stem().string();
  const auto source = json->find("source");
  if (source != json->end() && source->is_string()) manifest.source = source->get<std::string>();
  manifest.model = std::move(*model);
  if (json->contains("projector")) manifest.projector = file_from_json((*json)["projector"]);
  return manifest;
}

bool uses(const Manifest& manifest, std::string_view file) {
  return manifest.model.file == file || (manifest.projector && manifest.projector->file == file);
}

std::vector<fs::path> files_with_ending(const fs::path& directory, std::string_view ending) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator it(directory, failed), end; !failed && it != end;
       it.increment(failed)) {
    if (it->path().string().ends_with(ending)) files.push_back(it->path());
  }
  return files;
}

StoredFile stored_file(const fs::path& file) {
  std::error_code ignored;
  return {file.filename().string(), static_cast<int64_t>(fs::file_size(file, ignored)), ""};
}

// The manifests of a directory whose model file is there.
std::vector<Manifest> read_manifests(const fs::path& directory) {
  std::vector<Manifest> manifests;
  for (const fs::path& file : files_with_ending(directory, ".json")) {
    auto manifest = read_manifest(file);
    std::error_code ignored;
    if (manifest && fs::exists(directory / manifest->model.file, ignored)) {
      manifests.push_back(std::move(*manifest));
    }
  }
  return manifests;
}

}  // namespace

fs::path projector_beside(const fs::path& model) {
  fs::path file = model;
  file.replace_extension(".mmproj.gguf");
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) ? file : fs::path();
}

ModelDirectory::ModelDirectory(fs::path path) : path_(std::move(path)) {}

ModelDirectory ModelDirectory::standard() {
  const char* chosen = std::getenv("MELETE_MODELS");
  if (chosen && *chosen) return ModelDirectory(chosen);
  return ModelDirectory(user_data_directory() / "models");
}

Result<void> ModelDirectory::create() const {
  std::error_code failed;
  fs::create_directories(path_, failed);
  if (!failed && fs::is_directory(path_, failed)) return {};
  return fail(
      ErrorCode::StorageFull,
      fmt::format("the model directory {} cannot be made: {}: set MELETE_MODELS to a directory "
                  "that you may write",
                  path_.string(), failed ? failed.message() : "something else is there"),
      path_.string());
}

std::vector<Manifest> ModelDirectory::list() const {
  std::vector<Manifest> manifests = read_manifests(path_);
  const size_t pulled = manifests.size();
  for (const fs::path& file : files_with_ending(path_, ".gguf")) {
    const std::string name = file.filename().string();
    const auto end = manifests.begin() + static_cast<std::ptrdiff_t>(pulled);
    const bool is_known = std::any_of(
        manifests.begin(), end, [&](const Manifest& manifest) { return uses(manifest, name); });
    if (is_known || name.find("mmproj") != std::string::npos) continue;
    Manifest manifest{file.stem().string(), "put there by hand", stored_file(file), {}};
    const fs::path projector = projector_beside(file);
    if (!projector.empty()) manifest.projector = stored_file(projector);
    manifests.push_back(std::move(manifest));
  }
  std::sort(manifests.begin(), manifests.end(),
            [](const Manifest& a, const Manifest& b) { return a.name < b.name; });
  return manifests;
}

std::optional<Manifest> ModelDirectory::find(std::string_view name) const {
  for (Manifest& manifest : list()) {
    if (manifest.name == name) return std::move(manifest);
  }
  return std::nullopt;
}

std::optional<Manifest> ModelDirectory::find_pulled(std::string_view name) const {
  if (name.find('/') != std::string_view::npos) return std::nullopt;
  auto manifest = read_manifest(path_ / (std::string(name) + ".json"));
  std::error_code ignored;
  if (!manifest || !fs::exists(path_ / manifest->model.file, ignored)) return std::nullopt;
  return manifest;
}

ModelFiles ModelDirectory::files_of(const Manifest& manifest) const {
  ModelFiles files{manifest.name, path_ / manifest.model.file, {}};
  if (manifest.projector) files.projector = path_ / manifest.projector->file;
  return files;
}

Result<void> ModelDirectory::add(const Manifest& manifest) const {
  Json json = {{"source", manifest.source}, {"model", file_to_json(manifest.model)}};
  if (manifest.projector) json["projector"] = file_to_json(*manifest.projector);
  return write_file_atomically(path_ / (manifest.name + ".json"), write_json(json) + "\n");
}

Result<int64_t> ModelDirectory::remove(std::string_view name) const {
  const auto manifest = find(name);
  if (!manifest) {
    return fail(ErrorCode::NotFound,
                fmt::format("there is no model {} in {}: `melete list` shows what there is", name,
                            path_.string()),
                "model");
  }
  std::error_code failed;
  fs::remove(path_ / (manifest->name + ".json"), failed);
  const std::vector<Manifest> others = read_manifests(path_);
  std::vector<std::string> unused = {manifest->model.file};
  if (manifest->projector) unused.push_back(manifest->projector->file);
  int64_t freed = 0;
  for (const std::string& file : unused) {
    const bool is_used = std::any_of(others.begin(), others.end(),
                                     [&](const Manifest& other) { return uses(other, file); });
    if (is_used) continue;
    const auto bytes = fs::file_size(path_ / file, failed);
    if (!failed && fs::remove(path_ / file, failed)) freed += static_cast<int64_t>(bytes);
  }
  return freed;
}

}  // namespace melete::models
