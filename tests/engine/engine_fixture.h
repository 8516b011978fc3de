// An engine over the small real model, for tests that need sensible text. Skips where the model is
// missing.

#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "base/metrics.h"
#include "chat/collect.h"
#include "engine/engine.h"

namespace melete::engine {

inline constexpr const char* kTestModel = "smollm2-135m";

// The file that `make test` pulled: MELETE_TEST_MODEL names it.
inline std::filesystem::path test_model_path() {
  const char* path = std::getenv("MELETE_TEST_MODEL");
  return path ? path : "";
}

class EngineTest : public testing::Test {
 protected:
  // Loads an engine; the test ends as skipped where there is no model. MELETE_TEST_KERNELS=off:
  // on llama.cpp's own kernels, and on one thread, so that two such tests can run side by side.
  void load(EngineOptions options = {}) {
    const char* kernels = std::getenv("MELETE_TEST_KERNELS");
    options.kernels = !kernels || std::string(kernels) != "off";
    if (!options.kernels) options.threads = 1;
    options.name = kTestModel;
    options.model = test_model_path();
    options.metrics = &metrics_;
    Result<std::unique_ptr<Engine>> loaded = Engine::load(options);
    ASSERT_TRUE(loaded) << loaded.error().message;
    engine_ = std::move(*loaded);
  }

  void SetUp() override {
    if (test_model_path().empty()) GTEST_SKIP() << "MELETE_TEST_MODEL names no model file";
  }

  static chat::Request question(std::string text, int answer_tokens = 32) {
    chat::Request request;
    request.model = kTestModel;
    request.messages.push_back(chat::text_message(chat::Role::User, std::move(text)));
    request.sampling.temperature = 0;
    request.limits.answer_tokens = answer_tokens;
    return request;
  }

  chat::Completion ask(chat::Request request) {
    const auto stream = engine_->start(std::move(request));
    return chat::collect_blocking(*stream);
  }

  double gauge(const std::string& name) {
    return metrics_.gauge(name, "", {{"model", kTestModel}}).value();
  }
  double counter(const std::string& name) {
    return metrics_.counter(name, "", {{"model", kTestModel}}).value();
  }

  Metrics metrics_;
  std::unique_ptr<Engine> engine_;
};

// About `token_count` tokens of plain words that differ with `seed`.
inline std::string filler(int token_count, int seed) {
  static const char* const kWords[] = {"river",  "stone", "light", "north",
                                       "garden", "paper", "seven"};
  std::string text;
  auto state = static_cast<uint32_t>(seed) * 2654435761u + 1;
  for (int index = 0; index < token_count; ++index) {
    state = state * 1664525u + 1013904223u;
    text += kWords[(state >> 16) % 7];
    text += ' ';
  }
  return text;
}

}  // namespace melete::engine
