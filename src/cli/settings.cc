// One table of names and ranges for the file; CLI11's checks for the command line.

#include "cli/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <toml++/toml.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <utility>

#include "base/file_content.h"
#include "cli/adapter_option.h"
#include "cli/keep_time.h"

namespace melete::cli {
namespace {

struct Range {
  int64_t least;
  int64_t most;
};

constexpr Range kContext{256, int64_t{1} << 24};
constexpr Range kThreads{1, 1024};
constexpr Range kSequences{1, 246};  // llama.cpp has 256; the rest is for idle prefixes
constexpr Range kPort{0, 65535};
constexpr Range kPrefixMemory{0, 1 << 24};
constexpr const char* kNames[] = {
    "model",           "projector", "adapter",      "host",           "port",        "tls",
    "tls-certificate", "tls-key",   "allow-host",   "cors",           "context",     "threads",
    "cache-type",      "sequences", "rope-scaling", "kernels",        "speculation", "read-ahead",
    "prefix-memory",   "data",      "store",        "keep-responses", "trainer"};

// --NAME and --no-NAME. Bound to the setting itself, a flag would set it where it is not given,
// too.
void declare_switch(CLI::App& app, const std::string& name, std::optional<bool>& setting,
                    const std::string& on, const std::string& off) {
  app.add_flag_callback("--" + name, [&setting] { setting = true; }, on + " (default)");
  app.add_flag_callback("--no-" + name, [&setting] { setting = false; }, off);
}

CLI::Range check_of(Range range) {
  return CLI::Range(range.least, range.most);
}

// What is wrong with an origin as CORS knows it; empty: nothing.
std::string problem_of_origin(const std::string& origin) {
  const size_t scheme = origin.find("://");
  const bool whole = (origin.starts_with("http://") || origin.starts_with("https://")) &&
                     origin.size() > scheme + 3 &&
                     origin.find_first_of("/ *,", scheme + 3) == std::string::npos;
  if (origin == "*" || whole) return {};
  return fmt::format(
      "cors is \"{}\": use an origin such as \"https://chat.example\", without a path, or \"*\"",
      origin);
}

std::string problem_of_host_name(const std::string& name) {
  const bool whole = !name.empty() && name.find_first_of("/: ,*") == std::string::npos;
  if (whole || name == "*") return {};
  return fmt::format(
      "allow-host is \"{}\": use a name such as chat.example, without a port, or \"*\"", name);
}

std::string problem_of_keep_time(const std::string& text) {
  const auto time = read_keep_time(text);
  return time ? std::string() : time.error().message;
}

std::string problem_of_adapter(const std::string& text) {
  const auto option = read_adapter_option(text);
  return option ? std::string() : option.error().message;
}

// Reads the values of one file one after another and keeps the first thing that is wrong.
class ConfigReader {
 public:
  ConfigReader(const toml::table& table, const std::string& origin)
      : table_(table), origin_(origin) {}

  std::optional<int64_t> integer(const char* name, Range range) {
    const toml::node* node = table_.get(name);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<int64_t>();
    if (!value)
      return wrong(*node, fmt::format("{} is a {}: write a whole number", name, kind(*node)));
    if (*value < range.least || *value > range.most) {
      return wrong(*node, fmt::format("{} is {}: use a number from {} to {}", name, *value,
                                      range.least, range.most));
    }
    return value;
  }

  std::optional<bool> yes_or_no(const char* name) {
    const toml::node* node = table_.get(name);
    if (node == nullptr) return std::nullopt;
    const auto value = node->value_exact<bool>();
    if (!value)
      return wrong(*node, fmt::format("{} is a {}: write true or false", name, kind(*node)));
    return value;
  }

  std::optional<std::string> text(const char* name) {
    const toml::node* node = table_.get(name);
    if (node == nullptr) return std::nullopt;
    auto value = node->value_exact<std::string>();
    if (!value)
      return wrong(*node, fmt::format("{} is a {}: write a text in quotes", name, kind(*node)));
    return value;
  }

