// Pictures and sounds through random models: what reaches the prompt and the answer, and that
// everything which would end the process is refused.

#include "engine/media_encoder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <llama-cpp.h>
#include <mtmd-helper.h>

#include <cmath>

#include "engine/random_model.h"
#include "engine/sample_media.h"

namespace melete::engine {
namespace {

constexpr int kUbatch = 512;

// A random model with eyes and ears, and a context to decode into.
struct Bench {
  explicit Bench(const RandomProjector& projector = {}, const RandomModel& random = {},
                 int ubatch = kUbatch) {
    llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
    mtmd_helper_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
    write_random_model(folder / "model.gguf", random);
    write_random_projector(folder / "projector.gguf", projector);
    llama_model_params model_params = llama_model_default_params();
    model_params.n_gpu_layers = 0;
    model.reset(llama_model_load_from_file((folder / "model.gguf").c_str(), model_params));
    llama_context_params params = llama_context_default_params();
    params.n_threads = 1;
    params.n_threads_batch = 1;
    params.n_ctx = 2048;
    params.n_batch = ubatch;
    params.n_ubatch = ubatch;
    params.n_threads = params.n_threads_batch = 1;
    context.reset(llama_init_from_model(model.get(), params));
    Result<std::unique_ptr<MediaEncoder>> loaded = MediaEncoder::load(
        folder / "projector.gguf", model.get(), {.ubatch_tokens = ubatch, .use_gpu = false});
    if (loaded) encoder = std::move(*loaded);
    if (!loaded) load_error = loaded.error();
  }

  // Decodes a whole prompt into sequence 0 and returns the logits after its last token.
  std::vector<float> read(const PromptTokens& prompt) {
    llama_memory_clear(llama_get_memory(context.get()), true);
    llama_pos position = 0;
    auto span = prompt.media.begin();
    for (size_t i = 0; i < prompt.tokens.size();) {
      if (span != prompt.media.end() && span->first == i) {
        const Result<std::vector<float>> rows = encoder->encode(*span);
        EXPECT_TRUE(rows);
        const Result<int> after = encoder->decode(context.get(), *span, rows->data(), position, 0);
        EXPECT_TRUE(after) << after.error().message;
        position = *after;
        i += (span++)->token_count;
        continue;
      }
      llama_token token = prompt.tokens[i++];
      EXPECT_EQ(llama_decode(context.get(), llama_batch_get_one(&token, 1)), 0);
      ++position;
    }
    const float* logits = llama_get_logits_ith(context.get(), -1);
    const int count = llama_vocab_n_tokens(llama_model_get_vocab(model.get()));
    return {logits, logits + count};
  }

  TemporaryFolder folder;
  llama_model_ptr model;
  llama_context_ptr context;
  std::unique_ptr<MediaEncoder> encoder;
  Error load_error;
};

const std::string kMark = mtmd_default_marker();

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(std::isfinite(a[i]));
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  }
  return largest;
}

TEST(MediaEncoder, PutsPicturesAndSoundsIntoThePrompt) {
  Bench bench;
  ASSERT_TRUE(bench.encoder) << bench.load_error.message;
  EXPECT_TRUE(bench.encoder->images());
  EXPECT_TRUE(bench.encoder->audio());
  EXPECT_EQ(bench.encoder->embedding_width(), 128);

  const Result<PromptTokens> prompt =
      bench.encoder->tokenize("see" + kMark + "hear" + kMark + "end",
                              {image_item(picture(160, 160)), audio_item(sound(20000))});
  ASSERT_TRUE(prompt) << prompt.error().message;
  ASSERT_EQ(prompt->media.size(), 2U);
  const MediaSpan& image = prompt->media[0];
  const MediaSpan& audio = prompt->media[1];
  EXPECT_EQ(image.first, 4U);  // s, e, e, <|image>
  EXPECT_EQ(image.token_count, 100U);
  EXPECT_EQ(image.position_count, 100);
  EXPECT_TRUE(image.whole);
  EXPECT_EQ(audio.token_count, 32U);  // 20,000 samples in frames of 640
  EXPECT_FALSE(audio.whole);
  EXPECT_EQ(prompt->tokens.size(), 3U + 102U + 4U + 34U + 3U);
  for (size_t i = 0; i < prompt->tokens.size(); ++i) {
    const bool in_image = i >= image.first && i < image.first + image.token_count;
    const bool in_audio = i >= audio.first && i < audio.first + audio.token_count;
    EXPECT_EQ(prompt->tokens[i] == LLAMA_TOKEN_NULL, in_image || in_audio) << i;
  }
}

