#include "reinforce/grader.h"

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace melete::train {

namespace {

// What the thread works on. Both sides own it, so that neither has to outlive the other.
struct Work {
  std::vector<Candidate> candidates;
  std::vector<uint8_t> right;
  std::atomic<size_t> done = 0;
  std::promise<void> end;
};

void run(Work& work) {
  try {
    for (size_t i = 0; i < work.candidates.size(); ++i) {
      const auto& [question, answer] = work.candidates[i];
      work.right[i] = is_right(*question->verifier, question->problem, answer) ? 1 : 0;
      work.done = i + 1;
    }
    work.end.set_value();
  } catch (...) {
    work.end.set_exception(std::current_exception());
  }
}

std::unexpected<Error> failed(ErrorCode code, const Work& work, size_t at,
                              const std::string& what) {
  const Candidate& candidate = work.candidates[at];
  const std::string task(candidate.question->verifier->name());
  return fail(
      code,
      fmt::format("The verifier of the task {} {} at the answer \"{}\" to \"{}\": mend it or "
                  "leave the task out, and go on from the last checkpoint.",
                  task, what, candidate.answer, text_of(*candidate.question)),
      "tasks." + task);
}

}  // namespace

Result<std::vector<uint8_t>> grade(std::vector<Candidate> candidates, Duration deadline) {
  const auto work = std::make_shared<Work>();
  work->right.resize(candidates.size());
  work->candidates = std::move(candidates);
  std::future<void> end = work->end.get_future();
  std::thread([work] { run(*work); }).detach();
  for (size_t before = 0;; before = work->done) {
    if (end.wait_for(deadline) == std::future_status::ready) break;
    if (work->done != before || before == work->candidates.size()) continue;
    const double seconds = std::chrono::duration<double>(deadline).count();
    return failed(ErrorCode::DeadlineExceeded, *work, before,
                  fmt::format("has not come back for {} s", seconds));
  }
  try {
    end.get();
  } catch (const std::exception& problem) {
    return failed(ErrorCode::Internal, *work, work->done,
                  fmt::format("throws \"{}\"", problem.what()));
  } catch (...) {
    return failed(ErrorCode::Internal, *work, work->done, "throws");
  }
  return std::move(work->right);
}

}  // namespace melete::train
