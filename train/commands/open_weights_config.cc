#include "commands/open_weights_config.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "commands/sources_config.h"

namespace melete::train {

namespace {

void read_adapter(Section section, AdapterConfig& adapter) {
  section.number("rank", adapter.rank, kCount);
  section.number("alpha", adapter.alpha, kWeight);
  const std::set<std::string> known = AdapterConfig().maps;
  std::vector<std::string> maps(known.begin(), known.end());
  section.texts("maps", maps);
  adapter.maps = {maps.begin(), maps.end()};
  for (const std::string& map : maps) {
    if (known.contains(map)) continue;
    section.complain("maps",
                     fmt::format("has \"{}\": choose among {}", map, fmt::join(known, ", ")));
  }
  if (maps.empty()) section.complain("maps", "is empty: nothing would learn");
  section.finish();
}

}  // namespace

void read_open_weights(Section& root, const std::filesystem::path& base,
                       OpenWeightsConfig& config) {
  root.text("model", config.model);
  const bool path = config.model.find('/') != std::string::npos || config.model.ends_with(".gguf");
  if (path) config.model = (base / config.model).string();
  root.flag("merged", config.merged);
  read_adapter(root.section("adapter"), config.adapter);
}

void read_senses(Section& root, OpenWeightsConfig& config) {
  config.vision = read_size(root, "eye").value_or(ModelConfig{}).vision;
  config.sound = read_size(root, "ear").value_or(ModelConfig{}).sound;
}

}  // namespace melete::train