TEST(MediaEncoder, WhatIsSeenAndHeardChangesTheAnswer) {
  for (const RandomProjector& projector :
       {RandomProjector{}, RandomProjector{.eyes = Eyes::Squares, .ears = Ears::Spectrogram}}) {
    Bench bench(projector);
    ASSERT_TRUE(bench.encoder) << bench.load_error.message;
    const auto logits = [&](int shade, int hertz) {
      const Result<PromptTokens> prompt = bench.encoder->tokenize(
          fmt::format("{0} and {0} is", kMark),
          {image_item(picture(160, 160, shade)), audio_item(sound(20000, hertz))});
      EXPECT_TRUE(prompt) << prompt.error().message;
      return bench.read(*prompt);
    };
    const std::vector<float> first = logits(0, 440);
    EXPECT_EQ(largest_difference(first, logits(0, 440)), 0);
    EXPECT_GT(largest_difference(first, logits(255, 440)), 1e-3);
    EXPECT_GT(largest_difference(first, logits(0, 1000)), 1e-3);
  }
}

TEST(MediaEncoder, EqualPicturesHaveEqualDigestsAndRows) {
  Bench bench;
  const std::string bytes = picture(160, 160);
  const Result<PromptTokens> prompt = bench.encoder->tokenize(
      kMark + "x" + kMark + kMark,
      {image_item(bytes), image_item(bytes), image_item(picture(160, 160, 9))});
  ASSERT_TRUE(prompt) << prompt.error().message;
  ASSERT_EQ(prompt->media.size(), 3U);
  EXPECT_EQ(prompt->media[0].digest, prompt->media[1].digest);
  EXPECT_NE(prompt->media[0].digest, prompt->media[2].digest);
  const std::vector<float> first = *bench.encoder->encode(prompt->media[0]);
  EXPECT_EQ(*bench.encoder->encode_once(prompt->media[0]),
            *bench.encoder->encode_once(prompt->media[1]))
      << "the same rows in memory";
  EXPECT_EQ(**bench.encoder->encode_once(prompt->media[0]), first);
  EXPECT_EQ(first, *bench.encoder->encode(prompt->media[1]));
  EXPECT_NE(first, *bench.encoder->encode(prompt->media[2]));
  EXPECT_EQ(first.size(), 100U * 128U);
}

TEST(MediaEncoder, TheCausalMaskIsBackAfterAPicture) {
  Bench bench;
  const Result<PromptTokens> prompt =
      bench.encoder->tokenize(kMark + "abc", {image_item(picture(160, 160))});
  const std::vector<float> one_by_one = bench.read(*prompt);

  llama_memory_seq_rm(llama_get_memory(bench.context.get()), 0, 101, -1);
  std::vector<llama_token> rest(prompt->tokens.begin() + 101, prompt->tokens.end());
  const auto count = static_cast<int32_t>(rest.size());
  ASSERT_EQ(llama_decode(bench.context.get(), llama_batch_get_one(rest.data(), count)), 0);
  const float* logits = llama_get_logits_ith(bench.context.get(), -1);
  const std::vector<float> at_once(logits, logits + one_by_one.size());
  EXPECT_LT(largest_difference(one_by_one, at_once), 0.05);  // without it: 0.1 to 0.3 and more
}

// Trap A of the tiny models: a picture that attends both ways and exceeds one decode ends the
// process.
TEST(MediaEncoder, LargePicturesAreScaledIntoOneDecode) {
  Bench bench;
  const Result<PromptTokens> prompt =
      bench.encoder->tokenize(kMark + "what", {image_item(picture(1600, 1200))});
  ASSERT_TRUE(prompt) << prompt.error().message;
  EXPECT_LE(prompt->media[0].token_count, static_cast<size_t>(kUbatch));
  EXPECT_GT(prompt->media[0].token_count, 400U);
  bench.read(*prompt);

  Bench wide({}, {}, 2048);
  const Result<PromptTokens> whole =
      wide.encoder->tokenize(kMark, {image_item(picture(1600, 1200))});
  EXPECT_GT(whole->media[0].token_count, 1000U);
  EXPECT_LE(whole->media[0].token_count, 1120U) << "the projector's own limit is never raised";
}

