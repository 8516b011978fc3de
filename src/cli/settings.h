// What the user may set about models and the server, on the command line or in a TOML file with the
// same names. What is not said stays unset, so that the command line wins over the file and the
// file over the defaults.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/engine.h"

namespace CLI {
class App;
}

namespace melete::cli {

struct EngineSettings {
  std::optional<std::string> projector;     // a GGUF file for the one model; unset: that beside it
  std::vector<std::string> adapters;        // as read_adapter_option() takes them; empty: none
  std::optional<int64_t> context;           // tokens of prompt and answer; 256 to 16,777,216
  std::optional<std::string> rope_scaling;  // "linear" or "yarn"; unset: no more than was trained
  std::optional<int> threads;               // 1 to 1024; unset: every core
  std::optional<std::string> cache_type;    // "f16" or "q8_0"; unset: f16
  std::optional<int> sequences;             // answers side by side; 1 to 246; unset: 64
  std::optional<int> prefix_memory;         // MiB of RAM for idle conversations; unset: see --help
  std::optional<bool> speculation;          // guess tokens ahead; unset: yes
  std::optional<bool> read_ahead;           // fold answers while nobody waits; unset: yes
  std::optional<bool> kernels;              // our own matrix kernels, else llama.cpp's; unset: ours
};

struct ServeSettings {
  std::vector<std::string> models;  // names or GGUF files; empty: the default model
  std::optional<std::string> host;  // unset: 127.0.0.1
  std::optional<int> port;          // 0 (any free one) to 65535; unset: 8080
  std::optional<std::string> tls;   // "auto": with a certificate of our own making; unset: plain
  std::optional<std::string> tls_certificate;  // a PEM file; with tls_key, in place of `tls`
  std::optional<std::string> tls_key;
  std::vector<std::string> allow_host;  // names to answer to; "*": all; empty: see --help
  std::vector<std::string> cors;        // origins of web pages that may call; "*": all; empty: none
  std::optional<std::string> data;      // folder of the database; unset: the user's state directory
  std::optional<bool> store;            // keep responses, conversations and files; unset: yes
  std::optional<std::string> keep_responses;  // as read_keep_time() takes it; unset: 30d
  std::optional<std::string> trainer;  // the program melete-train; unset: one beside this program
  EngineSettings engine;
};

void declare_engine_settings(CLI::App& app, EngineSettings& settings);
void declare_serve_settings(CLI::App& app, ServeSettings& settings);

// Reads a configuration, e.g. `model = ["a", "b"]`, `port = 8080`, `cache-type = "q8_0"`. `origin`
// is named in errors. Fails with InvalidArgument, naming the line, on a syntax error, an unknown
// name (listing the known ones), a wrong type or a value out of range.
Result<ServeSettings> parse_config(std::string_view toml, const std::string& origin);

// parse_config() of a file; NotFound where it cannot be read.
Result<ServeSettings> read_config(const std::filesystem::path& path);

// `first` where it says something, else `second`.
ServeSettings merge(ServeSettings first, const ServeSettings& second);

// Engine options for the named model, without its files.
engine::EngineOptions engine_options(const EngineSettings& settings, const std::string& name);

}  // namespace melete::cli
