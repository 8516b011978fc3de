// The GGUF reader: what it reads, and that no damaged file is believed.

#include "models/gguf_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "models/model_directory.h"
#include "models/model_facts.h"
#include "models/sample_files.h"

namespace melete::models {
namespace {

Result<GgufFile> read(const std::string& bytes) {
  std::istringstream in(bytes);
  return read_gguf(in, bytes.size(), "sample.gguf");
}

TEST(GgufFile, TellsMetadataAndTensors) {
  const auto file = read(sample_gguf(1024));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->architecture(), "sample");
  EXPECT_EQ(file->arch_number("context_length"), 4096);
  EXPECT_EQ(file->arch_number("nothing", 7), 7);
  ASSERT_EQ(file->tensors.size(), 2u);
  EXPECT_EQ(file->tensors[1].name, "token_embd.weight");
  EXPECT_EQ(file->tensors[1].bytes, 512u);

  const ModelFacts facts = facts_of(*file);
  EXPECT_EQ(facts.parameters, 256);
  EXPECT_EQ(facts.quantisation, "F32");
  EXPECT_EQ(facts.vocabulary, 300);
  EXPECT_TRUE(facts.has_chat_template);
  EXPECT_FALSE(facts.is_projector);
}

TEST(GgufFile, RefusesEveryCutCopy) {
  const std::string whole = sample_gguf(1024);
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto file = read(whole.substr(0, size));
    ASSERT_FALSE(file) << "cut to " << size << " of " << whole.size() << " bytes";
    ASSERT_EQ(file.error().code, ErrorCode::Corrupt);
  }
}

TEST(GgufFile, SaysWhichTensorIsCutOff) {
  std::string bytes = sample_gguf(1024);
  bytes.resize(bytes.size() - 1);
  EXPECT_NE(read(bytes).error().message.find("token_embd.weight"), std::string::npos);
}

TEST(GgufFile, SaysThatSomethingIsNoGguf) {
  EXPECT_NE(read("<html>not found</html>").error().message.find("not a GGUF"), std::string::npos);
}

TEST(GgufFile, RefusesAbsurdCounts) {
  for (const size_t at : {size_t{8}, size_t{16}}) {
    std::string bytes = sample_gguf();
    bytes.replace(at, 8, std::string(8, '\x7f'));
    EXPECT_EQ(read(bytes).error().code, ErrorCode::Corrupt);
  }
}

// Whatever is changed, reading ends, and what is believed lies inside the file.
TEST(GgufFile, SurvivesRandomDamage) {
  const std::string whole = sample_gguf(1024);
  std::mt19937 random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = whole;
    const int changes = 1 + static_cast<int>(random() % 4);
    for (int i = 0; i < changes; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto file = read(bytes);
    if (!file) continue;
    for (const GgufTensor& tensor : file->tensors) {
      ASSERT_LE(file->data_start + tensor.offset + tensor.bytes, bytes.size()) << "round " << round;
    }
  }
}

// The header of a model as people use it, cut at a thousand places.
TEST(GgufFile, RefusesCutCopiesOfARealHeader) {
  const auto model = ModelDirectory::standard().find("smollm2-135m");
  if (!model) GTEST_SKIP() << "smollm2-135m is not on this machine";
  const auto path = ModelDirectory::standard().files_of(*model).model;
  const auto whole = read_gguf(path);
  ASSERT_TRUE(whole) << whole.error().message;
  std::string header(whole->data_start, '\0');
  std::ifstream(path, std::ios::binary)
      .read(header.data(), static_cast<std::streamsize>(header.size()));
  for (size_t size = 0; size < header.size(); size += header.size() / 1000) {
    ASSERT_EQ(read(header.substr(0, size)).error().code, ErrorCode::Corrupt) << size;
  }
}

TEST(GgufFile, RefusesDirectoriesAndMissingFiles) {
  const TemporaryDirectory directory;
  EXPECT_EQ(read_gguf(directory.path()).error().code, ErrorCode::Unsupported);
  EXPECT_EQ(read_gguf(directory.path() / "none.gguf").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace melete::models
