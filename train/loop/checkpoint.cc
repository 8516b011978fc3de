#include "loop/checkpoint.h"

#include <fmt/format.h>
#include <torch/serialize/archive.h>

#include <exception>
#include <sstream>
#include <string>
#include <utility>

#include "model/eye_positions.h"
#include "models/partial_file.h"

namespace melete::train {

namespace {

// By way of memory: libtorch's own writer of files ends the process where the disk is full.
std::string bytes_of(torch::serialize::OutputArchive& archive) {
  std::ostringstream out;
  archive.save_to(out);
  return std::move(out).str();
}

torch::Tensor as_tensor(const Progress& progress) {
  return torch::tensor(
      {progress.step, progress.tokens, static_cast<int64_t>(progress.next_example)});
}

// The weights alone may be those of a model with another eye; a run goes on with its own.
enum class Taking { Run, Weights };

Result<void> check_weights(const std::filesystem::path& file, const Model& model,
                           torch::serialize::InputArchive& weights, Taking taking) {
  for (const Parameter& parameter : model.parameters().all()) {
    torch::Tensor saved;
    if (weights.try_read(parameter.name, saved) &&
        (saved.sizes() == parameter.value.sizes() ||
         (taking == Taking::Weights && may_stretch(model.config(), parameter, saved.sizes())))) {
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

Result<void> restore_weights(const std::filesystem::path& file, Model& model,
                             torch::serialize::InputArchive& archive, Taking taking) {
  torch::serialize::InputArchive weights;
  archive.read("weights", weights);
  if (Result<void> fits = check_weights(file, model, weights, taking); !fits) return fits;
  const torch::NoGradGuard guard;
  for (const Parameter& parameter : model.parameters().all()) {
    torch::Tensor saved;
    weights.read(parameter.name, saved);
    const bool fits = saved.sizes() == parameter.value.sizes();
    torch::Tensor(parameter.value).copy_(fits ? saved : stretched(saved, parameter.value.size(0)));
  }
  return {};
}

std::string memory_of(torch::serialize::InputArchive& archive) {
  c10::IValue memory;
  return archive.try_read("memory", memory) ? memory.toStringRef() : std::string();
}

std::unexpected<Error> damaged(const std::filesystem::path& file) {
  return fail(ErrorCode::Corrupt,
              fmt::format("{} is damaged, or no checkpoint of such a run: choose another folder, "
                          "or remove it to begin anew.",
                          file.string()),
              file.string());
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
  if (!progress.memory.empty()) archive.write("memory", c10::IValue(progress.memory));
  if (const Result<void> written = models::write_file_atomically(file, bytes_of(archive));
      !written) {
    return fail(ErrorCode::StorageFull,
                fmt::format("Step {} is not kept, the last checkpoint is whole: {}", progress.step,
                            written.error().message),
                file.string());
  }
  return {};
}

Result<Progress> load_checkpoint(const std::filesystem::path& file, Model& model,
                                 Optimiser& optimiser) {
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(file.string(), model.device());
    torch::serialize::InputArchive memory;
    torch::Tensor numbers;
    archive.read("optimiser", memory);
    archive.read("progress", numbers);
    const Result<void> restored = restore_weights(file, model, archive, Taking::Run);
    if (!restored) {
      return std::unexpected(restored.error());
    }
    optimiser.load(memory);
    return Progress{.step = numbers[0].item<int64_t>(),
                    .tokens = numbers[1].item<int64_t>(),
                    .next_example = static_cast<uint64_t>(numbers[2].item<int64_t>()),
                    .memory = memory_of(archive)};
  } catch (const std::exception&) {
    return damaged(file);
  }
}

Result<void> load_weights(const std::filesystem::path& file, Model& model) {
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(file.string(), model.device());
    return restore_weights(file, model, archive, Taking::Weights);
  } catch (const std::exception&) {
    return damaged(file);
  }
}

}  // namespace melete::train
