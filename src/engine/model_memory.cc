#include "engine/model_memory.h"

#include <array>

namespace melete::engine {

namespace {

// Puts two entries into sequence 0.
bool fill(llama_context* context) {
  const llama_vocab* vocab = llama_model_get_vocab(llama_get_model(context));
  const llama_token bos = llama_vocab_bos(vocab);
  std::array<llama_token, 2> tokens;
  tokens.fill(bos == LLAMA_TOKEN_NULL ? 0 : bos);
  return llama_decode(context, llama_batch_get_one(tokens.data(), tokens.size())) == 0;
}

// A recurrent state is copied when the other sequence goes on, so it is shared in the sense that
// matters only when the copy says where it stands.
bool try_share(llama_context* context) {
  if (llama_n_seq_max(context) < 2) return false;
  llama_memory_t memory = llama_get_memory(context);
  llama_memory_seq_cp(memory, 0, 1, -1, -1);
  return llama_memory_seq_pos_max(memory, 1) == llama_memory_seq_pos_max(memory, 0);
}

bool try_truncate(llama_memory_t memory) {
  return llama_memory_seq_rm(memory, 0, 1, -1) && llama_memory_seq_pos_max(memory, 0) == 0;
}

}  // namespace

MemoryAbilities memory_abilities(llama_context* context) {
  const llama_model* model = llama_get_model(context);
  llama_memory_t memory = llama_get_memory(context);
  MemoryAbilities abilities;
  abilities.recurrent = llama_model_is_recurrent(model) || llama_model_is_hybrid(model);
  abilities.window_tokens = llama_model_n_swa(model);
  abilities.sliding_window = abilities.window_tokens > 0;
  if (memory == nullptr || !fill(context)) return abilities;
  abilities.shift = llama_memory_can_shift(memory);
  abilities.share = try_share(context);
  abilities.truncate = try_truncate(memory);
  llama_memory_clear(memory, true);
  return abilities;
}

}  // namespace melete::engine
