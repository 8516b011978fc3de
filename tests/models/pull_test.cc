// Pulling: over HTTP that misbehaves, from a file; and what is left behind when it fails.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#include "models/pull_fixture.h"
#include "net/test_server.h"

namespace melete::models {
namespace {

namespace fs = std::filesystem;
using net::Reply;
using net::SeenRequest;
using net::TestServer;

TEST_F(Pull, FetchesChecksAndPublishes) {
  TestServer server([&](const SeenRequest& request) { return serve_content(request, content_); });
  std::vector<PullPhase> phases;
  PullOptions options;
  options.on_progress = [&](const PullProgress& progress) {
    if (phases.empty() || phases.back() != progress.phase) phases.push_back(progress.phase);
    EXPECT_LE(progress.bytes_done, progress.bytes_total);
  };
  const ModelLibrary library = this->library(url_source(server.url("/sample.gguf")));
  const auto manifest = pull(library, "sample", options);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(read_file(library.resolve("sample")->model), content_);
  EXPECT_EQ(left_behind(), (std::set<std::string>{"sample.gguf", "sample.json"}));
  EXPECT_EQ(phases, (std::vector{PullPhase::Downloading, PullPhase::Checking, PullPhase::Done}));

  ASSERT_TRUE(pull(library, "sample"));
  EXPECT_EQ(server.requests().size(), 1u) << "a model that is here is not fetched again";
}

TEST_F(Pull, TakesACutConnectionUpAgainWithoutFetchingAnythingTwice) {
  TestServer server([&](const SeenRequest& request) {
    Reply reply = serve_content(request, content_);
    reply.headers["ETag"] = "\"one\"";
    if (request.range_start() < content_.size() / 2) reply.cut_after = 60000;
    return reply;
  });
  const auto manifest = pull(library(url_source(server.url("/sample.gguf"))), "sample");
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(read_file(models() / "sample.gguf"), content_);
  EXPECT_EQ(server.body_bytes_sent(), content_.size());
  EXPECT_EQ(server.requests().at(1).headers.at("if-range"), "\"one\"");
}

TEST_F(Pull, ResumesInALaterRun) {
  bool is_broken = true;
  TestServer server([&](const SeenRequest& request) {
    Reply reply = serve_content(request, content_);
    if (is_broken && request.range_start() > 0) reply.status = 404;
    if (is_broken) reply.cut_after = 100000;
    return reply;
  });
  const ModelLibrary library = this->library(url_source(server.url("/sample.gguf")));
  const auto cut = pull(library, "sample");
  ASSERT_FALSE(cut);
  EXPECT_EQ(left_behind(), (std::set<std::string>{"sample.gguf.part", "sample.gguf.part.json"}));
  is_broken = false;
  ASSERT_TRUE(pull(library, "sample"));
  EXPECT_EQ(server.requests().back().range_start(), 100000u);
  EXPECT_EQ(read_file(models() / "sample.gguf"), content_);
}

TEST_F(Pull, BeginsAnewWhereAServerIgnoresRanges) {
  int answers = 0;
  TestServer server([&](const SeenRequest&) {
    Reply reply;
    reply.body = content_;
    if (++answers == 1) reply.cut_after = 100000;
    return reply;
  });
  const auto manifest = pull(library(url_source(server.url("/sample.gguf"))), "sample");
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(read_file(models() / "sample.gguf"), content_);
}

TEST_F(Pull, AWrongDigestNamesBothAndLeavesNothing) {
  TestServer server([&](const SeenRequest& request) { return serve_content(request, content_); });
  const std::string wrong(64, 'a');
  const auto manifest = pull(library(url_source(server.url("/sample.gguf")), wrong), "sample");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, ErrorCode::Corrupt);
  EXPECT_NE(manifest.error().message.find(wrong), std::string::npos);
  EXPECT_NE(manifest.error().message.find(sha256_of(content_)), std::string::npos);
  EXPECT_TRUE(left_behind().empty());
}

TEST_F(Pull, ADamagedRecordOfAnEarlierOneIsNoRecord) {
  TestServer server([&](const SeenRequest& request) { return serve_content(request, content_); });
  fs::create_directories(models());
  for (const char* record : {R"({"source": 1})", "[]", R"({"source": "x", "bytes": "2"})", "{"}) {
    std::ofstream(models() / "sample.gguf.part") << "xx";
    std::ofstream(models() / "sample.gguf.part.json") << record;
    const auto manifest = pull(library(url_source(server.url("/sample.gguf"))), "sample");
    ASSERT_TRUE(manifest) << record << ": " << manifest.error().message;
    EXPECT_EQ(read_file(models() / "sample.gguf"), content_);
    fs::remove_all(models());
    fs::create_directories(models());
  }
}

TEST_F(Pull, ALaterSourceIsAskedWhenTheFirstStopsHalfway) {
  bool gone = false;
  TestServer server([&](const SeenRequest& request) {
    Reply reply = serve_content(request, content_);
    if (request.target == "/first" && gone) reply.status = 404;
    if (request.target == "/first" && !gone) {
      reply.cut_after = 60000;
      gone = true;
    }
    return reply;
  });
  const std::string sources =
      url_source(server.url("/first")) + ", " + url_source(server.url("/second"));
  const ModelLibrary library = this->library(sources);
  // The first pull may end with the cut; the second finds the first source gone.
  const bool whole = pull(library, "sample").has_value();
  EXPECT_TRUE(whole || pull(library, "sample"));
  EXPECT_EQ(read_file(models() / "sample.gguf"), content_);
}

TEST_F(Pull, ALaterSourceIsAskedWhenTheFirstHasNothing) {
  TestServer server([&](const SeenRequest& request) {
    Reply reply = serve_content(request, content_);
    if (request.target == "/gone") reply.status = 404;
    return reply;
  });
  const std::string sources =
      url_source(server.url("/gone")) + ", " + url_source(server.url("/there"));
  EXPECT_TRUE(pull(library(sources), "sample"));
}

TEST_F(Pull, SomethingElseThanAGgufIsRefused) {
  TestServer server([](const SeenRequest&) {
    Reply reply;
    reply.body = "<html>please log in</html>";
    return reply;
  });
  const auto manifest = pull(library(url_source(server.url("/unused"))), server.url("/page.gguf"));
  ASSERT_FALSE(manifest);
  EXPECT_NE(manifest.error().message.find("not a GGUF"), std::string::npos);
  EXPECT_TRUE(left_behind().empty());
}

TEST_F(Pull, AUrlIsNamedAfterItsFile) {
  TestServer server([&](const SeenRequest& request) { return serve_content(request, content_); });
  const auto manifest = pull(library(url_source(server.url("/unused"))),
                             server.url("/some/My_Model.gguf?download=1"));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->name, "my_model");
  EXPECT_EQ(manifest->model.sha256, sha256_of(content_));
}

