// Tuning jobs over the API: what a caller sends, and what a job is told as.

#include "api/fine_tuning/calls.h"

#include <gmock/gmock.h>

#include "base/unix_time.h"
#include "jobs/fake_trainer.h"

namespace melete::api::fine_tuning {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using Call = Result<std::string> (*)(const ResourceRequest&, const Desk&);

class FineTuningTest : public jobs::TuningFixture {
 protected:
  static ResourceRequest request(std::vector<std::string> ids, std::string_view body = {}) {
    return {.ids = std::move(ids), .body = body, .owner = "alice"};
  }

  Json call(Call handler, const ResourceRequest& request) {
    const auto body = handler(request, {jobs_.get(), *database_});
    EXPECT_TRUE(body) << body.error().message;
    return body ? Json::parse(*body) : Json();
  }

  Error refusal(Call handler, const ResourceRequest& request) {
    const auto body = handler(request, {jobs_.get(), *database_});
    EXPECT_FALSE(body) << *body;
    return body ? Error{} : body.error();
  }

  std::string upload(const std::string& data, const std::string& owner = "alice") {
    const auto file = database_->files().add({.id = "file-" + std::to_string(++files_),
                                              .owner = owner,
                                              .created_at = unix_seconds(),
                                              .name = "data.jsonl",
                                              .purpose = "fine-tune"},
                                             data);
    EXPECT_TRUE(file);
    return file->id;
  }

  // A body with a training file of these data and `fields` (JSON text) beside it.
  std::string body(const std::string& fields = "", const std::string& data = jobs::kExample) {
    return R"({"model": "tiny", "training_file": ")" + upload(data) + '"' +
           (fields.empty() ? "" : ", ") + fields + "}";
  }

  Json made(const std::string& text) { return call(create, request({}, text)); }
  std::string blamed(const std::string& text) {
    return refusal(create, request({}, text)).parameter;
  }

  store::TemporaryDatabase database_;
  int files_ = 0;
};

TEST_F(FineTuningTest, AJobIsMadeFollowedAndUsed) {
  const Json job = made(body(R"("suffix": "poet", "seed": 7, "metadata": {"for": "fun"})"));
  const std::string id = job["id"];
  EXPECT_THAT(id, StartsWith("ftjob-"));
  EXPECT_EQ(job["object"], "fine_tuning.job");
  EXPECT_EQ(job["model"], "tiny");
  EXPECT_EQ(job["training_file"], "file-1");
  EXPECT_EQ(job["seed"], 7);
  EXPECT_EQ(job["metadata"]["for"], "fun");
  EXPECT_EQ(job["method"]["type"], "supervised");
  EXPECT_EQ(job["hyperparameters"]["n_epochs"], 3);
  EXPECT_TRUE(job["fine_tuned_model"].is_null());

  await(id, jobs::TuningStatus::Succeeded);
  const Json done = call(retrieve, request({id}));
  EXPECT_EQ(done["status"], "succeeded");
  EXPECT_EQ(done["fine_tuned_model"], "tiny:poet");
  EXPECT_EQ(done["trained_tokens"], 200);
  EXPECT_GE(done["finished_at"], done["created_at"]);
  EXPECT_TRUE(done["error"].is_null());
}

TEST_F(FineTuningTest, EventsTellEachStep) {
  const std::string id = made(body())["id"];
  await(id, jobs::TuningStatus::Succeeded);
  const Json newest = call(events, request({id}))["data"];
  ASSERT_EQ(newest.size(), 4u);
  EXPECT_EQ(newest[0]["message"], "The job succeeded.");
  EXPECT_EQ(newest[1]["type"], "metrics");
  EXPECT_EQ(newest[1]["data"]["loss"], 1.25);
  EXPECT_THAT(newest[1]["message"].get<std::string>(), HasSubstr("Step 2/"));
  EXPECT_THAT(newest[3]["message"].get<std::string>(), StartsWith("Created"));

  ResourceRequest page = request({id});
  page.query = {{"limit", "2"}, {"after", newest[0]["id"]}};
  const Json next = call(events, page);
  EXPECT_EQ(next["data"].size(), 2u);
  EXPECT_EQ(next["data"][0], newest[1]);
  EXPECT_EQ(next["has_more"], true);
}

TEST_F(FineTuningTest, AFailureSaysWhy) {
  const std::string id = made(body("", jobs::data_with("FAIL")))["id"];
  await(id, jobs::TuningStatus::Failed);
  const Json job = call(retrieve, request({id}));
  EXPECT_EQ(job["status"], "failed");
  EXPECT_EQ(job["error"]["message"], "the model is of another kind.");
  const Json last = call(events, request({id}))["data"][0];
  EXPECT_EQ(last["level"], "error");
}