  std::optional<std::string> one_of(const char* name, std::string_view first,
                                    std::string_view second) {
    auto value = text(name);
    if (!value || *value == first || *value == second) return value;
    return wrong(*table_.get(name),
                 fmt::format("{} is \"{}\": use \"{}\" or \"{}\"", name, *value, first, second));
  }

  std::optional<std::string> tls() {
    auto value = text("tls");
    if (!value || *value == "auto") return value;
    return wrong(
        *table_.get("tls"),
        fmt::format("tls is \"{}\": use \"auto\", or tls-certificate and tls-key instead", *value));
  }

  std::optional<std::string> keep_time(const char* name) {
    auto value = text(name);
    if (!value) return value;
    const auto time = read_keep_time(*value);
    if (time) return value;
    return wrong(*table_.get(name), fmt::format("{}: {}", name, time.error().message));
  }

  // As texts(), where each must pass `problem_of`.
  std::vector<std::string> checked_texts(const char* setting, std::string_view what,
                                         std::string (*problem_of)(const std::string&)) {
    std::vector<std::string> values = texts(setting, what);
    for (const std::string& value : values) {
      if (const std::string problem = problem_of(value); !problem.empty()) {
        wrong(*table_.get(setting), problem);
      }
    }
    return values;
  }

  // One text or a list of them; `what` says what each is.
  std::vector<std::string> texts(const char* setting, std::string_view what) {
    const toml::node* node = table_.get(setting);
    if (node == nullptr) return {};
    if (const auto name = node->value_exact<std::string>()) return {*name};
    std::vector<std::string> names;
    const toml::array* list = node->as_array();
    for (size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (const auto name = list->get(i)->value_exact<std::string>()) names.push_back(*name);
    }
    if (list == nullptr || names.size() != list->size()) {
      wrong(*node, fmt::format("{} must be {} in quotes, or a list of such", setting, what));
    }
    return names;
  }

  void refuse_unknown_names() {
    for (const auto& [key, node] : table_) {
      const std::string_view name = key.str();
      if (std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames)) continue;
      wrong(node,
            fmt::format("{} is not a setting: the settings are {}", name, fmt::join(kNames, ", ")));
    }
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  std::nullopt_t wrong(const toml::node& node, const std::string& sentence) {
    if (!error_) {
      const std::string message =
          fmt::format("{}, line {}: {}", origin_, node.source().begin.line, sentence);
      error_ = Error{ErrorCode::InvalidArgument, message, origin_};
    }
    return std::nullopt;
  }

  static std::string_view kind(const toml::node& node) {
    if (node.is_string()) return "text";
    if (node.is_integer()) return "number";
    if (node.is_floating_point()) return "fraction";
    if (node.is_boolean()) return "yes-or-no value";
    return node.is_array() ? "list" : "table";
  }