TEST(MediaEncoder, APictureForAWiderContextIsRefusedNotFatal) {
  Bench wide({}, {}, 2048);
  Bench narrow;
  const Result<PromptTokens> prompt =
      wide.encoder->tokenize(kMark, {image_item(picture(1600, 1200))});
  const std::vector<float> rows = *wide.encoder->encode(prompt->media[0]);
  const Result<int> position =
      wide.encoder->decode(narrow.context.get(), prompt->media[0], rows.data(), 0, 0);
  ASSERT_FALSE(position);
  EXPECT_EQ(position.error().code, ErrorCode::TooLarge);
}

TEST(MediaEncoder, APictureWithoutCellsLeavesTheSequenceAsItWas) {
  Bench bench({}, {}, 2048);
  const Result<PromptTokens> prompt =
      bench.encoder->tokenize(kMark, {image_item(picture(1600, 1200))});
  const MediaSpan& span = prompt->media[0];
  const std::vector<float> rows = *bench.encoder->encode(span);
  Result<int> position = 0;
  while (position && *position < 4096) {
    position = bench.encoder->decode(bench.context.get(), span, rows.data(), *position, 0);
  }
  ASSERT_FALSE(position);
  EXPECT_EQ(position.error().code, ErrorCode::Overloaded) << position.error().message;
  llama_memory_t memory = llama_get_memory(bench.context.get());
  EXPECT_EQ(llama_memory_seq_pos_max(memory, 0) + 1, static_cast<int>(span.token_count));
}

// Traps D and E: positions beyond the projector's table end the process.
TEST(MediaEncoder, LongAndThinPicturesAreRefused) {
  Bench bench({.position_rows = 40});
  ASSERT_TRUE(bench.encoder) << bench.load_error.message;
  const Result<PromptTokens> thin =
      bench.encoder->tokenize(kMark, {image_item(picture(1600, 8), "content[3]")});
  ASSERT_FALSE(thin);
  EXPECT_EQ(thin.error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(thin.error().parameter, "content[3]");
  EXPECT_NE(thin.error().message.find("crop"), std::string::npos) << thin.error().message;
  const Result<PromptTokens> square =
      bench.encoder->tokenize(kMark + "x", {image_item(picture(320, 320))});
  ASSERT_TRUE(square) << square.error().message;
  bench.read(*square);
}

TEST(MediaEncoder, EveryAllowedShapeCanBeEncoded) {
  Bench bench;
  for (const auto& [width, height] : {std::pair{1, 1}, {200, 1}, {1, 200}, {2400, 12}, {3, 500}}) {
    const Result<PromptTokens> prompt =
        bench.encoder->tokenize(kMark + "x", {image_item(picture(width, height))});
    ASSERT_TRUE(prompt) << width << "x" << height << ": " << prompt.error().message;
    bench.read(*prompt);
  }
}

// Trap F: one sample ends the process; very short sounds break analysis windows.
TEST(MediaEncoder, ShortSoundsAreRefusedOrFilledWithSilence) {
  for (const Ears ears : {Ears::Waveform, Ears::Spectrogram}) {
    Bench bench({.ears = ears});
    ASSERT_TRUE(bench.encoder) << bench.load_error.message;
    for (const int samples : {0, 1}) {
      const Result<PromptTokens> prompt =
          bench.encoder->tokenize(kMark, {audio_item(sound(samples), "input_audio")});
      ASSERT_FALSE(prompt) << samples;
      EXPECT_EQ(prompt.error().code, ErrorCode::InvalidArgument);
      EXPECT_EQ(prompt.error().parameter, "input_audio");
    }
    for (const int samples : {2, 3, 161, 641}) {
      const Result<PromptTokens> prompt =
          bench.encoder->tokenize(kMark + "x", {audio_item(sound(samples))});
      ASSERT_TRUE(prompt) << prompt.error().message;
      bench.read(*prompt);
    }
  }
}

TEST(MediaEncoder, RefusesWhatTheModelHasNoOrganFor) {
  Bench deaf({.ears = Ears::None});
  ASSERT_TRUE(deaf.encoder) << deaf.load_error.message;
  EXPECT_FALSE(deaf.encoder->audio());
  const Result<PromptTokens> heard =
      deaf.encoder->tokenize(kMark, {audio_item(sound(800), "voice")});
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().code, ErrorCode::Unsupported);
  EXPECT_EQ(heard.error().parameter, "voice");

  Bench blind({.eyes = Eyes::None});
  ASSERT_TRUE(blind.encoder) << blind.load_error.message;
  EXPECT_FALSE(blind.encoder->images());
  const Result<PromptTokens> seen =
      blind.encoder->tokenize(kMark, {image_item(picture(8, 8), "photo")});
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, ErrorCode::Unsupported);
  EXPECT_EQ(seen.error().parameter, "photo");
}

