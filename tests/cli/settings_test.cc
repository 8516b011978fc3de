// Settings from a TOML file: the same names as the options, and errors that name the line.

#include "cli/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace melete::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(std::string_view toml) {
  const auto settings = parse_config(toml, "melete.toml");
  return settings ? "no error" : settings.error().message;
}

TEST(Config, HasTheNamesOfTheCommandLine) {
  const auto settings = parse_config(
      "model = [\"a\", \"b\"]\n"
      "adapter = [\"sql=sql.gguf\", \"b:poet=poet.gguf\"]\n"
      "host = \"0.0.0.0\"\n"
      "port = 9090\n"
      "projector = \"a.mmproj.gguf\"\n"
      "context = 65536\n"
      "threads = 4\n"
      "cache-type = \"q8_0\"\n"
      "rope-scaling = \"yarn\"\n"
      "sequences = 8\n"
      "kernels = false\n"
      "speculation = false\n"
      "read-ahead = false\n"
      "prefix-memory = 256\n"
      "data = \"/srv/melete\"\n"
      "store = false\n"
      "keep-responses = \"12h\"\n"
      "trainer = \"/opt/melete-train\"\n",
      "melete.toml");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_THAT(settings->models, ElementsAre("a", "b"));
  EXPECT_THAT(settings->engine.adapters, ElementsAre("sql=sql.gguf", "b:poet=poet.gguf"));
  EXPECT_EQ(settings->host, "0.0.0.0");
  EXPECT_EQ(settings->port, 9090);
  EXPECT_EQ(settings->engine.projector, "a.mmproj.gguf");
  EXPECT_EQ(settings->engine.context, 65536);
  EXPECT_EQ(settings->engine.threads, 4);
  EXPECT_EQ(settings->engine.cache_type, "q8_0");
  EXPECT_EQ(settings->engine.rope_scaling, "yarn");
  EXPECT_EQ(settings->engine.sequences, 8);
  EXPECT_EQ(settings->engine.kernels, false);
  EXPECT_EQ(settings->engine.speculation, false);
  EXPECT_EQ(settings->engine.read_ahead, false);
  EXPECT_EQ(settings->engine.prefix_memory, 256);
  EXPECT_EQ(settings->data, "/srv/melete");
  EXPECT_EQ(settings->store, false);
  EXPECT_EQ(settings->keep_responses, "12h");
  EXPECT_EQ(settings->trainer, "/opt/melete-train");
}

TEST(Config, TakesOneModelAsAText) {
  const auto settings = parse_config("model = \"a\"", "melete.toml");
  ASSERT_TRUE(settings);
  EXPECT_THAT(settings->models, ElementsAre("a"));
}

TEST(Config, LeavesUnsaidWhatIsNotThere) {
  const auto settings = parse_config("", "melete.toml");
  ASSERT_TRUE(settings);
  EXPECT_TRUE(settings->models.empty());
  EXPECT_FALSE(settings->port);
  EXPECT_FALSE(settings->engine.context);
}

TEST(Config, NamesFileAndLineOfWhatIsWrong) {
  EXPECT_THAT(error_of("host = \"a\"\nport = \"x\""),
              AllOf(HasSubstr("melete.toml, line 2"), HasSubstr("port is a text"),
                    HasSubstr("whole number")));
  EXPECT_THAT(error_of("port = 70000"), AllOf(HasSubstr("70000"), HasSubstr("0 to 65535")));
  EXPECT_THAT(error_of("context = -1"), HasSubstr("256 to 16777216"));
  EXPECT_THAT(error_of("threads = 1.5"), HasSubstr("threads is a fraction"));
  EXPECT_THAT(error_of("cache-type = \"q4\""), AllOf(HasSubstr("q4"), HasSubstr("q8_0")));
  EXPECT_THAT(error_of("rope-scaling = \"ntk\""), AllOf(HasSubstr("ntk"), HasSubstr("yarn")));
  EXPECT_THAT(error_of("keep-responses = \"a while\""),
              AllOf(HasSubstr("keep-responses"), HasSubstr("a while"), HasSubstr("30d")));
  EXPECT_THAT(error_of("adapter = [\"a.gguf\", \"instant=b.gguf\"]"),
              AllOf(HasSubstr("line 1"), HasSubstr("instant is the name of a mode")));
  EXPECT_THAT(error_of("kernels = 1"), HasSubstr("write true or false"));
  EXPECT_THAT(error_of("model = [1]"), HasSubstr("model must be"));
  EXPECT_THAT(error_of("model = \"a"), HasSubstr("line 1"));
}

