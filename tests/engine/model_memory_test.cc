// What three kinds of memory say they can do.

#include "engine/model_memory.h"

#include <gtest/gtest.h>
#include <llama-cpp.h>

#include "engine/random_model.h"

namespace melete::engine {
namespace {

MemoryAbilities abilities_of(Memory memory) {
  llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  const TemporaryFolder folder;
  write_random_model(folder / "model.gguf", {.memory = memory});
  const llama_model_ptr model(
      llama_model_load_from_file((folder / "model.gguf").c_str(), llama_model_default_params()));
  llama_context_params params = llama_context_default_params();
  params.n_threads = 1;
  params.n_threads_batch = 1;
  params.n_ctx = 256;
  params.n_seq_max = 4;
  params.kv_unified = true;
  params.n_threads = params.n_threads_batch = 1;
  const llama_context_ptr context(llama_init_from_model(model.get(), params));
  const MemoryAbilities abilities = memory_abilities(context.get());
  EXPECT_EQ(llama_memory_seq_pos_max(llama_get_memory(context.get()), 0), -1) << "left empty";
  EXPECT_EQ(llama_memory_seq_pos_max(llama_get_memory(context.get()), 1), -1) << "left empty";
  return abilities;
}

TEST(ModelMemory, CellsCanBeCutSharedAndShifted) {
  const MemoryAbilities abilities = abilities_of(Memory::Cells);
  EXPECT_TRUE(abilities.truncate);
  EXPECT_TRUE(abilities.share);
  EXPECT_TRUE(abilities.shift);
  EXPECT_FALSE(abilities.sliding_window);
  EXPECT_FALSE(abilities.recurrent);
}

TEST(ModelMemory, ASlidingWindowSaysHowMuchItKeeps) {
  const MemoryAbilities abilities = abilities_of(Memory::SlidingWindow);
  EXPECT_TRUE(abilities.sliding_window);
  EXPECT_EQ(abilities.window_tokens, 16);
  EXPECT_TRUE(abilities.share);
  EXPECT_FALSE(abilities.recurrent);
}

TEST(ModelMemory, ARecurrentStateCannotBeCut) {
  const MemoryAbilities abilities = abilities_of(Memory::Recurrent);
  EXPECT_TRUE(abilities.recurrent);
  EXPECT_FALSE(abilities.truncate);
  EXPECT_FALSE(abilities.sliding_window);
}

}  // namespace
}  // namespace melete::engine
