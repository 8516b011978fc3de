// Finding a model by what a person typed.

#include "models/model_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace melete::models {
namespace {

// Levenshtein's distance: single-character edits between two names.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

// The known name that is most like `wanted`, or nothing when none is close.
std::string closest_name(const ModelLibrary& library, std::string_view wanted) {
  std::vector<std::string> names;
  for (const Entry& entry : library.catalogue.entries()) names.push_back(entry.name);
  for (const Manifest& manifest : library.directory.list()) names.push_back(manifest.name);
  std::string best;
  size_t best_distance = wanted.size() / 2 + 1;
  for (const std::string& name : names) {
    const bool begins = name.starts_with(wanted) && wanted.size() >= 3;
    const size_t beginning = edit_distance(name.substr(0, wanted.size()), wanted);
    const size_t distance = begins ? 0 : std::min(edit_distance(name, wanted), beginning);
    if (distance >= best_distance) continue;
    best = name;
    best_distance = distance;
  }
  return best;
}

// The file that came with Melete, or nothing.
std::optional<std::filesystem::path> shipped_file(const Download& download) {
  std::error_code ignored;
  for (const Source& source : download.sources) {
    const auto* local = std::get_if<FileSource>(&source);
    if (local == nullptr || !local->shipped) continue;
    if (std::filesystem::is_regular_file(local->file, ignored)) return local->file;
  }
  return std::nullopt;
}

std::optional<ModelFiles> shipped_files(const Entry& entry) {
  const auto model = shipped_file(entry.model);
  if (!model) return std::nullopt;
  if (!entry.projector) return ModelFiles{entry.name, *model, {}};
  const auto projector = shipped_file(*entry.projector);
  return projector ? std::optional(ModelFiles{entry.name, *model, *projector}) : std::nullopt;
}

}  // namespace

Result<ModelLibrary> ModelLibrary::open() {
  auto catalogue = Catalogue::load();
  if (!catalogue) return std::unexpected(catalogue.error());
  return ModelLibrary{std::move(*catalogue), ModelDirectory::standard()};
}

Result<ModelFiles> ModelLibrary::resolve(std::string_view wanted) const {
  if (const auto manifest = directory.find(wanted)) return directory.files_of(*manifest);

  const std::filesystem::path file(wanted);
  std::error_code ignored;
  if (wanted.find('/') != std::string_view::npos || wanted.ends_with(".gguf")) {
    if (std::filesystem::is_regular_file(file, ignored))
      return ModelFiles{file.stem().string(), file, projector_beside(file)};
    return fail(ErrorCode::NotFound, fmt::format("there is no file {}", wanted), "model");
  }
  if (const Entry* entry = catalogue.find(wanted)) {
    if (auto files = shipped_files(*entry)) return *files;
    return fail(ErrorCode::NotFound,
                fmt::format("the model {} is not on this machine yet: run `melete pull {}`", wanted,
                            wanted),
                "model");
  }
  const std::string close = closest_name(*this, wanted);
  return fail(ErrorCode::NotFound,
              fmt::format("there is no model {}{}: `melete list` shows what there is", wanted,
                          close.empty() ? "" : fmt::format(" (did you mean {}?)", close)),
              "model");
}

}  // namespace melete::models