TEST(Config, KnowsTlsAndOrigins) {
  const auto settings = parse_config(
      "tls = \"auto\"\ncors = [\"https://a.example\", \"http://localhost:5173\"]", "melete.toml");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->tls, "auto");
  EXPECT_THAT(settings->cors, ElementsAre("https://a.example", "http://localhost:5173"));
  EXPECT_THAT(parse_config("cors = \"*\"", "melete.toml")->cors, ElementsAre("*"));
  EXPECT_THAT(error_of("tls = \"on\""), AllOf(HasSubstr("on"), HasSubstr("auto")));
  for (const char* origin : {"a.example", "https://", "https://a.example/", "ftp://a.example"}) {
    EXPECT_THAT(error_of(std::string("cors = \"") + origin + "\""),
                AllOf(HasSubstr(origin), HasSubstr("without a path")));
  }
}

TEST(Config, KnowsNamesToAnswerTo) {
  const auto settings = parse_config("allow-host = [\"chat.example\", \"*\"]", "melete.toml");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_THAT(settings->allow_host, ElementsAre("chat.example", "*"));
  for (const char* name :
       {"", "https://chat.example", "chat.example:80", "a.example, b.example", "*.example"}) {
    EXPECT_THAT(error_of(std::string("allow-host = \"") + name + "\""),
                AllOf(HasSubstr(name), HasSubstr("without a port")));
  }
}

TEST(Config, ListsTheNamesWhenOneIsUnknown) {
  EXPECT_THAT(error_of("prot = 1"),
              AllOf(HasSubstr("prot"), HasSubstr("port"), HasSubstr("cache-type")));
}

TEST(Config, SaysWhichFileCannotBeRead) {
  const auto settings = read_config("/nonexistent/melete.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, ErrorCode::NotFound);
  EXPECT_THAT(settings.error().message, HasSubstr("/nonexistent/melete.toml"));
}

TEST(Settings, OfTheCommandLineWinOverTheFile) {
  ServeSettings typed;
  typed.port = 1;
  typed.engine.threads = 2;
  ServeSettings file;
  file.models = {"m"};
  file.port = 3;
  file.host = "h";
  file.engine.context = 512;
  file.engine.kernels = false;
  file.engine.adapters = {"a.gguf"};
  const ServeSettings both = merge(typed, file);
  EXPECT_EQ(both.port, 1);
  EXPECT_EQ(both.host, "h");
  EXPECT_EQ(both.engine.threads, 2);
  EXPECT_EQ(both.engine.context, 512);
  EXPECT_EQ(both.engine.kernels, false);
  EXPECT_THAT(both.models, ElementsAre("m"));
  EXPECT_THAT(both.engine.adapters, ElementsAre("a.gguf"));
}

TEST(Settings, OfTlsAreTakenTogether) {
  ServeSettings typed;
  typed.tls = "auto";
  ServeSettings file;
  file.tls_certificate = "c.pem";
  file.tls_key = "k.pem";
  EXPECT_FALSE(merge(typed, file).tls_certificate);
  EXPECT_EQ(merge({}, file).tls_key, "k.pem");
}

TEST(Settings, BecomeEngineOptions) {
  EngineSettings settings;
  settings.context = 4096;
  settings.cache_type = "q8_0";
  settings.rope_scaling = "yarn";
  const engine::EngineOptions options = engine_options(settings, "m");
  EXPECT_EQ(options.name, "m");
  EXPECT_EQ(options.context_tokens, 4096);
  EXPECT_EQ(options.cache_type, engine::CacheType::Q8);
  EXPECT_EQ(options.rope_scaling, engine::RopeScaling::Yarn);
  EXPECT_EQ(options.sequence_limit, 64);
  EXPECT_TRUE(options.kernels);
  EXPECT_FALSE(options.prefix_store_bytes) << "left to the engine";
  settings.kernels = false;
  settings.prefix_memory = 2;
  EXPECT_FALSE(engine_options(settings, "m").kernels);
  EXPECT_EQ(engine_options(settings, "m").prefix_store_bytes, 2 << 20);
}

TEST(Settings, TurnThingsOffAndOnByAFlag) {
  const std::pair<std::string, std::optional<bool> EngineSettings::*> switches[] = {
      {"kernels", &EngineSettings::kernels},
      {"speculation", &EngineSettings::speculation},
      {"read-ahead", &EngineSettings::read_ahead}};
  for (const auto& [name, setting] : switches) {
    for (const bool on : {true, false}) {
      CLI::App app;
      EngineSettings settings;
      declare_engine_settings(app, settings);
      app.parse((on ? "--" : "--no-") + name);
      EXPECT_EQ(settings.*setting, on) << name;
    }
  }
}

TEST(Settings, LeaveTheKernelsToTheEngineWithoutAFlag) {
  CLI::App app;
  EngineSettings settings;
  declare_engine_settings(app, settings);
  app.parse("--threads 2");
  EXPECT_FALSE(settings.kernels);
  EXPECT_TRUE(engine_options(settings, "small").kernels);
}

}  // namespace
}  // namespace melete::cli
