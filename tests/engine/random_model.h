// Tiny models with random weights, written to files, so that the engine is tested with eyes, ears
// and every kind of memory without any download. They answer nonsense, and the same nonsense for
// the same seed.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace melete::engine {

enum class Memory { Cells, SlidingWindow, Recurrent };

struct RandomModel {
  Memory memory = Memory::Cells;
  uint32_t seed = 1;
  uint32_t width = 128;         // embedding length; a multiple of 32
  bool adds_bos = false;        // the vocabulary says that texts begin with BOS
  std::string leave_out;        // a tensor that the file lacks
  uint32_t layers_claimed = 2;  // what the header says; there are two
};

// A ChatML model of two layers: qwen3 (cells), gemma3 with a window of 16 (sliding window) or mamba
// (recurrent). Its vocabulary has every byte, a few words and the marks of projectors.
void write_random_model(const std::filesystem::path& path, const RandomModel& model = {});

// Which eyes and ears. Patches see raw pixels up to a side of `position_rows` patches (gemma4uv,
// dynamic size); squares are scaled to 64 by 64 pixels and 16 tokens (gemma3).
enum class Eyes { None, Patches, Squares };
enum class Ears { None, Waveform, Spectrogram };  // gemma4ua, qwen3a

struct RandomProjector {
  Eyes eyes = Eyes::Patches;
  Ears ears = Ears::Waveform;
  uint32_t seed = 2;
  uint32_t width = 128;  // of the model it serves
  int64_t position_rows = 1120;
  std::string leave_out;
};

void write_random_projector(const std::filesystem::path& path,
                            const RandomProjector& projector = {});

// Damage for tests of safe loading.
void cut_file(const std::filesystem::path& path, double kept);  // keeps this part, 0 to 1
void overwrite(const std::filesystem::path& path, size_t offset, const std::string& bytes);

// A folder that is removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace melete::engine
