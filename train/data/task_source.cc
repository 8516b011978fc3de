#include "data/task_source.h"

#include "data/order.h"

namespace melete::train {

TaskSource::TaskSource(const Task& task, Difficulties difficulties, TraceShares shares,
                       uint64_t seed)
    : task_(task), difficulties_(difficulties), shares_(shares), seed_(scrambled(seed + 1)) {
  for (const char letter : task.name()) seed_ = scrambled(seed_ + static_cast<uint8_t>(letter));
}

TaskSource::Drawn TaskSource::draw(uint64_t index) const {
  Random random(scrambled(seed_ + index));
  const auto difficulty =
      static_cast<int>(random.between(difficulties_.easiest, difficulties_.hardest));
  const double share = random.unit();
  const Trace trace = share < shares_.longer                     ? Trace::Long
                      : share < shares_.longer + shares_.shorter ? Trace::Short
                                                                 : Trace::None;
  Drawn drawn{task_.make(random, difficulty), trace};
  drawn.problem.difficulty = difficulty;
  return drawn;
}

Result<Conversation> TaskSource::example(uint64_t index) const {
  const Drawn drawn = draw(index);
  return conversation_of(example_of(drawn.problem, drawn.trace));
}

}  // namespace melete::train
