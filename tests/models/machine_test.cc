// What is found out about a machine, what fits into it, and how much memory a model needs.

#include "models/machine.h"

#include <gtest/gtest.h>

#include <sstream>

#include "models/memory.h"
#include "models/sample_files.h"
#include "models/units.h"

namespace melete::models {
namespace {

constexpr int64_t kGiB = int64_t{1} << 30;

GgufFile sample_header() {
  const std::string bytes = sample_gguf();
  std::istringstream in(bytes);
  return *read_gguf(in, bytes.size(), "sample");
}

class FakeMachine : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* folder : {"proc/self", "sys/fs/cgroup/box"}) {
      std::filesystem::create_directories(root_.path() / folder);
    }
    put("proc/cpuinfo",
        "processor\t: 0\nmodel name\t: Test CPU 9000\nflags\t\t: sse4_2 avx2 fma avx512_vnni\n");
    put("proc/meminfo",
        "MemTotal:       16777216 kB\nMemFree: 5 kB\nMemAvailable:    8388608 kB\n");
    put("proc/self/cgroup", "0::/box\n");
  }

  void put(const std::string& file, const std::string& text) {
    write_file(root_.path() / file, text);
  }

  const TemporaryDirectory root_;
};

TEST_F(FakeMachine, IsDescribed) {
  const Machine machine = probe_machine(root_.path());
  EXPECT_EQ(machine.processor, "Test CPU 9000");
  EXPECT_EQ(machine.memory_bytes, 16 * kGiB);
  EXPECT_EQ(machine.free_bytes, 8 * kGiB);
  EXPECT_EQ(machine.instructions,
            (std::vector<std::string>{"SSE4.2", "AVX2", "FMA", "AVX-512-VNNI"}));
}

TEST_F(FakeMachine, IsAsSmallAsItsContainer) {
  put("sys/fs/cgroup/box/memory.max", "4294967296\n");
  put("sys/fs/cgroup/box/memory.current", "2147483648\n");
  put("sys/fs/cgroup/box/memory.stat", "anon 1073741824\nfile 1073741824\n");
  put("sys/fs/cgroup/box/cpu.max", "100000 100000\n");
  const Machine machine = probe_machine(root_.path());
  EXPECT_EQ(machine.memory_bytes, 4 * kGiB);
  EXPECT_EQ(machine.free_bytes, 3 * kGiB);
  EXPECT_EQ(machine.cores, 1);
}

TEST_F(FakeMachine, WithoutLimitsIsWhole) {
  put("sys/fs/cgroup/box/memory.max", "max\n");
  EXPECT_EQ(probe_machine(root_.path()).memory_bytes, 16 * kGiB);
}

TEST(Advice, NamesTheMostCapableThatFits) {
  const auto catalogue = Catalogue::load();
  ASSERT_TRUE(catalogue);
  Machine machine;
  machine.memory_bytes = 4 * kGiB;
  EXPECT_EQ(advise(*catalogue, machine).checked->name, "qwen2.5-coder-1.5b");
  machine.memory_bytes = 1 * kGiB;
  EXPECT_EQ(advise(*catalogue, machine).largest->name, "smollm2-135m");
  machine.gpus = {{"a card", 32 * kGiB}};
  EXPECT_EQ(advise(*catalogue, machine).largest->name, "muse-glimmer-30b");
  machine = {};
  EXPECT_EQ(advise(*catalogue, machine).largest, nullptr);
}

TEST(Memory, CountsKeysAndValuesOfEveryLayer) {
  const GgufFile header = sample_header();
  MemoryPlan plan;
  plan.pool_tokens = 1000;
  // 2 layers, 2 heads of 16 values, keys and values, 2 bytes each.
  EXPECT_EQ(memory_needed(header, plan).cache, 1000 * 2 * 2 * (16 + 16) * 2);
  EXPECT_EQ(memory_needed(header, plan).weights, static_cast<int64_t>(header.file_bytes));
  plan.cache_bytes_per_value = 34.0 / 32;
  EXPECT_EQ(memory_needed(header, plan).cache, 1000 * 2 * 2 * (16 + 16) * 34 / 32);
}

TEST(Memory, WindowedAndRecurrentLayersKeepLess) {
  GgufFile header = sample_header();
  header.metadata["sample.attention.sliding_window"] = uint64_t{100};
  header.metadata["sample.attention.sliding_window_pattern"] = GgufArray{2, {1, 0}};
  MemoryPlan plan;
  plan.pool_tokens = 10000;
  const int64_t cell = 2 * (16 + 16) * 2;
  EXPECT_EQ(memory_needed(header, plan).cache, (10000 + 612) * cell);
  header.metadata["sample.attention.head_count_kv"] = GgufArray{2, {0, 2}};
  EXPECT_EQ(memory_needed(header, plan).cache, 10000 * cell);
}

TEST(Memory, SurvivesAbsurdMetadata) {
  GgufFile header = sample_header();
  header.metadata["sample.block_count"] = int64_t{-5};
  EXPECT_EQ(memory_needed(header, {}).cache, 0);
  header.metadata["sample.block_count"] = uint64_t{1} << 60;
  header.metadata["sample.attention.key_length"] = ~uint64_t{0} >> 1;
  EXPECT_GT(memory_needed(header, {}).cache, 0);
}

TEST(Memory, TooLittleSaysWhatWouldFit) {
  const GgufFile header = sample_header();
  MemoryPlan plan;
  plan.pool_tokens = 1 << 20;
  const int64_t needed = memory_needed(header, plan).total();
  EXPECT_TRUE(require_memory(header, plan, needed));
  const auto refused = require_memory(header, plan, needed - 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Overloaded);
  EXPECT_NE(refused.error().message.find("use --context 524288"), std::string::npos)
      << refused.error().message;
  EXPECT_NE(require_memory(header, plan, 1000).error().message.find("smaller model"),
            std::string::npos);
}

TEST(Units, AreShort) {
  EXPECT_EQ(decimal_bytes(1'117'320'768), "1.12 GB");
  EXPECT_EQ(decimal_bytes(98'362'432), "98 MB");
  EXPECT_EQ(decimal_bytes(12), "12 bytes");
  EXPECT_EQ(binary_bytes(5 * kGiB + kGiB / 5), "5.2 GiB");
  EXPECT_EQ(time_span(185), "3 min 05 s");
  EXPECT_EQ(time_span(7800), "2 h 10 min");
  EXPECT_EQ(time_span(-1), "0 s");
}

}  // namespace
}  // namespace melete::models