TEST_F(Pull, APasswordInAnAddressIsUsedAndNotWrittenDown) {
  TestServer server([&](const SeenRequest& request) { return serve_content(request, content_); });
  std::string address = server.url("/sample.gguf");
  address.insert(address.find("//") + 2, "me:secret@");
  const auto manifest = pull(library(url_source(server.url("/unused"))), address);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(server.requests().at(0).headers.at("authorization"), "Basic bWU6c2VjcmV0");
  EXPECT_EQ(manifest->source, server.url("/sample.gguf"));
}

TEST_F(Pull, TheHubsOwnDigestIsHeldAgainstTheFile) {
  std::string stated = sha256_of(content_);
  TestServer server([&](const SeenRequest& request) {
    Reply reply = serve_content(request, content_);
    reply.headers["X-Linked-Etag"] = "\"" + stated + "\"";
    return reply;
  });
  const EnvironmentVariable hub("HF_ENDPOINT", server.url(""));
  const EnvironmentVariable token("HF_TOKEN", "secret");
  const ModelLibrary library = this->library(url_source(server.url("/unused")));
  ASSERT_TRUE(pull(library, "hf:owner/repo/good.gguf"));
  EXPECT_EQ(server.requests().back().target, "/owner/repo/resolve/main/good.gguf");
  EXPECT_EQ(server.requests().back().headers.at("authorization"), "Bearer secret");
  stated = std::string(64, 'b');
  EXPECT_EQ(pull(library, "hf:owner/repo/bad.gguf").error().code, ErrorCode::Corrupt);
  EXPECT_EQ(pull(library, "hf:owner/repo").error().code, ErrorCode::InvalidArgument);
}

