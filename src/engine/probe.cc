#include "engine/probe.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

#include "engine/file_identity.h"
#include "models/child_process.h"
#include "models/gguf_file.h"
#include "models/sha256.h"

namespace melete::engine {

namespace fs = std::filesystem;

namespace {

constexpr int kSignalled = 128;
constexpr int kNotStarted = 127;

// A file that goes away with its owner; the child writes its last words into it.
class ScratchFile {
 public:
  ScratchFile() : name_((fs::temp_directory_path() / "melete-probe-XXXXXX").string()) {
    const int descriptor = ::mkstemp(name_.data());
    if (descriptor >= 0) ::close(descriptor);
  }
  ~ScratchFile() {
    std::error_code ignored;
    fs::remove(name_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::string& name() const { return name_; }

  std::string last_line() const {
    std::ifstream file(name_);
    std::string last;
    for (std::string line; std::getline(file, line);) {
      if (!line.empty()) last = line;
    }
    return last;
  }

 private:
  std::string name_;
};

// The mark that these very files passed with this very program.
fs::path mark_for(const fs::path& model, const fs::path& projector, const ProbeOptions& options) {
  models::Sha256 digest;
  digest.add(fmt::format("{}\n{}\n{}", file_identity(model), file_identity(projector),
                         file_identity(fs::canonical(options.program))));
  for (const models::AdapterFile& adapter : options.adapters) {
    digest.add("\n" + file_identity(adapter.file));
  }
  return options.cache / ("probed-" + digest.finish());
}

std::chrono::milliseconds time_limit(const fs::path& model, const ProbeOptions& options) {
  constexpr uintmax_t kBytesPerMillisecond = 100'000;
  if (options.time_limit.count() > 0) return options.time_limit;
  const auto bytes = static_cast<int64_t>(fs::file_size(model) / kBytesPerMillisecond);
  return std::chrono::seconds(30) + std::chrono::milliseconds(bytes);
}

// The child's exit status; nothing when it took too long and was ended.
std::optional<int> wait_for(models::ChildProcess& child, std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kPause{2};
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < deadline) {
    if (const std::optional<int> status = child.poll()) return status;
    std::this_thread::sleep_for(kPause);
  }
  return std::nullopt;
}

std::string names_of(const fs::path& model, const fs::path& projector,
                     const ProbeOptions& options) {
  std::string names = model.string();
  if (!projector.empty()) names += " with projector " + projector.string();
  for (const models::AdapterFile& adapter : options.adapters) {
    names += " with adapter " + adapter.file.string();
  }
  return names;
}

std::string cause_of(int status, const std::string& last_line) {
  const int signal = status - kSignalled;
  std::string cause = last_line;
  if (signal > 0) {
    cause = fmt::format("loading it ended a process by signal {} ({})", signal, strsignal(signal));
    if (!last_line.empty()) cause += ", saying: " + last_line;
  }
  return cause.empty() ? fmt::format("loading it failed with status {}", status) : cause;
}

std::unexpected<Error> refusal(const std::string& names, int status, const std::string& last_line) {
  const bool unknown = last_line.find("unknown model architecture") != std::string::npos;
  if (unknown) {
    return fail(ErrorCode::Unsupported,
                fmt::format("{} is a kind of model that is not known here: {}.", names, last_line),
                "model");
  }
  return fail(ErrorCode::Corrupt,
              fmt::format("{} cannot be loaded: {}.", names, cause_of(status, last_line)), "model");
}

Result<void> run_child(const fs::path& model, const fs::path& projector,
                       const ProbeOptions& options) {
  const ScratchFile output;
  models::ChildOptions child_options{
      .arguments = {options.program.string(), "probe", model.string()},
      .environment = {{"GGML_NO_BACKTRACE", "1"}},
      .output = output.name(),
  };
  if (!projector.empty()) child_options.arguments.push_back(projector.string());
  for (const models::AdapterFile& adapter : options.adapters) {
    child_options.arguments.insert(child_options.arguments.end(),
                                   {"--adapter", adapter.file.string()});
  }
  Result<models::ChildProcess> child = models::ChildProcess::start(child_options);
  if (!child) return std::unexpected(child.error());
  const std::string names = names_of(model, projector, options);
  const std::chrono::milliseconds limit = time_limit(model, options);
  const std::optional<int> status = wait_for(*child, limit);
  if (!status) {
    return fail(
        ErrorCode::Corrupt,
        fmt::format("{} cannot be loaded: it took more than {} seconds.", names,
                    std::chrono::duration_cast<std::chrono::duration<double>>(limit).count()),
        "model");
  }
  if (*status == kNotStarted) {
    return fail(ErrorCode::Unavailable,
                fmt::format("{} cannot be run to try a model out.", options.program.string()));
  }
  if (*status != 0) return refusal(names, *status, output.last_line());
  return {};
}

}  // namespace

Result<void> probe_model(const fs::path& model, const fs::path& projector,
                         const ProbeOptions& options) {
  const Result<models::GgufFile> header = models::read_gguf(model);
  if (!header) return std::unexpected(header.error());
  if (!projector.empty()) {
    const Result<models::GgufFile> eyes_or_ears = models::read_gguf(projector);
    if (!eyes_or_ears) return std::unexpected(eyes_or_ears.error());
  }
  const Result<void> adapters = models::check_adapters(options.adapters, *header);
  if (!adapters) return adapters;
  if (options.program.empty()) return {};
  if (options.cache.empty()) return run_child(model, projector, options);

  const fs::path mark = mark_for(model, projector, options);
  if (fs::exists(mark)) return {};
  if (const Result<void> probed = run_child(model, projector, options); !probed) return probed;
  std::error_code ignored;  // a cache that cannot be written only costs time
  fs::create_directories(options.cache, ignored);
  std::ofstream(mark) << names_of(model, projector, options) << '\n';
  return {};
}

}  // namespace melete::engine
