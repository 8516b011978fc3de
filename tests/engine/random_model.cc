#include "engine/random_model.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <fstream>

#include "engine/tiny_gguf.h"

namespace melete::engine {

namespace {

constexpr uint32_t kLayers = 2;
constexpr uint32_t kHeads = 4;
constexpr uint32_t kKeyHeads = 2;
constexpr uint32_t kHeadWidth = 32;
constexpr uint32_t kFeedForward = 256;
constexpr uint32_t kWindow = 16;
constexpr uint32_t kVisionWidth = 96;
constexpr uint32_t kPatch = 16;
constexpr uint32_t kSquare = 64;
constexpr uint32_t kFrame = 640;
constexpr Spread kScale{.mean = 1.0F, .deviation = 0.1F};
constexpr Spread kShift{.mean = 0.0F, .deviation = 0.1F};

constexpr const char* kTemplate =
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

const std::vector<std::string> kSpecial = {
    "<|endoftext|>",   "<|im_start|>",  "<|im_end|>",       "<|image>",
    "<image|>",        "<|audio>",      "<audio|>",         "<pad>",
    "<|audio_start|>", "<|audio_end|>", "<start_of_image>", "<end_of_image>"};
const std::vector<std::string> kWords = {" the",   " is",  " what",     " image",
                                         " sound", "user", "assistant", " hello"};

// The "rwkv" tokenizer stores bytes as escaped text.
std::string escaped(int byte) {
  if (byte == '\\') return "\\\\";
  if (byte >= 32 && byte < 127) return std::string(1, static_cast<char>(byte));
  return fmt::format("\\x{:02x}", byte);
}

size_t add_vocabulary(TinyGguf& file, const RandomModel& model) {
  constexpr int32_t kNormal = 1;
  constexpr int32_t kControl = 3;
  std::vector<std::string> tokens = kSpecial;
  for (int byte = 0; byte < 256; ++byte) tokens.push_back(escaped(byte));
  tokens.insert(tokens.end(), kWords.begin(), kWords.end());
  std::vector<int32_t> types(tokens.size(), kNormal);
  std::fill_n(types.begin(), kSpecial.size(), kControl);
  file.set("tokenizer.ggml.model", std::string("rwkv"));
  file.set_texts("tokenizer.ggml.tokens", tokens);
  file.set_numbers("tokenizer.ggml.token_type", types);
  file.set("tokenizer.ggml.bos_token_id", 0U);
  file.set("tokenizer.ggml.eos_token_id", 2U);
  file.set("tokenizer.ggml.padding_token_id", 7U);
  if (model.adds_bos) file.set_flag("tokenizer.ggml.add_bos_token");
  file.set("tokenizer.chat_template", std::string(kTemplate));
  return tokens.size();
}

void add_ends(TinyGguf& file, size_t tokens, int64_t width) {
  file.add("token_embd.weight", {static_cast<int64_t>(tokens), width}, {.deviation = 1});
  file.add("output.weight", {static_cast<int64_t>(tokens), width});
  file.add("output_norm.weight", {width}, kScale);
}

void add_transformer_layer(TinyGguf& file, const std::string& block, const RandomModel& model) {
  const int64_t width = model.width;
  constexpr int64_t kQueries = kHeads * kHeadWidth;
  constexpr int64_t kKeys = kKeyHeads * kHeadWidth;
  file.add(block + "attn_norm.weight", {width}, kScale);
  file.add(block + "ffn_norm.weight", {width}, kScale);
  file.add(block + "attn_q_norm.weight", {kHeadWidth}, kScale);
  file.add(block + "attn_k_norm.weight", {kHeadWidth}, kScale);
  if (model.memory == Memory::SlidingWindow) {
    file.add(block + "post_attention_norm.weight", {width}, kScale);
    file.add(block + "post_ffw_norm.weight", {width}, kScale);
  }
  file.add(block + "attn_q.weight", {kQueries, width});
  file.add(block + "attn_k.weight", {kKeys, width});
  file.add(block + "attn_v.weight", {kKeys, width});
  file.add(block + "attn_output.weight", {width, kQueries});
  file.add(block + "ffn_gate.weight", {kFeedForward, width});
  file.add(block + "ffn_up.weight", {kFeedForward, width});
  file.add(block + "ffn_down.weight", {width, kFeedForward});
}

void add_transformer(TinyGguf& file, const RandomModel& model) {
  const std::string prefix = model.memory == Memory::Cells ? "qwen3." : "gemma3.";
  file.set(prefix + "feed_forward_length", kFeedForward);
  file.set(prefix + "attention.head_count", kHeads);
  file.set(prefix + "attention.head_count_kv", kKeyHeads);
  file.set(prefix + "attention.key_length", kHeadWidth);
  file.set(prefix + "attention.value_length", kHeadWidth);
  file.set_float(prefix + "rope.freq_base", 10000);
  if (model.memory == Memory::SlidingWindow) {
    file.set(prefix + "attention.sliding_window", kWindow);
    file.set(prefix + "attention.sliding_window_pattern", 2U);
  }
  for (uint32_t layer = 0; layer < kLayers; ++layer) {
    add_transformer_layer(file, fmt::format("blk.{}.", layer), model);
  }
}

void add_mamba(TinyGguf& file, const RandomModel& model) {
  constexpr int64_t kConvolution = 4;
  constexpr int64_t kState = 16;
  constexpr int64_t kRank = 8;
  const int64_t width = model.width;
  const int64_t inner = 2 * width;
  file.set("mamba.feed_forward_length", 0U);
  file.set("mamba.attention.head_count", 0U);
  file.set("mamba.ssm.conv_kernel", static_cast<uint32_t>(kConvolution));
  file.set("mamba.ssm.inner_size", static_cast<uint32_t>(inner));
  file.set("mamba.ssm.state_size", static_cast<uint32_t>(kState));
  file.set("mamba.ssm.time_step_rank", static_cast<uint32_t>(kRank));
  for (uint32_t layer = 0; layer < kLayers; ++layer) {
    const std::string block = fmt::format("blk.{}.", layer);
    file.add(block + "attn_norm.weight", {width}, kScale);
    file.add(block + "ssm_in.weight", {2 * inner, width});
    file.add(block + "ssm_conv1d.weight", {inner, kConvolution});
    file.add(block + "ssm_conv1d.bias", {inner}, kShift);
    file.add(block + "ssm_x.weight", {kRank + 2 * kState, inner});
    file.add(block + "ssm_dt.weight", {inner, kRank});
    file.add(block + "ssm_dt.bias", {inner}, kShift);
    file.add(block + "ssm_a", {inner, kState}, {.mean = -1, .deviation = 0.1F});
    file.add(block + "ssm_d", {inner}, kScale);
    file.add(block + "ssm_out.weight", {width, inner});
  }
}

std::string architecture_of(Memory memory) {
  switch (memory) {
    case Memory::Cells:
      return "qwen3";
    case Memory::SlidingWindow:
      return "gemma3";
    case Memory::Recurrent:
      return "mamba";
  }
  return {};
}

// Keys that every encoder must state; those of blocks are zero because there are none.
void add_encoder(TinyGguf& file, const std::string& kind, const std::string& type) {
  file.set_flag(fmt::format("clip.has_{}_encoder", kind));
  const std::string prefix = fmt::format("clip.{}.", kind);
  file.set(prefix + "projector_type", type);
  for (const char* key : {"feed_forward_length", "block_count", "attention.head_count"}) {
    file.set(prefix + key, 0U);
  }
  file.set_float(prefix + "attention.layer_norm_epsilon", 1e-6F);
}

void add_patches(TinyGguf& file, const RandomProjector& projector) {
  constexpr int64_t kPixels = 3 * kPatch * kPatch;
  add_encoder(file, "vision", "gemma4uv");
  file.set("clip.vision.image_size", 224U);
  file.set("clip.vision.projector.scale_factor", 1U);
  file.set_floats("clip.vision.image_mean", {0.5F, 0.5F, 0.5F});
  file.set_floats("clip.vision.image_std", {300, 600, 1200});
  file.add("v.patch_embd.weight", {kVisionWidth, kPixels});
  file.add("v.patch_embd.bias", {kVisionWidth}, kShift);
  file.add("v.position_embd.weight", {2, projector.position_rows, kVisionWidth},
           {.deviation = 0.3F});
  for (const auto& [number, length] :
       {std::pair{1, kPixels}, {2, int64_t{kVisionWidth}}, {3, int64_t{kVisionWidth}}}) {
    file.add(fmt::format("v.patch_norm.{}.weight", number), {length}, kScale);
    file.add(fmt::format("v.patch_norm.{}.bias", number), {length}, kShift);
  }
  file.add("mm.input_projection.weight", {projector.width, kVisionWidth});
}

void add_squares(TinyGguf& file, const RandomProjector& projector) {
  constexpr int64_t kPatches = (kSquare / kPatch) * (kSquare / kPatch);
  add_encoder(file, "vision", "gemma3");
  file.set("clip.vision.image_size", kSquare);
  file.set("clip.vision.projector.scale_factor", 1U);
  file.set_floats("clip.vision.image_mean", {0.5F, 0.5F, 0.5F});
  file.set_floats("clip.vision.image_std", {0.5F, 0.5F, 0.5F});
  file.add("v.patch_embd.weight", {kVisionWidth, 3, kPatch, kPatch}, {.deviation = 0.05F});
  file.add("v.patch_embd.bias", {kVisionWidth}, kShift);
  file.add("v.position_embd.weight", {kPatches, kVisionWidth}, {.deviation = 0.3F});
  file.add("mm.soft_emb_norm.weight", {kVisionWidth}, kScale);
  file.add("mm.input_projection.weight", {kVisionWidth, projector.width});
}

void add_waveform(TinyGguf& file, const RandomProjector& projector) {
  add_encoder(file, "audio", "gemma4ua");
  file.set("clip.audio.embedding_length", kFrame);
  file.set("clip.audio.projection_dim", projector.width);
  file.set("clip.audio.num_mel_bins", kFrame);
  file.add("mm.a.input_projection.weight", {projector.width, kFrame});
}

void add_spectrogram(TinyGguf& file, const RandomProjector& projector) {
  constexpr int64_t kChannels = 16;
  constexpr int64_t kBands = 64;
  constexpr int64_t kWidth = 64;
  constexpr int64_t kTokensPerSecond = 13;
  add_encoder(file, "audio", "qwen3a");
  file.set("clip.audio.embedding_length", static_cast<uint32_t>(kWidth));
  file.set("clip.audio.projection_dim", projector.width);
  file.set("clip.audio.num_mel_bins", static_cast<uint32_t>(kBands));
  for (const int number : {1, 2, 3}) {
    const int64_t inputs = number == 1 ? 1 : kChannels;
    file.add(fmt::format("a.conv2d.{}.weight", number), {kChannels, inputs, 3, 3},
             {.deviation = 0.2F});
    file.add(fmt::format("a.conv2d.{}.bias", number), {kChannels}, kShift);
  }
  file.add("a.conv_out.weight", {kWidth, kChannels * kBands / 8});
  file.add("a.position_embd.weight", {kTokensPerSecond, kWidth}, {.deviation = 0.3F});
  file.add("mm.a.mlp.1.weight", {kWidth, kWidth});
  file.add("mm.a.mlp.1.bias", {kWidth}, kShift);
  file.add("mm.a.mlp.2.weight", {projector.width, kWidth});
  file.add("mm.a.mlp.2.bias", {projector.width}, kShift);
}

}  // namespace

void write_random_model(const std::filesystem::path& path, const RandomModel& model) {
  const std::string architecture = architecture_of(model.memory);
  TinyGguf file(architecture, model.seed);
  file.leave_out(model.leave_out);
  file.set(architecture + ".context_length", 4096U);
  file.set(architecture + ".embedding_length", model.width);
  file.set(architecture + ".block_count", model.layers_claimed);
  file.set_float(architecture + ".attention.layer_norm_rms_epsilon", 1e-6F);
  const size_t tokens = add_vocabulary(file, model);
  add_ends(file, tokens, model.width);
  if (model.memory == Memory::Recurrent) {
    add_mamba(file, model);
  } else {
    add_transformer(file, model);
  }
  file.write(path);
}

void write_random_projector(const std::filesystem::path& path, const RandomProjector& projector) {
  TinyGguf file("clip", projector.seed);
  file.leave_out(projector.leave_out);
  file.set("general.type", std::string("mmproj"));
  if (projector.eyes != Eyes::None) {
    file.set("clip.vision.embedding_length", kVisionWidth);
    file.set("clip.vision.projection_dim", projector.width);
    file.set("clip.vision.patch_size", kPatch);
  }
  if (projector.eyes == Eyes::Patches) add_patches(file, projector);
  if (projector.eyes == Eyes::Squares) add_squares(file, projector);
  if (projector.ears == Ears::Waveform) add_waveform(file, projector);
  if (projector.ears == Ears::Spectrogram) add_spectrogram(file, projector);
  file.write(path);
}

void cut_file(const std::filesystem::path& path, double kept) {
  const auto size = static_cast<double>(std::filesystem::file_size(path));
  std::filesystem::resize_file(path, static_cast<uintmax_t>(size * kept));
}

void overwrite(const std::filesystem::path& path, size_t offset, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(offset));
  file << bytes;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "melete-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace melete::engine
