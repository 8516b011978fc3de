#include "engine/random_adapter.h"

#include <fmt/format.h>

#include "engine/tiny_gguf.h"

namespace melete::engine {

namespace {

constexpr int64_t kRank = 8;
constexpr int kLayers = 2;

}  // namespace

void write_random_adapter(const std::filesystem::path& path, const RandomAdapter& adapter) {
  TinyGguf file(adapter.architecture, adapter.seed);
  file.set("general.type", std::string("adapter"));
  file.set("adapter.type", std::string("lora"));
  if (adapter.alpha_is_double) {
    file.set_double("adapter.lora.alpha", kRank);
  } else {
    file.set_float("adapter.lora.alpha", kRank);
  }
  for (int layer = 0; layer < kLayers; ++layer) {
    const std::string matrix = fmt::format("blk.{}.{}", layer, adapter.tensor);
    file.add(matrix + ".lora_a", {kRank, adapter.width});
    file.add(matrix + ".lora_b", {adapter.queries, kRank}, {.factor = adapter.strength});
  }
  file.write(path);
}

}  // namespace melete::engine
