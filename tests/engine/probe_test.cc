// Sound and malformed files, loaded in a child process that may die of them.

#include "engine/probe.h"

#include <gtest/gtest.h>

#include <fstream>

#include "engine/random_adapter.h"
#include "engine/random_model.h"

namespace melete::engine {
namespace {

namespace fs = std::filesystem;

const ProbeOptions kPlain{.program = MELETE_PROBE_PROGRAM, .cache = {}};

struct Files {
  Files() {
    write_random_model(model);
    write_random_projector(projector);
  }

  TemporaryFolder folder;
  fs::path model = folder / "model.gguf";
  fs::path projector = folder / "projector.gguf";
};

void expect_corrupt(const Result<void>& probed, const std::string& text) {
  ASSERT_FALSE(probed) << text;
  EXPECT_EQ(name_of(probed.error().code), "corrupt") << probed.error().message;
  EXPECT_NE(probed.error().message.find(text), std::string::npos) << probed.error().message;
}

TEST(Probe, LoadsWhatIsSound) {
  const Files files;
  const Result<void> both = probe_model(files.model, files.projector, kPlain);
  EXPECT_TRUE(both) << both.error().message;
  EXPECT_TRUE(probe_model(files.model, {}, kPlain));
  for (const Memory memory : {Memory::SlidingWindow, Memory::Recurrent}) {
    write_random_model(files.model, {.memory = memory});
    const Result<void> probed = probe_model(files.model, {}, kPlain);
    EXPECT_TRUE(probed) << probed.error().message;
  }
  write_random_model(files.model);
  write_random_projector(files.projector, {.eyes = Eyes::Squares, .ears = Ears::Spectrogram});
  const Result<void> squares = probe_model(files.model, files.projector, kPlain);
  EXPECT_TRUE(squares) << squares.error().message;
}

TEST(Probe, RefusesFilesThatAreCutOrSomethingElse) {
  const Files files;
  for (const double kept : {0.9999, 0.5, 0.01, 0.0}) {
    write_random_model(files.model);
    cut_file(files.model, kept);
    expect_corrupt(probe_model(files.model, {}, kPlain), files.model.string());
  }
  std::ofstream(files.model) << "<html>Not found</html>";
  expect_corrupt(probe_model(files.model, {}, kPlain), files.model.string());

  write_random_model(files.model);
  cut_file(files.projector, 0.9);
  expect_corrupt(probe_model(files.model, files.projector, kPlain), files.projector.string());
}

TEST(Probe, RefusesAbsurdCounts) {
  const Files files;
  const std::string enormous(8, '\x7f');
  for (const size_t offset : {8, 16}) {  // of tensors, of keys
    write_random_model(files.model);
    overwrite(files.model, offset, enormous);
    expect_corrupt(probe_model(files.model, {}, kPlain), files.model.string());
  }
  for (const uint32_t layers : {3U, 4'000'000'000U}) {
    write_random_model(files.model, {.layers_claimed = layers});
    expect_corrupt(probe_model(files.model, {}, kPlain), "cannot be loaded");
  }
}

TEST(Probe, SaysWhichTensorIsMissing) {
  const Files files;
  write_random_model(files.model, {.leave_out = "blk.1.ffn_up.weight"});
  expect_corrupt(probe_model(files.model, {}, kPlain), "blk.1.ffn_up.weight");
}

TEST(Probe, OutlivesAProjectorThatEndsTheProcess) {
  const Files files;
  for (const char* tensor : {"v.position_embd.weight", "v.patch_embd.weight"}) {
    write_random_projector(files.projector, {.leave_out = tensor});
    expect_corrupt(probe_model(files.model, files.projector, kPlain), "ended a process by signal");
  }
}

TEST(Probe, RefusesAProjectorOfAnotherWidth) {
  const Files files;
  write_random_projector(files.projector, {.width = 64});
  expect_corrupt(probe_model(files.model, files.projector, kPlain), "128");
}

TEST(Probe, LoadsAdaptersAndRefusesThoseThatDoNotFit) {
  const Files files;
  ProbeOptions options = kPlain;
  options.adapters = {{"poet", files.folder / "poet.gguf"}, {"sql", files.folder / "sql.gguf"}};
  for (const models::AdapterFile& adapter : options.adapters) {
    write_random_adapter(adapter.file, {.architecture = "qwen3", .width = 128, .queries = 128});
  }
  const Result<void> both = probe_model(files.model, files.projector, options);
  EXPECT_TRUE(both) << both.error().message;

  write_random_adapter(options.adapters[1].file,
                       {.architecture = "qwen3", .width = 128, .queries = 64});
  const Result<void> narrow = probe_model(files.model, {}, options);
  ASSERT_FALSE(narrow);
  EXPECT_EQ(narrow.error().code, ErrorCode::InvalidArgument);
  EXPECT_NE(narrow.error().message.find("the adapter sql"), std::string::npos);
  cut_file(options.adapters[1].file, 0.9);
  expect_corrupt(probe_model(files.model, {}, options), "the adapter sql");
}

// What only llama.cpp finds.
TEST(Probe, NamesTheAdapterThatLlamaCppRefuses) {
  const Files files;
  ProbeOptions options = kPlain;
  options.adapters = {{"poet", files.folder / "poet.gguf"}};
  write_random_adapter(
      options.adapters[0].file,
      {.architecture = "qwen3", .width = 128, .queries = 128, .alpha_is_double = true});
  expect_corrupt(probe_model(files.model, {}, options), options.adapters[0].file.string());
}

TEST(Probe, RefusesAModelAsProjectorAndAProjectorAsModel) {
  const Files files;
  EXPECT_FALSE(probe_model(files.model, files.model, kPlain));
  EXPECT_FALSE(probe_model(files.projector, {}, kPlain));
}

TEST(Probe, FilesThatAreNotThereAreNotFound) {
  const Files files;
  const Result<void> probed = probe_model(files.folder / "none.gguf", {}, kPlain);
  ASSERT_FALSE(probed);
  EXPECT_EQ(probed.error().code, ErrorCode::NotFound);
}

TEST(Probe, EndsAChildThatTakesTooLong) {
  const Files files;
  const fs::path slow = files.folder / "sleep.gguf";
  fs::copy_file(files.model, slow);
  ProbeOptions options = kPlain;
  options.time_limit = std::chrono::milliseconds(200);
  const auto before = std::chrono::steady_clock::now();
  expect_corrupt(probe_model(slow, {}, options), "more than 0.2 seconds");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
}

TEST(Probe, RemembersWhatPassedUntilTheFileChanges) {
  const Files files;
  ProbeOptions options = kPlain;
  options.program = files.folder / "probe_program";
  options.cache = files.folder / "cache";
  fs::copy_file(MELETE_PROBE_PROGRAM, options.program);
  ASSERT_TRUE(probe_model(files.model, {}, options));
  EXPECT_EQ(std::distance(fs::directory_iterator(options.cache), {}), 1);

  options.time_limit = std::chrono::milliseconds(1);  // too short for a child
  EXPECT_TRUE(probe_model(files.model, {}, options)) << "remembered";
  options.adapters = {{"poet", files.folder / "poet.gguf"}};
  write_random_adapter(options.adapters[0].file,
                       {.architecture = "qwen3", .width = 128, .queries = 128});
  EXPECT_FALSE(probe_model(files.model, {}, options)) << "not with an adapter";
  options.adapters.clear();
  fs::last_write_time(files.model, fs::file_time_type::clock::now());
  EXPECT_FALSE(probe_model(files.model, {}, options)) << "changed";
  EXPECT_EQ(std::distance(fs::directory_iterator(options.cache), {}), 1) << "failures are not kept";
}

TEST(Probe, WithoutAProgramOnlyHeadersAreRead) {
  const Files files;
  write_random_projector(files.projector, {.leave_out = "v.position_embd.weight"});
  EXPECT_TRUE(probe_model(files.model, files.projector, {}));
  cut_file(files.model, 0.5);
  EXPECT_FALSE(probe_model(files.model, files.projector, {}));
}

TEST(Probe, AProgramThatCannotBeRunIsUnavailable) {
  const Files files;
  const Result<void> probed = probe_model(files.model, {}, {.program = "/no/such/program"});
  ASSERT_FALSE(probed);
  EXPECT_EQ(probed.error().code, ErrorCode::Unavailable);
}

}  // namespace
}  // namespace melete::engine