TEST_F(Pull, AnUnwritableDirectoryIsNamed) {
  write_file(temporary_.path() / "models", "a file is in the way");
  const auto manifest = pull(library(url_source("http://127.0.0.1:9/none")), "sample");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, ErrorCode::StorageFull);
  EXPECT_NE(manifest.error().message.find(models().string()), std::string::npos);
}

// A limit on file size stands for a disk that fills up during the download.
TEST_F(Pull, ADiskThatFillsUpLeavesNothing) {
  TestServer server([&](const SeenRequest& request) { return serve_content(request, content_); });
  const ModelLibrary library = this->library(url_source(server.url("/sample.gguf")));
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100000, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto manifest = pull(library, "sample");
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, ErrorCode::StorageFull);
  EXPECT_TRUE(left_behind().empty());
}

TEST_F(Pull, TooLittleSpaceIsFoundOutBeforehand) {
  TestServer server([&](const SeenRequest& request) { return serve_content(request, content_); });
  const std::string toml =
      fmt::format("[[model]]\nname = \"huge\"\nfile = \"huge.gguf\"\nbytes = {}\nsources = [{}]\n",
                  int64_t{1} << 60, url_source(server.url("/huge.gguf")));
  const ModelLibrary library{*Catalogue::parse(toml, "test.toml"), ModelDirectory(models())};
  const auto manifest = pull(library, "huge");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, ErrorCode::StorageFull);
  EXPECT_TRUE(server.requests().empty());
  EXPECT_TRUE(left_behind().empty());
}

TEST_F(Pull, AFileIsCopied) {
  const fs::path file = temporary_.path() / "own.gguf";
  write_file(file, content_);
  const ModelLibrary library = this->library(url_source("http://127.0.0.1:9/none"));
  PullOptions options;
  options.name = "Mine!";
  ASSERT_TRUE(pull(library, file.string(), options));
  EXPECT_EQ(read_file(library.resolve("mine-")->model), content_);
  EXPECT_TRUE(fs::exists(file));
  EXPECT_EQ(pull(library, (temporary_.path() / "none.gguf").string()).error().code,
            ErrorCode::NotFound);
}

TEST_F(Pull, AnotherModelOfTheSameNameIsNotTakenForIt) {
  const fs::path first = temporary_.path() / "a" / "own.gguf";
  const fs::path second = temporary_.path() / "b" / "own.gguf";
  for (const fs::path& file : {first, second}) {
    fs::create_directories(file.parent_path());
    write_file(file, content_);
  }
  const ModelLibrary library = this->library(url_source("http://127.0.0.1:9/none"));
  ASSERT_TRUE(pull(library, first.string()));
  ASSERT_TRUE(pull(library, first.string())) << "the same again is here already";
  const fs::path roundabout = first.parent_path() / "." / ".." / "a" / "own.gguf";
  ASSERT_TRUE(pull(library, roundabout.string())) << "and so it is by another path";
  const auto other = pull(library, second.string());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::Conflict);
  EXPECT_THAT(other.error().message,
              testing::AllOf(testing::HasSubstr(first.string()), testing::HasSubstr("--name")));
  PullOptions options;
  options.name = "other";
  EXPECT_TRUE(pull(library, second.string(), options));
}

TEST_F(Pull, AFileOfUnknownOriginIsNeitherTakenForItNorOverwritten) {
  const std::string other = sample_gguf(1024);
  fs::create_directories(models());
  write_file(models() / "own.gguf", other);
  const fs::path file = temporary_.path() / "own.gguf";
  write_file(file, content_);
  const ModelLibrary library = this->library(url_source("http://127.0.0.1:9/none"));
  const auto manifest = pull(library, file.string());
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, ErrorCode::Conflict);
  EXPECT_THAT(manifest.error().message, testing::HasSubstr("--name"));
  EXPECT_EQ(read_file(models() / "own.gguf"), other);
  EXPECT_TRUE(pull(library, (models() / "own.gguf").string())) << "it is the wanted one itself";
}

}  // namespace
}  // namespace melete::models
