// The decoder's file: what llama.cpp wants to know about a "qwen3" model and its vocabulary.

#include <fmt/format.h>

#include "gguf/export_model.h"
#include "text/chat_format.h"
#include "text/tokenizer.h"
#include "text/vocabulary.h"

namespace melete::train {

namespace {

// llama.cpp's numbers for kinds of tokens.
constexpr int32_t kNormal = 1;
constexpr int32_t kControl = 3;

// The "rwkv" tokenizer reads its entries with escapes.
std::string escaped(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const auto code = static_cast<uint8_t>(byte);
    if (byte == '\\') {
      text += "\\\\";
    } else if (code >= 32 && code < 127) {
      text += byte;
    } else {
      text += fmt::format("\\x{:02x}", code);
    }
  }
  return text;
}

void set_shape(GgufWriter& file, const DecoderConfig& config) {
  file.set("qwen3.context_length", config.context);
  file.set("qwen3.embedding_length", config.width);
  file.set("qwen3.block_count", config.layers);
  file.set("qwen3.feed_forward_length", config.feed_forward);
  file.set("qwen3.attention.head_count", config.heads);
  file.set("qwen3.attention.head_count_kv", config.key_heads);
  file.set("qwen3.attention.key_length", config.head_width);
  file.set("qwen3.attention.value_length", config.head_width);
  file.set("qwen3.attention.layer_norm_rms_epsilon", config.norm_epsilon);
  file.set("qwen3.rope.freq_base", config.rope_base);
}

void set_vocabulary(GgufWriter& file) {
  std::vector<std::string> tokens;
  std::vector<int32_t> kinds;
  for (const VocabularyEntry& entry : vocabulary()) {
    tokens.push_back(escaped(entry.text));
    kinds.push_back(entry.kind == TokenKind::Mark ? kControl : kNormal);
  }
  const Tokenizer tokenizer;
  file.set("tokenizer.ggml.model", "rwkv");
  file.set("tokenizer.ggml.tokens", tokens);
  file.set("tokenizer.ggml.token_type", kinds);
  file.set("tokenizer.ggml.bos_token_id", int64_t{tokenizer.id(kEndOfText)});
  file.set("tokenizer.ggml.eos_token_id", int64_t{tokenizer.id(kTurnEnd)});
  file.set("tokenizer.ggml.padding_token_id", int64_t{tokenizer.id(kPadding)});
  file.set("tokenizer.ggml.add_bos_token", false);
  file.set("tokenizer.chat_template", std::string(kChatTemplate));
}

}  // namespace

Result<void> export_decoder(const Model& model, const std::filesystem::path& file,
                            const ExportOptions& options) {
  GgufWriter writer("qwen3");
  writer.set("general.name", options.name);
  set_shape(writer, model.config().decoder);
  set_vocabulary(writer);
  for (const Parameter& parameter : model.parameters().all()) {
    if (in_projector(parameter.name)) continue;
    const bool vector = parameter.role == Role::Vector;
    writer.add(parameter.name, parameter.value, vector ? WeightType::F32 : options.matrices);
  }
  return writer.write(file);
}

}  // namespace melete::train
