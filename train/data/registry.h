// All tasks by name.

#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "data/task.h"

namespace melete::train {

// Real data beside the made; an empty path: none.
struct RealData {
  std::filesystem::path spoken_digits;       // a folder of clips with index.csv
  std::filesystem::path handwritten_digits;  // a CSV file; without it "written_digit" is missing
};

using Tasks = std::vector<std::unique_ptr<Task>>;

// Every task that `data` allows, in order of their names. Fails where files cannot be read.
Result<Tasks> make_tasks(const RealData& data);

// The task of that name, or null.
const Task* find_task(const Tasks& tasks, std::string_view name);

}  // namespace melete::train
