#include "engine/media_encoder.h"

#include <fmt/format.h>
#include <mtmd-helper.h>

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "media/digest.h"
#include "media/format.h"
#include "media/image_header.h"
#include "media/sound_header.h"

namespace melete::engine {

namespace {

mtmd::context_ptr open_projector(const std::filesystem::path& path, const llama_model* model,
                                 mtmd_context_params params) {
  return mtmd::context_ptr(mtmd_init_from_file(path.c_str(), model, params));
}

std::vector<llama_token> tokens_of(const llama_vocab* vocab, std::string_view text) {
  std::vector<llama_token> tokens(text.size() + 1);
  const auto tokenize = [&] {
    return llama_tokenize(vocab, text.data(), static_cast<int32_t>(text.size()), tokens.data(),
                          static_cast<int32_t>(tokens.size()), false, true);
  };
  int32_t count = tokenize();
  if (count < 0) {
    tokens.resize(-count);
    count = tokenize();
  }
  tokens.resize(count);
  return tokens;
}

// Templates may write BOS themselves: it must not come twice.
bool needs_bos(const llama_vocab* vocab, std::span<const llama_token> text) {
  if (!llama_vocab_get_add_bos(vocab)) return false;
  return text.empty() || text.front() != llama_vocab_bos(vocab);
}

std::span<const llama_token> text_of(const mtmd_input_chunk* chunk) {
  size_t count = 0;
  const llama_token* tokens = mtmd_input_chunk_get_tokens_text(chunk, &count);
  return {tokens, count};
}

bool is_text(const mtmd_input_chunk* chunk) {
  return mtmd_input_chunk_get_type(chunk) == MTMD_INPUT_CHUNK_TYPE_TEXT;
}

size_t count_of(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; ++count) {
    at = text.find(part, at + part.size());
  }
  return count;
}

// Analysis windows need about 20 ms of sound: a shorter one is filled up with silence.
mtmd::bitmap with_silence(mtmd::bitmap sound, int sample_rate) {
  const size_t wanted = static_cast<size_t>(sample_rate) / 40;
  if (sound.nx() >= wanted) return sound;
  const auto* samples = reinterpret_cast<const float*>(sound.data());
  std::vector<float> filled(samples, samples + sound.nx());
  filled.resize(wanted);
  return mtmd::bitmap(mtmd_bitmap_init_from_audio(filled.size(), filled.data()));
}

// What the largest picture becomes; nothing when it cannot be told. Allocates no pixels.
std::optional<MediaSpan> largest_picture(const mtmd_context* projector) {
  constexpr uint32_t kSide = 4096;
  const mtmd::bitmap picture(kSide, kSide, nullptr);
  const mtmd_bitmap* bitmaps[] = {picture.ptr.get()};
  const std::string_view marker = mtmd_default_marker();
  const mtmd_input_text text{marker.data(), marker.size(), false, true};
  const mtmd::input_chunks chunks(mtmd_input_chunks_init());
  if (mtmd_tokenize(projector, chunks.ptr.get(), &text, bitmaps, 1) != 0) return {};
  MediaSpan largest;
  for (size_t i = 0; i < chunks.size(); ++i) {
    if (is_text(chunks[i])) continue;
    largest.token_count = std::max(largest.token_count, mtmd_input_chunk_get_n_tokens(chunks[i]));
    largest.whole = largest.whole || mtmd_decode_use_non_causal(projector, chunks[i]);
  }
  return largest;
}

}  // namespace

PromptTokens tokenize_text(const llama_vocab* vocab, std::string_view text) {
  PromptTokens prompt{.tokens = tokens_of(vocab, text), .media = {}};
  if (needs_bos(vocab, prompt.tokens)) {
    prompt.tokens.insert(prompt.tokens.begin(), llama_vocab_bos(vocab));
  }
  return prompt;
}

MediaEncoder::MediaEncoder(mtmd::context_ptr projector, const llama_model* model, int ubatch_tokens)
    : projector_(std::move(projector)),
      vocab_(llama_model_get_vocab(model)),
      embedding_width_(llama_model_n_embd_inp(model)),
      ubatch_tokens_(ubatch_tokens) {}

Result<std::unique_ptr<MediaEncoder>> MediaEncoder::load(const std::filesystem::path& projector,
                                                         const llama_model* model,
                                                         const MediaEncoderOptions& options) {
  mtmd_context_params params = mtmd_context_params_default();
  params.use_gpu = options.use_gpu;
  params.print_timings = false;
  params.n_threads = options.threads;
  mtmd::context_ptr opened = open_projector(projector, model, params);
  if (!opened) {
    return fail(
        ErrorCode::Corrupt,
        fmt::format("{} cannot be loaded beside this model: it is damaged, or the projector of "
                    "another model.",
                    projector.string()),
        "projector");
  }
  const std::optional<MediaSpan> largest =
      mtmd_support_vision(opened.get()) ? largest_picture(opened.get()) : std::nullopt;
  if (largest && largest->whole &&
      largest->token_count > static_cast<size_t>(options.ubatch_tokens)) {
    params.image_max_tokens = options.ubatch_tokens;
    opened = open_projector(projector, model, params);
    if (!opened) {
      return fail(
          ErrorCode::Unsupported,
          fmt::format("Pictures of {} do not fit into {} tokens at once: decode more in one "
                      "batch, or serve the model without a projector.",
                      projector.string(), options.ubatch_tokens),
          "projector");
    }
  }
  std::unique_ptr<MediaEncoder> encoder(
      new MediaEncoder(std::move(opened), model, options.ubatch_tokens));
  encoder->grid_ = read_picture_grid(projector);
  return encoder;
}

