// Reads /proc and /sys, and asks nvidia-smi where there is one.

#include "models/machine.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

#include "base/file_content.h"
#include "models/child_process.h"

namespace melete::models {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

// Flags of /proc/cpuinfo that model kernels use, and how people call them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kInstructions = {{
    {"sse4_2", "SSE4.2"},
    {"avx", "AVX"},
    {"avx2", "AVX2"},
    {"fma", "FMA"},
    {"f16c", "F16C"},
    {"bmi2", "BMI2"},
    {"avx_vnni", "AVX-VNNI"},
    {"avx512f", "AVX-512"},
    {"avx512bw", "AVX-512BW"},
    {"avx512_vnni", "AVX-512-VNNI"},
    {"avx512_bf16", "AVX-512-BF16"},
    {"amx_int8", "AMX-INT8"},
    {"amx_bf16", "AMX-BF16"},
    {"asimd", "NEON"},
    {"asimddp", "DOTPROD"},
    {"i8mm", "I8MM"},
    {"sve", "SVE"},
}};

std::string read_text(const fs::path& file) {
  return file_content(file).value_or("");
}

int64_t to_number(std::string_view text, int64_t otherwise) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? value : otherwise;
}

// "key : value" or "key value" lines as a map; a later line of the same key is ignored.
std::map<std::string, std::string> read_pairs(const fs::path& file, char separator) {
  std::map<std::string, std::string> pairs;
  std::istringstream lines(read_text(file));
  for (std::string line; std::getline(lines, line);) {
    const size_t at = line.find(separator);
    if (at == std::string::npos) continue;
    const size_t value = line.find_first_not_of(" \t", at + 1);
    const std::string key = line.substr(0, line.find_last_not_of(" \t", at - 1) + 1);
    pairs.emplace(key, value == std::string::npos ? "" : line.substr(value));
  }
  return pairs;
}

// The control groups of this process (version 2), innermost first.
std::vector<fs::path> control_groups(const fs::path& root) {
  const std::string text = read_text(root / "proc/self/cgroup");
  const size_t at = text.find("0::/");
  const fs::path base = root / "sys/fs/cgroup";
  std::vector<fs::path> groups;
  if (at != std::string::npos) {
    fs::path relative = text.substr(at + 4, text.find('\n', at) - at - 4);
    for (; !relative.empty(); relative = relative.parent_path()) groups.push_back(base / relative);
  }
  groups.push_back(base);
  return groups;
}

void limit_memory(const fs::path& group, Machine& machine) {
  const int64_t limit = to_number(read_text(group / "memory.max"), kNoLimit);
  if (limit >= machine.memory_bytes) return;
  const int64_t used = to_number(read_text(group / "memory.current"), 0);
  const auto details = read_pairs(group / "memory.stat", ' ');
  const auto cached = details.find("file");
  const int64_t reclaimable = cached == details.end() ? 0 : to_number(cached->second, 0);
  machine.memory_bytes = limit;
  machine.free_bytes =
      std::clamp<int64_t>(limit - used + reclaimable, 0, std::min(limit, machine.free_bytes));
}

// "200000 100000": microseconds of CPU in each period.
void limit_cores(const fs::path& group, Machine& machine) {
  const std::string text = read_text(group / "cpu.max");
  const size_t space = text.find(' ');
  if (space == std::string::npos) return;
  const int64_t quota = to_number(text, kNoLimit);
  const int64_t period = to_number(std::string_view(text).substr(space + 1), 0);
  if (quota == kNoLimit || period <= 0) return;
  const int64_t cores = std::max<int64_t>(1, (quota + period - 1) / period);
  machine.cores = static_cast<int>(std::min<int64_t>(machine.cores, cores));
}

int cores_by_affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)));
}