TEST(MediaEncoder, RefusesDamagedItemsByTheirLabel) {
  Bench bench;
  const std::string whole = picture(64, 64);
  const MediaItem items[] = {
      image_item("hello", "a"),
      image_item(whole.substr(0, 20), "a"),
      image_item(sound(100), "a"),
      audio_item(whole, "a"),
      audio_item("RIFF....WAVEjunk", "a"),
      MediaItem{MediaItem::Kind::Image, nullptr, "a"},
  };
  for (const MediaItem& item : items) {
    const Result<PromptTokens> prompt = bench.encoder->tokenize(kMark, {item});
    ASSERT_FALSE(prompt);
    EXPECT_EQ(prompt.error().code, ErrorCode::InvalidArgument) << prompt.error().message;
    EXPECT_EQ(prompt.error().parameter, "a") << prompt.error().message;
  }
}

TEST(MediaEncoder, MarkersAndItemsMustAgree) {
  Bench bench;
  const Result<PromptTokens> prompt =
      bench.encoder->tokenize("no marker", {image_item(picture(8, 8))});
  ASSERT_FALSE(prompt);
  EXPECT_EQ(prompt.error().code, ErrorCode::Internal);
  EXPECT_FALSE(bench.encoder->tokenize(kMark, {}));
}

TEST(MediaEncoder, RefusesAProjectorOfAnotherModel) {
  const Bench bench({.width = 64});
  EXPECT_FALSE(bench.encoder);
  EXPECT_EQ(bench.load_error.code, ErrorCode::Corrupt);
  EXPECT_EQ(bench.load_error.parameter, "projector");
}

TEST(MediaEncoder, TextBeginsWithBosOnceWhereTheVocabularyAddsIt) {
  for (const bool adds_bos : {false, true}) {
    Bench bench({}, {.adds_bos = adds_bos});
    const llama_vocab* vocab = llama_model_get_vocab(bench.model.get());
    const size_t extra = adds_bos ? 1 : 0;
    const PromptTokens plain = tokenize_text(vocab, "ab");
    EXPECT_EQ(plain.tokens.size(), 2 + extra);
    EXPECT_EQ(plain.tokens.front() == llama_vocab_bos(vocab), adds_bos);
    EXPECT_EQ(tokenize_text(vocab, "<|endoftext|>ab").tokens.size(), 3U) << "never twice";
    EXPECT_EQ(tokenize_text(vocab, "").tokens.size(), extra);
    EXPECT_EQ(tokenize_text(vocab, "<|im_end|>").tokens.back(), llama_vocab_eos(vocab));
    EXPECT_EQ(bench.encoder->tokenize("ab", {})->tokens, plain.tokens);
    const Result<PromptTokens> seen =
        bench.encoder->tokenize(kMark, {image_item(picture(160, 160))});
    EXPECT_EQ(seen->media[0].first, 1 + extra);
  }
}

TEST(MediaEncoder, AMarkerIsOnlyTextToAModelWithoutProjector) {
  Bench bench;
  const llama_vocab* vocab = llama_model_get_vocab(bench.model.get());
  EXPECT_EQ(tokenize_text(vocab, kMark).tokens.size(), kMark.size()) << "one token for each byte";
}

// A few bytes state pictures that no machine has the memory for.
TEST(MediaEncoder, PicturesAreBoundedTogether) {
  const Bench bench;
  const std::string header("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x1f\x40\0\0\x1f\x40", 24);
  std::string text;
  std::vector<MediaItem> items;
  for (int i = 0; i < 6; ++i) {
    text += kMark;
    items.push_back(image_item(header, "content[" + std::to_string(i) + "]"));
  }
  const Result<PromptTokens> prompt = bench.encoder->tokenize(text, items);
  ASSERT_FALSE(prompt);
  EXPECT_EQ(prompt.error().code, ErrorCode::TooLarge);
  EXPECT_EQ(prompt.error().parameter, "content[5]");
}

}  // namespace
}  // namespace melete::engine