bool MediaEncoder::images() const {
  return mtmd_support_vision(projector_.get());
}

bool MediaEncoder::audio() const {
  return mtmd_support_audio(projector_.get());
}

// By its headers: how many bytes it takes once it is decoded.
Result<int64_t> MediaEncoder::judge(const MediaItem& item) const {
  const bool image = item.kind == MediaItem::Kind::Image;
  if (image && !images()) {
    return fail(ErrorCode::Unsupported,
                "This model cannot see images: send text, or ask one that can.", item.label);
  }
  if (!image && !audio()) {
    return fail(ErrorCode::Unsupported,
                "This model cannot hear sound: send text, or ask one that can.", item.label);
  }
  const std::string_view bytes = item.bytes ? std::string_view(*item.bytes) : std::string_view();
  if (image) {
    const Result<media::ImageSize> size = media::check_image(bytes, item.label);
    if (!size) return std::unexpected(size.error());
    return 3 * size->width * size->height;
  }
  const Result<media::SoundLength> length = media::check_sound(bytes, item.label);
  if (!length) return std::unexpected(length.error());
  const int64_t rate = mtmd_get_audio_sample_rate(projector_.get());
  return static_cast<int64_t>(sizeof(float)) * length->frames * rate / length->sample_rate;
}

// Decodes one item after its headers were judged.
Result<mtmd::bitmap> MediaEncoder::read_item(const MediaItem& item) const {
  const bool image = item.kind == MediaItem::Kind::Image;
  const std::string_view bytes = item.bytes ? std::string_view(*item.bytes) : std::string_view();
  mtmd::bitmap bitmap;
  try {
    bitmap.ptr.reset(mtmd_helper_bitmap_init_from_buf(
                         projector_.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                         bytes.size(), false, mtmd_helper_init_opt_default())
                         .bitmap);
  } catch (const std::exception& problem) {
    return fail(ErrorCode::Overloaded,
                fmt::format("There is no memory to decode this {}: {}.",
                            media::name_of(media::sniff(bytes)), problem.what()),
                item.label);
  }
  const bool empty = bitmap.ptr && !image && bitmap.nx() < 2;
  if (!bitmap.ptr || empty) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("This {} is damaged: it decodes to nothing.",
                            media::name_of(media::sniff(bytes))),
                item.label);
  }
  if (image) return bitmap;
  return with_silence(std::move(bitmap), mtmd_get_audio_sample_rate(projector_.get()));
}

// Large pictures may become several slices, each a span of its own.
Result<MediaSpan> MediaEncoder::make_span(const mtmd_input_chunk* chunk, Decoded& decoded) const {
  MediaSpan span;
  span.token_count = mtmd_input_chunk_get_n_tokens(chunk);
  span.position_count = mtmd_input_chunk_get_n_pos(chunk);
  span.whole = mtmd_decode_use_non_causal(projector_.get(), chunk);
  const media::ImageSize size{decoded.bitmap.nx(), decoded.bitmap.ny()};
  if (span.whole && span.token_count > static_cast<size_t>(ubatch_tokens_)) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("This picture of {} by {} pixels takes {} tokens and at most {} can be read "
                    "at once: crop it towards a square.",
                    size.width, size.height, span.token_count, ubatch_tokens_),
        decoded.item->label);
  }
  if (decoded.item->kind == MediaItem::Kind::Image &&
      !grid_.fits(size, static_cast<int64_t>(span.token_count))) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("A picture of {} by {} pixels is too long and thin for this model: crop it "
                    "towards a square.",
                    size.width, size.height),
        decoded.item->label);
  }
  const std::array<uint64_t, 2> name{decoded.digest, decoded.slices++};
  span.digest = media::digest_of({reinterpret_cast<const char*>(name.data()), sizeof(name)});
  span.chunk = {mtmd_input_chunk_copy(chunk), mtmd_input_chunk_free};
  return span;
}

Result<std::vector<MediaEncoder::Decoded>> MediaEncoder::read_items(
    const std::vector<MediaItem>& items) const {
  constexpr int64_t kMostBytes = int64_t{1} << 30;
  int64_t bytes = 0;
  for (const MediaItem& item : items) {
    const Result<int64_t> own = judge(item);
    if (!own) return std::unexpected(own.error());
    bytes += *own;
    if (bytes > kMostBytes) {
      return fail(ErrorCode::TooLarge,
                  "The pictures and sounds of this request take more than a gigabyte together once "
                  "they are decoded: send fewer or smaller ones.",
                  item.label);
    }
  }
  std::vector<Decoded> decoded;
  for (const MediaItem& item : items) {
    Result<mtmd::bitmap> bitmap = read_item(item);
    if (!bitmap) return std::unexpected(bitmap.error());
    bitmap->set_id(std::to_string(decoded.size()).c_str());
    decoded.push_back({&item, std::move(*bitmap), media::digest_of(*item.bytes), 0});
  }
  return decoded;
}

