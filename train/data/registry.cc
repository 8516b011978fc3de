#include "data/registry.h"

#include <algorithm>

#include "data/tasks/tasks.h"

namespace melete::train {

Result<Tasks> make_tasks(const RealData& data) {
  Tasks tasks;
  tasks.push_back(make_about_itself());
  tasks.push_back(make_bar_chart());
  tasks.push_back(make_count_shapes());
  tasks.push_back(make_countdown());
  tasks.push_back(make_graph_arithmetic());
  tasks.push_back(make_maze());
  tasks.push_back(make_read_words());
  tasks.push_back(make_short_facts());
  for (const auto& make : {make_addition, make_modular_chain, make_multiplication}) {
    tasks.push_back(make());
    tasks.push_back(make_drawn(make()));
    Result<std::unique_ptr<Task>> said = make_said(make());
    if (!said) return std::unexpected(said.error());
    tasks.push_back(std::move(*said));
  }
  for (const auto& make : {make_spoken_digit, make_spoken_sum}) {
    Result<std::unique_ptr<Task>> spoken = make(data.spoken_digits);
    if (!spoken) return std::unexpected(spoken.error());
    tasks.push_back(std::move(*spoken));
  }
  if (!data.handwritten_digits.empty()) {
    Result<std::unique_ptr<Task>> written = make_written_digit(data.handwritten_digits);
    if (!written) return std::unexpected(written.error());
    tasks.push_back(std::move(*written));
  }
  std::ranges::sort(tasks, {}, [](const auto& task) { return task->name(); });
  return tasks;
}

const Task* find_task(const Tasks& tasks, std::string_view name) {
  const auto found = std::ranges::find(tasks, name, [](const auto& task) { return task->name(); });
  return found == tasks.end() ? nullptr : found->get();
}

}  // namespace melete::train
