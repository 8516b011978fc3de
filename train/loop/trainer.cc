#include "loop/trainer.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <utility>

#include "data/packing.h"
#include "loop/gradients.h"

namespace melete::train {

Trainer::Trainer(Model& model, Optimiser& optimiser, const BatchSource& source,
                 const Schedule& schedule, torch::ScalarType type, const Progress& progress,
                 Group& group)
    : model_(model),
      optimiser_(optimiser),
      schedule_(schedule),
      type_(type),
      progress_(progress),
      group_(group),
      batches_(source, progress.next_example) {}

// Gradients are by now the same in all ranks, but a weight may be broken in one: then that is the
// cause.
Error Trainer::cause_of(const Error& error, double loss) {
  const Result<void> weights = group_.agree(check_weights(model_, progress_.step + 1, loss));
  return weights ? error : weights.error();
}

Error Trainer::unlike_data() const {
  return {
      ErrorCode::Conflict,
      fmt::format("In step {} the parts of the batch do not add up to it, so the ranks have read "
                  "different data: give all of them the same settings and files.",
                  progress_.step + 1),
      "files"};
}

// This rank's part of the mean over all that the step teaches.
StepSums Trainer::add_gradients(const PackedRows& packed, int64_t all_taught) {
  optimiser_.clear_gradients();
  const Batch batch = make_batch(packed, type_, model_.device());
  const auto taught = static_cast<double>(batch.targets.numel());
  const torch::Tensor loss = model_.loss(batch) * (taught / static_cast<double>(all_taught));
  loss.backward();
  return {.loss = loss.item<double>(), .taught = taught};
}

bool Trainer::fits(const PackedRows& packed) {
  try {
    add_gradients(packed, 1);
    return true;
  } catch (const c10::OutOfMemoryError&) {
    return false;
  }
}

// Fewer rows are tried until some fit, so that the way out is known and not guessed.
Error Trainer::no_memory(const PackedRows& packed) {
  int64_t rows = packed.rows / 2;
  while (rows > 0 && !fits(rows_of(packed, 0, rows))) rows /= 2;
  optimiser_.clear_gradients();
  std::string way_out = "not even one does. Lower batch.length";
  if (rows > 0) way_out = fmt::format("{} do. Lower batch.rows to as many for each process", rows);
  return {ErrorCode::InvalidArgument,
          fmt::format("A step of {} rows of {} tokens does not fit into the memory of {}: {}, and "
                      "go on from the last checkpoint.",
                      packed.rows, packed.length, model_.device().str(), way_out),
          rows > 0 ? "batch.rows" : "batch.length"};
}

Result<StepSums> Trainer::try_gradients(const FilledBatch& filled) {
  try {
    return add_gradients(filled.packed, filled.taught);
  } catch (const c10::OutOfMemoryError&) {
    // What follows needs the memory that the exception's way out has freed.
  }
  return std::unexpected(no_memory(filled.packed));
}

Result<StepReport> Trainer::step() {
  const Result<FilledBatch> filled = batches_.next();
  if (const Result<void> ready = group_.agree(filled); !ready) {
    return std::unexpected(ready.error());
  }
  const Result<StepSums> mine = try_gradients(*filled);
  if (const Result<void> ready = group_.agree(mine); !ready) return std::unexpected(ready.error());
  const Result<StepSums> sums = sum_gradients(group_, model_.parameters(), *mine);
  if (!sums) return std::unexpected(sums.error());
  if (sums->taught != static_cast<double>(filled->taught)) return std::unexpected(unlike_data());
  StepReport report{.step = progress_.step + 1,
                    .tokens = filled->tokens,
                    .taught = filled->taught,
                    .left_out = filled->left_out,
                    .loss = sums->loss,
                    .rate_share = learning_rate_share(schedule_, progress_.step)};
  const Result<double> norm = gradient_norm(model_, report.step, report.loss);
  if (!norm) return std::unexpected(cause_of(norm.error(), report.loss));
  report.gradient_norm = *norm;
  optimiser_.step(report.rate_share);
  progress_ = {report.step, progress_.tokens + report.tokens, filled->next_example};
  return report;
}

}  // namespace melete::train
