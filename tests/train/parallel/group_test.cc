// What a group does together, and what it says when one of it is missing.

#include "parallel/group.h"

#include <gmock/gmock.h>

#include <future>
#include <string>

#include "train/parallel/ranks.h"

namespace melete::train {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

TEST(Group, AloneNothingChanges) {
  Group group;
  const torch::Tensor numbers = torch::tensor({1.0F, 2.0F});
  EXPECT_TRUE(group.sum({numbers}));
  EXPECT_TRUE(torch::equal(numbers, torch::tensor({1.0F, 2.0F})));
  EXPECT_THAT(*group.gather(7), ElementsAre(7));
  EXPECT_TRUE(group.agree(Result<int>(3)));
  EXPECT_EQ(group.agree(Result<int>(fail(ErrorCode::NotFound, "No file."))).error().message,
            "No file.");
}

// Two of the tensors are more than one message.
TEST(Group, SumsOverAllRanks) {
  constexpr int64_t kMany = 4'000'000;
  as_ranks(3, [](Group& group) {
    const auto mine = static_cast<float>(group.rank() + 1);
    const torch::Tensor small = torch::arange(6, torch::kFloat).view({2, 3}) * mine;
    const torch::Tensor turned = torch::ones({2, 3}).t();
    const torch::Tensor large = torch::full({kMany}, mine);
    const torch::Tensor another = torch::full({kMany}, 10 * mine);
    const Result<void> summed = group.sum({small, turned, large, another});
    ASSERT_TRUE(summed) << summed.error().message;
    EXPECT_TRUE(torch::equal(small, torch::arange(6, torch::kFloat).view({2, 3}) * 6));
    EXPECT_TRUE(torch::equal(turned, torch::full({3, 2}, 3.0F)));
    EXPECT_TRUE(torch::equal(large, torch::full({kMany}, 6.0F)));
    EXPECT_TRUE(torch::equal(another, torch::full({kMany}, 60.0F)));
  });
}

TEST(Group, SharesWhatOneRankHas) {
  as_ranks(2, [](Group& group) {
    const torch::Tensor numbers = torch::full({5}, group.rank(), torch::kFloat);
    ASSERT_TRUE(group.share({numbers}, 1));
    EXPECT_TRUE(torch::equal(numbers, torch::ones({5})));
  });
}

TEST(Group, GathersByRankAndKnowsItsNeighbours) {
  as_ranks(3, [](Group& group) {
    const Result<std::vector<int64_t>> numbers = group.gather(10 - group.rank());
    ASSERT_TRUE(numbers) << numbers.error().message;
    EXPECT_THAT(*numbers, ElementsAre(10, 9, 8));
    EXPECT_EQ(group.neighbours(), 3);
  });
}

TEST(Group, TheFirstErrorIsThatOfAll) {
  as_ranks(3, [](Group& group) {
    EXPECT_TRUE(group.agree(Result<void>()));
    Result<void> mine;
    if (group.rank() > 0) {
      mine = fail(ErrorCode::StorageFull, "Disk " + std::to_string(group.rank()) + " is full.",
                  "folder");
    }
    const Result<void> agreed = group.agree(mine);
    ASSERT_FALSE(agreed);
    EXPECT_EQ(agreed.error().code, ErrorCode::StorageFull);
    EXPECT_EQ(agreed.error().parameter, "folder");
    EXPECT_EQ(agreed.error().message,
              group.rank() == 1 ? "Disk 1 is full." : "Rank 1: Disk 1 is full.");
  });
}

TEST(Group, AnErrorWithoutEndIsCut) {
  as_ranks(2, [](Group& group) {
    const std::string endless(100'000, 'x');
    const Result<void> agreed = group.agree(
        group.rank() == 0 ? Result<void>(fail(ErrorCode::Internal, endless)) : Result<void>());
    ASSERT_FALSE(agreed);
    if (group.rank() == 1) {
      EXPECT_THAT(agreed.error().message, StartsWith("Rank 0: xxx"));
      EXPECT_LT(agreed.error().message.size(), 5000U);
    }
  });
}

TEST(Group, OneThatHasGoneIsMissedAtOnce) {
  as_ranks(2, [](Group& group) {
    if (group.rank() == 1) return;
    const auto begin = std::chrono::steady_clock::now();
    const Result<void> summed = group.sum({torch::ones({3})});
    ASSERT_FALSE(summed);
    EXPECT_EQ(summed.error().code, ErrorCode::Unavailable);
    EXPECT_THAT(summed.error().message,
                AllOf(StartsWith("Rank 0 has lost the others"), HasSubstr("last checkpoint")));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kLongDeadline);
  });
}

TEST(Group, OneThatIsSilentIsMissedAfterTheDeadline) {
  std::promise<void> missed;
  std::future<void> is_missed = missed.get_future();
  as_ranks(
      2,
      [&](Group& group) {
        if (group.rank() == 1) return is_missed.wait();
        const Result<void> agreed = group.agree(Result<void>());
        missed.set_value();
        ASSERT_FALSE(agreed);
        EXPECT_EQ(agreed.error().code, ErrorCode::Unavailable);
        EXPECT_THAT(agreed.error().message, HasSubstr("deadline, which is 5 seconds"));
      },
      5s);
}

TEST(Group, WhereNobodyComesTheAddressIsNamed) {
  const uint16_t port = free_port();
  const Result<Group> group = Group::join(place_of(1, 2, port), 1s);
  ASSERT_FALSE(group);
  EXPECT_EQ(group.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(group.error().message, AllOf(HasSubstr("Rank 1 of 2"), HasSubstr("127.0.0.1"),
                                           HasSubstr(std::to_string(port))));
}

TEST(Group, APortThatIsTakenIsNamed) {
  const OwnPort taken;
  taken.listen_there();
  const Result<Group> group = Group::join(place_of(0, 2, taken.number()), 1s);
  ASSERT_FALSE(group);
  EXPECT_THAT(group.error().message, HasSubstr(std::to_string(taken.number())));
}

}  // namespace
}  // namespace melete::train