Result<mtmd::input_chunks_ptr> MediaEncoder::split(std::string_view text,
                                                   const std::vector<Decoded>& items) const {
  if (const size_t markers = count_of(text, mtmd_default_marker()); markers != items.size()) {
    return fail(ErrorCode::Internal, fmt::format("The prompt has {} media markers for {} items.",
                                                 markers, items.size()));
  }
  std::vector<const mtmd_bitmap*> bitmaps;
  for (const Decoded& item : items) bitmaps.push_back(item.bitmap.ptr.get());
  const mtmd_input_text input{text.data(), text.size(), false, true};
  mtmd::input_chunks_ptr chunks(mtmd_input_chunks_init());
  const int status =
      mtmd_tokenize(projector_.get(), chunks.get(), &input, bitmaps.data(), bitmaps.size());
  if (status != 0) {
    return fail(ErrorCode::InvalidArgument, "A picture or sound cannot be prepared for this model.",
                items.empty() ? std::string() : items.front().item->label);
  }
  return chunks;
}

Result<PromptTokens> MediaEncoder::tokenize(std::string_view text,
                                            const std::vector<MediaItem>& items) const {
  Result<std::vector<Decoded>> decoded = read_items(items);
  if (!decoded) return std::unexpected(decoded.error());
  const Result<mtmd::input_chunks_ptr> chunks = split(text, *decoded);
  if (!chunks) return std::unexpected(chunks.error());

  PromptTokens prompt;
  const size_t count = mtmd_input_chunks_size(chunks->get());
  const std::span<const llama_token> opening =
      count > 0 ? text_of(mtmd_input_chunks_get(chunks->get(), 0)) : std::span<const llama_token>();
  if (needs_bos(vocab_, opening)) prompt.tokens.push_back(llama_vocab_bos(vocab_));
  for (size_t i = 0; i < count; ++i) {
    const mtmd_input_chunk* chunk = mtmd_input_chunks_get(chunks->get(), i);
    const std::span<const llama_token> tokens = text_of(chunk);
    prompt.tokens.insert(prompt.tokens.end(), tokens.begin(), tokens.end());
    if (is_text(chunk) || mtmd_input_chunk_get_n_tokens(chunk) == 0) continue;
    Result<MediaSpan> span =
        make_span(chunk, (*decoded)[std::stoul(mtmd_input_chunk_get_id(chunk))]);
    if (!span) return std::unexpected(span.error());
    span->first = prompt.tokens.size();
    prompt.tokens.resize(prompt.tokens.size() + span->token_count, LLAMA_TOKEN_NULL);
    prompt.media.push_back(std::move(*span));
  }
  return prompt;
}

Result<std::vector<float>> MediaEncoder::encode(const MediaSpan& span) {
  const std::lock_guard lock(encoding_);
  if (mtmd_encode_chunk(projector_.get(), span.chunk.get()) != 0) {
    return fail(ErrorCode::Internal, "The projector could not encode a picture or sound.");
  }
  const float* rows = mtmd_get_output_embd(projector_.get());
  return std::vector<float>(rows, rows + span.token_count * embedding_width_);
}

Result<Embeddings> MediaEncoder::encode_once(const MediaSpan& span) {
  {
    const std::lock_guard lock(cached_);
    if (Embeddings known = cache_.find(span.digest)) return known;
  }
  Result<std::vector<float>> rows = encode(span);
  if (!rows) return std::unexpected(rows.error());
  auto kept = std::make_shared<const std::vector<float>>(std::move(*rows));
  const std::lock_guard lock(cached_);
  cache_.put(span.digest, kept);
  return kept;
}

Result<int> MediaEncoder::decode(llama_context* context, const MediaSpan& span,
                                 const float* embeddings, llama_pos position,
                                 llama_seq_id sequence) {
  const size_t at_once = llama_n_ubatch(context);
  if (span.whole && span.token_count > at_once) {
    return fail(ErrorCode::TooLarge,
                fmt::format("A picture of {} tokens does not fit into one decode of {}.",
                            span.token_count, at_once));
  }
  llama_pos after = position;
  const int status = mtmd_helper_decode_image_chunk(
      projector_.get(), context, span.chunk.get(), const_cast<float*>(embeddings), position,
      sequence, static_cast<int32_t>(llama_n_batch(context)), &after, nullptr, nullptr);
  if (status == 0) return after;
  llama_memory_seq_rm(llama_get_memory(context), sequence, position, -1);
  if (status == 1) {
    return fail(
        ErrorCode::Overloaded,
        fmt::format("There are no {} cells left for a picture or sound.", span.token_count));
  }
  return fail(
      ErrorCode::Internal,
      fmt::format("A picture or sound could not be decoded (llama.cpp's code {}).", status));
}

}  // namespace melete::engine