  const toml::table& table_;
  const std::string& origin_;
  std::optional<Error> error_;
};

std::optional<int> to_int(std::optional<int64_t> value) {
  if (!value) return std::nullopt;
  return static_cast<int>(*value);
}

template <typename T>
std::optional<T> first_of(const std::optional<T>& first, const std::optional<T>& second) {
  return first ? first : second;
}

}  // namespace

void declare_engine_settings(CLI::App& app, EngineSettings& settings) {
  app.add_option("--projector", settings.projector,
                 "the model's eyes or ears, a GGUF file; default: what was pulled with it, or "
                 "NAME.mmproj.gguf beside NAME.gguf");
  app.add_option("--adapter", settings.adapters,
                 "a GGUF file with a LoRA: FILE, NAME=FILE or MODEL:NAME=FILE; served as "
                 "MODEL:NAME; may be given again")
      ->allow_extra_args(false)
      ->check(CLI::Validator(problem_of_adapter, "ADAPTER"));
  app.add_option("--context", settings.context,
                 "most tokens of prompt and answer; default: the model's own, at most 32768")
      ->check(check_of(kContext));
  app.add_option("--rope-scaling", settings.rope_scaling,
                 "yarn or linear: lets --context exceed what the model was trained for")
      ->check(CLI::IsMember({"linear", "yarn"}));
  app.add_option("--threads", settings.threads, "processor threads; default: every core")
      ->check(check_of(kThreads));
  app.add_option("--cache-type", settings.cache_type,
                 "numbers of the context's memory: f16, or q8_0 for half the memory")
      ->check(CLI::IsMember({"f16", "q8_0"}));
  app.add_option("--sequences", settings.sequences, "most answers side by side; default: 64")
      ->check(check_of(kSequences));
  app.add_option(
         "--prefix-memory", settings.prefix_memory,
         "MiB of RAM that keep idle conversations; default: a quarter of the cache, at most "
         "1024")
      ->check(check_of(kPrefixMemory));
  declare_switch(app, "kernels", settings.kernels, "our own matrix kernels on a processor",
                 "llama.cpp's matrix kernels");
  declare_switch(app, "speculation", settings.speculation,
                 "guess tokens ahead; what is written stays the same", "one token in each step");
  declare_switch(app, "read-ahead", settings.read_ahead,
                 "after an answer read it without its reasoning, for the next turn",
                 "the next turn reads it");
}

void declare_serve_settings(CLI::App& app, ServeSettings& settings) {
  app.add_option("--model", settings.models, "a model's name or a GGUF file; may be given again");
  app.add_option("--host", settings.host, "the address to listen on; default: 127.0.0.1");
  app.add_option("--port", settings.port, "the port; 0: any free one; default: 8080")
      ->check(check_of(kPort));
  app.add_option("--tls", settings.tls,
                 "auto: answer over HTTPS, with a certificate made here and kept")
      ->check(CLI::IsMember({"auto"}));
  auto* certificate = app.add_option("--tls-certificate", settings.tls_certificate,
                                     "answer over HTTPS with the certificate in this PEM file");
  auto* key = app.add_option("--tls-key", settings.tls_key, "the certificate's key, a PEM file");
  certificate->needs(key);
  key->needs(certificate);
  app.add_option(
         "--allow-host", settings.allow_host,
         "a name by which pages and proxies may ask, beside addresses and localhost; *: any; "
         "may be given again; default: any, but none on a loopback address")
      ->check(CLI::Validator(problem_of_host_name, "NAME"));
  app.add_option("--cors", settings.cors,
                 "an origin whose web pages may call, e.g. https://chat.example; *: every one; may "
                 "be given again")
      ->check(CLI::Validator(problem_of_origin, "ORIGIN"));
  app.add_option("--data", settings.data,
                 "the folder of the database; default: $XDG_STATE_HOME/melete, else "
                 "~/.local/state/melete");
  declare_switch(app, "store", settings.store, "keep responses, conversations and files",
                 "keep nothing: a conversation comes whole with each request");
  app.add_option("--keep-responses", settings.keep_responses,
                 "erase responses that are older, e.g. 12h, 30d; or forever; default: 30d")
      ->check(CLI::Validator(problem_of_keep_time, "TIME"));
  app.add_option(
      "--trainer", settings.trainer,
      "the program melete-train, which teaches models for /v1/fine_tuning/jobs; default: "
      "that beside this program");
  declare_engine_settings(app, settings.engine);
}

Result<ServeSettings> parse_config(std::string_view toml, const std::string& origin) {
  toml::table table;
  try {
    table = toml::parse(toml, origin);
  } catch (const toml::parse_error& problem) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("{}, line {}: {}", origin, problem.source().begin.line, problem.description()),
        origin);
  }
  ConfigReader reader(table, origin);
  ServeSettings settings;
  settings.models = reader.texts("model", "a name");
  settings.host = reader.text("host");
  settings.port = to_int(reader.integer("port", kPort));
  settings.tls = reader.tls();
  settings.tls_certificate = reader.text("tls-certificate");
  settings.tls_key = reader.text("tls-key");
  settings.allow_host = reader.checked_texts("allow-host", "a name", problem_of_host_name);
  settings.cors = reader.checked_texts("cors", "an origin", problem_of_origin);
  settings.data = reader.text("data");
  settings.store = reader.yes_or_no("store");
  settings.keep_responses = reader.keep_time("keep-responses");
  settings.trainer = reader.text("trainer");
  settings.engine.projector = reader.text("projector");
  settings.engine.adapters = reader.checked_texts("adapter", "a file", problem_of_adapter);
  settings.engine.context = reader.integer("context", kContext);
  settings.engine.threads = to_int(reader.integer("threads", kThreads));
  settings.engine.cache_type = reader.one_of("cache-type", "f16", "q8_0");
  settings.engine.rope_scaling = reader.one_of("rope-scaling", "linear", "yarn");
  settings.engine.sequences = to_int(reader.integer("sequences", kSequences));
  settings.engine.prefix_memory = to_int(reader.integer("prefix-memory", kPrefixMemory));
  settings.engine.kernels = reader.yes_or_no("kernels");
  settings.engine.speculation = reader.yes_or_no("speculation");
  settings.engine.read_ahead = reader.yes_or_no("read-ahead");
  reader.refuse_unknown_names();
  if (reader.error()) return std::unexpected(*reader.error());
  return settings;
}