void read_processor(const fs::path& root, Machine& machine) {
  const auto facts = read_pairs(root / "proc/cpuinfo", ':');
  const auto name = facts.find("model name");
  machine.processor = name == facts.end() ? "an unnamed processor" : name->second;
  std::string flags;
  for (const char* key : {"flags", "Features"}) {
    const auto found = facts.find(key);
    if (found != facts.end()) flags = " " + found->second + " ";
  }
  for (const auto& [flag, title] : kInstructions) {
    if (flags.find(" " + std::string(flag) + " ") != std::string::npos) {
      machine.instructions.emplace_back(title);
    }
  }
}

void read_memory(const fs::path& root, Machine& machine) {
  auto facts = read_pairs(root / "proc/meminfo", ':');
  machine.memory_bytes = to_number(facts["MemTotal"], 0) * 1024;
  machine.free_bytes = to_number(facts["MemAvailable"], 0) * 1024;
}

// Lines of "name, mebibytes".
std::vector<Gpu> parse_gpus(const std::string& text) {
  std::vector<Gpu> gpus;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t comma = line.rfind(", ");
    if (comma == std::string::npos) continue;
    gpus.push_back(
        {line.substr(0, comma), to_number(std::string_view(line).substr(comma + 2), 0) << 20});
  }
  return gpus;
}

std::vector<Gpu> nvidia_gpus(const fs::path& root) {
  std::error_code ignored;
  if (!fs::exists(root / "proc/driver/nvidia/version", ignored)) return {};
  const fs::path output =
      fs::temp_directory_path(ignored) / ("melete-gpus." + std::to_string(::getpid()));
  auto child = ChildProcess::start(
      {{"nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"},
       {},
       output});
  if (!child) return {};
  const int status = child->wait();
  const std::string text = read_text(output);
  fs::remove(output, ignored);
  return status == 0 ? parse_gpus(text) : std::vector<Gpu>{};
}

// Graphics cards that the kernel shows, by their maker; those of NVIDIA are asked about elsewhere.
std::vector<Gpu> other_gpus(const fs::path& root) {
  std::vector<Gpu> gpus;
  std::error_code failed;
  for (const fs::directory_entry& card : fs::directory_iterator(root / "sys/class/drm", failed)) {
    const std::string name = card.path().filename().string();
    if (!name.starts_with("card") || name.find('-') != std::string::npos) continue;
    const fs::path device = card.path() / "device";
    const std::string maker = read_text(device / "vendor");
    const int64_t bytes = to_number(read_text(device / "mem_info_vram_total"), 0);
    if (maker.starts_with("0x1002")) gpus.push_back({"an AMD card", bytes});
    if (maker.starts_with("0x8086")) gpus.push_back({"an Intel card", bytes});
  }
  return gpus;
}

}  // namespace

Machine probe_machine(const fs::path& root) {
  Machine machine;
  read_processor(root, machine);
  read_memory(root, machine);
  machine.cores = cores_by_affinity();
  for (const fs::path& group : control_groups(root)) {
    limit_memory(group, machine);
    limit_cores(group, machine);
  }
  machine.gpus = nvidia_gpus(root);
  for (Gpu& gpu : other_gpus(root)) machine.gpus.push_back(std::move(gpu));
  return machine;
}

bool fits(const Entry& entry, const Machine& machine) {
  const int64_t usable = machine.memory_bytes - machine.memory_bytes / 8;
  if (entry.memory_bytes <= usable) return true;
  return std::any_of(machine.gpus.begin(), machine.gpus.end(),
                     [&](const Gpu& gpu) { return entry.memory_bytes <= gpu.memory_bytes; });
}

Advice advise(const Catalogue& catalogue, const Machine& machine) {
  Advice advice;
  const auto better = [](const Entry& entry, const Entry* best) {
    return !best || entry.memory_bytes >= best->memory_bytes;
  };
  for (const Entry& entry : catalogue.entries()) {
    if (!fits(entry, machine)) continue;
    if (better(entry, advice.largest)) advice.largest = &entry;
    if (entry.checked && better(entry, advice.checked)) advice.checked = &entry;
  }
  return advice;
}

}  // namespace melete::models
