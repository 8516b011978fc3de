#include "loop/trainer.h"

#include <fmt/format.h>

#include <cmath>

namespace melete::train {

Trainer::Trainer(Model& model, Optimiser& optimiser, const BatchSource& source,
                 const Schedule& schedule, torch::ScalarType type, const Progress& progress)
    : model_(model),
      optimiser_(optimiser),
      source_(source),
      schedule_(schedule),
      type_(type),
      progress_(progress) {
  prepare(progress.next_example);
}

Trainer::~Trainer() = default;  // waits for the batch that is being made

void Trainer::prepare(uint64_t first_example) {
  next_ =
      std::async(std::launch::async, [this, first_example] { return source_.fill(first_example); });
}

// A weight that is not finite is a cause, a gradient only a consequence.
Error Trainer::not_finite(double loss) const {
  const auto finite = [](const torch::Tensor& tensor) {
    return !tensor.defined() || tensor.isfinite().all().item<bool>();
  };
  std::string culprit = "the loss alone";
  for (const Parameter& parameter : model_.parameters().all()) {
    if (!finite(parameter.value.grad())) culprit = "the gradient of " + parameter.name;
  }
  for (const Parameter& parameter : model_.parameters().all()) {
    if (finite(parameter.value)) continue;
    culprit = parameter.name;
    break;
  }
  return {ErrorCode::Internal,
          fmt::format("Step {} is not finite: the loss is {}, and {} has such numbers. Lower the "
                      "learning rate and go on from the last checkpoint.",
                      progress_.step + 1, loss, culprit),
          culprit};
}

Result<double> Trainer::gradient_norm(double loss) const {
  double squares = 0;
  for (const Parameter& parameter : model_.parameters().all()) {
    if (!parameter.value.grad().defined()) continue;
    const auto norm = parameter.value.grad().norm().item<double>();
    squares += norm * norm;
  }
  if (!std::isfinite(loss + squares)) return std::unexpected(not_finite(loss));
  return std::sqrt(squares);
}

Result<StepReport> Trainer::step() {
  const Result<FilledBatch> filled = next_.get();
  if (!filled) return std::unexpected(filled.error());
  prepare(filled->next_example);
  const Batch batch = make_batch(filled->packed, type_);
  optimiser_.clear_gradients();
  const torch::Tensor loss = model_.loss(batch);
  loss.backward();
  StepReport report{.step = progress_.step + 1,
                    .tokens = filled->tokens,
                    .taught = batch.targets.numel(),
                    .left_out = filled->left_out,
                    .loss = loss.item<double>(),
                    .rate_share = learning_rate_share(schedule_, progress_.step)};
  const Result<double> norm = gradient_norm(report.loss);
  if (!norm) return std::unexpected(norm.error());
  report.gradient_norm = *norm;
  optimiser_.step(report.rate_share);
  progress_ = {report.step, progress_.tokens + report.tokens, filled->next_example};
  return report;
}

}  // namespace melete::train
