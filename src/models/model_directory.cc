// The directory of pulled models.

#include "models/model_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

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
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto json = parse_json(text);
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

bool mentions(const std::vector<Manifest>& manifests, std::string_view file) {
  return std::any_of(manifests.begin(), manifests.end(), [&](const Manifest& manifest) {
    return manifest.model.file == file || (manifest.projector && manifest.projector->file == file);
  });
}

}  // namespace

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
  std::vector<Manifest> manifests;
  std::vector<fs::path> ggufs;
  std::error_code failed;
  for (fs::directory_iterator it(path_, failed), end; !failed && it != end; it.increment(failed)) {
    const fs::path& file = it->path();
    if (file.extension() == ".gguf") ggufs.push_back(file);
    if (file.extension() != ".json" || file.string().ends_with(".part.json")) continue;
    auto manifest = read_manifest(file);
    std::error_code ignored;
    if (manifest && fs::exists(path_ / manifest->model.file, ignored)) {
      manifests.push_back(std::move(*manifest));
    }
  }
  for (const fs::path& file : ggufs) {
    if (mentions(manifests, file.filename().string())) continue;
    std::error_code ignored;
    const auto bytes = static_cast<int64_t>(fs::file_size(file, ignored));
    manifests.push_back({file.stem().string(),
                         "put there by hand",
                         {file.filename().string(), bytes, ""},
                         std::nullopt});
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
  std::vector<Manifest> others = list();
  std::erase_if(others, [&](const Manifest& other) { return other.name == name; });
  std::vector<std::string> unused = {manifest->model.file};
  if (manifest->projector) unused.push_back(manifest->projector->file);
  int64_t freed = 0;
  for (const std::string& file : unused) {
    if (mentions(others, file)) continue;
    const auto bytes = fs::file_size(path_ / file, failed);
    if (!failed && fs::remove(path_ / file, failed)) freed += static_cast<int64_t>(bytes);
  }
  return freed;
}

}  // namespace melete::models