TEST_F(FineTuningTest, AJobIsCancelled) {
  const std::string id = made(body("", jobs::data_with("SLOW")))["id"];
  EXPECT_EQ(call(cancel, request({id}))["status"], "cancelled");
  EXPECT_EQ(refusal(cancel, request({id})).code, ErrorCode::Conflict);
}

TEST_F(FineTuningTest, JobsAreListedNewestFirst) {
  const std::string first = made(body())["id"];
  const std::string second = made(body())["id"];
  const Json all = call(list, request({}));
  ASSERT_EQ(all["data"].size(), 2u);
  EXPECT_EQ(all["data"][0]["id"], second);
  EXPECT_EQ(all["data"][1]["id"], first);
  EXPECT_EQ(all["has_more"], false);
}

TEST_F(FineTuningTest, HyperparametersStandAtTheTopOrInTheMethod) {
  const Json top = made(body(
      R"("hyperparameters": {"n_epochs": 5, "batch_size": 2, "learning_rate_multiplier": 0.5})"));
  EXPECT_EQ(top["hyperparameters"]["n_epochs"], 5);
  EXPECT_EQ(top["hyperparameters"]["batch_size"], 2);
  EXPECT_EQ(top["hyperparameters"]["learning_rate_multiplier"], 0.5);
  const Json open = made(body(R"("hyperparameters": {"n_epochs": "auto"})"));
  EXPECT_EQ(open["hyperparameters"]["n_epochs"], 3);
  const Json method =
      made(body(R"("method": {"type": "reinforcement", "reinforcement": {"hyperparameters":
              {"n_epochs": 2, "reasoning_effort": "medium"}}})",
                R"({"question": "2+2?", "answer": 4})"));
  EXPECT_EQ(method["method"]["type"], "reinforcement");
  EXPECT_EQ(method["hyperparameters"]["n_epochs"], 2);
  EXPECT_EQ(method["method"]["reinforcement"]["hyperparameters"]["reasoning_effort"], "medium");
}

TEST_F(FineTuningTest, WhatIsWrongIsNamed) {
  EXPECT_EQ(blamed(R"({"training_file": "file-1"})"), "model");
  EXPECT_EQ(blamed(R"({"model": "tiny"})"), "training_file");
  EXPECT_EQ(blamed(R"({"model": "tiny", "training_file": "file-none"})"), "training_file");
  EXPECT_EQ(blamed(body("", "not json")), "training_file");
  EXPECT_EQ(blamed(body(R"("suffix": "a:b")")), "suffix");
  EXPECT_EQ(blamed(body(R"("suffix": "thinking")")), "suffix");
  EXPECT_EQ(blamed(body(R"("validation_file": "file-1")")), "validation_file");
  EXPECT_EQ(blamed(body(R"("hyperparameters": {"n_epochs": 0})")), "hyperparameters.n_epochs");
  EXPECT_EQ(blamed(body(R"("hyperparameters": {"beta": 1})")), "hyperparameters.beta");
  EXPECT_EQ(blamed(body(R"("hyperparameters": {"reasoning_effort": "high"})")),
            "hyperparameters.reasoning_effort")
      << "examples have the length that they have";
  EXPECT_EQ(blamed(body(R"("method": {"type": "dpo"})")), "method.type");
  EXPECT_EQ(blamed(body(R"("method": {"type": "reinforcement", "reinforcement": {"grader": {}}})")),
            "method.reinforcement.grader");
  EXPECT_EQ(blamed(body(R"("colour": "red")")), "colour");
}

TEST_F(FineTuningTest, FilesAndJobsBelongToTheirOwner) {
  const std::string other = upload(jobs::kExample, "bob");
  EXPECT_EQ(blamed(R"({"model": "tiny", "training_file": ")" + other + "\"}"), "training_file");
  const std::string id = made(body())["id"];
  ResourceRequest bobs = request({id});
  bobs.owner = "bob";
  EXPECT_EQ(refusal(retrieve, bobs).code, ErrorCode::NotFound);
  EXPECT_EQ(refusal(events, bobs).code, ErrorCode::NotFound);
  EXPECT_EQ(refusal(cancel, bobs).code, ErrorCode::NotFound);
}

TEST_F(FineTuningTest, AServerWithoutATrainerSaysHowToGetOne) {
  jobs_.reset();
  for (const Call handler : {create, list, retrieve, events, cancel}) {
    const Error error = refusal(handler, request({"ftjob-1"}, "{}"));
    EXPECT_EQ(error.code, ErrorCode::Unsupported);
    EXPECT_THAT(error.message, HasSubstr("--trainer"));
  }
}

}  // namespace
}  // namespace melete::api::fine_tuning