Result<ServeSettings> read_config(const std::filesystem::path& path) {
  const std::optional<std::string> text = file_content(path);
  if (!text) {
    return fail(ErrorCode::NotFound,
                path.string() + " cannot be read: check the path that --config names", path);
  }
  return parse_config(*text, path.string());
}

ServeSettings merge(ServeSettings first, const ServeSettings& second) {
  if (first.models.empty()) first.models = second.models;
  first.host = first_of(first.host, second.host);
  first.port = first_of(first.port, second.port);
  const bool says_tls = first.tls || first.tls_certificate || first.tls_key;
  if (!says_tls) {
    first.tls = second.tls;
    first.tls_certificate = second.tls_certificate;
    first.tls_key = second.tls_key;
  }
  if (first.allow_host.empty()) first.allow_host = second.allow_host;
  if (first.cors.empty()) first.cors = second.cors;
  first.data = first_of(first.data, second.data);
  first.store = first_of(first.store, second.store);
  first.keep_responses = first_of(first.keep_responses, second.keep_responses);
  first.trainer = first_of(first.trainer, second.trainer);
  EngineSettings& engine = first.engine;
  engine.projector = first_of(engine.projector, second.engine.projector);
  if (engine.adapters.empty()) engine.adapters = second.engine.adapters;
  engine.context = first_of(engine.context, second.engine.context);
  engine.threads = first_of(engine.threads, second.engine.threads);
  engine.cache_type = first_of(engine.cache_type, second.engine.cache_type);
  engine.rope_scaling = first_of(engine.rope_scaling, second.engine.rope_scaling);
  engine.sequences = first_of(engine.sequences, second.engine.sequences);
  engine.prefix_memory = first_of(engine.prefix_memory, second.engine.prefix_memory);
  engine.kernels = first_of(engine.kernels, second.engine.kernels);
  engine.speculation = first_of(engine.speculation, second.engine.speculation);
  engine.read_ahead = first_of(engine.read_ahead, second.engine.read_ahead);
  return first;
}

engine::EngineOptions engine_options(const EngineSettings& settings, const std::string& name) {
  engine::EngineOptions options;
  options.name = name;
  options.context_tokens = settings.context.value_or(options.context_tokens);
  options.threads = settings.threads.value_or(options.threads);
  options.sequence_limit = settings.sequences.value_or(options.sequence_limit);
  if (settings.prefix_memory) options.prefix_store_bytes = int64_t{*settings.prefix_memory} << 20;
  options.kernels = settings.kernels.value_or(options.kernels);
  options.speculation = settings.speculation.value_or(options.speculation);
  options.read_ahead = settings.read_ahead.value_or(options.read_ahead);
  if (settings.cache_type == "q8_0") options.cache_type = engine::CacheType::Q8;
  if (settings.rope_scaling == "linear") options.rope_scaling = engine::RopeScaling::Linear;
  if (settings.rope_scaling == "yarn") options.rope_scaling = engine::RopeScaling::Yarn;
  return options;
}

}  // namespace melete::cli
