// What the frames of an event stream carry.

#include "server/event_texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(EventTexts, AreTheDataOfEachFrame) {
  EXPECT_THAT(event_texts("event: a\ndata: {\"x\":1}\n\nevent: b\ndata: {}\n\n"),
              ElementsAre(R"({"x":1})", "{}"));
  EXPECT_THAT(event_texts("data: {\"text\":\"data: in it\"}\n\n"),
              ElementsAre(R"({"text":"data: in it"})"));
}

TEST(EventTexts, LeaveOutTheMarkOfTheEnd) {
  EXPECT_THAT(event_texts("event: a\ndata: {}\n\ndata: [DONE]\n\n"), ElementsAre("{}"));
  EXPECT_THAT(event_texts("data: [DONE]\n\n"), IsEmpty());
  EXPECT_THAT(event_texts(""), IsEmpty());
}

}  // namespace
}  // namespace melete::server
