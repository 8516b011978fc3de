#include "loop/checkpoint.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <torch/serialize/archive.h>
#include <unistd.h>

#include <exception>
#include <system_error>
#include <utility>

namespace melete::train {

namespace {

// What is written to `file` is on disk when this returns true.
bool sync(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY);
  if (descriptor < 0) return false;
  const bool synced = fsync(descriptor) == 0;
  close(descriptor);
  return synced;
}

bool write_archive(torch::serialize::OutputArchive& archive, const std::filesystem::path& file) {
  try {
    archive.save_to(file.string());
  } catch (const std::exception&) {
    return false;  // libtorch's text names its own sources, not the cause
  }
  return sync(file);
}

torch::Tensor as_tensor(const Progress& progress) {
  return torch::tensor(
      {progress.step, progress.tokens, static_cast<int64_t>(progress.next_example)});
}

Result<void> check_weights(const std::filesystem::path& file, const Model& model,
                           torch::serialize::InputArchive& weights) {
  for (const Parameter& parameter : model.parameters().all()) {
    torch::Tensor saved;
    if (weights.try_read(parameter.name, saved) && saved.sizes() == parameter.value.sizes()) {
      continue;
    }
    return fail(ErrorCode::Conflict,
                fmt::format("{} is of another model: its weight {} is missing or has another "
                            "shape. Choose the size it was made with, or another folder.",
                            file.string(), parameter.name),
                file.string());
  }
  return {};
}

void restore_weights(Model& model, torch::serialize::InputArchive& weights) {
  const torch::NoGradGuard guard;
  for (const Parameter& parameter : model.parameters().all()) {
    torch::Tensor saved;
    weights.read(parameter.name, saved);
    torch::Tensor(parameter.value).copy_(saved);
  }
}

}  // namespace

Result<void> save_checkpoint(const std::filesystem::path& file, const Model& model,
                             const Optimiser& optimiser, const Progress& progress) {
  torch::serialize::OutputArchive weights;
  for (const Parameter& parameter : model.parameters().all()) {
    weights.write(parameter.name, parameter.value.detach());
  }
  torch::serialize::OutputArchive memory;
  optimiser.save(memory);
  torch::serialize::OutputArchive archive;
  archive.write("weights", weights);
  archive.write("optimiser", memory);
  archive.write("progress", as_tensor(progress));
  std::filesystem::path part = file;
  part += ".part";
  std::error_code problem;
  if (write_archive(archive, part)) {
    std::filesystem::rename(part, file, problem);
    if (!problem && sync(file.parent_path())) return {};
  }
  std::filesystem::remove(part, problem);
  return fail(
      ErrorCode::StorageFull,
      fmt::format("The checkpoint {} cannot be written after step {}: make room on the disk "
                  "and start again; the last one is whole.",
                  file.string(), progress.step),
      file.string());
}

Result<Progress> load_checkpoint(const std::filesystem::path& file, Model& model,
                                 Optimiser& optimiser) {
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(file.string());
    torch::serialize::InputArchive weights;
    torch::serialize::InputArchive memory;
    torch::Tensor numbers;
    archive.read("weights", weights);
    archive.read("optimiser", memory);
    archive.read("progress", numbers);
    if (const Result<void> fits = check_weights(file, model, weights); !fits) {
      return std::unexpected(fits.error());
    }
    restore_weights(model, weights);
    optimiser.load(memory);
    return Progress{.step = numbers[0].item<int64_t>(),
                    .tokens = numbers[1].item<int64_t>(),
                    .next_example = static_cast<uint64_t>(numbers[2].item<int64_t>())};
  } catch (const std::exception&) {
    return fail(
        ErrorCode::Corrupt,
        fmt::format("{} is damaged or no checkpoint: remove it to begin anew.", file.string()),
        file.string());
  }
}

}  // namespace melete::train
