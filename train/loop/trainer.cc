#include "loop/trainer.h"

#include <fmt/format.h>

#include "loop/gradient_sum.h"
#include "loop/gradients.h"

namespace melete::train {

Trainer::Trainer(Model& model, Optimiser& optimiser, const BatchSource& source,
                 const Schedule& schedule, torch::ScalarType type, const Progress& progress,
                 Group& group)
    : model_(model),
      optimiser_(optimiser),
      source_(source),
      schedule_(schedule),
      type_(type),
      progress_(progress),
      group_(group) {
  prepare(progress.next_example);
}

Trainer::~Trainer() = default;  // waits for the batch that is being made

void Trainer::prepare(uint64_t first_example) {
  next_ =
      std::async(std::launch::async, [this, first_example] { return source_.fill(first_example); });
}

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

Result<StepReport> Trainer::step() {
  const Result<FilledBatch> filled = next_.get();
  if (const Result<void> ready = group_.agree(filled); !ready) {
    return std::unexpected(ready.error());
  }
  prepare(filled->next_example);
  const Batch batch = make_batch(filled->packed, type_);
  optimiser_.clear_gradients();
  // This rank's part of the mean over all that the step teaches.
  const auto taught = static_cast<double>(batch.targets.numel());
  const torch::Tensor loss = model_.loss(batch) * (taught / static_cast<double>(filled->taught));
  loss.backward();
  const Result<StepSums> sums =
      sum_gradients(group_, model_.parameters(), {.loss = loss.item<double>(), .taught = taught});
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
