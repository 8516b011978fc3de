// What launchers say in the environment.

#include "parallel/place.h"

#include <gmock/gmock.h>

#include <map>

namespace melete::train {
namespace {

using testing::HasSubstr;

Result<Place> read(const std::map<std::string, std::string>& variables) {
  return read_place([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(Place, WithoutVariablesThereIsOneProcess) {
  EXPECT_EQ(read({})->size, 1);
  EXPECT_EQ(read({{"WORLD_SIZE", "1"}})->size, 1);
}

TEST(Place, ReadsTheUsualVariables) {
  const Result<Place> place = read(
      {{"RANK", "3"}, {"WORLD_SIZE", "8"}, {"MASTER_ADDR", "node-1"}, {"MASTER_PORT", "29500"}});
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_EQ(place->rank, 3);
  EXPECT_EQ(place->size, 8);
  EXPECT_EQ(place->address, "node-1");
  EXPECT_EQ(place->port, 29500);
  EXPECT_EQ(place->prefix, "");
}

TEST(Place, KeysMayBeKeptByTorchrun) {
  const Result<Place> place = read({{"RANK", "0"},
                                    {"WORLD_SIZE", "2"},
                                    {"MASTER_ADDR", "node-1"},
                                    {"MASTER_PORT", "29500"},
                                    {"TORCHELASTIC_USE_AGENT_STORE", "True"},
                                    {"TORCHELASTIC_RESTART_COUNT", "2"}});
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_EQ(place->prefix, "/worker/attempt_2");
}

TEST(Place, SlurmNumbersItsTasksItself) {
  const std::map<std::string, std::string> task = {{"SLURM_PROCID", "1"}, {"SLURM_NTASKS", "4"}};
  EXPECT_EQ(read(task)->size, 1) << "a task that nobody told where to meet is alone";
  std::map<std::string, std::string> told = task;
  told["MASTER_ADDR"] = "node-1";
  told["MASTER_PORT"] = "29500";
  const Result<Place> place = read(told);
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_EQ(place->rank, 1);
  EXPECT_EQ(place->size, 4);
}

TEST(Place, NamesTheVariableThatIsMissingOrWrong) {
  const std::map<std::string, std::string> good = {
      {"RANK", "1"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "node-1"}, {"MASTER_PORT", "29500"}};
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"RANK", ""},
                                                                  {"RANK", "2"},
                                                                  {"RANK", "-1"},
                                                                  {"RANK", "1x"},
                                                                  {"WORLD_SIZE", "two"},
                                                                  {"WORLD_SIZE", "0"},
                                                                  {"MASTER_ADDR", ""},
                                                                  {"MASTER_PORT", "70000"}}) {
    std::map<std::string, std::string> wrong = good;
    wrong[name] = value;
    const Result<Place> place = read(wrong);
    ASSERT_FALSE(place) << name << " " << value;
    EXPECT_EQ(place.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(place.error().parameter, name);
    EXPECT_THAT(place.error().message, HasSubstr(name));
  }
}

}  // namespace
}  // namespace melete::train
